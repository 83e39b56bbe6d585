"""What a translator has on the desk: which two languages, and of a long quiz which part, so that no page gets long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import compress
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from preferences.fields import is_bidi

from ...models import Quiz
from .all_texts import Group, Progress, Text, groups_of, languages_of, progress_of

MOST_TEXTS = 160


@dataclass(frozen=True, slots=True)
class Tongue:
    code: str
    name: str
    is_bidi: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """Which languages are side by side, and which texts are shown: of a long quiz, those of one part of it."""

    source: Tongue
    target: Tongue
    only_missing: bool
    part: int = 1

    @property
    def query(self) -> str:
        asked = {"from": self.source.code, "language": self.target.code}
        asked |= {"only": "missing"} if self.only_missing else {}
        return urlencode(asked | ({"part": str(self.part)} if self.part > 1 else {}))

    def is_missing(self, text: Text) -> bool:
        return not text.texts.get(self.target.code)


@dataclass(frozen=True, slots=True)
class Part:
    """Neighbouring groups, with those of their texts that are shown. `number` from 1."""

    number: int
    groups: tuple[Group, ...]
    query: str

    @property
    def title(self) -> str:
        return self.groups[0].title if self.groups else ""


def parts_of(groups: Sequence[Group], desk: Desk, *, kept: str = "") -> list[Part]:
    """At least one. A group is never cut in two; the text at the place `kept` is shown in any case."""
    found: list[list[Group]] = [[]]
    count = 0
    for group in groups:
        shown = (not desk.only_missing or desk.is_missing(text) or text.place == kept for text in group.texts)
        texts = tuple(compress(group.texts, shown))
        if found[-1] and texts and count + len(texts) > MOST_TEXTS:
            found.append([])
            count = 0
        if texts:
            found[-1].append(Group(group.title, texts))
            count += len(texts)
    return [Part(number, tuple(each), replace(desk, part=number).query) for number, each in enumerate(found, 1)]


def first_missing(parts: Sequence[Part], desk: Desk) -> tuple[int, Text] | None:
    """The first text without words in the part that is shown, or else in another: which part, and the text."""
    here = min(desk.part, len(parts)) - 1
    for part in (parts[here], *parts[here + 1 :], *parts[:here]):
        for group in part.groups:
            for text in group.texts:
                if desk.is_missing(text):
                    return part.number, text
    return None


def desk_of(asked: Any, quiz: Quiz, groups: list[Group] | None = None) -> Desk:
    """Beside the language asked for, or the first that is not complete, the one the quiz is written in."""
    known = [code for code, _name in settings.LANGUAGES]
    written = [code for code in languages_of(quiz) if code in known] or known
    target = asked.get("language")
    if target not in known:
        progress: list[Progress] = progress_of(quiz, groups or groups_of(quiz, ""))
        unfinished = [each.code for each in progress if each.missing and each.code != written[0]]
        target = next((code for code in unfinished if code in written), next(iter(unfinished), known[-1]))
    source = asked.get("from")
    if source not in known or source == target:
        source = next((code for code in (*written, *known) if code != target), target)
    part = asked.get("part", "")
    number = int(part) if part.isascii() and part.isdecimal() and len(part) < 5 else 1
    return Desk(tongue(source), tongue(target), asked.get("only") == "missing", max(1, number))


def tongue(code: str) -> Tongue:
    return Tongue(code, dict(settings.LANGUAGES)[code], is_bidi(code))
