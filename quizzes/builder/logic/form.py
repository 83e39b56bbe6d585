"""The form of one condition: what is stored, what was sent, what a button does to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import QueryDict

from .operands import Operands
from .shown import MOST_PARTS, GroupShown, shown
from .tree import LEVELS, Group, Part, Row, Sent, changed_at, is_same, kept_in, pruned, read, write

BUTTONS = ("rule-add", "rule-group", "rule-remove")


class ConditionForm:
    """A condition being edited under the field names `prefix-…`. Without `data` it shows what is stored."""

    def __init__(self, prefix: str, *, stored: Any, operands: Operands, data: Mapping[str, Any] | None = None) -> None:
        self.prefix, self.stored, self.operands = prefix, stored, operands
        self.drawn = self.root = read(stored, self._kind)
        self.pressed = self.focus = ""
        if data is not None:
            several = data.getlist if isinstance(data, QueryDict) else lambda name: _listed(data.get(name))
            self.root = Sent(data, several, tuple(kept_in(self.drawn)), self._kind, self._first_op).group(prefix)

    @property
    def id(self) -> str:
        return f"condition-{self.prefix}"

    @property
    def raw(self) -> Any:
        """What is to be stored: untouched where nothing was changed, None where nothing is asked."""
        return write(self.root, self._kind) if self.has_changed else self.stored

    @property
    def has_changed(self) -> bool:
        return not is_same(self.root, self.drawn)

    @property
    def needs_redrawing(self) -> bool:
        """Whether other fields belong on the page than those it was drawn with."""
        return bool(self.pressed) or self._fields(self.root) != self._fields(self.drawn)

    @property
    def sentence(self) -> str:
        return self.operands.voice.condition(self.raw) if self.root.parts else ""

    @property
    def shown(self) -> GroupShown | None:
        """What the template draws; None where there is no condition."""
        return shown(self.root, self.prefix, self.operands, self.focus) if self.root.parts else None

    def press(self, pressed: str) -> bool:
        """Does what a button says, if it is one of this condition: `rule-add:<name>` and `rule-group:<name>` in the
        group of that field name, `rule-remove:<name>` of anything."""
        verb, _colon, name = pressed.partition(":")
        place = self._place(name)
        if verb not in BUTTONS or place is None:
            return False
        self.pressed = pressed
        parent = name.rpartition("-")[0]
        self.focus = parent if verb == "rule-remove" else f"{name}-{self._size(place)}"
        if verb == "rule-remove":
            self.root = pruned(changed_at(self.root, place[:-1], lambda group: _without(group, place[-1:])))
        elif verb == "rule-add":
            self.root = changed_at(self.root, place, lambda group: _with(group, Row()))
        elif len(place) < LEVELS - 1:
            self.focus += "-0"
            self.root = changed_at(self.root, place, lambda group: _with(group, Group("any", (Row(),))))
        return True

    def _place(self, name: str) -> tuple[int, ...] | None:
        """Where in the tree the group or row of this field name stands; () for the whole. None when it is not ours."""
        if not f"{name}-".startswith(f"{self.prefix}-"):
            return None
        numbers = name.removeprefix(self.prefix).split("-")[1:]
        return tuple(map(int, numbers)) if all(each.isdecimal() and len(each) < 4 for each in numbers) else None

    def _size(self, place: tuple[int, ...]) -> int:
        group: Part = self.root
        for index in place:
            group = group.parts[index] if isinstance(group, Group) and index < len(group.parts) else Row()
        return len(group.parts) if isinstance(group, Group) else 0

    def _kind(self, key: str) -> str:
        return self.operands.get(key).kind

    def _first_op(self, key: str) -> str:
        return self.operands.get(key).ops[0][0] if key else ""

    def _fields(self, part: Part) -> Any:
        if isinstance(part, Row):
            return part.of, self.operands.get(part.of).input_for(part.op)
        return [self._fields(each) for each in part.parts] if isinstance(part, Group) else None


def _with(group: Group, part: Part) -> Group:
    return replace(group, parts=(*group.parts, part)) if len(group.parts) < MOST_PARTS else group


def _without(group: Group, index: tuple[int, ...]) -> Group:
    """Without the part there; without any, when the whole is meant."""
    return replace(group, parts=tuple(each for place, each in enumerate(group.parts) if index and place != index[0]))


def _listed(value: Any) -> list[str]:
    return list(value) if isinstance(value, list | tuple) else [] if value is None else [str(value)]
