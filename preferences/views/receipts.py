"""The receipt of one consent event: a page to print, the same as JSON, and the JSON's schema."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from .. import presenting, receipts, selectors
from ..access import require_customer

JSON = {"ensure_ascii": False, "indent": 2}


@require_safe
def receipt(request: HttpRequest, event_id: int) -> HttpResponse:
    """For the screen and for paper."""
    require_customer(request)
    entry = selectors.entry(event_id, get_language() or "en")
    fingerprint = receipts.fingerprint(receipts.statement(entry))
    context = {
        "receipt": presenting.receipt_page(entry, fingerprint),
        "address": request.build_absolute_uri("/"),
        "center_address": request.build_absolute_uri(reverse("preferences:center")),
        "json_url": reverse("preferences:receipt_json", args=[event_id]),
    }
    return render(request, "preferences/receipt.html", context)


@require_safe
def receipt_json(request: HttpRequest, event_id: int) -> HttpResponse:
    """For other programs, to take along."""
    require_customer(request)
    language = get_language() or "en"
    brand = selectors.brand(language)
    made = receipts.compose(
        selectors.entry(event_id, language),
        controller=receipts.Controller(brand.name, brand.contact_email, request.build_absolute_uri("/")),
        links=receipts.Links(
            receipt=request.build_absolute_uri(reverse("preferences:receipt", args=[event_id])),
            shape=request.build_absolute_uri(reverse("preferences:receipt_schema")),
            withdraw=request.build_absolute_uri(reverse("preferences:center")),
        ),
        made_at=timezone.now(),
    )
    response = JsonResponse(made, json_dumps_params=JSON, content_type="application/ld+json")
    response["Content-Disposition"] = f'attachment; filename="receipt-{event_id}.json"'
    return response


@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """What a receipt is made of; nothing about anybody."""
    address = request.build_absolute_uri(request.path)
    response = JsonResponse(receipts.shape(address), json_dumps_params=JSON, content_type="application/schema+json")
    response["Cache-Control"] = "public, max-age=86400"
    return response
