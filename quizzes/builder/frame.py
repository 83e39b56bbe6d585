"""What the builder's pages share: the quiz's name and state, and the way from one page to the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.sites import site
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from preferences.admin.autosave import is_htmx
from preferences.translated import pick

from ..models import Quiz

__all__ = ["PAGES", "Tab", "framed", "in_place_of_work", "is_htmx"]

# The pages in the order in which a quiz is made: the name of the address (`admin:quizzes_quiz_<name>`), its words.
PAGES: Sequence[tuple[str, str | Promise]] = (
    ("build_start", _("Beginning")),
    ("build", _("Questions")),
    ("build_outcomes", _("Outcomes")),
    ("build_points", _("Points")),
    ("build_map", _("Map")),
    ("build_texts", _("Languages")),
    ("build_look", _("Look")),
    ("build_check", _("Check")),
    ("build_publish", _("Publish")),
)


@dataclass(frozen=True, slots=True)
class Tab:
    words: str
    url: str
    is_here: bool


def framed(request: HttpRequest, quiz: Quiz, here: str) -> dict[str, Any]:
    """The context of `admin/quizzes/build/frame.html`, which every page of the builder extends. `here` as in PAGES."""
    return {
        **site.each_context(request),
        "title": pick(quiz.title, get_language() or "en") or quiz.slug,
        "quiz": quiz,
        "tabs": [
            Tab(str(words), reverse(f"admin:quizzes_quiz_{name}", args=[quiz.pk]), name == here)
            for name, words in PAGES
        ],
    }


def in_place_of_work(response: HttpResponse, *, url: str) -> HttpResponse:
    """Whatever asked for it, htmx puts this where the page's work was, and says so in the address."""
    response["HX-Retarget"] = "#build-work"
    response["HX-Reswap"] = "outerHTML"
    response["HX-Push-Url"] = url
    return response
