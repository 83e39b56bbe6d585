"""Pictures come in: from the field in a form, as the script sends them, or on a page of their own without it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from preferences.translated import pick

from ...models import Choice, Outcome, Quiz
from ...pictures import ACCEPTED, CHOICE_SIDE, COVER_SIDE, FOLDER, MAX_BYTES, PictureError, Refusal
from ...presenting.art import art_url
from ...services.picturing import missing, pictures_kept, pictures_of_brand, take_picture
from ..changes import locked, note_change
from ..frame import framed
from .field import COVER, shown_url

SHELF = 60
REFUSALS: Mapping[Refusal, str | Promise] = {
    "too_large": _("The file is larger than 10 MB. Save it smaller, and try again."),
    "too_many_pixels": _("The picture is larger than 40 megapixels. Save it smaller, and try again."),
    "too_small": _("The picture is too small to be seen. Choose a larger one."),
    "vector": _("Drawings in SVG or PDF can carry code, so we don't take them. Save it as PNG, and try again."),
    "heic": _("This is HEIC, as iPhones save it. Share it as JPEG, and try again."),
    "unreadable": _("This is no picture we can read. JPEG, PNG, WebP, GIF and AVIF are fine."),
}


@dataclass(frozen=True, slots=True)
class Shelved:
    """A picture to pick. `words` is how it is described elsewhere, by language."""

    path: str
    url: str
    words: Mapping[str, str]
    label: str


@require_POST
def upload(request: HttpRequest, _quiz: Quiz) -> HttpResponse:
    """For the script: the path of what was sent, or why it can't be taken."""
    try:
        path = _taken(request, request.POST.get("place", ""))
    except PictureError as refused:
        return JsonResponse({"error": str(REFUSALS[refused.kind])}, status=422)
    return JsonResponse({"path": path, "url": art_url(path)}, status=201)


@require_GET
def library(request: HttpRequest, _quiz: Quiz) -> HttpResponse:
    return render(request, "admin/quizzes/build/_picture_library.html", _shelves())


@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest, quiz: Quiz, place: str) -> HttpResponse:
    """The page for one picture: for whoever has no script, or likes more room."""
    row, field, words, back = _place(quiz, place)
    if request.method == "POST":
        try:
            path = _wanted(request, place)
        except PictureError as refused:
            return _page(request, quiz, row, field, words, back, error=str(REFUSALS[refused.kind]))
        with transaction.atomic():
            stored = locked(quiz)
            row, *_rest = _place(stored, place)  # somebody may have deleted it meanwhile
            setattr(row, field, path)
            row.save(update_fields=[field])
            note_change(stored, request.user.get_username())
        return HttpResponseRedirect(back)
    return _page(request, quiz, row, field, words, back)


def _page(
    request: HttpRequest, quiz: Quiz, row: models.Model, field: str, words: str, back: str, *, error: str = ""
) -> HttpResponse:
    path = getattr(row, field)
    context = framed(request, quiz, "") | _shelves()
    context |= {
        "path": path,
        "url": shown_url(path),
        "words": pick(getattr(row, words), get_language() or "en"),
        "back_url": back,
        "accepted": ACCEPTED,
        "error": error,
    }
    return render(request, "admin/quizzes/build/_picture_page.html", context, status=422 if error else 200)


def _wanted(request: HttpRequest, place: str) -> str:
    """What was sent: another file, a picture that is there already, or none."""
    if request.FILES.get("picture"):
        return _taken(request, place)
    path = request.POST.get("path", "")
    if path and (not shown_url(path) or missing([path])):
        raise PictureError("unreadable")
    return path


def _taken(request: HttpRequest, place: str) -> str:
    sent: Any = request.FILES.get("picture")
    if sent is None:
        raise PictureError("unreadable")
    if sent.size > MAX_BYTES:
        raise PictureError("too_large")
    side = CHOICE_SIDE if place.startswith("choice-") else COVER_SIDE
    return FOLDER + take_picture(sent.read(), side=side, by=request.user.get_username()).name


def _place(quiz: Quiz, place: str) -> tuple[Any, str, str, str]:
    """The row, its fields for the path and for the words, and the page to go back to."""
    if place == COVER:
        return quiz, "cover", "cover_alt", reverse("admin:quizzes_quiz_build_start", args=[quiz.pk])
    kind, _dash, pk = place.partition("-")
    if not (pk.isdecimal() and len(pk) < 19):
        raise Http404
    if kind == "choice":
        choice = get_object_or_404(Choice, pk=int(pk), question__quiz=quiz)
        back = reverse("admin:quizzes_quiz_build", args=[quiz.pk])
        return choice, "image", "alt", f"{back}?question={choice.question_id}"
    if kind == "outcome":
        outcome = get_object_or_404(Outcome, pk=int(pk), quiz=quiz)
        back = reverse("admin:quizzes_quiz_build_outcomes", args=[quiz.pk])
        return outcome, "art", "art_alt", f"{back}?outcome={outcome.pk}"
    raise Http404


def _shelves() -> dict[str, list[Shelved]]:
    uploaded, drawn = pictures_kept(most=SHELF), pictures_of_brand()
    described = _described([*uploaded, *drawn])
    return {
        "uploaded": [_shelved(path, described, count) for count, path in enumerate(uploaded, 1)],
        "drawn": [_shelved(path, described, count) for count, path in enumerate(drawn, 1)],
    }


def _shelved(path: str, described: Mapping[str, Mapping[str, str]], count: int) -> Shelved:
    words = described.get(path, {})
    name = gettext("Picture %(count)s") % {"count": count} if path.startswith(FOLDER) else path.rpartition("/")[2]
    return Shelved(path, art_url(path), words, pick(words, get_language() or "en") or name)


def _described(paths: list[str]) -> dict[str, Mapping[str, str]]:
    """What drafts say these pictures show."""
    rows = (
        *Quiz.objects.filter(cover__in=paths).values_list("cover", "cover_alt"),
        *Outcome.objects.filter(art__in=paths).values_list("art", "art_alt"),
        *Choice.objects.filter(image__in=paths).values_list("image", "alt"),
    )
    return {path: words for path, words in rows if words}
