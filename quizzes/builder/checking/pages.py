"""The check's page, and its panel beside the editor: what keeps a draft from being published, and what it would do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from ...models import Quiz
from ...services.checking import report_on
from ...services.drafting import definition_of
from ...services.fixing import apply_remedy, remedy_for, take_back
from ..changes import locked, note_change
from ..frame import framed
from .findings import CheckView, Said, check_draft, duration_in_words, percent_in_words

KEPT = "builder_fixed"
PANEL_SHOWS = 6
MOST_TIES = 3


@dataclass(frozen=True, slots=True)
class Bar:
    """A share of all walks. `width` is of 100."""

    name: str
    url: str
    share: str
    width: float


@require_GET
def check(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    checked = check_draft(quiz)
    context = framed(request, quiz, "build_check") | _figures(quiz, checked)
    context |= {"checked": checked, "fixed": _fixed(request, quiz), "is_page": True}
    return render(request, "admin/quizzes/build/check.html", context)


@require_GET
def findings(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    """What the panel beside the editor shows, asked for after the page and after each save."""
    checked = check_draft(quiz)
    context = {
        "quiz": quiz,
        "checked": checked,
        "shown": checked.findings[:PANEL_SHOWS],
        "more_count": len(checked.findings) - PANEL_SHOWS,
    }
    return render(request, "admin/quizzes/build/_findings.html", context)


@require_POST
def fix(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    """Mends one finding, if the draft still has it: somebody may have been quicker."""
    wanted = (request.POST.get("code"), request.POST.get("place"))
    report_on(definition_of(quiz))  # so that nobody who saves has to wait for it below
    quiz = locked(quiz)
    raw = definition_of(quiz)
    report = report_on(raw)
    found = next((each for each in report.findings if (each.code, each.place) == wanted), None)
    remedy = remedy_for(found, report) if found else None
    if found and remedy:
        said = Said(quiz, raw)
        done = {"about": said.places.words(found.place), "label": said.phrase(remedy.label)}
        before = apply_remedy(quiz=quiz, remedy=remedy)
        _note(request, quiz)
        request.session[KEPT] = {"quiz": quiz.pk, "revision": quiz.revision, "before": before, **done}
    return redirect("admin:quizzes_quiz_build_check", quiz.pk)


@require_POST
def undo(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    """Only while nobody has changed anything since, or their change would go with it."""
    quiz = locked(quiz)
    fixed = _fixed(request, quiz)
    if fixed and take_back(quiz=quiz, before=fixed["before"]):
        _note(request, quiz)
    return redirect("admin:quizzes_quiz_build_check", quiz.pk)


def _note(request: HttpRequest, quiz: Quiz) -> None:
    quiz.refresh_from_db()
    note_change(quiz, request.user.get_username())


def _fixed(request: HttpRequest, quiz: Quiz) -> dict[str, Any] | None:
    """What was mended last, as long as it can be taken back."""
    fixed: dict[str, Any] = request.session.get(KEPT, {})
    return fixed if (fixed.get("quiz"), fixed.get("revision")) == (quiz.pk, quiz.revision) else None


def _figures(quiz: Quiz, checked: CheckView) -> dict[str, Any]:
    report, places = checked.report, checked.places
    return {
        "outcomes": [
            _bar(places.outcome(key), places.url(f"outcomes/{key}"), share) for key, share in report.shares.items()
        ],
        "asked": [
            _bar(places.question(key), places.url(f"questions/{key}"), share) for key, share in report.asked.items()
        ],
        "error": percent_in_words(report.error) if report.walks else "",
        "ties": percent_in_words(report.ties),
        "tied": [
            (", ".join(f"“{places.outcome(key)}”" for key in keys), percent_in_words(share))
            for keys, share in sorted(report.tied.items(), key=lambda each: -each[1])[:MOST_TIES]
        ],
        "mean": duration_in_words(report.mean_seconds),
        "longest": duration_in_words(report.longest_seconds),
        "stated": duration_in_words(quiz.minutes * 60),
    }


def _bar(name: str, url: str, share: float) -> Bar:
    return Bar(name, url, percent_in_words(share), round(100 * share, 2))
