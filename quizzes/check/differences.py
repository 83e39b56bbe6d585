"""What an import would change in a definition, place by place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .places import identity

_FIRST = (
    "schema", "slug", "key", "value", "languages", "kind", "attribute", "title", "tagline", "label", "summary", "help",
    "why", "text", "when_to_use", "product", "profile", "exchange", "get", "ask", "use", "minutes", "cover",
    "cover_alt", "look", "start", "purposes",
)  # fmt: skip
_LAST = ("rows", "choices", "points", "steps", "questions", "outcomes")
_RANK = {name: rank for rank, name in enumerate(_FIRST)} | {name: 1000 + rank for rank, name in enumerate(_LAST)}


@dataclass(frozen=True, slots=True)
class Difference:
    """`sign` is + added, - removed, ~ changed."""

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


def differences(before: object, after: object, place: str = "") -> Iterator[Difference]:
    """From `before` to `after`; questions, choices and outcomes are matched by key, wherever they stand."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _by_name(before, after, place)
    elif isinstance(before, list) and isinstance(after, list) and _keyed(before) and _keyed(after):
        earlier, later = ({identity(each): each for each in items} for items in (before, after))
        yield from _by_name(earlier, later, place)
        stayed = [[key for key in keys if key in earlier and key in later] for keys in (earlier, later)]
        if stayed[0] != stayed[1]:
            yield Difference("~", place, "another order")
    elif before != after:
        yield Difference("~", place, f"{_short(before)} → {_short(after)}")


def _by_name(before: Mapping[Any, object], after: Mapping[Any, object], place: str) -> Iterator[Difference]:
    for name in (*before, *(name for name in after if name not in before)):
        here = f"{place}/{name}" if place else str(name)
        if name not in after:
            yield Difference("-", here, _short(before[name]))
        elif name not in before:
            yield Difference("+", here, _short(after[name]))
        else:
            yield from differences(before[name], after[name], here)


def _keyed(items: list[Any]) -> bool:
    return all(identity(each) for each in items)


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
