"""Every text of a draft, in the order in which customers read them: what there is to translate, and how far it is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext

from preferences.fields import is_bidi
from preferences.translated import DEFAULT_LANGUAGE, pick

from ...models import Outcome, Question, Quiz
from ...parts import QUOTE
from ..autosave import token_for

QUIZ = (
    "title", "tagline", "exchange_get", "exchange_ask", "exchange_use", "cover_alt", "start_label", "start_note",
)  # fmt: skip
QUESTION = ("title", "help", "why", "consent", "unit", "low", "high")
CHOICE = ("label", "help", "alt", "feedback")
OUTCOME = ("title", "summary", "art_alt")
STEP = ("title", "text", "when_to_use")
PICTURES = {"cover_alt": "cover", "alt": "image", "art_alt": "art"}  # have words when there is a picture


@dataclass(frozen=True)
class Text:
    """One text in all its languages. `place` names it; `row` is its line of a matrix, which has no row of its own."""

    place: str
    label: str
    texts: Mapping[str, str]
    is_long: bool
    holder: Any
    field: str
    row: int | None = None

    @property
    def html_id(self) -> str:
        return "text-" + hashlib.sha256(self.place.encode()).hexdigest()[:12]

    def token(self, source: str, language: str) -> str:
        """What a translator has seen: these words in both languages. Other languages are other people's work."""
        return token_for([self.place, self.texts.get(source, ""), self.texts.get(language, "")])

    def write(self, language: str, words: str) -> None:
        """Into the draft. The quiz is locked by whoever calls, and this text was read since."""
        texts = {code: text for code, text in {**self.texts, language: words}.items() if text}
        if self.row is None:
            setattr(self.holder, self.field, texts)
        else:
            self.holder.rows[self.row]["label"] = texts
        self.holder.save(update_fields=[self.field])


@dataclass(frozen=True)
class Group:
    title: str
    texts: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How complete a language is. `is_asked`: the quiz is to be published in it."""

    code: str
    name: str
    is_bidi: bool
    written: int
    total: int
    is_asked: bool

    @property
    def percent(self) -> int:
        return self.written * 100 // self.total if self.total else 0

    @property
    def missing(self) -> int:
        return self.total - self.written


def languages_of(quiz: Quiz) -> tuple[str, ...]:
    """Those the draft is to be published in: as chosen, or those its title is written in."""
    if quiz.languages:
        return tuple(quiz.languages)
    order = [DEFAULT_LANGUAGE, *(code for code, _name in settings.LANGUAGES)]  # the database keeps none
    return tuple(sorted(quiz.title, key=lambda code: order.index(code) if code in order else len(order))) or (
        DEFAULT_LANGUAGE,
    )


def groups_of(quiz: Quiz, language: str) -> list[Group]:
    """What the quiz says, as its draft stands. `language` is the reader's, for headings."""
    start = tuple(_wanted(_texts(quiz, QUIZ, "start")))
    groups = [Group(gettext("Beginning"), start)]
    questions = quiz.questions.prefetch_related("choices")
    for number, question in enumerate(questions, 1):
        title = pick(question.title, language) or question.key
        groups.append(Group(f"{number}. {title}", tuple(_wanted(_of_question(question, language)))))
    for outcome in quiz.outcomes.prefetch_related("steps"):
        title = gettext("Outcome: %(title)s") % {"title": pick(outcome.title, language) or outcome.key}
        groups.append(Group(title, tuple(_wanted(_of_outcome(outcome)))))
    return groups


def progress_of(quiz: Quiz, groups: Iterable[Group]) -> list[Progress]:
    """For each language of the site."""
    every = [text for group in groups for text in group.texts]
    asked = languages_of(quiz)
    return [
        Progress(
            code=code,
            name=name,
            is_bidi=is_bidi(code),
            written=sum(bool(text.texts.get(code)) for text in every),
            total=len(every),
            is_asked=code in asked,
        )
        for code, name in settings.LANGUAGES
    ]


def quotes_differ(source: str, words: str) -> tuple[list[str], list[str]]:
    """Answers that only the source quotes, and those that only the translation does, as they are written."""
    if not source or not words:
        return [], []
    there, here = ({key for key, _fallback in QUOTE.findall(text)} for text in (source, words))
    return [f"{{{key}}}" for key in sorted(there - here)], [f"{{{key}}}" for key in sorted(here - there)]


def _of_question(question: Question, language: str) -> Iterator[Text]:
    place = f"questions/{question.key}"
    yield from _texts(question, QUESTION, place)
    for index, row in enumerate(question.rows):
        label = gettext("Row")
        yield Text(f"{place}/rows/{row.get('value')}", label, row.get("label") or {}, False, question, "rows", index)
    for choice in question.choices.all():
        yield from _texts(choice, CHOICE, f"{place}/choices/{choice.value}", gettext("Choice"), "label")


def _of_outcome(outcome: Outcome) -> Iterator[Text]:
    place = f"outcomes/{outcome.key}"
    yield from _texts(outcome, OUTCOME, place)
    for number, step in enumerate(outcome.steps.all(), 1):
        about = gettext("Step %(number)s") % {"number": number}
        yield from _texts(step, STEP, f"{place}/steps/{number}", about, "title")


def _texts(holder: Any, fields: tuple[str, ...], place: str, about: str = "", main: str = "") -> Iterator[Text]:
    """`about` is said before each field's name, and alone for the `main` one."""
    for name in fields:
        field = holder._meta.get_field(name)
        label = capfirst(str(field.verbose_name))
        if about:
            label = about if name == main else f"{about}: {field.verbose_name}"
        yield Text(f"{place}/{name}", label, getattr(holder, name) or {}, field.long, holder, name)


def _wanted(texts: Iterable[Text]) -> Iterator[Text]:
    """Those that are written in some language, or have to be."""
    for text in texts:
        is_needed = text.row is not None or not text.holder._meta.get_field(text.field).blank
        if is_needed or any(text.texts.values()) or getattr(text.holder, PICTURES.get(text.field, ""), ""):
            yield text
