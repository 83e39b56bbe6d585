"""A condition as its editor has it: groups of rows, with values as they are typed. Pure.

Nothing is lost on the way: what no row can show (deeper than the editor goes, or malformed) is kept as it is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from preferences.conditions import LISTING, MAX_TESTS, MAX_TEXT, MAX_VALUES, OPS, ORDERING, ConditionError, parse

from ...parts import NUMERIC

LEVELS = 3
JOINS = ("all", "any", "none")
_CHOSEN_ONE = frozenset({"single", "image", "swatch", "ranking", "row"})
_POSITIVE = frozenset({"is", "in", "includes"})
KindOf = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Row:
    of: str = ""
    op: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    raw: Any


@dataclass(frozen=True, slots=True)
class Group:
    join: str = "all"
    parts: tuple[Group | Row | Kept, ...] = ()


Part = Group | Row | Kept


def read(raw: object, kind_of: KindOf) -> Group:
    """The tree of a stored condition; an empty group for none."""
    if raw is None:
        return Group()
    part = _part(raw, kind_of, LEVELS)
    return part if isinstance(part, Group) else Group("all", (part,))


def write(group: Group, kind_of: KindOf) -> dict[str, Any] | None:
    """The condition to be stored, unfinished where the tree is. None when it says nothing."""
    return _written(group, kind_of) if group.parts else None


@dataclass(frozen=True)
class Sent:
    """What a form sent: `several` reads a field of many values; `kept` is what it was drawn with and no row shows."""

    data: Mapping[str, str]
    several: Callable[[str], list[str]]
    kept: tuple[Any, ...]
    kind_of: KindOf
    first_op: KindOf  # of a question that was just chosen

    def group(self, name: str, levels: int = LEVELS) -> Group:
        join = self.data.get(f"{name}-join", "all")
        parts: list[Part] = []
        for index in range(MAX_TESTS):
            here = f"{name}-{index}"
            if f"{here}-join" in self.data and levels > 1:
                parts.append(self.group(here, levels - 1))
            elif f"{here}-of" in self.data:
                parts.append(self.row(here))
            elif f"{here}-kept" in self.data and (raw := _allowed(self.data[f"{here}-kept"], self.kept)) is not None:
                parts.append(Kept(raw))
        return Group(join if join in JOINS else "all", tuple(parts))

    def row(self, here: str) -> Row:
        """Values belong to the question they were drawn for: another one starts without."""
        of, op = self.data[f"{here}-of"].replace("\0", "")[:MAX_TEXT], self.data.get(f"{here}-op", "")
        if not op or self.data.get(f"{here}-was", of) != of:
            return Row(of, self.first_op(of))
        values = self.several(f"{here}-value")
        if op in LISTING and self.kind_of(of) not in _CHOSEN_ONE:
            values = [each for text in values for each in text.replace(";", ",").split(",")]
        return tidy(Row(of, op if op in OPS or op == "unanswered" else "", tuple(values)))


def kept_in(part: Part) -> Iterable[Any]:
    if isinstance(part, Kept):
        yield part.raw
    elif isinstance(part, Group):
        for each in part.parts:
            yield from kept_in(each)


def is_same(one: Part, other: Part) -> bool:
    """Whether they say the same: the order of values means nothing."""
    return _sorted(one) == _sorted(other)


def _sorted(part: Part) -> Part:
    if isinstance(part, Group):
        return replace(part, parts=tuple(map(_sorted, part.parts)))
    return replace(part, values=tuple(sorted(part.values))) if isinstance(part, Row) else part


def changed_at(group: Group, place: tuple[int, ...], change: Callable[[Group], Group]) -> Group:
    """With the group at this place changed; the same when there is none."""
    if not place:
        return change(group)
    parts = list(group.parts)
    if place[0] < len(parts):
        inner = parts[place[0]]
        if isinstance(inner, Group):
            parts[place[0]] = changed_at(inner, place[1:], change)
    return replace(group, parts=tuple(parts))


def pruned(group: Group) -> Group:
    """Without groups in which nothing is left."""
    parts = [pruned(each) if isinstance(each, Group) else each for each in group.parts]
    return replace(group, parts=tuple(each for each in parts if not isinstance(each, Group) or each.parts))


def _part(raw: object, kind_of: KindOf, levels: int) -> Part:
    if not isinstance(raw, Mapping) or len(raw) != 1 or not {"all", "any", "not"} & set(raw):
        return _row(raw, kind_of)
    if levels == 0:
        return Kept(raw)
    (join, inner), *_rest = raw.items()
    if join == "not":
        whole = _part({"any": [inner]}, kind_of, levels) if not _is_any(inner) else _part(inner, kind_of, levels)
        return replace(whole, join="none") if isinstance(whole, Group) else Kept(raw)
    if not isinstance(inner, list | tuple):
        return Kept(raw)
    return Group(str(join), tuple(_part(each, kind_of, levels - 1) for each in inner))


def _is_any(raw: object) -> bool:
    return isinstance(raw, Mapping) and set(raw) == {"any"} and isinstance(raw["any"], list | tuple)


def _row(raw: object, kind_of: KindOf) -> Row | Kept:
    if not isinstance(raw, Mapping) or set(raw) - {"question", "op", "value"}:
        return Kept(raw)
    of, op, value = raw.get("question", ""), raw.get("op", ""), raw.get("value")
    listed = list(value) if isinstance(value, list | tuple) else [] if value in (None, "") else [value]
    if not isinstance(of, str) or op not in (*OPS, "") or not all(isinstance(e, str | int | float) for e in listed):
        return Kept(raw)
    if op == "answered":
        return Row(of, "unanswered" if value is False else "answered")
    return tidy(Row(of, _as_read(op, kind_of(of)), tuple(map(_typed, listed))))


def _as_read(op: str, kind: str) -> str:
    """Lists and single values are one comparison where values are ticked."""
    if kind in _CHOSEN_ONE and op not in ORDERING and op:
        return "is" if op in _POSITIVE else "is_not"
    if kind == "multiple" and op in LISTING:
        return "includes" if op == "in" else "excludes"
    return op


def tidy(row: Row) -> Row:
    """Each value once, none too long, nothing a database refuses."""
    clean = dict.fromkeys(each.replace("\0", "").strip()[:MAX_TEXT] for each in row.values)
    return replace(row, values=tuple(filter(None, clean))[:MAX_VALUES])


def _typed(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) and value == value and abs(value) < 1e6 else str(value)


def _written(part: Part, kind_of: KindOf) -> Any:
    if isinstance(part, Kept):
        return part.raw
    if isinstance(part, Row):
        return _test(part, kind_of(part.of))
    parts = [_written(each, kind_of) for each in part.parts]
    return {"not": {"any": parts}} if part.join == "none" else {part.join: parts}


def _test(row: Row, kind: str) -> dict[str, Any]:
    if row.op in ("answered", "unanswered"):
        return {"question": row.of, "op": "answered", "value": row.op == "answered"}
    values = [_meant(each, kind) for each in row.values]
    op = row.op
    if kind in _CHOSEN_ONE and len(values) != 1:
        op = {"is": "in", "is_not": "not_in"}.get(op, op)
    takes_list = op in LISTING or (op in ("includes", "excludes") and len(values) != 1)
    return {"question": row.of, "op": op, "value": values if takes_list else values[0] if values else ""}


def _meant(text: str, kind: str) -> str | int | float | bool:
    if kind == "boolean" and text in ("true", "false"):
        return text == "true"
    if kind in NUMERIC:
        try:
            number = float(text.replace(",", "."))
        except ValueError:
            return text
        if abs(number) <= 1e12:
            return int(number) if number.is_integer() else number
    return text


def _allowed(text: str, kept: tuple[Any, ...]) -> Any:
    """What no row shows comes back as it was drawn: it is stored already, or it is a sound condition."""
    try:
        raw = json.loads(text)
        if raw not in kept:
            parse(raw, operand="question")
            if b"\\u0000" in json.dumps(raw, ensure_ascii=False).encode():
                return None
    except (ValueError, RecursionError, ConditionError):
        return None
    return raw
