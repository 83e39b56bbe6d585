"""How much a quiz can hold: what there is a button for stops there, and says so."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..definition import MAX_CHOICES, MAX_OUTCOMES, MAX_QUESTIONS
from ..errors import QuizError
from ..models import Question, Quiz
from .frame import framed, is_htmx

FULL_OF_QUESTIONS = _("%(most)s questions are the most a quiz can have. Take one out, and there is room again.")
FULL_OF_OUTCOMES = _("%(most)s outcomes are the most a quiz can have. Take one out, and there is room again.")
FULL_OF_CHOICES = _("%(most)s choices are the most a question can have. Take one out, and there is room again.")


class FullError(QuizError):
    """There is no room for one more. `words` say so to the marketer."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


def full_of_questions(quiz: Quiz) -> str:
    """In words, "" while there is room."""
    return _full(quiz.questions.count(), MAX_QUESTIONS, FULL_OF_QUESTIONS)


def full_of_outcomes(quiz: Quiz) -> str:
    return _full(quiz.outcomes.count(), MAX_OUTCOMES, FULL_OF_OUTCOMES)


def full_of_choices(question: Question) -> str:
    return _full(question.choices.count(), MAX_CHOICES, FULL_OF_CHOICES)


def check_room(full: str) -> None:
    """Raises FullError when there is none."""
    if full:
        raise FullError(full)


def refuse(request: HttpRequest, quiz: Quiz, full: FullError) -> HttpResponse:
    """For htmx where the page says how saving went, else a page of its own."""
    context = {"state": "full", "words": full.words}
    if not is_htmx(request):
        back = {"back_url": request.headers.get("Referer", "")}
        return render(request, "admin/quizzes/build/full.html", framed(request, quiz, "") | context | back, status=422)
    response = render(request, "admin/autosave/_said.html", context, status=422)
    response["HX-Retarget"] = "#build-said"
    response["HX-Reswap"] = "outerHTML"
    return response


def _full(count: int, most: int, words: str | Promise) -> str:
    return str(words) % {"most": most} if count >= most else ""
