"""What the builder's templates are given."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext

from preferences import registry
from preferences.translated import pick

from ...models import Question, Quiz
from ...services.drafting import definition_of
from ...services.publishing import problems_of
from ..frame import in_place_of_work, is_htmx
from ..limits import full_of_choices, full_of_questions
from .editing import token_of
from .editor import Editor
from .kinds import kind_choices, kind_words
from .references import rules_about
from .undoing import offered


@dataclass(frozen=True, slots=True)
class Line:
    """A question in the list."""

    pk: int
    key: str
    title: str
    kind: str
    has_rules: bool
    has_findings: bool
    is_selected: bool
    url: str


def build_url(quiz: Quiz, question: Question | int | None = None) -> str:
    url = reverse("admin:quizzes_quiz_build", args=[quiz.pk])
    return f"{url}?question={getattr(question, 'pk', question)}" if question else url


def work(request: HttpRequest, quiz: Quiz, question: Question | None, **more: Any) -> dict[str, Any]:
    """The list, the editor of the selected question, and what is still missing."""
    language = get_language() or "en"
    rows = list(quiz.questions.prefetch_related("rules"))
    wrong = {problem.key for problem in problems_of(definition_of(quiz))}
    context: dict[str, Any] = {
        "quiz": quiz,
        "quiz_title": pick(quiz.title, language) or quiz.slug,
        "lines": [_line(quiz, each, question, wrong, language) for each in rows],
        "question": question,
        "kinds": kind_choices(),
        "is_full": full_of_questions(quiz),
        "revision": quiz.revision,
        "others": "",
        "here_url": build_url(quiz, question),
        "undo": offered(request, quiz),
        "language": language,
    }
    if question:
        context |= {
            "save_url": reverse("admin:quizzes_quiz_build_save", args=[quiz.pk, question.pk]),
            "token": token_of(quiz, question),
            **Editor(quiz, question).shown,
            "kind_words": kind_words(question.kind),
            "has_all_choices": full_of_choices(question),
            "uses": partial(_uses, question),
            "mates": _mates(rows, question, language),
            "rules_about": partial(rules_about, quiz, question.key),
        }
    return context | more


def show_work(request: HttpRequest, quiz: Quiz, question: Question | None) -> HttpResponse:
    """After a change of the list: its new state for htmx, otherwise a redirect to the page."""
    if not is_htmx(request):
        return redirect(build_url(quiz, question))
    quiz.refresh_from_db()
    response = render(request, "admin/quizzes/build/_work.html", work(request, quiz, question))
    return in_place_of_work(response, url=build_url(quiz, question))


def _line(quiz: Quiz, question: Question, selected: Question | None, wrong: set[str], language: str) -> Line:
    return Line(
        pk=question.pk,
        key=question.key,
        title=pick(question.title, language) or gettext("Not written yet"),
        kind=kind_words(question.kind),
        has_rules=question.show_if is not None or question.required_if is not None or bool(question.rules.all()),
        has_findings=question.key in wrong,
        is_selected=bool(selected and selected.pk == question.pk),
        url=build_url(quiz, question),
    )


def _uses(question: Question) -> list[str]:
    """What uses the attribute that it tells, asked only where it is shown."""
    return registry.uses().get(question.attribute.key, []) if question.attribute else []


def _mates(rows: list[Question], question: Question, language: str) -> list[str]:
    """The questions with which it is asked in a random order."""
    if not question.shuffle_group:
        return []
    place = rows.index(question)
    first = last = place
    while first and rows[first - 1].shuffle_group == question.shuffle_group:
        first -= 1
    while last + 1 < len(rows) and rows[last + 1].shuffle_group == question.shuffle_group:
        last += 1
    mates = rows[first:place] + rows[place + 1 : last + 1]
    return [pick(each.title, language) or each.key for each in mates]
