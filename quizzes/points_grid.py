"""The points that choices give to outcomes as a table of numbers: rows are questions and choices, columns outcomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from preferences import grid
from preferences.grid import MOST, Cell, Comparison, Grid, NotANumberError, Number, number_of, written

__all__ = [
    "HEAD",
    "MOST",
    "Cell",
    "Comparison",
    "Grid",
    "NotANumberError",
    "Number",
    "compare",
    "most_reachable",
    "number_of",
    "to_csv",
    "written",
]

HEAD = ("question", "choice")


def to_csv(table: Grid) -> str:
    """One line a choice, one column an outcome."""
    return grid.to_csv(table, HEAD)


def compare(text: str, table: Grid) -> Comparison:
    """What a CSV file would change in the table, and what of it is left out."""
    return grid.compare(text, table, HEAD)


def most_reachable(questions: Sequence[Mapping[str, Any]], outcome: str) -> Number:
    """The most points an outcome can get if every question were asked, of the questions of a definition."""
    total = sum(_best(question, outcome) for question in questions if question.get("choices"))
    return round(total, 6)


def _best(question: Mapping[str, Any], outcome: str) -> Number:
    given: list[Number] = [(each.get("points") or {}).get(outcome, 0) for each in question["choices"]]
    points = sorted(given, reverse=True)
    best = points[0]
    if question["kind"] == "matrix":
        best *= len(question.get("rows") or ())
    elif question["kind"] == "multiple":
        least = question.get("min_choices") or 1
        most = question.get("max_choices") or len(points)
        best = sum(points[:least]) + sum(each for each in points[least:most] if each > 0)
    may_be_left = question.get("may_decline") or question.get("required") is False
    return max(best, 0) if may_be_left or question.get("show_if") or question.get("required_if") else best
