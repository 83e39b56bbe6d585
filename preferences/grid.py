"""A table of numbers that marketers edit: what may stand in a cell, in a CSV file, and what saving it means.

Rows have two keys (a question and its choice, an attribute and its answer), columns have one. A file is compared with
the table before anything is kept: what it does not mention stays; what the table does not know is named with its line
and column, and left out. Only cells that were changed are saved, each with what it said before, so two people can write
into one table; where both wrote into the same cell, the later one is shown both and decides.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

MOST = 10
DELIMITERS = (",", ";", "\t")
NUMBER = re.compile(r"[+-]?\d{1,20}(?:[.,]\d{1,20})?(?:[eE][+-]?\d{1,3})?|[+-]?[.,]\d{1,20}")
FORMULA = frozenset("=+-@|%\uff1d\uff0b\uff0d\uff20")  # also in full width, which some spreadsheets take for the same

Head = tuple[str, str]
Row = tuple[str, str]
Cell = tuple[str, str, str]  # the row's two keys, the column's
Place = tuple[int, int]  # the ids of a row and a column
Number = int | float


@dataclass(frozen=True, slots=True)
class Grid:
    """`rows` by their two keys, `cells` what is not 0."""

    rows: tuple[Row, ...]
    columns: tuple[str, ...]
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


@dataclass(frozen=True, slots=True)
class Clash:
    """Two people wrote different numbers into one cell."""

    mine: Number
    theirs: Number


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to become of cells that were sent: numbers to keep, what is refused and by which rule, what clashes."""

    changes: Mapping[Place, Number]
    refused: Mapping[Place, str]
    clashes: Mapping[Place, Clash]


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


def tint(number: Number) -> str:
    """+ or - and how strong, 1 to 3; "" for nothing."""
    strength = 1 + (abs(number) > 3) + (abs(number) > 6)
    return f"{'+' if number > 0 else '-'}{strength}" if number else ""


def decide(
    typed: Mapping[Place, str],
    seen: Mapping[Place, str],
    stored: Mapping[Place, Number],
    *,
    may_overwrite: bool,
    refusal: Callable[[Place, Number], str] | None = None,
) -> Decision:
    """What saving these cells means. `seen` is what each said when its writer read it, `stored` what is not 0 now.

    `refusal` names a further rule that a new number would break, or "". What is there already may always stay.
    """
    changes: dict[Place, Number] = {}
    refused: dict[Place, str] = {}
    clashes: dict[Place, Clash] = {}
    for place, text in typed.items():
        now = stored.get(place, 0)
        try:
            number = number_of(text)
        except NotANumberError:
            refused[place] = "not_a_number"
            continue
        try:
            before = number_of(seen.get(place, ""))
        except NotANumberError:
            before = None
        if number in (before, now):
            continue
        if abs(number) > MOST:
            refused[place] = "out_of_range"
        elif refusal and (rule := refusal(place, number)):
            refused[place] = rule
        elif now != before and not may_overwrite:
            clashes[place] = Clash(number, now)
        else:
            changes[place] = number
    return Decision(changes, refused, clashes)


def to_csv(grid: Grid, head: Head) -> str:
    """One line a row. Nothing in it is a formula to a spreadsheet."""
    text = io.StringIO(newline="")
    lines = csv.writer(text)
    lines.writerow([*head, *map(_guarded, grid.columns)])
    for row in grid.rows:
        numbers = [written(grid.cells.get((*row, column), 0)) for column in grid.columns]
        lines.writerow([*map(_guarded, row), *numbers])
    return text.getvalue()


def compare(text: str, grid: Grid, head: Head, *, refusal: Callable[[Cell, Number], str] | None = None) -> Comparison:
    """What a CSV file (comma, semicolon or tab) would change in the table, and what of it is left out."""
    try:
        lines = list(_lines(text, head))
    except csv.Error:
        return Comparison((), (LeftOut(1, 1, "broken", ""),))
    if not lines or _names(lines[0][1][:2]) != head:
        return Comparison((), (LeftOut(1, 1, "no_head", ""),))
    changes: list[Change] = []
    left_out: list[LeftOut] = []
    columns = _columns(lines[0][1], frozenset(grid.columns), left_out)
    rows, seen = set(grid.rows), set[Row]()
    for line, record in lines[1:]:
        row = _row(record, rows)
        if row not in rows or row in seen:
            left_out.append(LeftOut(line, 1, "row_twice" if row in seen else "unknown_row", " / ".join(record[:2])))
            continue
        seen.add(row)
        for place, column in columns.items():
            cell = (*row, column)
            old = grid.cells.get(cell, 0)
            said = record[place] if place < len(record) else ""
            try:
                new = number_of(_bare(said))
            except NotANumberError:
                left_out.append(LeftOut(line, place + 1, "not_a_number", said))
                continue
            if new == old:
                continue
            rule = "out_of_range" if abs(new) > MOST else refusal(cell, new) if refusal else ""
            if rule:
                left_out.append(LeftOut(line, place + 1, rule, said))
            else:
                changes.append(Change(cell, old, new))
    return Comparison(tuple(changes), tuple(left_out))


def _lines(text: str, head: Head) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of every line that is not empty, by the delimiter that makes sense of the first."""
    for delimiter in DELIMITERS:
        first = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), [])
        if _names(first[:2]) == head:
            break
    records = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    for record in records:
        if any(record):
            yield line, record
        line = records.line_num + 1


def _columns(first: Sequence[str], known: Collection[str], left_out: list[LeftOut]) -> dict[int, str]:
    columns: dict[int, str] = {}
    taken: set[str] = set()
    for place, name in enumerate(first[2:], start=2):
        column = _bare(name) if _bare(name) in known else _bare(name).strip()
        if column not in known or column in taken:
            left_out.append(LeftOut(1, place + 1, "column_twice" if column in known else "unknown_column", name))
        else:
            taken.add(column)
            columns[place] = column
    return columns


def _names(cells: Sequence[str]) -> tuple[str, ...]:
    return tuple(each.strip().lower() for each in cells)


def _row(record: Sequence[str], rows: Collection[Row]) -> Row:
    """As it stands, or without the space around it."""
    first, second = (*map(_bare, record[:2]), "")[:2]
    return (first, second) if (first, second) in rows else (first.strip(), second.strip())


def _guarded(text: str) -> str:
    return f"'{text}" if text[:1] in ("'", "\t", "\r", "\n") or text.lstrip()[:1] in FORMULA else text


def _bare(text: str) -> str:
    return text.removeprefix("'")
