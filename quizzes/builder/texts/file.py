"""Texts as a file for translators: one line a text, both languages side by side; read back without trusting it.

Reading says first what would change and why a line is left out. Only the second button keeps it, and only while the
draft still says what that page said.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_POST

from preferences.translated import DEFAULT_LANGUAGE

from ...models import Quiz
from ..autosave import token_for
from ..changes import locked, note_change
from ..frame import framed
from .all_texts import Text, groups_of
from .pages import Desk, clean_words, desk_of, pin_languages, show_page, texts_url

MOST_BYTES = 1_000_000
SHOWN = 20
PLACE = "place"
FORMULA = ("=", "+", "-", "@", "\t")  # what a spreadsheet would calculate instead of show


@dataclass(frozen=True, slots=True)
class Rewording:
    text: Text
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    line: int
    place: str
    why: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file would change in the draft as it stands. `token` stands for both."""

    changes: tuple[Rewording, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def token(self) -> str:
        return token_for([[each.text.place, each.old, each.new] for each in self.changes])


@require_GET
def download(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    """With a byte order mark, without which Excel takes UTF-8 for something else."""
    desk = desk_of(request.GET, quiz)
    source, target = desk.source.code, desk.target.code
    written = io.StringIO()
    lines = csv.writer(written)
    lines.writerow([PLACE, source, target])
    for group in groups_of(quiz, get_language() or DEFAULT_LANGUAGE):
        for text in group.texts:
            lines.writerow([text.place, _shown(text.texts.get(source, "")), _shown(text.texts.get(target, ""))])
    response = HttpResponse(written.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{quiz.slug}-{source}-{target}.csv"'
    return response


@require_POST
def upload(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    desk = desk_of(request.POST, quiz)
    try:
        content = _content(request)
        reading = read(content, quiz, desk)
    except ValidationError as refused:
        return show_page(request, quiz, desk, status=422, file_error=refused.messages[0])
    if request.POST.get("token") and _keep(request, quiz, desk, content):
        return redirect(texts_url(quiz, desk))
    has_changed = bool(request.POST.get("token"))
    context = framed(request, quiz, "build_texts") | {
        "desk": desk,
        "changes": reading.changes,
        "left_out": reading.left_out[:SHOWN],
        "left_out_count": len(reading.left_out),
        "content": content,
        "token": reading.token,
        "has_changed": has_changed,
        "back_url": texts_url(quiz, desk),
        "upload_url": reverse("admin:quizzes_quiz_build_texts_upload", args=[quiz.pk]),
    }
    return render(request, "admin/quizzes/build/texts_upload.html", context, status=409 if has_changed else 200)


def read(content: str, quiz: Quiz, desk: Desk) -> Reading:
    """Raises ValidationError when it is no such file. An empty cell says nothing: it deletes no text."""
    source, target = desk.source.code, desk.target.code
    try:
        lines = list(csv.DictReader(io.StringIO(content), strict=True))
    except csv.Error as error:
        raise ValidationError(gettext("This is not a CSV file.")) from error
    if not lines or not {PLACE, target} <= set(lines[0]):
        words = {"columns": f"{PLACE}, {source}, {target}"}
        raise ValidationError(gettext("The first line must name these columns: %(columns)s.") % words)
    known = {text.place: text for group in groups_of(quiz, "") for text in group.texts}
    changes: dict[str, Rewording] = {}
    left_out = []
    for number, line in enumerate(lines, 2):
        place, words = line.get(PLACE) or "", _read(line.get(target))
        text = known.get(place)
        if not words.strip():
            continue
        why = _why_not(text, line, source)
        if text is not None and not why:
            try:
                words = clean_words(words, text)
            except ValidationError as error:
                why = error.messages[0]
        if text is None or why:
            left_out.append(LeftOut(number, place[:80], why))
        elif words != text.texts.get(target, ""):
            changes[place] = Rewording(text, text.texts.get(target, ""), words)
    return Reading(tuple(changes.values()), tuple(left_out))


def _why_not(text: Text | None, line: Mapping[str, Any], source: str) -> str:
    if text is None:
        return gettext("There is no such text in this quiz.")
    if source in line and _read(line[source]).split() != text.texts.get(source, "").split():
        return gettext("The text it translates has changed since.")
    return ""


def _keep(request: HttpRequest, quiz: Quiz, desk: Desk, content: str) -> bool:
    """False when the draft no longer says what the page before said that it does."""
    with transaction.atomic():
        quiz = locked(quiz)
        reading = read(content, quiz, desk)
        if reading.token != request.POST["token"]:
            return False
        pin_languages(quiz)
        for each in reading.changes:
            each.text.write(desk.target.code, each.new)
        if reading.changes:
            note_change(quiz, request.user.get_username())
    return True


def _content(request: HttpRequest) -> str:
    if "content" in request.POST:
        return request.POST["content"]
    file = request.FILES.get("file")
    if file is None:
        raise ValidationError(gettext("Choose a file first."))
    if (file.size or 0) > MOST_BYTES:
        raise ValidationError(gettext("That file is too large: 1 MB at most."))
    try:
        return file.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValidationError(gettext("This file is not in UTF-8. Save it as CSV UTF-8.")) from error


def _shown(words: str) -> str:
    return f"'{words}" if words.startswith(FORMULA) else words


def _read(cell: Any) -> str:
    words = cell if isinstance(cell, str) else ""
    return words[1:] if words[:1] == "'" and words[1:].startswith(FORMULA) else words
