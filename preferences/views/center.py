"""The preference center's page, finding something on it, and why something was made."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from ..access import current_customer, require_customer
from ..accounts import WAITING
from ..presenting.finding import wanted
from .pages import center_page, why_page


@require_GET
def center(request: HttpRequest) -> HttpResponse:
    """What is known and used, for whoever is asking; a stranger sees that nothing is known of them."""
    customer = current_customer(request)
    if customer and customer.user_id and WAITING in request.session:
        return redirect("preferences:keep_answers")
    return center_page(request)


@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """The page with what is looked for. What was typed may be personal, so it comes in the body and goes nowhere."""
    if request.method != "POST":
        return redirect("preferences:center")
    require_customer(request)
    return center_page(request, look=wanted(request.POST))


@require_GET
def why(request: HttpRequest, profile_id: int, slug: str) -> HttpResponse:
    """What an offer was made from: exactly these things, each with its switches."""
    return why_page(request, profile_id, slug)
