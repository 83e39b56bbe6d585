"""Which outcome somebody gets, and which of their answers are the reason.

Among the outcomes whose condition is absent or holds, the one with the most points wins; of two with as many, the
earlier. Points come from the chosen choices on the path: of a ranking, its first place; of a matrix, each row.
"""

from __future__ import annotations

from dataclasses import dataclass

from preferences.conditions import holds, subjects

from .answers import Answers, fact_of
from .flow import Path
from .parts import Definition, Outcome


@dataclass(frozen=True, slots=True)
class Decision:
    """`reasons` are the keys of the questions whose answers gave it points or that its condition asks about."""

    outcome: Outcome
    points: float
    reasons: tuple[str, ...]


def decide(definition: Definition, path: Path, answers: Answers) -> Decision:
    """The outcome of a path. A compiled definition always has one without condition, so there is always an outcome."""
    given = {key: _points_of(definition, key, answers) for key in path.keys if answers[key].state == "given"}
    best: Outcome | None = None
    most = 0.0
    for outcome in definition.outcomes:
        if outcome.when is None or holds(outcome.when, path.facts) is True:
            total = sum(points.get(outcome.key, 0) for points in given.values())
            if best is None or total > most:
                best, most = outcome, total
    assert best is not None
    asked = subjects(best.when) if best.when is not None else frozenset[str]()
    reasons = tuple(key for key, points in given.items() if points.get(best.key, 0) > 0 or key in asked)
    return Decision(best, most, reasons)


def _points_of(definition: Definition, key: str, answers: Answers) -> dict[str, float]:
    question = definition.question(key)
    value = answers[key].value
    value = list(value.values()) if isinstance(value, dict) else fact_of(question.kind, value)
    points: dict[str, float] = {}
    for chosen in value if isinstance(value, list) else (value,):
        choice = question.choice_by_value.get(chosen) if isinstance(chosen, str) else None
        for outcome, number in choice.points.items() if choice else ():
            points[outcome] = points.get(outcome, 0) + number
    return points
