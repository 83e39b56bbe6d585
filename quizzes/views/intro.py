"""What a quiz gives and asks; POST starts it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from preferences import selectors as preferences
from preferences.access import begin_customer

from ..errors import NotYourProfileError
from ..hidden import brought_along
from ..presenting.cards import quiz_card
from ..presenting.questions import quiz_ref
from ..selectors import OpenQuiz, closed_quiz, open_quiz, run_state, unfinished_runs
from ..services.running import start_run
from .finding import kindly, lead_on, page_language, place_of

NEW = "new"
HIDDEN = "from-"


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
    run_id = start_run(
        customer_id=customer.id,
        version_id=quiz.version_id,
        language=page_language(),
        profile_id=None if chosen == NEW else int(chosen),
        hidden=brought_along(quiz.definition, request.POST, prefix=HIDDEN),
    )
    run = run_state(run_id)
    assert run is not None
    return lead_on(place_of(run))


def _closed(request: HttpRequest, slug: str) -> HttpResponse:
    definition = closed_quiz(slug)
    if definition is None:
        raise Http404
    return render(request, "quizzes/closed.html", {"quiz": quiz_ref(definition, page_language())}, status=410)
