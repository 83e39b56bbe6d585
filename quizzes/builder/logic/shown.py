"""What the template of a condition draws: groups, rows with their fields, and what no row shows, in words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext

from .operands import HIDDEN, Operand, Operands
from .tree import LEVELS, Group, Kept, Part, Row

MOST_PARTS = 30


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    words: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class RowShown:
    """`input` as in `Operand.input_for`; `lacks` is said as long as no value is given."""

    name: str
    of: str
    groups: list[tuple[str, list[Option]]]
    ops: list[Option]
    input: str
    options: list[Option]
    value: str
    lacks: str
    is_focused: bool
    is_row: bool = True


@dataclass(frozen=True, slots=True)
class KeptShown:
    name: str
    json: str
    sentence: str
    is_kept: bool = True


@dataclass(frozen=True, slots=True)
class GroupShown:
    """`joins` are empty while there is nothing to join."""

    name: str
    joins: list[Option]
    parts: list[GroupShown | RowShown | KeptShown]
    is_root: bool
    can_nest: bool
    can_grow: bool
    is_focused: bool


def shown(group: Group, name: str, operands: Operands, focus: str = "", levels: int = LEVELS) -> GroupShown:
    """`focus` names the row or group where the keyboard goes on."""
    words = {
        "all": gettext("all of these hold"),
        "any": gettext("any of these holds"),
        "none": gettext("none of these holds"),
    }
    can_grow = len(group.parts) < MOST_PARTS
    is_plain = len(group.parts) < 2 and group.join == "all"
    return GroupShown(
        name=name,
        joins=[] if is_plain else [Option(value, said, value == group.join) for value, said in words.items()],
        parts=[_part(part, f"{name}-{index}", operands, focus, levels - 1) for index, part in enumerate(group.parts)],
        is_root=levels == LEVELS,
        can_nest=levels > 1 and can_grow,
        can_grow=can_grow,
        is_focused=name == focus,
    )


def _part(part: Part, name: str, operands: Operands, focus: str, levels: int) -> GroupShown | RowShown | KeptShown:
    if isinstance(part, Group):
        return shown(part, name, operands, focus, levels)
    if isinstance(part, Kept):
        raw = part.raw if isinstance(part.raw, Mapping) else {}
        return KeptShown(name, json.dumps(part.raw), operands.voice.condition(raw))
    return _row(part, name, operands, focus)


def _row(row: Row, name: str, operands: Operands, focus: str) -> RowShown:
    operand = operands.get(row.of)
    needed = operand.input_for(row.op) if row.of else ""
    return RowShown(
        name=name,
        of=row.of,
        groups=_groups(row, operands),
        ops=_ops(operand, row) if row.of else [],
        input=needed,
        options=_options(operand, row) if needed in ("checks", "one") else [],
        value=", ".join(row.values) if needed in ("numbers", "words") else "".join(row.values[:1]),
        lacks=gettext("Choose a value.") if needed in ("checks", "one") else gettext("Write a value."),
        is_focused=name == focus,
    )


def _groups(row: Row, operands: Operands) -> list[tuple[str, list[Option]]]:
    """Questions, then what a link brings. What is asked about already stays, though it may not be any more."""
    asked = [_option(each, row.of) for each in operands.offered if each.kind != HIDDEN]
    brought = [_option(each, row.of) for each in operands.offered if each.kind == HIDDEN]
    groups = [(gettext("Questions"), asked), (gettext("What the link brings"), brought)]
    if row.of and not any(each.is_chosen for each in (*asked, *brought)):
        groups.append((gettext("Can't be asked about here"), [_option(operands.get(row.of), row.of)]))
    return [(words, options) for words, options in groups if options]


def _option(operand: Operand, chosen: str) -> Option:
    return Option(operand.key, operand.words, operand.key == chosen)


def _ops(operand: Operand, row: Row) -> list[Option]:
    options = [Option(op, str(words), op == row.op) for op, words in operand.ops]
    if row.op and not any(each.is_chosen for each in options):
        said = gettext("%(comparison)s (does not fit)") % {"comparison": row.op}
        options.append(Option(row.op, said, is_chosen=True))
    return options


def _options(operand: Operand, row: Row) -> list[Option]:
    options = [Option(value, words, value in row.values) for value, words in operand.values]
    known = {each.value for each in options}
    gone = gettext("%(value)s (no such choice)")
    return [
        *options,
        *(Option(each, gone % {"value": each}, is_chosen=True) for each in row.values if each not in known),
    ]
