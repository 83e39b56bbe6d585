"""The result: shown in full whatever was consented to."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from preferences import selectors as preferences
from preferences.access import objects_to_sharing

from ..parts import NUMERIC
from ..presenting.questions import quiz_ref
from ..presenting.results import TrendView, answers_that_count, outcome_of, outcome_view, reason_views, trend_view
from ..selectors import RunState
from ..services.consenting import uses_asked
from .finding import find_run, kindly, page_language, place_of


@require_safe
@kindly
def result(request: HttpRequest, slug: str, run_id: UUID) -> HttpResponse:
    run = find_run(request, slug, run_id)
    if not run.is_completed:
        return HttpResponseRedirect(place_of(run))
    language = page_language()
    outcome, reasons = outcome_of(run)
    asked = uses_asked(run, language, objects=objects_to_sharing(request))
    profiles = {each.id: each for each in preferences.profiles(run.customer_id)}
    profile = profiles.get(run.profile_id) if run.profile_id is not None else None
    return render(
        request,
        "quizzes/result.html",
        {
            "quiz": quiz_ref(run.definition, language),
            "outcome": outcome_view(run, outcome, language),
            "reasons": reason_views(run, reasons, language),
            "profile_id": profile.id if profile else None,
            "profile_name": profile.name if profile and profile.kind != "self" else "",
            "trends": _trends(run, language) if run.definition.profile != "self" and profile else [],
            "granted_any": any(use.is_granted for use in asked),
            "answers": reason_views(run, answers_that_count(run), language),
        },
    )


def _trends(run: RunState, language: str) -> list[TrendView]:
    """How the numbers told about this profile have changed since earlier runs."""
    assert run.profile_id is not None
    found = []
    for question in run.definition.questions:
        if question.kind in NUMERIC and question.attribute and question.key in run.path.keys:
            points = preferences.history(run.profile_id, question.attribute)
            trend = trend_view(question, list(points), language)
            if trend:
                found.append(trend)
    return found
