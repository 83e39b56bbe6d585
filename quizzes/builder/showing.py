"""What the builder's templates are given."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext

from preferences.translated import pick

from ..models import Question, Quiz
from ..services.drafting import definition_of
from ..services.publishing import problems_of
from .editing import token_of
from .forms import ChoiceFormSet, QuestionForm
from .kinds import has_choices, kind_choices, kind_words

PLACE = re.compile(r"questions\[(\d+)\]")
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Line:
    """A question in the list."""

    pk: int
    key: str
    title: str
    kind: str
    has_rules: bool
    is_selected: bool
    url: str


@dataclass(frozen=True, slots=True)
class Finding:
    about: str
    message: str
    url: str


def build_url(quiz: Quiz, question: Question | int | None = None) -> str:
    url = reverse("admin:quizzes_quiz_build", args=[quiz.pk])
    return f"{url}?question={getattr(question, 'pk', question)}" if question else url


def is_htmx(request: HttpRequest) -> bool:
    htmx = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.history_restore_request


def formset_for(question: Question, data: Any = None) -> Any:
    if not has_choices(question.kind):
        return None
    language = get_language() or "en"
    outcomes = tuple(question.quiz.outcomes.all())
    titles = {outcome.key: pick(outcome.title, language) or outcome.key for outcome in outcomes}
    return ChoiceFormSet(
        data, instance=question, prefix="choices", form_kwargs={"outcomes": outcomes, "titles": titles}
    )


def work(request: HttpRequest, quiz: Quiz, question: Question | None, **more: Any) -> dict[str, Any]:
    """The list, the editor of the selected question, and what is still missing."""
    language = get_language() or "en"
    rows = list(quiz.questions.prefetch_related("rules"))
    context: dict[str, Any] = {
        "quiz": quiz,
        "quiz_title": pick(quiz.title, language) or quiz.slug,
        "lines": [_line(quiz, each, question, language) for each in rows],
        "question": question,
        "kinds": kind_choices(),
        "findings": _findings(quiz, rows, language),
        "revision": quiz.revision,
        "others": "",
        "here_url": build_url(quiz, question),
        "deleted": request.session.get("builder_deleted", {}).get("title")
        if request.session.get("builder_deleted", {}).get("quiz") == quiz.pk
        else None,
        "language": language,
    }
    if question:
        context |= {
            "save_url": reverse("admin:quizzes_quiz_build_save", args=[quiz.pk, question.pk]),
            "token": token_of(quiz, question),
            "form": QuestionForm(instance=question),
            "formset": formset_for(question),
            "kind_words": kind_words(question.kind),
        }
    return context | more


def show_work(request: HttpRequest, quiz: Quiz, question: Question | None) -> HttpResponse:
    """After a change of the list: its new state for htmx, otherwise a redirect to the page."""
    if not is_htmx(request):
        return redirect(build_url(quiz, question))
    quiz.refresh_from_db()
    response = render(request, "admin/quizzes/build/_work.html", work(request, quiz, question))
    response["HX-Retarget"] = "#build-work"
    response["HX-Reswap"] = "outerHTML"
    response["HX-Push-Url"] = build_url(quiz, question)
    return response


def _line(quiz: Quiz, question: Question, selected: Question | None, language: str) -> Line:
    return Line(
        pk=question.pk,
        key=question.key,
        title=pick(question.title, language) or gettext("Not written yet"),
        kind=kind_words(question.kind),
        has_rules=question.show_if is not None or bool(question.rules.all()),
        is_selected=bool(selected and selected.pk == question.pk),
        url=build_url(quiz, question),
    )


def _findings(quiz: Quiz, rows: list[Question], language: str) -> list[Finding]:
    found = []
    for problem in problems_of(definition_of(quiz))[:SHOWN]:
        place = PLACE.match(problem.path)
        if place and int(place[1]) < len(rows):
            question = rows[int(place[1])]
            about, url = pick(question.title, language) or question.key, build_url(quiz, question)
        else:
            about, url = problem.key, reverse("admin:quizzes_quiz_change", args=[quiz.pk])
        found.append(Finding(about, f"{problem.path.rsplit('.', 1)[-1]}: {problem.message}", url))
    return found
