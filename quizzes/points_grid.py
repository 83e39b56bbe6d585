"""The points that choices give to outcomes as a table of numbers: what may stand in a cell, and the table as CSV.

A file is compared with the table before anything is kept. What it does not mention stays; what the table does not know
is named with its line and column, and left out.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

MOST = 10
HEAD = ("question", "choice")
DELIMITERS = (",", ";", "\t")
NUMBER = re.compile(r"[+-]?\d{1,20}(?:[.,]\d{1,20})?(?:[eE][+-]?\d{1,3})?|[+-]?[.,]\d{1,20}")
FORMULA = frozenset("=+-@|%\uff1d\uff0b\uff0d\uff20")  # also in full width, which some spreadsheets take for the same

Cell = tuple[str, str, str]  # question, choice, outcome
Number = int | float


@dataclass(frozen=True, slots=True)
class Grid:
    """`rows` are questions and choices, `cells` what is not 0."""

    rows: tuple[tuple[str, str], ...]
    outcomes: tuple[str, ...]
    cells: Mapping[Cell, Number]


@dataclass(frozen=True, slots=True)
class Change:
    cell: Cell
    old: Number
    new: Number


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something in a file that says nothing about the table: where, which rule, and what stands there. From 1."""

    line: int
    column: int
    rule: str
    text: str


@dataclass(frozen=True, slots=True)
class Comparison:
    changes: tuple[Change, ...]
    left_out: tuple[LeftOut, ...]


class NotANumberError(ValueError):
    pass


def number_of(text: str) -> Number:
    """What was written in a cell; nothing is 0, and a decimal comma is one. Raises NotANumberError."""
    plain = text.strip().replace("\u2212", "-")  # the minus that one sees
    if not plain:
        return 0
    if not plain.isascii() or not NUMBER.fullmatch(plain):
        raise NotANumberError(text)
    number = float(plain.replace(",", "."))
    if not isfinite(number):
        raise NotANumberError(text)
    return int(number) if number.is_integer() else number


def written(number: Number) -> str:
    """As `number_of` reads it; 0 is left empty."""
    return "" if not number else str(int(number) if float(number).is_integer() and abs(number) < 1e12 else number)


def to_csv(grid: Grid) -> str:
    """One line a choice, one column an outcome. Nothing in it is a formula to a spreadsheet."""
    text = io.StringIO(newline="")
    lines = csv.writer(text)
    lines.writerow([*HEAD, *map(_guarded, grid.outcomes)])
    for question, choice in grid.rows:
        numbers = [written(grid.cells.get((question, choice, outcome), 0)) for outcome in grid.outcomes]
        lines.writerow([_guarded(question), _guarded(choice), *numbers])
    return text.getvalue()


def compare(text: str, grid: Grid) -> Comparison:
    """What a CSV file (comma, semicolon or tab) would change in the table, and what of it is left out."""
    try:
        lines = list(_lines(text))
    except csv.Error:
        return Comparison((), (LeftOut(1, 1, "broken", ""),))
    if not lines or _names(lines[0][1][:2]) != HEAD:
        return Comparison((), (LeftOut(1, 1, "no_head", ""),))
    changes: list[Change] = []
    left_out: list[LeftOut] = []
    columns = _columns(lines[0][1], grid, left_out)
    rows, seen = set(grid.rows), set[tuple[str, str]]()
    for line, record in lines[1:]:
        row = _row(record, rows)
        if row not in rows or row in seen:
            left_out.append(LeftOut(line, 1, "row_twice" if row in seen else "unknown_row", " / ".join(record[:2])))
            continue
        seen.add(row)
        for column, outcome in columns.items():
            cell = (*row, outcome)
            old = grid.cells.get(cell, 0)
            said = record[column] if column < len(record) else ""
            try:
                new = number_of(_bare(said))
            except NotANumberError:
                left_out.append(LeftOut(line, column + 1, "not_a_number", said))
                continue
            if new != old and abs(new) > MOST:
                left_out.append(LeftOut(line, column + 1, "out_of_range", said))
            elif new != old:
                changes.append(Change(cell, old, new))
    return Comparison(tuple(changes), tuple(left_out))


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


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of every line that is not empty, by the delimiter that makes sense of the first."""
    for delimiter in DELIMITERS:
        first = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), [])
        if _names(first[:2]) == HEAD:
            break
    records = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    for record in records:
        if any(record):
            yield line, record
        line = records.line_num + 1


def _columns(head: Sequence[str], grid: Grid, left_out: list[LeftOut]) -> dict[int, str]:
    columns: dict[int, str] = {}
    for column, name in enumerate(head[2:], start=2):
        outcome = _bare(name) if _bare(name) in grid.outcomes else _bare(name).strip()
        if outcome not in grid.outcomes or outcome in columns.values():
            rule = "column_twice" if outcome in grid.outcomes else "unknown_column"
            left_out.append(LeftOut(1, column + 1, rule, name))
        else:
            columns[column] = outcome
    return columns


def _names(cells: Sequence[str]) -> tuple[str, ...]:
    return tuple(each.strip().lower() for each in cells)


def _row(record: Sequence[str], rows: Collection[tuple[str, str]]) -> tuple[str, str]:
    """As it stands, or without the space around it."""
    question, choice = (*map(_bare, record), "")[:2]
    return (question, choice) if (question, choice) in rows else (question.strip(), choice.strip())


def _guarded(text: str) -> str:
    return f"'{text}" if text[:1] in ("'", "\t", "\r", "\n") or text.lstrip()[:1] in FORMULA else text


def _bare(text: str) -> str:
    return text.removeprefix("'")
