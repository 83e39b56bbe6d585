"""What a rule may ask about, and how: earlier questions, rows of a matrix, and what a link brings along."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ...parts import CHOOSING, NUMERIC
from ..sentences import Voice

Raw = Mapping[str, Any]
Words = str | Promise
HIDDEN = "hidden"
CHOSEN = CHOOSING | {"row"}

_PRESENCE: tuple[tuple[str, Words], ...] = (("answered", _("is answered")), ("unanswered", _("is not answered")))
_BROUGHT: tuple[tuple[str, Words], ...] = (("answered", _("is there")), ("unanswered", _("is missing")))
_EQUAL: tuple[tuple[str, Words], ...] = (("is", _("is")), ("is_not", _("is not")))
_LISTED: tuple[tuple[str, Words], ...] = (("in", _("is one of")), ("not_in", _("is none of")))
# For each kind of answer the comparisons that fit it, as one reads them.
_OPS: Mapping[str, tuple[tuple[str, Words], ...]] = {
    **dict.fromkeys(CHOSEN, _EQUAL),
    "ranking": (("is", _("has in first place")), ("is_not", _("does not have in first place"))),
    "multiple": (
        ("includes", _("includes one of")),
        ("excludes", _("includes none of")),
        ("is", _("is only")),
        ("is_not", _("is not only")),
    ),
    **dict.fromkeys(NUMERIC, (("at_least", _("is at least")), ("at_most", _("is at most")), *_EQUAL, *_LISTED)),
    "date": (("before", _("is before")), ("after", _("is after")), *_EQUAL),
    "boolean": _EQUAL,
    HIDDEN: (*_EQUAL, *_LISTED),
}
UNASKABLE = frozenset({"section", "age_gate"})  # the same for everybody who goes on


@dataclass(frozen=True, slots=True)
class Operand:
    """`kind` is that of the question; "row" of a matrix's row, "hidden" of what a link brings, "" if there is none."""

    key: str
    words: str
    kind: str
    values: tuple[tuple[str, str], ...] = ()

    @property
    def ops(self) -> tuple[tuple[str, Words], ...]:
        return (*_OPS.get(self.kind, ()), *(_BROUGHT if self.kind == HIDDEN else _PRESENCE))

    def input_for(self, op: str) -> str:
        """What its values are given by: checks, one, number, numbers, date, text, words or nothing."""
        if op in ("answered", "unanswered", ""):
            return ""
        if self.kind == "boolean" or (self.kind == "multiple" and op in ("is", "is_not")):
            return "one"
        if self.kind in CHOSEN:
            return "checks"
        if self.kind in NUMERIC:
            return "numbers" if op in ("in", "not_in") else "number"
        if self.kind == HIDDEN:
            return "words" if op in ("in", "not_in") else "text"
        return "date" if self.kind == "date" else "text"


@dataclass(frozen=True)
class Operands:
    """`offered` may be asked about here. The others exist too, and a rule that names one is shown with it."""

    voice: Voice
    offered: tuple[Operand, ...]
    known: Mapping[str, Operand]

    def get(self, key: str) -> Operand:
        return self.known.get(key) or Operand(key, self.voice.operand(key), "")


def askable(raw: Raw, *, before: str = "", itself: bool = False, language: str = "") -> Operands:
    """What a condition in this draft may ask about: everything, or what is asked before the question `before`.

    `itself`: that question too, as a jump from it may. Neighbours asked in a random order don't ask about each other.
    """
    voice = Voice(raw, language)
    questions = list(voice.questions.values())
    place = next((index for index, each in enumerate(questions) if each["key"] == before), len(questions))
    first = _start_of_group(questions, place)
    offered = questions[:first] + ([questions[place]] if itself and place < len(questions) else [])
    hidden = [Operand(name, voice.operand(name), HIDDEN) for name in _hidden(raw)]
    return Operands(
        voice,
        (*_all_of(offered, voice), *hidden),
        {each.key: each for each in (*_all_of(questions, voice), *hidden)},
    )


def _all_of(questions: Iterable[Raw], voice: Voice) -> list[Operand]:
    found: list[Operand] = []
    for raw in questions:
        kind, key = str(raw.get("kind", "")), raw["key"]
        if kind in UNASKABLE:
            continue
        found.append(Operand(key, voice.question(key), kind, _values(raw, kind, voice)))
        if kind == "matrix":
            scale = _values(raw, "row", voice)
            rows = [f"{key}.{row['value']}" for row in raw.get("rows", ()) if isinstance(row.get("value"), str)]
            found += [Operand(each, voice.operand(each), "row", scale) for each in rows]
    return found


def _values(raw: Raw, kind: str, voice: Voice) -> tuple[tuple[str, str], ...]:
    if kind == "boolean":
        return (("true", gettext("Yes")), ("false", gettext("No")))
    if kind not in CHOSEN:
        return ()
    choices = [each for each in raw.get("choices", ()) if isinstance(each.get("value"), str)]
    return tuple((each["value"], voice.text(each.get("label")) or each["value"]) for each in choices)


def _hidden(raw: Raw) -> list[str]:
    hidden = raw.get("hidden")
    return [each for each in hidden if isinstance(each, str)] if isinstance(hidden, list) else []


def _start_of_group(questions: list[Raw], place: int) -> int:
    group = questions[place].get("shuffle_group") if place < len(questions) else None
    while group and place and questions[place - 1].get("shuffle_group") == group:
        place -= 1
    return place
