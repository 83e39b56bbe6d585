"""A condition as its editor has it: groups of rows, each an attribute, a comparison and answers.

Nothing is lost on the way: what no row can show (deeper than the editor goes, or written otherwise) is kept as it is.
Pure: no Django, no clock.
"""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

LEVELS = 3
MOST_PARTS = 30
JOINS = ("all", "any", "none")
OPS = ("in", "not_in", "is", "answered", "unanswered")
_READ_OPS = {"in": "in", "includes": "in", "not_in": "not_in", "excludes": "not_in"}
MOST_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Row:
    of: str = ""
    op: str = "in"
    values: tuple[str, ...] = ()

    @property
    def is_finished(self) -> bool:
        return bool(self.of) and (bool(self.values) or self.op in ("answered", "unanswered"))


@dataclass(frozen=True, slots=True)
class Kept:
    raw: Any


@dataclass(frozen=True, slots=True)
class Group:
    join: str = "all"
    parts: tuple["Group | Row | Kept", ...] = ()


Part = Group | Row | Kept


def read(raw: object, several: Collection[str]) -> Group:
    """The tree of a stored condition. `several`: the attributes of which somebody can give more than one answer."""
    if not raw:
        return Group()
    part = _part(raw, several, LEVELS)
    return part if isinstance(part, Group) else Group("all", (part,))


def write(group: Group) -> Any:
    """What is to be stored; None where nothing is asked. Rows that are not finished are left out."""
    parts = [each for each in map(_written, group.parts) if each is not None]
    if not parts:
        return None
    if group.join == "none":
        return {"not": parts[0] if len(parts) == 1 else {"any": parts}}
    return parts[0] if len(parts) == 1 else {group.join: parts}


def is_finished(group: Group) -> bool:
    return all(
        is_finished(part) if isinstance(part, Group) else not isinstance(part, Row) or part.is_finished
        for part in group.parts
    )


def sent(data: Mapping[str, str], several: Callable[[str], list[str]], name: str, levels: int = LEVELS) -> Group:
    """What a form sent under this name; `several` reads a field of many values. What makes no sense is left aside."""
    join = data.get(f"{name}-join", "all")
    parts: list[Part] = []
    for index in range(MOST_PARTS):
        here = f"{name}-{index}"
        if f"{here}-join" in data and levels > 1:
            parts.append(sent(data, several, here, levels - 1))
        elif f"{here}-kept" in data:
            parts += _kept(data[f"{here}-kept"])
        elif f"{here}-of" in data:
            of, op = data[f"{here}-of"], data.get(f"{here}-op", "in")
            values = tuple(dict.fromkeys(several(f"{here}-value"))) if data.get(f"{here}-was", of) == of else ()
            parts.append(Row(of, op if op in OPS else "in", values))
    return Group(join if join in JOINS else "all", tuple(parts))


def pressed(group: Group, name: str, button: str) -> Group:
    """After a button: `add:<name>` and `group:<name>` in that group, `remove:<name>` of anything."""
    verb, _colon, place = button.partition(":")
    if place != name and not place.startswith(f"{name}-"):
        return group
    steps = place[len(name) :].split("-")[1:]
    if not all(step.isdecimal() and len(step) < 4 for step in steps):
        return group
    return _changed(group, [int(step) for step in steps], verb, LEVELS)


def _changed(group: Group, steps: list[int], verb: str, levels: int) -> Group:
    if not steps:
        can_grow = len(group.parts) < MOST_PARTS
        if verb == "add" and can_grow:
            return replace(group, parts=(*group.parts, Row()))
        if verb == "group" and can_grow and levels > 1:
            return replace(group, parts=(*group.parts, Group("any", (Row(),))))
        return group
    first, *rest = steps
    if first >= len(group.parts):
        return group
    part = group.parts[first]
    if verb == "remove" and not rest:
        return replace(group, parts=group.parts[:first] + group.parts[first + 1 :])
    if not isinstance(part, Group):
        return group
    inner = _changed(part, rest, verb, levels - 1)
    return replace(group, parts=(*group.parts[:first], inner, *group.parts[first + 1 :]))


def _part(raw: object, several: Collection[str], levels: int) -> Part:
    if not isinstance(raw, Mapping):
        return Kept(raw)
    for join in ("all", "any"):
        listed = raw.get(join)
        if isinstance(listed, list) and len(raw) == 1 and len(listed) <= MOST_PARTS and levels > 0:
            return Group(join, tuple(_part(each, several, levels - 1) for each in listed))
    if set(raw) == {"not"} and levels > 0:
        inner = raw["not"]
        if isinstance(inner, Mapping) and isinstance(inner.get("any"), list) and len(inner["any"]) <= MOST_PARTS:
            return Group("none", tuple(_part(each, several, levels - 1) for each in inner["any"]))
        if isinstance(inner, Mapping) and "attribute" in inner:
            return Group("none", (_part(inner, several, levels - 1),))
    return _row(raw, several) if "attribute" in raw else Kept(raw)


def _row(raw: Mapping[str, Any], several: Collection[str]) -> Row | Kept:
    key, op, value = raw.get("attribute"), raw.get("op"), raw.get("value")
    if not isinstance(key, str):
        return Kept(raw)
    if op == "answered":
        return Row(key, "unanswered" if value is False else "answered")
    values = tuple(value) if isinstance(value, list) else (value,)
    if not all(isinstance(each, str) for each in values):
        return Kept(raw)
    values = tuple(dict.fromkeys(values))
    if op in _READ_OPS:
        return Row(key, _READ_OPS[op], values)
    if op == "is":
        return Row(key, "is" if key in several else "in", values)
    if op == "is_not" and key not in several:
        return Row(key, "not_in", values)
    return Kept(raw)


def _written(part: Part) -> Any:
    match part:
        case Group():
            return write(part)
        case Kept(raw):
            return raw
        case Row(of=of, op="answered" | "unanswered" as op) if of:
            return {"attribute": of, "op": "answered", "value": op == "answered"}
        case Row(of=of, op="is", values=(value, *_)) if of:
            return {"attribute": of, "op": "is", "value": value}
        case Row(of=of, op=op, values=values) if of and values:
            return {"attribute": of, "op": op, "value": list(values)}
    return None


def _kept(text: str) -> list[Kept]:
    try:
        return [Kept(json.loads(text))] if len(text) <= MOST_KEPT else []
    except (ValueError, RecursionError):
        return []
