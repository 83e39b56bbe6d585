"""Where in a draft something is, in words and as a link: Question “Your skin?” › choice “Dry” › picture in words.

A place is a path of keys, as `check.places.keyed` gives it: `questions/skin/choices/dry/alt`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from preferences.fields import TranslatedField
from preferences.models import Attribute, PurposeNotice

from ..models import Choice, Outcome, OutcomeStep, Question, Quiz
from .sentences import Voice

Raw = Mapping[str, Any]
CONDITIONS = frozenset({"show_if", "required_if", "when", "if"})
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
# Fields of the definition that the draft's rows call something else.
_CALLED = {"min": "minimum", "max": "maximum", "last": "is_last"}
_SAID = {"art": _("picture"), "art_alt": _("picture in words")}  # as choices and pages call it
# What the quiz as a whole says is written on its first page, but for this.
_PAGE_OF = {"look": "build_look", "languages": "build_texts", "hidden": "change", "outcomes": "build_outcomes"}


class Places:
    """The places of one draft. `raw` is `definition_of(quiz)`."""

    def __init__(self, quiz: Quiz, raw: Raw) -> None:
        self.quiz = quiz
        self.voice = Voice(raw)
        self.questions: dict[str, Raw] = {each["key"]: each for each in raw.get("questions", ())}
        self.outcomes: dict[str, Raw] = {each["key"]: each for each in raw.get("outcomes", ())}

    # ── What things are called ──

    def question(self, key: str) -> str:
        return self.voice.text(self.questions.get(key, {}).get("title")) or key

    def outcome(self, key: str) -> str:
        return self.voice.text(self.outcomes.get(key, {}).get("title")) or key

    def attribute(self, key: str) -> str:
        return self._attributes.get(key, key)

    def purpose(self, slug: str) -> str:
        return self._purposes.get(slug, slug)

    @cached_property
    def _attributes(self) -> dict[str, str]:
        rows = Attribute.objects.values_list("key", "label")
        return {key: self.voice.text(label) or key for key, label in rows}

    @cached_property
    def _purposes(self) -> dict[str, str]:
        rows = PurposeNotice.objects.order_by("version").values_list("purpose__slug", "title")
        return {slug: self.voice.text(title) or slug for slug, title in rows}  # the last one counts

    # ── In words ──

    def words(self, place: str) -> str:
        found = list(self._crumbs(place.split("/")))
        return " › ".join([capfirst(found[0]), *found[1:]]) if found else gettext("The whole quiz")

    def _crumbs(self, steps: Sequence[str]) -> Iterator[str]:
        match steps:
            case ["questions", key, *rest]:
                yield gettext("question “%(title)s”") % {"title": self.question(key)}
                yield from self._in_question(self.questions.get(key, {}), rest)
            case ["outcomes", key, "steps", number, *rest]:
                yield gettext("outcome “%(title)s”") % {"title": self.outcome(key)}
                yield gettext("step %(number)s") % {"number": int(number) + 1 if number.isdecimal() else number}
                yield from _field(OutcomeStep, rest)
            case ["outcomes", key, *rest]:
                yield gettext("outcome “%(title)s”") % {"title": self.outcome(key)}
                yield from _field(Outcome, rest)
            case ["purposes", slug, *rest]:
                yield gettext("use “%(title)s”") % {"title": self.purpose(slug)}
                yield from _field(PurposeNotice, rest)
            case ["questions"]:
                yield gettext("questions")
            case ["outcomes"]:
                yield gettext("outcomes")
            case ["exchange" | "start" as group, name, *rest]:
                yield from _field(Quiz, (f"{group}_{name}", *rest))
            case [""] | []:
                return
            case _:
                yield from _field(Quiz, steps)

    def _in_question(self, question: Raw, steps: Sequence[str]) -> Iterator[str]:
        match steps:
            case ["choices", value, "points", outcome, *_rest]:
                yield gettext("choice “%(title)s”") % {"title": self._label(question.get("choices"), value)}
                yield gettext("points for “%(title)s”") % {"title": self.outcome(outcome)}
            case ["choices", value, *rest]:
                yield gettext("choice “%(title)s”") % {"title": self._label(question.get("choices"), value)}
                yield from _field(Choice, rest)
            case ["rows", value, *rest]:
                yield gettext("row “%(title)s”") % {"title": self._label(question.get("rows"), value)}
                yield from _field(Choice, rest)
            case ["jumps", number, *_rest]:
                yield gettext("rule %(number)s") % {"number": int(number) + 1 if number.isdecimal() else number}
            case ["choices"]:
                yield gettext("choices")
            case _:
                yield from _field(Question, steps)

    def _label(self, items: Any, value: str) -> str:
        found: Raw = next((each for each in items or () if each.get("value") == value), {})
        return self.voice.text(found.get("label")) or value

    # ── As a link ──

    def url(self, place: str) -> str:
        """The page that edits it, at the very field where there is one."""
        match place.split("/"):
            case ["questions", key, *rest] if key in self._question_ids:
                url = f"{self._page('build')}?question={self._question_ids[key]}"
                return f"{url}{self._anchor(self.questions.get(key, {}), rest)}"
            case ["questions", *_rest]:
                return self._page("build")
            case ["outcomes", key, *rest] if key in self._outcome_ids:
                return f"{self._page('build_outcomes')}?outcome={self._outcome_ids[key]}{_in_outcome(rest)}"
            case ["languages", language]:
                return f"{self._page('build_texts')}?{urlencode({'language': language, 'only': 'missing'})}"
            case ["exchange" | "start" as group, name, *rest]:
                return f"{self._page('build_start')}{_anchor_of(Quiz, (f'{group}_{name}', *rest))}"
            case [name, *rest]:
                return f"{self._page(_PAGE_OF.get(name, 'build_start'))}{_anchor_of(Quiz, (name, *rest))}"
        return self._page("build_start")

    def _page(self, name: str) -> str:
        return reverse(f"admin:quizzes_quiz_{name}", args=[self.quiz.pk])

    @cached_property
    def _question_ids(self) -> dict[str, int]:
        return dict(self.quiz.questions.values_list("key", "pk"))

    @cached_property
    def _outcome_ids(self) -> dict[str, int]:
        return dict(self.quiz.outcomes.values_list("key", "pk"))

    def _anchor(self, question: Raw, steps: Sequence[str]) -> str:
        match steps:
            case ["choices", value, name, *rest]:
                values = [each["value"] for each in question.get("choices", ())]
                return _anchor_of(Choice, (name, *rest), f"choices-{values.index(value)}-") if value in values else ""
            case ["show_if" | "required_if" | "jumps" as rule, *_rest]:
                return f"#build-rule-{rule}"
        return _anchor_of(Question, steps) if steps else ""


def _in_outcome(steps: Sequence[str]) -> str:
    match steps:
        case ["steps", number, name, *rest]:
            return _anchor_of(OutcomeStep, (name, *rest), f"steps-{number}-")
    return _anchor_of(Outcome, steps) if steps else ""


def _field(model: type[models.Model], steps: Sequence[str]) -> Iterator[str]:
    """A field's own name, and the language of its text."""
    if not steps:
        return
    name, *rest = steps
    if model is Question and name == "title":  # which the row calls “question”
        yield gettext("its words")
    else:
        yield _called(model, name)
    if rest and name not in CONDITIONS and rest[0] in LANGUAGES:
        yield dict(settings.LANGUAGES)[rest[0]]


def _called(model: type[models.Model], name: str) -> str:
    if name in _SAID:
        return str(_SAID[name])
    try:
        return str(model._meta.get_field(_CALLED.get(name, name)).verbose_name)  # type: ignore[union-attr]
    except FieldDoesNotExist:
        return name


def _anchor_of(model: type[models.Model], steps: Sequence[str], prefix: str = "") -> str:
    """Forms call their fields by the rows' names; a text has an input for each language."""
    name = _CALLED.get(steps[0], steps[0])
    try:
        is_text = isinstance(model._meta.get_field(name), TranslatedField)
    except FieldDoesNotExist:
        return ""
    language = LANGUAGES.index(steps[1]) if steps[1:] and steps[1] in LANGUAGES else 0
    return f"#id_{prefix}{name}_{language}" if is_text else f"#id_{prefix}{name}"
