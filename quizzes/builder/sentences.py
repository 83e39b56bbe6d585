"""Rules in words: “Skin type” is “Dry” or “Oily”, and “Age” is at least 30.

Reads drafts as they are: what is unfinished is an ellipsis, what does not exist is called by its key, nothing raises.
`sentence` and `jump_sentence` say one rule; who says many of one definition makes one `Voice` and keeps it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from textwrap import shorten
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, override

from preferences.conditions import LISTING, Condition, to_json
from preferences.translated import pick

from ..parts import CHOOSING, END, QUOTE

Raw = Mapping[str, Any]
SHORT = 60
DEEPEST = 8
UNWRITTEN = "…"


def sentence(condition: Raw | Condition | None, definition: Raw, language: str = "") -> str:
    """When a condition holds, in words; "" for none. `definition` as in `definition_of`, finished or not."""
    return Voice(definition, language).condition(condition)


def jump_sentence(jump: Raw, definition: Raw, language: str = "") -> str:
    """“If …, go to “Title””, for one of a question's `jumps`."""
    return Voice(definition, language).jump(jump)


class Voice:
    """Says the conditions of one definition in one language, the current one unless told."""

    def __init__(self, definition: Raw, language: str = "") -> None:
        self.language = language or get_language() or "en"
        self.questions = {each["key"]: each for each in _objects(definition.get("questions")) if _is_key(each, "key")}
        hidden = definition.get("hidden")
        self.hidden = frozenset(filter(_is_text, hidden)) if isinstance(hidden, list | tuple) else frozenset[str]()

    def condition(self, condition: Raw | Condition | None) -> str:
        if condition is None:
            return ""
        raw = condition if isinstance(condition, Mapping) else to_json(condition)
        with override(self.language):
            return self._said(raw, 0)

    def jump(self, jump: Raw) -> str:
        when, to = self.condition(jump.get("if")), jump.get("to")
        with override(self.language):
            words = {"when": when or UNWRITTEN, "where": self.question(to) if to else UNWRITTEN}
            if to == END:
                return gettext("If %(when)s, end the quiz") % words
            return gettext("If %(when)s, go to %(where)s") % words

    def question(self, key: object) -> str:
        """The question's title in quotation marks, shortened."""
        raw = self.questions.get(key) if isinstance(key, str) else None
        if raw is None:
            with override(self.language):
                return gettext("“%(key)s” (no such question)") % {"key": _short(key)}
        return _quoted(self.text(raw.get("title")) or key)

    def operand(self, key: object) -> str:
        """What a test asks about: a question, a row of a matrix, or what the link brought."""
        if key in (None, ""):
            return UNWRITTEN
        if isinstance(key, str) and key in self.hidden:
            return gettext("the link’s %(name)s") % {"name": _quoted(key)}
        question, row = self._row(key)
        if row is not None:
            words = {"row": _quoted(self.text(row.get("label")) or row.get("value")), "question": question}
            return gettext("%(row)s in %(question)s") % words
        return self.question(key)

    def value(self, key: object, value: object) -> str:
        """One value of a test as its operand calls it."""
        if value in (None, "", []):
            return UNWRITTEN
        if isinstance(value, bool):
            return _quoted(gettext("Yes") if value else gettext("No"))
        if isinstance(value, int | float):
            return f"{value:g}" if abs(value) < 1e6 else str(value)
        raw = self._asked(key)
        if raw.get("kind") == "date":
            return _day(value)
        for choice in _objects(raw.get("choices")):
            if choice.get("value") == value:
                return _quoted(self.text(choice.get("label")) or value)
        if raw.get("kind") in CHOOSING:
            return gettext("“%(value)s” (no such choice)") % {"value": _short(value)}
        return _quoted(value)

    def _said(self, raw: object, depth: int) -> str:
        if not isinstance(raw, Mapping) or depth > DEEPEST:
            return UNWRITTEN
        for join, words in _JOINED.items():
            if join in raw:
                parts = _objects(raw[join])
                said = [self._within(each, depth) for each in parts]
                return words(said) if len(said) > 1 else self._said(parts[0], depth + 1) if parts else UNWRITTEN
        if "not" in raw:
            return self._denied(raw["not"], depth)
        return self._test(raw)

    def _within(self, raw: object, depth: int) -> str:
        """A part of a group: in brackets where it is a group itself."""
        said = self._said(raw, depth + 1)
        return f"({said})" if _is_group(raw) else said

    def _denied(self, raw: object, depth: int) -> str:
        parts = _objects(raw.get("any")) if isinstance(raw, Mapping) and "any" in raw else [raw]
        said = [self._within(each, depth) for each in parts]
        return gettext("none of this: %(parts)s") % {"parts": "; ".join(said) or UNWRITTEN}

    def _test(self, raw: Raw) -> str:
        key, op, value = raw.get("question", raw.get("attribute")), raw.get("op"), raw.get("value")
        if key in (None, ""):
            return UNWRITTEN
        kind = self._asked(key).get("kind")
        words = {"what": self.operand(key)}
        if op == "answered":
            return (
                _answered(is_hidden=key in self.hidden if _is_text(key) else False, wanted=value is not False) % words
            )
        listed = list(value) if isinstance(value, list | tuple) else [value]
        said = [self.value(key, each) for each in listed] or [UNWRITTEN]
        op = op if isinstance(op, str) else ""
        template = {"multiple": _several, "ranking": _first}.get(str(kind), _one)(op)
        if template is None:
            return gettext("%(what)s … (unfinished)") % words
        return template % {**words, "value": either(said), "values": ", ".join(said)}

    def _asked(self, key: object) -> Raw:
        """The question that is asked for this operand; a row's answers are those of its matrix."""
        if not isinstance(key, str):
            return {}
        return self.questions.get(key) or self.questions.get(key.partition(".")[0]) or {}

    def _row(self, key: object) -> tuple[str, Raw | None]:
        question, _dot, value = key.partition(".") if isinstance(key, str) else ("", "", "")
        rows = _objects(self.questions.get(question, {}).get("rows"))
        row = next((each for each in rows if value and each.get("value") == value), None)
        return (self.question(question), row) if row is not None else ("", None)

    def text(self, texts: object) -> str:
        """A text of the draft in this language, with an ellipsis for each answer it quotes."""
        if not isinstance(texts, Mapping):
            return ""
        return QUOTE.sub(UNWRITTEN, pick({code: text for code, text in texts.items() if _is_text(text)}, self.language))


