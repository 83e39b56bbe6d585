"""What differs between two definitions, in a marketer's words, place by place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property
from typing import Any

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from preferences import selectors as preferences
from preferences.translated import pick

from ...check.differences import ADDED, CHANGED, CONDITIONS, MOVED, REMOVED, Change, changes
from ...check.places import identity
from ...check.rewording import Piece, reworded
from ...models import Choice, Outcome, OutcomeStep, Question, Quiz
from ..questions.kinds import kind_words
from ..sentences import Voice

# What a list holds: its word, the word for its order, and the model whose fields have the words.
ITEMS: Mapping[str, tuple[str | Promise, str | Promise, type[models.Model]]] = {
    "questions": (_("Question"), _("Order of the questions"), Question),
    "outcomes": (_("Outcome"), _("Order of the outcomes"), Outcome),
    "choices": (_("Choice"), _("Order of the choices"), Choice),
    "rows": (_("Row"), _("Order of the rows"), Choice),
    "steps": (_("Step"), _("Order of the steps"), OutcomeStep),
    "jumps": (_("Rule"), _("Order of the rules"), Question),
}
FIELDS = {"min": "minimum", "max": "maximum", "last": "is_last", "profile": "profile_kind"}
WORDS: Mapping[str, str | Promise] = {
    "points": _("points"),
    "look": _("look"),
    "accent": _("accent colour"),
    "ground": _("background colour"),
    "corners": _("corners"),
    "letters": _("letters"),
    "purposes": _("Use asked about"),
    "languages": _("Language"),
    "hidden": _("Hidden field"),
}
SIGNS: Mapping[str, str | Promise] = {ADDED: _("added"), REMOVED: _("removed")}


@dataclass(frozen=True, slots=True)
class Line:
    """`words` say where; `language` is the code of the text that changed, if it is one, and `tongue` its name."""

    words: str
    pieces: tuple[Piece, ...] = ()
    language: str = ""
    tongue: str = ""


@dataclass(slots=True)
class Group:
    """Everything about one question, one outcome, or the quiz itself."""

    title: str
    lines: list[Line] = field(default_factory=list)


def compared(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Group]:
    """The quiz itself first, then questions and outcomes as they now stand, then what is gone."""
    return _Comparison(before, after).groups()


class _Comparison:
    def __init__(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        self.before, self.after = before, after
        self.language = get_language() or "en"
        self.voices = {"before": Voice(before), "after": Voice(after)}
        self.tongues = dict(settings.LANGUAGES)

    @cached_property
    def uses(self) -> dict[str, str]:
        return {each.slug: each.title for each in preferences.purposes(None, self.language)}

    def groups(self) -> list[Group]:
        found: dict[tuple[str, ...], Group] = {}
        for change in changes(self.before, self.after):
            is_part = change.place[0] in ("questions", "outcomes") and len(change.place) > 1
            key = change.place[:2] if is_part else ()
            if key not in found:
                found[key] = Group(self._item(key) if key else gettext("The quiz itself"))
            found[key].lines += self._lines(change, len(key))
        parts = [
            (name, each["key"])
            for name in ("questions", "outcomes")
            for raw in (self.after, self.before)
            for each in raw.get(name, ())
        ]
        return [found[key] for key in dict.fromkeys([(), *parts]) if key in found]

    def _lines(self, change: Change, start: int) -> Iterator[Line]:
        """What to say of a change, below the first `start` steps of its place."""
        place, said, model, at = change.place, [], Quiz, start
        if start:
            model = ITEMS[place[0]][2]
        while at + 1 < len(place) and place[at] in ITEMS:
            model = ITEMS[place[at]][2]
            said.append(self._item(place[: at + 2]))
            at += 2
        names = place[at:]
        if change.sign == MOVED:
            yield from self._order(change, said)
        elif place[-2:-1] == ("jumps",):
            yield self._rule(change, said[:-1])
        elif not names:
            yield Line(
                ": ".join([*said, str(SIGNS.get(change.sign, ""))]) if said else str(capfirst(SIGNS[change.sign]))
            )
        else:
            yield from self._field(change, said, model, names)

    def _order(self, change: Change, said: list[str]) -> Iterator[Line]:
        """Who moved, and behind whom they stand now: the fewest that explain the new order."""
        word = ITEMS.get(change.place[-1], ("", WORDS.get(change.place[-1], change.place[-1]), Quiz))[1]
        for start, keys in _moved(change.before, change.after):
            for offset, key in enumerate(keys):
                behind = change.after[start + offset - 1] if start + offset else None
                words = {"what": self._name((*change.place, key))}
                if behind is None:
                    where = gettext("%(what)s now comes first") % words
                else:
                    words["behind"] = self._name((*change.place, behind))
                    where = gettext("%(what)s now comes after %(behind)s") % words
                yield Line(": ".join([*said, str(word)]), (Piece("kept", where),))

    def _rule(self, change: Change, said: list[str]) -> Line:
        old = self.voices["before"].jump(change.before) if isinstance(change.before, Mapping) else ""
        new = self.voices["after"].jump(change.after) if isinstance(change.after, Mapping) else ""
        what = {ADDED: gettext("Rule added"), REMOVED: gettext("Rule removed"), CHANGED: gettext("Rule changed")}
        return Line(": ".join([*said, what[change.sign]]), reworded(old, new))

    def _field(
        self, change: Change, said: list[str], model: type[models.Model], names: tuple[str, ...]
    ) -> Iterator[Line]:
        *path, last = names
        if path and last in self.tongues and isinstance(change.before or change.after, str):
            words = ": ".join([*said, self._word(model, tuple(path))])
            yield Line(words, reworded(change.before or "", change.after or ""), last, self.tongues[last])
        elif names[0] in ("purposes", "languages", "hidden") and path:
            sign = str(SIGNS.get(change.sign, ""))
            words = " ".join(filter(None, [str(WORDS[names[0]]), sign]))
            yield Line(words, (Piece("in" if change.sign == ADDED else "out", self._plain(names, last)),))
        elif isinstance(each := change.before or change.after, Mapping) and names[0] not in CONDITIONS:
            earlier, later = change.before or {}, change.after or {}
            for name in each:
                sub = Change(change.sign, (*change.place, name), earlier.get(name), later.get(name))
                yield from self._field(sub, said, model, (*names, name))
        else:
            old, new = self._value("before", names, change.before), self._value("after", names, change.after)
            pieces = (Piece("out", old), Piece("in", new)) if names[0] not in CONDITIONS else reworded(old, new)
            yield Line(": ".join([*said, self._word(model, names)]), tuple(each for each in pieces if each.text))

    def _word(self, model: type[models.Model], names: tuple[str, ...]) -> str:
        """What the draft's own form calls a field."""
        if names[0] == "points" and len(names) > 1:
            return gettext("points for %(outcome)s") % {"outcome": self._name(("outcomes", names[1]))}
        try:
            found = model._meta.get_field("_".join(FIELDS.get(each, each) for each in names))
            return str(getattr(found, "verbose_name", names[-1]))
        except FieldDoesNotExist:
            return str(WORDS.get(names[-1], names[-1].replace("_", " ")))

    def _value(self, side: str, names: tuple[str, ...], value: Any) -> str:
        if value is None:
            return ""
        if names[0] in CONDITIONS:
            return self.voices[side].condition(value)
        if isinstance(value, bool):
            return gettext("yes") if value else gettext("no")
        if isinstance(value, float | int):
            return f"{value:g}" if abs(value) < 1e6 else str(value)
        return self._plain(names, str(value))

    def _plain(self, names: tuple[str, ...], value: str) -> str:
        match names[0]:
            case "kind":
                return kind_words(value)
            case "profile" if value in Quiz.ProfileKind.values:
                return str(Quiz.ProfileKind(value).label)
            case "purposes":
                return self.uses.get(value, value)
            case "languages":
                return self.tongues.get(value, value)
        return value

    def _item(self, place: tuple[str, ...]) -> str:
        """“Question “How does your skin feel?””."""
        return f"{ITEMS[place[-2]][0]} {self._name(place)}"

    def _name(self, place: tuple[str, ...]) -> str:
        raw = _at(self.after, place) or _at(self.before, place)
        texts = raw.get("title") or raw.get("label") if isinstance(raw, Mapping) else None
        text = pick(texts, self.language) if isinstance(texts, Mapping) else ""
        text = text if len(text) <= 80 else f"{text[:79]}…"
        return f"“{text}”" if text else f"“{place[-1]}”" if not place[-1].isdigit() else place[-1]


def _moved(before: list[str], after: list[str]) -> Iterator[tuple[int, list[str]]]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, _start, _end, start, end in matcher.get_opcodes():
        if tag in ("insert", "replace"):
            yield start, after[start:end]


def _at(raw: Any, place: tuple[str, ...]) -> Any:
    """What stands at a place of a change, if anything does."""
    for step in place:
        if isinstance(raw, Mapping):
            raw = raw.get(step)
        elif isinstance(raw, list):
            by_key = {str(identity(each)): each for each in raw if identity(each)}
            index = int(step) - 1 if step.isdigit() else -1
            raw = by_key.get(step) or (raw[index] if 0 <= index < len(raw) else None)
        else:
            return None
    return raw
