"""What differs between two definitions, place by place: what an import would change, what publishing would."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from .places import identity

_FIRST = (
    "schema", "slug", "key", "value", "languages", "kind", "attribute", "title", "tagline", "label", "summary", "help",
    "why", "text", "when_to_use", "product", "profile", "exchange", "get", "ask", "use", "minutes", "cover",
    "cover_alt", "look", "start", "purposes",
)  # fmt: skip
_LAST = ("rows", "choices", "points", "steps", "questions", "outcomes", "pictures")
_RANK = {name: rank for rank, name in enumerate(_FIRST)} | {name: 1000 + rank for rank, name in enumerate(_LAST)}
CONDITIONS = frozenset({"show_if", "required_if", "when"})  # one sentence each, as a jump is: compared as a whole
ADDED, REMOVED, CHANGED, MOVED = "+", "-", "~", "^"


@dataclass(frozen=True, slots=True)
class Change:
    """At `place` (names, keys, and counts from 1 where nothing has a key): what was, and what is.

    MOVED has the keys that stayed, in the earlier and the later order.
    """

    sign: str
    place: tuple[str, ...]
    before: Any = None
    after: Any = None


@dataclass(frozen=True, slots=True)
class Difference:
    """A change in a line. `sign` is + added, - removed, ~ changed."""

    sign: str
    place: str
    what: str = ""

    def __str__(self) -> str:
        return f"{self.sign} {self.place}{f': {self.what}' if self.what else ''}"


def in_order(raw: Any) -> Any:
    """The same JSON with its fields in the order people read them, so that files compare line by line."""
    if isinstance(raw, Mapping):
        names = sorted(raw, key=lambda name: (_RANK.get(name, 500), name))
        return {name: in_order(raw[name]) for name in names}
    return [in_order(each) for each in raw] if isinstance(raw, list | tuple) else raw


def differences(before: object, after: object) -> Iterator[Difference]:
    """From `before` to `after`, each in a line."""
    for each in changes(before, after):
        place = "/".join(each.place)
        if each.sign == MOVED:
            yield Difference(CHANGED, place, "another order")
        elif each.sign == CHANGED:
            yield Difference(CHANGED, place, f"{_short(each.before)} → {_short(each.after)}")
        else:
            yield Difference(each.sign, place, _short(each.after if each.sign == ADDED else each.before))


def changes(before: object, after: object, place: tuple[str, ...] = ()) -> Iterator[Change]:
    """From `before` to `after`; questions, choices and outcomes are matched by key, wherever they stand."""
    is_whole = bool(place) and (place[-1] in CONDITIONS or place[-2:-1] == ("jumps",))
    if isinstance(before, Mapping) and isinstance(after, Mapping) and not is_whole:
        yield from _by_name(before, after, place)
    elif isinstance(before, list) and isinstance(after, list) and _keyed(before) and _keyed(after):
        earlier, later = ({str(identity(each)): each for each in items} for items in (before, after))
        yield from _by_name(earlier, later, place)
        stayed = [[key for key in keys if key in earlier and key in later] for keys in (earlier, later)]
        if stayed[0] != stayed[1]:
            yield Change(MOVED, place, stayed[0], stayed[1])
    elif isinstance(before, list) and isinstance(after, list):
        yield from _by_likeness(before, after, place)
    elif before != after:
        yield Change(CHANGED, place, before, after)


def _by_name(before: Mapping[Any, object], after: Mapping[Any, object], place: tuple[str, ...]) -> Iterator[Change]:
    for name in (*before, *(name for name in after if name not in before)):
        here = (*place, str(name))
        if isinstance(before.get(name, after.get(name)), list) and (name not in before or name not in after):
            yield from changes(before.get(name, []), after.get(name, []), here)  # empty lists are left out
        elif name not in after:
            yield Change(REMOVED, here, before=before[name])
        elif name not in before:
            yield Change(ADDED, here, after=after[name])
        else:
            yield from changes(before[name], after[name], here)


def _by_likeness(before: list[Any], after: list[Any], place: tuple[str, ...]) -> Iterator[Change]:
    """Rules and steps, which have no key: those that are the same word for word keep their place beside each other."""
    earlier, later = ([json.dumps(each, sort_keys=True) for each in items] for items in (before, after))
    for _tag, start, end, new_start, new_end in SequenceMatcher(None, earlier, later, autojunk=False).get_opcodes():
        if _tag == "equal":
            continue
        pairs = min(end - start, new_end - new_start)
        for offset in range(pairs):
            here = (*place, str(new_start + offset + 1))
            yield from changes(before[start + offset], after[new_start + offset], here)
        for index in range(start + pairs, end):
            yield Change(REMOVED, (*place, str(index + 1)), before=before[index])
        for index in range(new_start + pairs, new_end):
            yield Change(ADDED, (*place, str(index + 1)), after=after[index])


def _keyed(items: list[Any]) -> bool:
    keys = [identity(each) for each in items]
    return all(keys) and len(set(keys)) == len(keys)


def _short(value: object, limit: int = 60) -> str:
    """A value in a few words: of an object its title, label or text."""
    if isinstance(value, Mapping):
        value = next(
            (value[name] for name in ("title", "label", "text") if isinstance(value.get(name), Mapping)), value
        )
    if isinstance(value, Mapping) and value and all(isinstance(each, str) for each in value.values()):
        value = next(iter(value.values()))
    text = value if isinstance(value, str) else str(value)
    text = " ".join(text.split())
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
