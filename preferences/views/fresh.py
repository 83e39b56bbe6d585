"""Before everything is taken along or deleted: a fresh code, where there is an account to send one to."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from ..access import current_customer
from ..accounts import needs_fresh_code

View = Callable[[HttpRequest], HttpResponseBase]


def fresh_code_required(view: View) -> View:
    """Asks for signing in anew when that was too long ago; afterwards it goes on at the same page."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponseBase:
        customer = current_customer(request)
        if customer is None or not needs_fresh_code(request, customer):
            return view(request)
        onward = f"{reverse('account_login')}?next={request.path}"
        return render(request, "preferences/fresh_code.html", {"onward": onward}, status=403)

    return guarded
