"""The consent step: one unticked switch a use, with exactly the answers it covers."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from preferences import selectors as preferences
from preferences.access import objects_to_sharing
from preferences.selectors import PurposeView
from preferences.wording import day_in_words

from ..presenting.questions import quiz_ref
from ..presenting.wording import answer_in_words
from ..selectors import RunState
from ..services.consenting import settle_uses, uses_asked
from .finding import find_run, kindly, lead_on, page_language, place_of, question_url, run_url


@dataclass(frozen=True, slots=True)
class UseView:
    """`items` are (label, value in words, attribute key); `is_earlier`: on under an earlier notice, for less.

    `has_changed`: off, because the use itself changed since they switched it on, until they do so anew.
    """

    slug: str
    title: str
    sentence: str
    benefit: str
    details: str
    items: tuple[tuple[str, str, str], ...]
    is_on: bool
    is_earlier: bool
    has_changed: bool
    since: str
    version: int


@require_http_methods(["GET", "HEAD", "POST"])
@kindly
def uses(request: HttpRequest, slug: str, run_id: UUID) -> HttpResponse:
    run = find_run(request, slug, run_id)
    if run.path.next_key is not None:
        return HttpResponseRedirect(place_of(run))
    language = page_language()
    asked = uses_asked(run, language, objects=objects_to_sharing(request))
    error = ""
    if request.method == "POST":
        wanted = frozenset(request.POST.getlist("purpose")) & {use.slug for use in asked}
        if not _has_changed(request.POST.getlist("notice"), wanted, asked):
            settle_uses(run=run, wanted=wanted, language=language, uses=asked)
            return lead_on(run_url(run, "result"))
        error = gettext("These words have just changed. Please read them again, then choose.")
    return render(
        request,
        "quizzes/uses.html",
        {
            "quiz": quiz_ref(run.definition, language),
            "uses": use_views(run, asked, language),
            "action": run_url(run, "uses"),
            "back_url": run_url(run, "result") if run.is_completed else question_url(run, run.path.keys[-1]),
            "error": error,
        },
        status=422 if error else 200,
    )


def _has_changed(read: list[str], wanted: frozenset[str], asked: list[PurposeView]) -> bool:
    """Whether a use is wanted that the page showed with an earlier text than it has now, as "slug:version"."""
    versions = dict(each.rpartition(":")[::2] for each in read)
    return any(
        versions.get(use.slug, str(use.notice_version)) != str(use.notice_version)
        for use in asked
        if use.slug in wanted
    )


def use_views(run: RunState, asked: list[PurposeView], language: str) -> list[UseView]:
    keys = {question.attribute for question in run.definition.questions if question.attribute}
    attributes = preferences.attributes(language, keys)
    items = []
    for key in run.path.keys:
        question = run.definition.question(key)
        if run.answers[key].state == "given" and question.attribute in attributes:
            words = answer_in_words(question, run.answers[key], language)
            items.append((attributes[question.attribute].label, words, question.attribute))
    return [
        UseView(
            slug=use.slug,
            title=use.title,
            sentence=use.sentence,
            benefit=use.benefit,
            details=use.details,
            items=tuple(item for item in items if item[2] in use.attributes),
            is_on=use.is_granted and not use.is_outdated,
            is_earlier=use.is_outdated and not use.needs_renewal,
            has_changed=use.needs_renewal,
            since=day_in_words(use.granted_at) if use.granted_at else "",
            version=use.notice_version,
        )
        for use in asked
    ]
