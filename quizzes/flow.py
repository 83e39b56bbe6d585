"""Which question comes next, and how far along a customer is.

A quiz runs forward only: questions in order, each shown unless its `show_if` is not known to hold, each able to jump to
a later one. So every walk ends, and the same answers always give the same path. Answers off the path decide nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from preferences.conditions import holds

from .answers import Answers, fact_of
from .parts import END, Definition, Question
from .remaining import longest_seconds


@dataclass(frozen=True, slots=True)
class Path:
    """`keys` are the answered questions in order; `next_key` is the first one unanswered, None at the end.

    `abandoned` are answered questions that the walk does not come by; `facts` what the path's answers say.
    """

    keys: tuple[str, ...]
    next_key: str | None
    abandoned: frozenset[str]
    facts: Mapping[str, object]

    def __contains__(self, key: str) -> bool:
        return key == self.next_key or key in self.keys

    def after(self, key: str) -> str | None:
        """The question following `key` on the path; None when the end follows."""
        following = (*self.keys[1:], self.next_key)
        return following[self.keys.index(key)] if key in self.keys else None

    def before(self, key: str) -> str | None:
        """The question preceding `key` on the path; None for the first."""
        index = self.keys.index(key) if key in self.keys else len(self.keys)
        return self.keys[index - 1] if index else None


@dataclass(frozen=True, slots=True)
class Progress:
    """`percent` of the time of the longest way still possible; never falls as answers are added."""

    percent: int
    seconds_left: int


def walk(definition: Definition, answers: Answers, hidden: Mapping[str, str] | None = None) -> Path:
    """The path these answers take through the quiz, up to the first question they don't answer.

    `hidden`: what the link brought along.
    """
    keys: list[str] = []
    facts: dict[str, object] = dict(hidden or {})
    index, next_key = 0, None
    questions = definition.questions
    while index < len(questions):
        question = questions[index]
        if not is_shown(question, facts):
            index += 1
            continue
        answer = answers.get(question.key)
        if answer is None or (question.kind == "age_gate" and answer.state != "given"):
            next_key = question.key
            break
        keys.append(question.key)
        if answer.state == "given":
            facts[question.key] = fact_of(question.kind, answer.value)
        index = following(definition, index, facts)
    return Path(tuple(keys), next_key, frozenset(answers.keys() - set(keys)), facts)


def is_shown(question: Question, facts: Mapping[str, object]) -> bool:
    return question.show_if is None or holds(question.show_if, facts) is True


def as_asked(question: Question, facts: Mapping[str, object]) -> Question:
    """The question as these facts make it: required where its condition for that holds."""
    if question.required_if is None or holds(question.required_if, facts) is not True:
        return question
    return replace(question, required=True, min_choices=max(1, question.min_choices) if question.choices else 0)


def following(definition: Definition, index: int, facts: Mapping[str, object]) -> int:
    """The position after this one: where its first jump that holds leads, else the next."""
    for jump in definition.questions[index].jumps:
        if holds(jump.condition, facts) is True:
            return len(definition.questions) if jump.to == END else definition.position[jump.to]
    return index + 1


def progress(definition: Definition, path: Path) -> Progress:
    """How far along the path is, by the questions' seconds."""
    if path.next_key is None:
        return Progress(100, 0)
    done = sum(definition.question(key).seconds for key in path.keys)
    left = longest_seconds(definition, definition.position[path.next_key], path.facts)
    return Progress(100 * done // (done + left), left)
