"""In which order a run is asked the questions of a shuffle group, and offered shuffled choices.

Drawn from the run's seed by hashes: the same run always has the same order, whatever the machine or the Python release.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import TypeVar

from .parts import Definition, Question

T = TypeVar("T")


def drawn(items: Iterable[T], name: Callable[[T], str], seed: str) -> list[T]:
    """The items in the order that this seed draws; every order is as likely."""
    return sorted(items, key=lambda item: sha256(f"{seed}:{name(item)}".encode()).digest())


def questions_in_order(definition: Definition, seed: str) -> tuple[Question, ...]:
    """The questions as a run with this seed is asked them. Groups keep their place, only their members change theirs.

    Without a seed, as they were written.
    """
    if not seed or not definition.groups:
        return definition.questions
    ordered = list(definition.questions)
    for group, place in definition.groups.items():
        ordered[place] = drawn(ordered[place], lambda question: question.key, f"{seed}:{group}")
    return tuple(ordered)