def either(said: Sequence[str]) -> str:
    """“a, b or c”."""
    if len(said) < 2:
        return "".join(said)
    return gettext("%(first)s or %(last)s") % {"first": ", ".join(said[:-1]), "last": said[-1]}


def _all(said: Sequence[str]) -> str:
    return gettext("%(first)s, and %(last)s") % {"first": ", ".join(said[:-1]), "last": said[-1]}


def _any(said: Sequence[str]) -> str:
    return gettext("%(first)s, or %(last)s") % {"first": ", ".join(said[:-1]), "last": said[-1]}


_JOINED: Mapping[str, Callable[[Sequence[str]], str]] = {"all": _all, "any": _any}


def _answered(*, is_hidden: bool, wanted: bool) -> str:
    if is_hidden:
        return gettext("%(what)s is there") if wanted else gettext("%(what)s is missing")
    return gettext("%(what)s is answered") if wanted else gettext("%(what)s is not answered")


def _one(op: str) -> str | None:
    """Of one answer."""
    return {
        "is": gettext("%(what)s is %(value)s"),
        "in": gettext("%(what)s is %(value)s"),
        "includes": gettext("%(what)s is %(value)s"),
        "is_not": gettext("%(what)s is not %(value)s"),
        "not_in": gettext("%(what)s is none of %(values)s"),
        "excludes": gettext("%(what)s is none of %(values)s"),
        "at_least": gettext("%(what)s is at least %(value)s"),
        "at_most": gettext("%(what)s is at most %(value)s"),
        "before": gettext("%(what)s is before %(value)s"),
        "after": gettext("%(what)s is after %(value)s"),
    }.get(op)


def _several(op: str) -> str | None:
    """Of several choices at once."""
    listed = {"is": gettext("%(what)s is only %(value)s"), "is_not": gettext("%(what)s is not only %(value)s")}
    if op in LISTING or op in ("includes", "excludes"):
        with_any = op in ("in", "includes")
        return gettext("%(what)s includes %(value)s") if with_any else gettext("%(what)s includes none of %(values)s")
    return listed.get(op)


def _first(op: str) -> str | None:
    """Of a ranking, which is known by its first place."""
    if op in ("is", "in", "includes"):
        return gettext("%(what)s has %(value)s in first place")
    if op in ("is_not", "not_in", "excludes"):
        return gettext("%(what)s does not have %(value)s in first place")
    return None


def _is_group(raw: object) -> bool:
    """Whether it says more than one thing."""
    if not isinstance(raw, Mapping):
        return False
    if "not" in raw:
        return True
    parts = next((_objects(raw[join]) for join in _JOINED if join in raw), [])
    return len(parts) > 1 or (len(parts) == 1 and _is_group(parts[0]))


def _day(value: object) -> str:
    try:
        return date_format(date.fromisoformat(str(value)), "DATE_FORMAT")
    except ValueError:
        return _quoted(value)


def _quoted(text: object) -> str:
    return f"“{_short(text)}”"


def _short(text: object) -> str:
    whole = " ".join(str(text).split())
    short = shorten(whole, SHORT, placeholder=UNWRITTEN)
    return short if short != UNWRITTEN else f"{whole[: SHORT - 1]}{UNWRITTEN}"


def _objects(raw: object) -> list[Raw]:
    return [each for each in raw if isinstance(each, Mapping)] if isinstance(raw, list | tuple) else []


def _is_key(raw: Raw, name: str) -> bool:
    return _is_text(raw.get(name))


def _is_text(value: object) -> bool:
    return isinstance(value, str)
