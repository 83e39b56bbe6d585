"""The brand's open quizzes."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ..presenting.cards import cards
from ..selectors import open_quizzes, unfinished_runs
from .finding import page_language


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    customer = request.customer  # type: ignore[attr-defined]
    unfinished = unfinished_runs(customer.id) if customer else {}
    return render(request, "quizzes/home.html", {"quizzes": cards(open_quizzes(), unfinished, page_language())})
