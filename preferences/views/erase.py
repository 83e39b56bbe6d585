"""Deleting everything."""

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from .. import accounts, registry, services
from ..access import forget_device, require_customer


@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """Says what goes and what stays, then deletes the customer, and the account they signed in with."""
    customer = require_customer(request)
    if request.method != "POST":
        losses = [loss.text for loss in registry.losses(registry.Change("erase", customer.id))]
        context = {"losses": losses, "action": request.path}
        return render(request, "preferences/erase.html", context)
    services.erase_customer()
    if customer.user_id:
        accounts.close(customer.user_id)
        logout(request)
    forget_device(request)
    if getattr(request, "htmx", False):
        return render(request, "preferences/erased.html")
    return redirect("preferences:erased")


def erased(request: HttpRequest) -> HttpResponse:
    return render(request, "preferences/erased.html")
