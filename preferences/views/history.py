"""Every consent event of the customer, in words."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from .. import presenting, selectors
from ..access import require_customer


@require_GET
def history(request: HttpRequest) -> HttpResponse:
    customer = require_customer(request)
    entries = selectors.events(customer.id, get_language() or "en")
    context = {"events": [presenting.event(each) for each in entries], "back_url": "/preferences/"}
    return render(request, "preferences/history.html", context)
