"""A question of the draft on its real page, for the builder's phone: no run, nothing stored, not even what is typed."""

from __future__ import annotations

from typing import Any

from csp.decorators import csp
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods

from ...answering import AnswerError, moved, read_answer
from ...definition import compile_definition
from ...models import Quiz
from ...parts import QUOTE, Definition
from ...presenting.questions import ProgressView, question_view, quiz_ref, typed_view
from ...presenting.wording import refusal
from ...problems import DefinitionError
from ...services.drafting import definition_of
from ..phone import FRAMED, asked_language

NEVER = ("show_if", "required_if", "jumps", "seconds", "shuffle_group")


@xframe_options_sameorigin
@csp(FRAMED)
@require_http_methods(["GET", "POST"])
def preview(request: HttpRequest, quiz: Quiz, question_id: int) -> HttpResponse:
    question = get_object_or_404(quiz.questions, pk=question_id)
    language = asked_language(request)
    with translation.override(language):
        try:
            definition = compile_definition(_alone(definition_of(quiz), question.key))
        except DefinitionError as error:
            return render(request, "admin/quizzes/build/unready.html", {"problems": error.problems[:5]})
        return _page(request, quiz, question_id, definition, question.key, language)


def _page(request: HttpRequest, quiz: Quiz, pk: int, definition: Definition, key: str, language: str) -> HttpResponse:
    today = timezone.localdate()
    view, error, status = question_view(definition, key, None, language, today.isoformat()), "", 200
    order = list(quiz.questions.values_list("pk", flat=True))
    place = order.index(pk)
    if request.method == "POST":
        form = dict(request.POST.lists())
        asked = definition.question(key)
        changed = moved(asked, form)
        if changed is not None:
            view = typed_view(definition, key, {**form, "answer": changed}, language, today.isoformat())
        else:
            try:
                read_answer(asked, form, language=language, today=today)
            except AnswerError as wrong:
                view = typed_view(definition, key, form, language, today.isoformat())
                error, status = refusal(wrong), 422
            else:
                return HttpResponseRedirect(preview_url(quiz, order[(place + 1) % len(order)], language))
    context = {
        "quiz": quiz_ref(definition, language),
        "question": view,
        "progress": ProgressView(100 * place // len(order), ""),
        "action": preview_url(quiz, pk, language),
        "back_url": preview_url(quiz, order[place - 1], language) if place else None,
        "handoff_url": "",
        "error": error,
    }
    return render(request, "quizzes/question.html", context, status=status)


def preview_url(quiz: Quiz, pk: int, language: str) -> str:
    return f"{reverse('admin:quizzes_quiz_build_preview', args=[quiz.pk, pk])}?language={language}"


def _alone(raw: dict[str, Any], key: str) -> dict[str, Any]:
    """A definition of this question only, in which what is not written yet is an ellipsis."""
    question = next(each for each in raw["questions"] if each["key"] == key)
    question = {name: value for name, value in question.items() if name not in NEVER}
    question["choices"] = [
        _written({name: value for name, value in each.items() if name != "points"}, ("label",))
        for each in question.get("choices", ())
    ]
    question["rows"] = [_written(each, ("label",)) for each in question.get("rows", ())]
    for name in ("choices", "rows"):
        if not question[name]:
            del question[name]
    for name in ("title", "help"):  # answers it quotes were not given here: what is said instead, or an ellipsis
        if texts := question.get(name):
            question[name] = {code: QUOTE.sub(lambda quoted: quoted[2] or "…", text) for code, text in texts.items()}
    wanted = ("title", *(("why",) if question["kind"] != "section" else ()))
    wanted = (*wanted, *(("consent",) if question.get("sensitive") else ()))
    filler = _everywhere("…")
    return {
        "schema": 1,
        "slug": raw["slug"],
        "title": _whole(raw.get("title")),
        "profile": raw["profile"],
        "look": raw.get("look"),
        "exchange": {"get": filler, "ask": filler, "use": filler},
        "purposes": [],
        "questions": [_written(question, wanted)],
        "outcomes": [{"key": "outcome", "title": filler, "summary": filler, "steps": []}],
    }


def _written(raw: dict[str, Any], wanted: tuple[str, ...]) -> dict[str, Any]:
    texts = {
        name: _whole(value)
        for name, value in raw.items()
        if isinstance(value, dict) and set(value) <= set(dict(settings.LANGUAGES))
    }
    return raw | texts | {name: _whole(raw.get(name)) for name in wanted}


def _whole(texts: dict[str, str] | None) -> dict[str, str]:
    """In every language, the missing ones as in another."""
    found = texts or {}
    other = next((text for text in found.values() if text), "…")
    return {code: found.get(code) or other for code, _name in settings.LANGUAGES}


def _everywhere(text: str) -> dict[str, str]:
    return {code: text for code, _name in settings.LANGUAGES}
