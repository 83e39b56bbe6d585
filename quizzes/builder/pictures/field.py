"""The field for a picture in the builder's forms: shows it, takes another by choosing, dragging or pasting, or none.

What is stored is the path. Uploading is `uploading.py`'s; without JavaScript it has a page of its own.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse

from ...definition import ART
from ...models import Quiz
from ...pictures import ACCEPTED
from ...presenting.art import art_url

COVER = "cover"


def choice_place(pk: int) -> str:
    return f"choice-{pk}"


def outcome_place(pk: int) -> str:
    return f"outcome-{pk}"


def shown_url(path: str) -> str:
    """Where the picture is shown from; "" for what can't be a path, whoever wrote it."""
    return art_url(path) if ART.match(path) and ".." not in path else ""


class PicturePathWidget(forms.Widget):
    """`place` says whose picture it is; `words` is the name of the field beside it that says what it shows."""

    template_name = "admin/quizzes/build/_picture.html"

    def __init__(self, quiz: Quiz, place: str, *, words: str, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.quiz, self.place, self.words = quiz, place, words

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-choose"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        path = str(value or "")
        field = name.rsplit("-", 1)[-1]
        context["widget"] |= {
            "value": path,
            "url": shown_url(path),
            "place": self.place,
            "words": f"{name[: len(name) - len(field)]}{self.words}",
            "accepted": ACCEPTED,
            "upload_url": reverse("admin:quizzes_quiz_build_upload", args=[self.quiz.pk]),
            "library_url": reverse("admin:quizzes_quiz_build_library", args=[self.quiz.pk]),
            "page_url": reverse("admin:quizzes_quiz_build_picture", args=[self.quiz.pk, self.place]),
        }
        return context
