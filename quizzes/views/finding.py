"""Whose run is it, where are they in it, and what if it can't be found: shared by every page of a run."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language, gettext

from ..errors import HandoffOverError, NotYourProfileError, QuizError, RunGoneError
from ..selectors import RunState, run_state

# Far above any answer, far below what would cost us something to read.
MAX_BODY_BYTES = 64 * 1024

View = Callable[..., HttpResponse]


class DeviceUnknownError(QuizError):
    """The browser has no cookie of ours, or one we no longer know."""


class RunNotFoundError(QuizError):
    """No such run, or someone else's: the answer is the same."""


class TooLargeError(QuizError):
    """More was sent than any answer needs."""


def find_run(request: HttpRequest, slug: str, run_id: UUID) -> RunState:
    """The current customer's run of this quiz. Raises DeviceUnknownError, RunNotFoundError."""
    if request.customer is None:  # type: ignore[attr-defined]
        raise DeviceUnknownError
    run = run_state(run_id)
    if run is None or run.definition.slug != slug:
        raise RunNotFoundError
    return run


def place_of(run: RunState) -> str:
    """The address of where they are: the first question not answered, the uses, or the result."""
    if run.is_completed:
        return run_url(run, "result")
    if run.path.next_key is not None:
        return question_url(run, run.path.next_key)
    return run_url(run, "uses")


def question_url(run: RunState, key: str) -> str:
    return f"{base_url(run.definition.slug, run.id)}{key}/"


def run_url(run: RunState, page: str) -> str:
    return reverse(f"quizzes:{page}", args=[run.definition.slug, run.id])


def base_url(slug: str, run_id: UUID) -> str:
    """A run's address, under which its questions' are: a step needs several, and `reverse` is slow."""
    return f"{_intro_url(slug, get_script_prefix())}{run_id}/"


@lru_cache(maxsize=200)
def _intro_url(slug: str, _script_prefix: str) -> str:
    return reverse("quizzes:intro", args=[slug])


def lead_on(url: str) -> HttpResponse:
    """Post, redirect, get: refreshing the next page sends nothing twice. htmx follows it too."""
    return HttpResponse(status=303, headers={"Location": url})


def page_language() -> str:
    return get_language() or "en"


def kindly(view: View) -> View:
    """Turns what a customer can run into on any page of a quiz into a page that says so and leads on."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        slug = kwargs.get("slug")
        try:
            if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BODY_BYTES:
                raise TooLargeError
            return view(request, *args, **kwargs)
        except DeviceUnknownError:
            return problem(
                request,
                gettext("We don't know this browser any more"),
                gettext(
                    "Its cookie is gone, so we can't tell which answers are yours. They are safe where you gave them;"
                    " here you can start again."
                ),
                slug=slug,
                status=404,
            )
        except RunNotFoundError:
            return problem(
                request,
                gettext("There is nothing of yours here"),
                gettext("This address belongs to no quiz of yours. It may have been erased, or mistyped."),
                slug=slug,
                status=404,
            )
        except NotYourProfileError:
            return problem(
                request,
                gettext("We don't know who this is about"),
                gettext("Choose again at the start of the quiz."),
                slug=slug,
                status=404,
            )
        except HandoffOverError:
            return problem(
                request,
                gettext("This code no longer works"),
                gettext("It works once, for ten minutes. Ask your other device for a new one."),
                status=410,
            )
        except TooLargeError:
            return problem(
                request,
                gettext("That is more than we can take"),
                gettext("Your answer was too long to read. Go back and shorten it; nothing else was lost."),
                url=request.path,
                label=gettext("Back to the question"),
                status=413,
            )
        except RunGoneError:
            # The answer met an erasure of everything, which wins; this transaction can't be used any more.
            transaction.set_rollback(True)
            return lead_on(reverse("quizzes:home"))

    return wrapped


def problem(
    request: HttpRequest, title: str, text: str, *, slug: str | None = None, url: str = "", label: str = "", status: int
) -> HttpResponse:
    """The page for what didn't go as meant; it always has somewhere to go on to."""
    if slug:
        url, label = reverse("quizzes:intro", args=[slug]), gettext("Start again")
    context = {"title": title, "text": text, "action_url": url, "action_label": label}
    return render(request, "quizzes/problem.html", context, status=status)
