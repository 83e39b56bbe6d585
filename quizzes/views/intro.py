"""What a quiz gives and asks; POST starts it."""

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from preferences import selectors as preferences
from preferences.access import begin_customer

from ..errors import NotYourProfileError, QuizClosedError
from ..hidden import brought_along
from ..presenting.cards import cards, quiz_card
from ..selectors import OpenQuiz, closed_quiz, open_quiz, open_quizzes, run_state, unfinished_runs
from ..services.running import start_run
from .finding import kindly, lead_on, page_language, place_of

NEW = "new"
HIDDEN = "from-"
OTHERS = 3  # open quizzes offered where one is closed


@require_http_methods(["GET", "HEAD", "POST"])
@kindly
def intro(request: HttpRequest, slug: str) -> HttpResponse:
    quiz = open_quiz(slug)
    if quiz is None:
        return _closed(request, slug)
    return _start(request, quiz) if request.method == "POST" else _show(request, quiz)


def _show(request: HttpRequest, quiz: OpenQuiz) -> HttpResponse:
    language = page_language()
    customer = request.customer  # type: ignore[attr-defined]
    unfinished = unfinished_runs(customer.id) if customer else {}
    profiles = preferences.profiles(customer.id) if customer and quiz.definition.profile != "self" else []
    card = quiz_card(quiz.definition, unfinished.get(quiz.slug), language)
    titles = {each.slug: each.title for each in preferences.purposes(None, language)}
    context = {
        "quiz": card,
        "pets": [each for each in profiles if each.kind == quiz.definition.profile],
        "profile_kind": quiz.definition.profile,
        "purposes": [titles[each] for each in quiz.definition.purposes if each in titles],
        "resume_url": card.resume_url,
        "hidden": [(f"{HIDDEN}{name}", value) for name, value in brought_along(quiz.definition, request.GET).items()],
    }
    return render(request, "quizzes/intro.html", context)


def _start(request: HttpRequest, quiz: OpenQuiz) -> HttpResponse:
    chosen = request.POST.get("profile", "") or NEW
    if chosen != NEW and not (chosen.isdecimal() and len(chosen) < 19):
        raise NotYourProfileError
    customer = begin_customer(request)
    try:
        run_id = start_run(
            customer_id=customer.id,
            version_id=quiz.version_id,
            language=page_language(),
            profile_id=None if chosen == NEW else int(chosen),
            hidden=brought_along(quiz.definition, request.POST, prefix=HIDDEN),
        )
    except QuizClosedError:
        transaction.set_rollback(True)  # nobody becomes a customer by a quiz they could not start
        return lead_on(request.path)
    run = run_state(run_id)
    assert run is not None
    return lead_on(place_of(run))


def _closed(request: HttpRequest, slug: str) -> HttpResponse:
    """When it opens, if that is known; otherwise that it is closed. Either way with what can be taken meanwhile."""
    quiz = closed_quiz(slug, timezone.now())
    if quiz is None:
        raise Http404
    language = page_language()
    context = {
        "quiz": quiz_card(quiz.definition, None, language),
        "opens_at": quiz.opens_at,
        "others": cards(open_quizzes(), {}, language)[:OTHERS],
    }
    return render(request, "quizzes/closed.html", context, status=200 if quiz.opens_at else 410)
