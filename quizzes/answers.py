"""What was answered, and what may be concluded from it. A declined or skipped question says nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from .parts import Question

State = Literal["given", "declined", "skipped"]
AnswerValue = str | int | float | bool | list[str] | dict[str, str] | None


class Answer(NamedTuple):
    """`value` is None unless the state is given; its shape follows the question's kind.

    A tuple, because a step of a long quiz makes hundreds of them.
    """

    state: State
    value: AnswerValue = None


Answers = Mapping[str, Answer]


def fact_of(kind: str, value: AnswerValue) -> AnswerValue:
    """What conditions compare: the value, except that a ranking counts by its first place, and a matrix as answered."""
    if kind == "matrix":
        return True
    if kind == "ranking" and isinstance(value, list):
        return value[0] if value else None
    return value


def tell(facts: dict[str, object], question: Question, value: AnswerValue) -> None:
    """Adds what a given answer tells conditions: itself, and of a matrix where each row was placed: `needs.dryness`."""
    facts[question.key] = fact_of(question.kind, value)
    if isinstance(value, dict):
        facts.update((f"{question.key}.{row}", placed) for row, placed in value.items())
