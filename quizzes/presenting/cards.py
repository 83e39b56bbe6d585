"""Open quizzes as the home page and each intro show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from preferences.translated import pick

from ..parts import Definition
from ..selectors import OpenQuiz
from .art import art_url
from .look import look_url
from .tongue import tongue


@dataclass(frozen=True, slots=True)
class QuizCard:
    slug: str
    title: str
    tagline: str
    get: str
    ask: str
    use: str
    minutes: int
    cover: str
    cover_alt: str
    question_count: int
    url: str
    resume_url: str | None
    start_label: str
    start_note: str
    look_url: str
    tongue: str


def cards(quizzes: list[OpenQuiz], unfinished: Mapping[str, UUID], language: str) -> list[QuizCard]:
    return [quiz_card(quiz.definition, unfinished.get(quiz.slug), language) for quiz in quizzes]


def quiz_card(definition: Definition, unfinished: UUID | None, language: str) -> QuizCard:
    return QuizCard(
        slug=definition.slug,
        title=pick(definition.title, language),
        tagline=pick(definition.tagline, language),
        get=pick(definition.exchange.get, language),
        ask=pick(definition.exchange.ask, language),
        use=pick(definition.exchange.use, language),
        minutes=definition.minutes,
        cover=art_url(definition.cover),
        cover_alt=pick(definition.cover_alt, language),
        question_count=sum(question.kind != "section" for question in definition.questions),
        url=reverse("quizzes:intro", args=[definition.slug]),
        resume_url=reverse("quizzes:run", args=[definition.slug, unfinished]) if unfinished else None,
        start_label=pick(definition.start.label, language),
        start_note=pick(definition.start.note, language),
        look_url=look_url(definition.look),
        tongue=tongue(definition, language),
    )
