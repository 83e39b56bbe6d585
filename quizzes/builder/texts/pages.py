"""The Languages page: every text of the draft beside its translation, each saved by itself as it is written.

A text is named by its place and guarded by a token of its own, so two who translate the same quiz meet only where they
write the very same text, and then nobody overwrites the other unseen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from preferences.fields import MAX_LENGTH
from preferences.translated import DEFAULT_LANGUAGE

from ...models import Quiz
from ..autosave import revision_seen, who_changed
from ..changes import locked, note_change
from ..frame import framed, is_htmx
from .all_texts import Group, Text, groups_of, languages_of, progress_of, quotes_differ
from .desk import Desk, desk_of, first_missing, parts_of, tongue

WORDS = forms.CharField(required=False, max_length=MAX_LENGTH)


@dataclass(frozen=True, slots=True)
class Line:
    """One text as the page shows it. `theirs` is what somebody else made of it meanwhile, None when nobody did."""

    text: Text
    source: str
    words: str
    token: str
    unsaid: tuple[str, ...]  # answers that the source quotes and the translation does not
    unknown: tuple[str, ...]  # the other way round
    theirs: str | None = None
    problem: str = ""

    @property
    def is_missing(self) -> bool:
        return not self.words


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    lines: tuple[Line, ...]


@require_GET
def texts(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    groups = groups_of(quiz, get_language() or DEFAULT_LANGUAGE)
    return show_page(request, quiz, desk_of(request.GET, quiz, groups), groups=groups)


@require_POST
def save(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    """Keeps one text, when it is still what the translator saw."""
    with transaction.atomic():
        quiz = locked(quiz)
        desk, place = desk_of(request.POST, quiz), request.POST.get("place", "")
        text = _find(quiz, place)
        if text is None:
            return _answer(request, quiz, desk, None, state="gone", status=409)
        stored = _line(text, desk)
        if request.POST.get("do") == "theirs":
            return _answer(request, quiz, desk, stored, is_rewritten=True)
        try:
            words = clean_words(request.POST.get("text", ""), text)
        except ValidationError as error:
            typed = request.POST.get("text", "")[: MAX_LENGTH * 2]
            refused = _line(text, desk, words=typed, token=request.POST.get("seen", ""), problem=error.messages[0])
            return _answer(request, quiz, desk, refused, state="refused", status=422)
        if words == stored.words:
            return _answer(request, quiz, desk, stored)
        if stored.token not in (request.POST.get("seen"), request.POST.get("anyway")):
            mine = _line(text, desk, words=words, token=request.POST.get("seen", ""), theirs=stored.words)
            return _answer(request, quiz, desk, mine, state="conflict", status=409, stored_token=stored.token)
        before = revision_seen(request, quiz)
        others = who_changed(request, quiz) if before < quiz.revision else ""
        pin_languages(quiz)
        text.write(desk.target.code, words)
        note_change(quiz, request.user.get_username())
    text = _find(quiz, place) or text
    revision = before if others else quiz.revision
    return _answer(request, quiz, desk, _line(text, desk), others=others, revision=revision)


@require_POST
def add_language(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    """From now on the quiz is to be published in this language too."""
    code = request.POST.get("language", "")
    with transaction.atomic():
        quiz = locked(quiz)
        if code in dict(settings.LANGUAGES) and code not in languages_of(quiz):
            quiz.languages = [*languages_of(quiz), code]
            quiz.save(update_fields=["languages"])
            note_change(quiz, request.user.get_username())
    return redirect(texts_url(quiz, desk_of(request.POST, quiz)))


def texts_url(quiz: Quiz, desk: Desk, line: Line | None = None) -> str:
    url = f"{reverse('admin:quizzes_quiz_build_texts', args=[quiz.pk])}?{desk.query}"
    return f"{url}#{line.text.html_id}" if line else url


def _words_url(quiz: Quiz, desk: Desk, part: int, text: Text) -> str:
    return f"{texts_url(quiz, replace(desk, part=part))}#{text.html_id}-words"


def show_page(
    request: HttpRequest, quiz: Quiz, desk: Desk, *, status: int = 200, groups: list[Group] | None = None, **more: Any
) -> HttpResponse:
    groups = groups or groups_of(quiz, get_language() or DEFAULT_LANGUAGE)
    replaced: Line | None = more.get("line")
    parts = parts_of(groups, desk, kept=replaced.text.place if replaced else "")
    desk = replace(desk, part=min(desk.part, len(parts)))
    sections = [_section(group, desk, replaced) for group in parts[desk.part - 1].groups]
    context = {
        **framed(request, quiz, "build_texts"),
        **_shared(quiz, desk, groups),
        "sections": sections,
        "parts": parts,
        "next_part": parts[desk.part] if desk.part < len(parts) else None,
        "sources": [tongue(code) for code, _name in settings.LANGUAGES if code != desk.target.code],
        "others": "",
        "revision": quiz.revision,
        **more,
    }
    return render(request, "admin/quizzes/build/texts.html", context, status=status)


def _answer(
    request: HttpRequest, quiz: Quiz, desk: Desk, line: Line | None, *, state: str = "saved", status: int = 200,
    **more: Any,
) -> HttpResponse:  # fmt: skip
    """For htmx what became of this one text and what follows on the page; without it, the page."""
    more = {"state": state, "line": line, **more}
    if not is_htmx(request):
        if status == 200:
            return redirect(texts_url(quiz, desk, line))
        return show_page(request, quiz, desk, status=status, changed_by=who_changed(request, quiz), **more)
    groups = groups_of(quiz, get_language() or DEFAULT_LANGUAGE)
    context = {
        **_shared(quiz, desk, groups),
        "is_swap": True,
        "others": "",
        "revision": revision_seen(request, quiz),
        "changed_by": who_changed(request, quiz),
        **more,
    }
    return render(request, "admin/quizzes/build/texts_saved.html", context, status=status)


def _shared(quiz: Quiz, desk: Desk, groups: list[Group]) -> dict[str, Any]:
    progress = progress_of(quiz, groups)
    here = next(each for each in progress if each.code == desk.target.code)
    missing = first_missing(parts_of(groups, desk), desk)
    return {
        "quiz": quiz,
        "desk": desk,
        "progress": progress,
        "here": here,
        "missing_url": f"{texts_url(quiz, replace(desk, part=missing[0]))}#{missing[1].html_id}-words"
        if missing
        else "",
        "here_url": texts_url(quiz, desk),
        "save_url": reverse("admin:quizzes_quiz_build_texts_save", args=[quiz.pk]),
        "most": MAX_LENGTH,
    }


def _section(group: Group, desk: Desk, replaced: Line | None) -> Section:
    lines = [_line(text, desk) for text in group.texts]
    if replaced:
        lines = [replaced if line.text.place == replaced.text.place else line for line in lines]
    return Section(group.title, tuple(lines))


def _line(text: Text, desk: Desk, *, words: str | None = None, token: str | None = None, **more: Any) -> Line:
    source, target = desk.source.code, desk.target.code
    shown = text.texts.get(target, "") if words is None else words
    said = text.texts.get(source, "")
    unsaid, unknown = quotes_differ(said, shown)
    token = text.token(source, target) if token is None else token
    return Line(text, said, shown, token, tuple(unsaid), tuple(unknown), **more)


def _find(quiz: Quiz, place: str) -> Text | None:
    return next((text for group in groups_of(quiz, "") for text in group.texts if text.place == place), None)


def clean_words(words: str, text: Text) -> str:
    """As they are kept: a text of one line stays one, however it was pasted. Raises ValidationError."""
    kept: str = WORDS.clean(words.replace("\r\n", "\n") if text.is_long else " ".join(words.split()))
    return kept


def pin_languages(quiz: Quiz) -> None:
    """Else a title alone would say that the quiz is to be published in a language just begun."""
    if not quiz.languages:
        quiz.languages = list(languages_of(quiz))
        quiz.save(update_fields=["languages"])
