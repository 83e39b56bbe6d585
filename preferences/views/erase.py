"""Deleting everything, and the receipt of it, of which we keep no copy."""

import json
from typing import Any

from django.contrib.auth import logout
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from .. import presenting, receipts, registry, selectors, services
from ..access import current_customer, forget_device, require_customer
from ..export.counting import counts
from .fresh import fresh_code_required

SIGNED_AS = "preferences.erasure"
SECONDS = 24 * 3600


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@fresh_code_required
def erase(request: HttpRequest) -> HttpResponse:
    """Says what goes and what stays, then deletes the customer, and the account they signed in with.

    The receipt is the answer itself: it is shown once, because nothing is left to show it from.
    """
    if request.method == "POST":
        customer = current_customer(request)
        return _erase(request, customer.id) if customer else redirect("preferences:erased")
    customer = require_customer(request)
    losses = [loss.text for loss in registry.losses(registry.Change("erase", customer.id))]
    context = {"losses": losses, "kept": _kept(0), "action": request.path}
    return render(request, "preferences/erase.html", context)


def _erase(request: HttpRequest, customer_id: int) -> HttpResponse:
    language = get_language() or "en"
    deleted, entry_count = counts(customer_id, language)
    done = services.erase_customer()
    logout(request)
    forget_device(request)
    if done is None:
        return redirect("preferences:erased")
    brand = selectors.brand(language)
    kept = _kept(entry_count + 1)  # the erasure is an entry too
    made = receipts.compose_erasure(
        controller=receipts.Controller(brand.name, brand.contact_email, request.build_absolute_uri("/")),
        subject=done.subject,
        salt=done.key,
        at=done.at,
        deleted=deleted,
        kept=kept,
    )
    context = {
        "receipt": presenting.erasure_page(done.at, made),
        "deleted": deleted,
        "kept": kept,
        "signed": signing.dumps(made, salt=SIGNED_AS, compress=True),
        "address": request.build_absolute_uri("/"),
    }
    return render(request, "preferences/erased.html", context)


def _kept(entry_count: int) -> list[tuple[str, str]]:
    """What an erasure leaves, and why."""
    ledger = gettext("The record of your choices, under a random name")
    if entry_count:
        ledger = gettext("%(count)d entries of the record of your choices, under a random name") % {
            "count": entry_count
        }
    return [
        (ledger, gettext("So that we can be made to show that we did only what was allowed. It holds no answers.")),
        (gettext("How many people finished each quiz"), gettext("A number, in which nobody can be found.")),
        (gettext("Letters already in your inbox"), gettext("They are yours: we cannot reach them.")),
    ]


@require_safe
def erased(request: HttpRequest) -> HttpResponse:
    """The same page without a receipt, for whoever comes back to it."""
    return render(request, "preferences/erased.html")


@require_POST
@never_cache
def erasure_receipt(request: HttpRequest) -> HttpResponse:
    """Gives back as a file what the page itself carries: nothing of it is kept here."""
    try:
        made: dict[str, Any] = signing.loads(request.POST.get("receipt", ""), salt=SIGNED_AS, max_age=SECONDS)
    except signing.BadSignature:
        raise Http404 from None
    response = HttpResponse(json.dumps(made, ensure_ascii=False, indent=2), content_type="application/ld+json")
    response["Content-Disposition"] = 'attachment; filename="everything-deleted.json"'
    return response
