"""Trying the whole draft as a customer would, to its real result, in the builder's phone. Nothing is stored for anyone.

What was tried is kept in the marketer's own session as it was sent, and read anew on every page. So it survives every
change of the draft: an answer that no longer fits is simply asked again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID, uuid4

from csp.decorators import csp
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods

from preferences import selectors as preferences

from ..answering import AnswerError, TooYoungError, moved, read_answer
from ..answers import Answer
from ..check.mending import mended
from ..definition import compile_definition
from ..flow import as_asked
from ..models import Quiz
from ..parts import Definition
from ..presenting.questions import feedback_after, for_run, progress_view, question_view, quiz_ref, typed_view
from ..presenting.results import ReasonView, outcome_of, outcome_view, reason_views
from ..presenting.wording import refusal
from ..problems import DefinitionError
from ..selectors import RunState
from ..services.drafting import definition_of
from ..views.question import too_young
from ..views.uses import use_views
from .phone import FRAMED, asked_language

KEPT = "builder_try"
PASSED: dict[str, list[str]] = {}  # stands for a year of birth, which is kept nowhere

Sent = Mapping[str, list[str]]


@require_GET
def begin(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    """From the start, whatever was tried before."""
    request.session[KEPT] = {"quiz": quiz.pk, "run": str(uuid4()), "sent": {}, "wanted": []}
    return HttpResponseRedirect(_url(quiz, "next", asked_language(request)))


@xframe_options_sameorigin
@csp(FRAMED)
@require_http_methods(["GET", "POST"])
def try_out(request: HttpRequest, quiz: Quiz, place: str) -> HttpResponse:
    """`place` is a question's key, “uses”, “result”, or “next” for wherever the answers lead."""
    language = asked_language(request)
    if request.session.get(KEPT, {}).get("quiz") != quiz.pk:
        return begin(request, quiz)
    with translation.override(language):
        definition = _definition(quiz)
        if isinstance(definition, DefinitionError):
            context = {"problems": definition.problems[:5]}
            return render(request, "admin/quizzes/build/unready.html", context)
        run = _run(request, definition, language)
        if place in definition.position and place in run.path:
            return _question(request, quiz, run, place, language)
        if place == "uses" and run.path.next_key is None:
            return _uses(request, quiz, run, language)
        if place == "result" and run.path.next_key is None:
            return _result(request, quiz, run, language)
        return HttpResponseRedirect(_url(quiz, _following(run), language))


def _definition(quiz: Quiz) -> Definition | DefinitionError:
    """The draft, with what is not written yet as an ellipsis."""
    raw = definition_of(quiz)
    try:
        return compile_definition(raw)
    except DefinitionError as error:
        return mended(raw, error.problems) or error


def _run(request: HttpRequest, definition: Definition, language: str) -> RunState:
    """A run that is nowhere but here."""
    kept = request.session[KEPT]
    today = timezone.localdate()
    answers: dict[str, Answer] = {}
    run = RunState(
        id=UUID(kept["run"]), customer_id=0, profile_id=None, version_id=0, is_completed=False, was_completed=False,
        language=language, outcome_key="", definition=definition, answers=answers,
    )  # fmt: skip
    for key, sent in kept["sent"].items():
        if key in definition.position:
            question = definition.question(key)
            if question.by_year and sent == PASSED:
                answers[key] = Answer("given", True)
                continue
            try:
                answers[key] = read_answer(question, sent, language=language, today=today)
            except AnswerError:
                continue
    return replace(run, answers=answers)


def _following(run: RunState) -> str:
    return run.path.next_key or ("uses" if run.definition.purposes else "result")


def _after(run: RunState, key: str, answer: Answer) -> str:
    """On along the way; whoever changes an answer from the result goes back there."""
    after = run.with_answer(key, answer)
    if run.path.next_key is None:
        return after.path.next_key or "result"
    return after.path.after(key) or _following(after)


def _question(request: HttpRequest, quiz: Quiz, run: RunState, key: str, language: str) -> HttpResponse:
    definition, today = run.definition, timezone.localdate()
    view = question_view(definition, key, run.answers.get(key), language, today.isoformat())
    error, status, keeps_order = "", 200, key in run.answers
    if request.method == "POST":
        sent: Sent = {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
        asked = as_asked(definition.question(key), run.path.facts)
        order = moved(asked, sent)
        keeps_order = True
        if order is not None:
            view = typed_view(definition, key, {**sent, "answer": order}, language, today.isoformat())
        else:
            try:
                answer = read_answer(asked, sent, language=language, today=today)
            except TooYoungError:
                return too_young(request, definition, key)
            except AnswerError as wrong:
                view = typed_view(definition, key, sent, language, today.isoformat())
                error, status = refusal(wrong), 422
            else:
                request.session[KEPT]["sent"][key] = PASSED if asked.by_year else sent
                request.session.modified = True
                return HttpResponseRedirect(_url(quiz, _after(run, key, answer), language))
    previous = run.path.before(key)
    context = {
        "quiz": quiz_ref(definition, language),
        "question": for_run(view, run, language, keeps_order=keeps_order),
        "feedback": feedback_after(definition, previous, run.answers.get(previous or ""), language),
        "progress": progress_view(definition, run.path),
        "action": _url(quiz, key, language),
        "back_url": _url(quiz, previous, language) if previous else None,
        "handoff_url": "",
        "error": error,
    }
    return render(request, "quizzes/question.html", context, status=status)


def _uses(request: HttpRequest, quiz: Quiz, run: RunState, language: str) -> HttpResponse:
    known = {each.slug: each for each in preferences.purposes(None, language) if each.basis == "consent"}
    if request.method == "POST":
        request.session[KEPT]["wanted"] = [each for each in request.POST.getlist("purpose") if each in known]
        request.session.modified = True
        return HttpResponseRedirect(_url(quiz, "result", language))
    asked = [known[slug] for slug in run.definition.purposes if slug in known]
    context = {
        "quiz": quiz_ref(run.definition, language),
        "uses": use_views(run, asked, language),
        "action": _url(quiz, "uses", language),
        "back_url": _url(quiz, run.path.keys[-1], language),
    }
    return render(request, "quizzes/uses.html", context)


def _result(request: HttpRequest, quiz: Quiz, run: RunState, language: str) -> HttpResponse:
    def here(reasons: list[ReasonView]) -> list[ReasonView]:
        return [replace(each, change_url=_url(quiz, each.key, language)) for each in reasons]

    outcome, reasons = outcome_of(run)
    context = {
        "quiz": quiz_ref(run.definition, language),
        "outcome": outcome_view(run, outcome, language),
        "reasons": here(reason_views(run, reasons, language)),
        "profile_id": None,
        "granted_any": bool(request.session[KEPT]["wanted"]),
        "answers": here(reason_views(run, run.path.keys, language)),
    }
    return render(request, "quizzes/result.html", context)


def _url(quiz: Quiz, place: str, language: str) -> str:
    return f"{reverse('admin:quizzes_quiz_build_try_place', args=[quiz.pk, place])}?language={language}"
