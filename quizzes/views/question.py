"""One question a page, and the answer to it. The busiest page: one query reads the run, one writes the answer."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from preferences.access import objects_to_sharing

from ..answering import AnswerError, TooYoungError, age_said, moved, read_answer
from ..errors import NotOnPathError
from ..flow import as_asked
from ..parts import Definition
from ..presenting.questions import (
    QuestionView,
    feedback_after,
    for_run,
    progress_view,
    question_view,
    quiz_ref,
    typed_view,
)
from ..presenting.told import ToldView, told_before
from ..presenting.wording import refusal
from ..selectors import RunState
from ..services.consenting import needs_consent, settle_uses, uses_asked
from ..services.running import hear_age, record_answer, turn_away
from .finding import find_run, kindly, lead_on, page_language, place_of, problem, question_url, run_url
from .fragments import TEMPLATE, fresh_question


@require_http_methods(["GET", "HEAD", "POST"])
@kindly
def question(request: HttpRequest, slug: str, run_id: UUID, key: str) -> HttpResponse:
    run = find_run(request, slug, run_id)
    if request.method == "POST":
        return _answer(request, run, key)
    if key not in run.path:
        return HttpResponseRedirect(place_of(run))
    return question_page(request, run, key, told=told_before(run, key, page_language(), timezone.localdate()))


def _answer(request: HttpRequest, run: RunState, key: str) -> HttpResponse:
    if key not in run.path:
        return _elsewhere(request, run)
    language = page_language()
    asked = as_asked(run.definition.question(key), run.path.facts)
    form = dict(request.POST.lists())
    today = timezone.localdate()
    order = moved(asked, form)
    if order is not None:  # a step of ranking without JavaScript: shown in its new order, stored when they go on
        view = typed_view(run.definition, key, {**form, "answer": order}, language, today.isoformat())
        return question_page(request, run, key, view=view)
    try:
        answer = read_answer(asked, form, language=language, today=today)
        hear_age(said=age_said(asked, form), today=today)
        after = record_answer(run=run, key=key, answer=answer, language=language, has_consent="consent" in form)
    except TooYoungError:
        hear_age(said=age_said(asked, form), today=today)
        turn_away(run=run, key=key, language=language)
        return too_young(request, run.definition, key)
    except AnswerError as error:
        view = typed_view(run.definition, key, form, language, today.isoformat())
        return question_page(request, run, key, view=view, error=refusal(error), status=422)
    except NotOnPathError:
        return _elsewhere(request, run)
    return _go_on(request, after, key)


def _go_on(request: HttpRequest, run: RunState, key: str) -> HttpResponse:
    """To the question after this one; after a change to a finished run, back to its result unless more is asked."""
    if run.is_completed:
        uses = uses_asked(run, page_language(), objects=objects_to_sharing(request))
        return lead_on(run_url(run, "uses" if needs_consent(run, uses) else "result"))
    following = run.path.next_key if run.was_completed else run.path.after(key)
    if following is None:
        return _end(run)
    url = question_url(run, following)
    htmx = request.htmx  # type: ignore[attr-defined]
    if not htmx or htmx.boosted or htmx.history_restore_request:  # whoever wants a whole page
        return lead_on(url)
    today = timezone.localdate()
    told = told_before(run, following, page_language(), today)
    if told or following in run.answers or not run.definition.question(following).is_same_for_all:
        response = question_page(request, run, following, told=told)
    else:
        response = fresh_question(request, run, following, language=page_language(), today=today.isoformat())
    response["HX-Push-Url"] = url
    return response


def _end(run: RunState) -> HttpResponse:
    """To the uses, or right to the result of a quiz that asks for none."""
    if run.definition.purposes:
        return lead_on(run_url(run, "uses"))
    settle_uses(run=run, wanted=frozenset(), language=page_language(), uses=[])
    return lead_on(run_url(run, "result"))


def question_page(
    request: HttpRequest,
    run: RunState,
    key: str,
    *,
    view: QuestionView | None = None,
    told: ToldView | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    """`view`: as just typed; `told`: filled in from before, for them to confirm."""
    language = page_language()
    definition = run.definition
    keeps_order = view is not None or told is not None or key in run.answers
    if view is None:
        answer = told.answer if told else run.answers.get(key)
        view = question_view(definition, key, answer, language, timezone.localdate().isoformat())
    if told:
        view = replace(view, consent_given=False)  # is asked for every time
    view = for_run(view, run, language, keeps_order=keeps_order)
    previous = None if run.is_completed else run.path.before(key)
    if run.is_completed:
        back_url: str | None = run_url(run, "result")
    else:
        back_url = question_url(run, previous) if previous else None
    context = {
        "quiz": quiz_ref(definition, language),
        "question": view,
        "feedback": feedback_after(definition, previous, run.answers.get(previous or ""), language),
        "progress": progress_view(definition, run.path),
        "action": question_url(run, key),
        "back_url": back_url,
        "handoff_url": question_url(run, "continue-elsewhere"),
        "told": told,
        "error": error,
    }
    response = render(request, TEMPLATE, context, status=status)
    if status == 422:
        response["HX-Push-Url"] = "false"  # the same page again is no new step back
    return response


def too_young(request: HttpRequest, definition: Definition, key: str) -> HttpResponse:
    """Below the age asked for: a friendly end, of which nothing is kept."""
    response = problem(
        request,
        gettext("This one has to wait a little"),
        gettext(
            "This quiz is for people who are %(age)s or older."
            " We kept no answer, and nothing you told us is used for anything."
            " If you are too young to allow us any use, we only note that."
        )
        % {"age": definition.question(key).min},
        status=200,
    )
    response["HX-Push-Url"] = "false"
    return response


def _elsewhere(request: HttpRequest, run: RunState) -> HttpResponse:
    """They answered a question that isn't theirs now: from another tab, an old page, or by hand."""
    return problem(
        request,
        gettext("You are somewhere else in this quiz"),
        gettext("That question isn't part of your way any more, perhaps because of another tab. Nothing was lost."),
        url=place_of(run),
        label=gettext("Go on where you are"),
        status=409,
    )
