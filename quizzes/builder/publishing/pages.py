"""The publish page: what would change for customers, publishing, closing, and when it is open."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from django.contrib import messages
from django.contrib.admin.sites import site
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from ...errors import NotPublishableError
from ...models import Quiz, QuizVersion
from ...opening import OPEN, SCHEDULED
from ...presenting.square import qr_square
from ...services.drafting import definition_of
from ...services.publishing import content_hash, problems_of, publish, reopen, unpublish
from ..autosave import token_for, who_changed
from ..changes import locked, note_change
from ..checking.findings import problems_in_words
from ..frame import framed
from .comparing import compared
from .opening_form import OpeningForm, opening_token
from .standing import standing

MAY_PUBLISH = "quizzes.publish_quiz"
SHOWN_VERSIONS = 10
REPLACED = "builder_replaced"


@dataclass(frozen=True, slots=True)
class Edition:
    """A version in the history. `changed` are the places that differ from the version before; () for the first."""

    version: QuizVersion
    changed: tuple[str, ...]
    is_live: bool
    is_draft: bool


@require_http_methods(["GET", "POST"])
def publish_page(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    return _publish(request, quiz) if request.method == "POST" else show(request, quiz)


def show(request: HttpRequest, quiz: Quiz, *, status: int = 200, **more: Any) -> HttpResponse:
    raw, now = definition_of(quiz), timezone.now()
    live, latest = quiz.live_version, quiz.versions.first()
    seen = live or latest
    problems = problems_of(raw)
    digest = content_hash(raw)
    address = request.build_absolute_uri(reverse("quizzes:intro", args=[quiz.slug]))
    kept = request.session.get(REPLACED, {})
    context = {
        **framed(request, quiz, "build_publish"),
        "standing": standing(
            quiz, now, was_published=latest is not None, is_changed=bool(live and live.content_hash != digest)
        ),
        "stage": quiz.opening.stage(now),
        "may_publish": request.user.has_perm(MAY_PUBLISH),
        "seen": seen,
        "next_number": latest.number + 1 if latest else 1,
        "is_same": seen is not None and seen.content_hash == digest,
        "groups": compared(seen.definition, raw) if seen and seen.content_hash != digest else [],
        "blocking": problems_in_words(quiz, raw, problems),
        "token": token_for(raw),
        "editions": editions(quiz, digest, is_whole="all" in request.GET),
        "more_count": max(0, quiz.versions.count() - SHOWN_VERSIONS) if "all" not in request.GET else 0,
        "form": OpeningForm(instance=quiz),
        "opening_token": opening_token(quiz),
        "zone": timezone.get_current_timezone_name(),
        "address": address if live else "",
        "square": qr_square(address, gettext("QR code of the quiz’s address")) if live else "",
        "replaced": kept if kept.get("quiz") == quiz.pk else None,
        **more,
    }
    return render(request, "admin/quizzes/build/publish.html", context, status=status)


def _publish(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    check_may_publish(request)
    quiz = locked(quiz)
    if request.POST.get("token") != token_for(definition_of(quiz)):
        return show(request, quiz, status=409, changed_by=who_changed(request, quiz))
    try:
        version = publish(quiz=quiz, by=request.user.get_username())
    except NotPublishableError:
        return show(request, quiz, status=422)
    note(request, quiz, gettext("Published as version %(number)s.") % {"number": version.number})
    messages.success(request, _now_seen(quiz, version))
    return here(quiz)


@require_POST
def close(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    check_may_publish(request)
    unpublish(quiz=quiz)
    note(request, quiz, gettext("Closed."))
    messages.success(request, gettext("It is closed. Whoever is taking it can finish."))
    return here(quiz)


@require_POST
def open_again(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    check_may_publish(request)
    version = reopen(quiz=quiz)
    if version is not None:
        note(request, quiz, gettext("Opened again with version %(number)s.") % {"number": version.number})
        messages.success(request, _now_seen(quiz, version))
    return here(quiz)


def _now_seen(quiz: Quiz, version: QuizVersion) -> str:
    quiz.refresh_from_db()
    stage = quiz.opening.stage(timezone.now())
    words = {
        OPEN: gettext("Customers now see version %(number)s."),
        SCHEDULED: gettext("Version %(number)s is published. Customers see it when it opens."),
    }.get(stage, gettext("Version %(number)s is published, but the quiz stays closed: change when it is open below."))
    return words % {"number": version.number}


@require_POST
def set_opening(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    check_may_publish(request)
    quiz = locked(quiz)
    stored = opening_token(quiz)
    form = OpeningForm(request.POST, instance=quiz)
    if not form.is_valid():
        quiz.refresh_from_db()
        return show(request, quiz, status=422, form=form, opening_token=request.POST.get("token", ""))
    if request.POST.get("token") != stored and form.has_changed():
        quiz.refresh_from_db()
        theirs = {"opening_changed_by": who_changed(request, quiz), "theirs": OpeningForm(instance=quiz).initial}
        return show(request, quiz, status=409, form=form, **theirs)
    if form.has_changed():
        form.save()
        note_change(quiz, request.user.get_username())
        note(request, quiz, gettext("Changed when it is open."))
    if "opens_at" in form.changed_data and quiz.opens_at and quiz.opens_at <= timezone.now():
        messages.info(request, gettext("Its opening is in the past, so it is open as soon as it is published."))
    messages.success(request, gettext("Saved. It holds at once, for every version."))
    return here(quiz)


def editions(quiz: Quiz, digest: str, *, is_whole: bool) -> list[Edition]:
    """The latest first, `is_whole` all of them."""
    rows = list(quiz.versions.all()[: None if is_whole else SHOWN_VERSIONS + 1])
    found = []
    for version, before in zip_longest(rows, rows[1:]):
        changed = tuple(each.title for each in compared(before.definition, version.definition)) if before else ()
        is_live = version.pk == quiz.live_version_id
        found.append(Edition(version, changed, is_live, version.content_hash == digest))
    return found if is_whole else found[:SHOWN_VERSIONS]


def check_may_publish(request: HttpRequest) -> None:
    if not request.user.has_perm(MAY_PUBLISH):
        raise PermissionDenied


def note(request: HttpRequest, quiz: Quiz, words: str) -> None:
    """In the admin's own history of the quiz."""
    site.get_model_admin(Quiz).log_change(request, quiz, words)


def here(quiz: Quiz) -> HttpResponse:
    return redirect("admin:quizzes_quiz_build_publish", quiz.pk)
