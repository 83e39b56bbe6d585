"""The Beginning page: the start screen's words and picture, whom and what the quiz is about, what it asks about at its
end; beside it the start screen itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from csp.decorators import csp
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from preferences import selectors as preferences

from ...definition import compile_definition
from ...models import Quiz
from ...presenting.cards import quiz_card
from ...problems import DefinitionError
from ...services.checking import report_on
from ...services.drafting import definition_of
from ..autosave import differences, refusals_of, revision_seen, show_saved, token_for, who_changed
from ..changes import locked, note_change
from ..checking.findings import duration_in_words
from ..frame import framed, is_htmx
from ..phone import FRAMED, asked_language
from ..questions.preview import preview_url
from .forms import StartForm

KEPT = (
    "slug",
    "profile",
    "title",
    "tagline",
    "exchange",
    "minutes",
    "cover",
    "cover_alt",
    "start",
    "purposes",
    "hidden",
)


@require_GET
def start(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    return _page(request, quiz, StartForm(instance=quiz))


@require_POST
def save(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    quiz = locked(quiz)
    token = _token(quiz)
    form = StartForm(_moved(request), instance=quiz)
    is_valid = form.is_valid()
    stored = Quiz.objects.get(pk=quiz.pk)
    if not (request.POST.get("token") == token or request.POST.get("anyway") == token):
        return _said(
            request, stored, form, state="conflict", status=409, stored_token=token, theirs_url=_url(quiz),
            differences=differences(form, StartForm(instance=stored)), changed_by=who_changed(request, quiz),
            token=request.POST.get("token", ""),
        )  # fmt: skip
    if not is_valid:
        return _said(
            request, stored, form, state="refused", status=422, refusals=refusals_of([form]),
            token=request.POST.get("token", ""),
        )  # fmt: skip
    seen = revision_seen(request, quiz)
    someone = who_changed(request, quiz) if seen < quiz.revision else ""
    if form.has_changed():
        form.save()
        note_change(quiz, request.user.get_username())
    if not is_htmx(request):
        return redirect(_url(quiz))
    more = {"revision": seen, "others": someone} if someone else {}
    return _said(request, quiz, form, token=_token(quiz), **more)


@require_GET
def measured(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    """How long the questions take by their own times: asked for after the page, because it follows every way."""
    report = report_on(definition_of(quiz))
    context = {
        "mean": duration_in_words(report.mean_seconds),
        "longest": duration_in_words(report.longest_seconds),
    }
    return render(request, "admin/quizzes/build/_start_measured.html", context if report.mean_seconds else {})


@xframe_options_sameorigin
@csp(FRAMED)
@require_http_methods(["GET", "POST"])
def preview(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    """The start screen of the draft: the real page, whose button leads to the first question's preview."""
    language = asked_language(request)
    here = f"{reverse('admin:quizzes_quiz_build_start_preview', args=[quiz.pk])}?language={language}"
    if request.method == "POST":
        first = quiz.questions.first()
        return redirect(preview_url(quiz, first.pk, language) if first else here)
    raw = definition_of(quiz)
    with translation.override(language):
        try:
            definition = compile_definition(_beginning(raw))
        except DefinitionError as error:
            return render(request, "admin/quizzes/build/unready.html", {"problems": error.problems[:5]})
        count = sum(each["kind"] != "section" for each in raw.get("questions", ()))
        titles = {each.slug: each.title for each in preferences.purposes(None, language)}
        context = {
            "quiz": replace(quiz_card(definition, None, language), question_count=count, url=here),
            "pets": [],
            "profile_kind": raw["profile"],
            "purposes": [titles[each] for each in raw.get("purposes", ()) if each in titles],
            "resume_url": None,
            "hidden": [],
        }
        return render(request, "quizzes/intro.html", context)


def _beginning(raw: dict[str, Any]) -> dict[str, Any]:
    """What stands before the first question, in which what is not written yet is an ellipsis."""
    exchange, begun = raw.get("exchange") or {}, raw.get("start") or {}
    filler = _whole(None)
    made = {
        "schema": 1,
        "slug": raw["slug"],
        "title": _whole(raw.get("title")),
        "profile": raw["profile"],
        "exchange": {name: _whole(exchange.get(name)) for name in ("get", "ask", "use")},
        "minutes": raw.get("minutes", 2),
        "look": raw.get("look"),
        "start": {name: _whole(texts) for name, texts in begun.items()},
        "questions": [{"key": "question", "kind": "boolean", "title": filler}],
        "outcomes": [{"key": "outcome", "title": filler, "summary": filler}],
    }
    if raw.get("tagline"):
        made["tagline"] = _whole(raw["tagline"])
    if raw.get("cover"):
        made |= {"cover": raw["cover"], "cover_alt": _whole(raw.get("cover_alt"))}
    return made


def _whole(texts: dict[str, str] | None) -> dict[str, str]:
    """In every language, the missing ones as in another."""
    found = texts or {}
    other = next((text for text in found.values() if text), "…")
    return {code: found.get(code) or other for code, _name in settings.LANGUAGES}


def _moved(request: HttpRequest) -> Any:
    """What was sent; without the script a button beside a use also moves it up or down among those asked about."""
    verb, _sep, slug = request.POST.get("do", "").partition(":")
    asked = request.POST.getlist("asked")
    if verb not in ("up", "down") or slug not in asked:
        return request.POST
    place = asked.index(slug)
    asked.insert(max(0, place + (1 if verb == "down" else -1)), asked.pop(place))
    sent = request.POST.copy()
    sent.setlist("asked", asked)
    return sent


def _said(request: HttpRequest, quiz: Quiz, form: StartForm, **more: Any) -> HttpResponse:
    more |= {"save_url": _save_url(quiz), "here_url": _url(quiz)}
    if is_htmx(request):
        return show_saved(request, quiz, **more)
    return _page(request, quiz, form, status=more.pop("status", 200), **more)


def _page(request: HttpRequest, quiz: Quiz, form: StartForm, *, status: int = 200, **more: Any) -> HttpResponse:
    language = get_language() or "en"
    context = framed(request, quiz, "build_start") | {
        "form": form,
        "token": _token(quiz),
        "revision": quiz.revision,
        "save_url": _save_url(quiz),
        "here_url": _url(quiz),
        "language": language,
        "preview_url": reverse("admin:quizzes_quiz_build_start_preview", args=[quiz.pk]),
        "measured_url": reverse("admin:quizzes_quiz_build_start_measured", args=[quiz.pk]),
        "public_url": request.build_absolute_uri(reverse("quizzes:intro", args=[quiz.slug])),
        "example": f"?{quiz.hidden[0] if quiz.hidden else 'utm_source'}=newsletter",
    }
    return render(request, "admin/quizzes/build/start.html", context | more, status=status)


def _token(quiz: Quiz) -> str:
    raw = definition_of(quiz)
    return token_for({"languages": quiz.languages} | {name: raw.get(name) for name in KEPT})


def _url(quiz: Quiz) -> str:
    return reverse("admin:quizzes_quiz_build_start", args=[quiz.pk])


def _save_url(quiz: Quiz) -> str:
    return reverse("admin:quizzes_quiz_build_start_save", args=[quiz.pk])
