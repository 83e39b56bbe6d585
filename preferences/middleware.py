"""One transaction a request, in which the database knows which customer is asking."""

from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from .access import current_customer, set_cookie


class CustomerMiddleware:
    """Opens the transaction around the view and its template; an exception or a server error rolls it back.

    Not before the response is made: the page that explains a 404 may still ask the database.

    `request.customer` is a CustomerRef, or None for someone we do not know, which costs no query without a cookie.
    A reused connection carries no customer over, because the setting ends with its transaction.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with transaction.atomic():
            request.customer = current_customer(request)  # type: ignore[attr-defined]
            response = self.get_response(request)
            if response.status_code >= 500 or hasattr(request, "view_error"):
                transaction.set_rollback(True)
        set_cookie(request, response)
        if request.customer:  # type: ignore[attr-defined]
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        request.view_error = error  # type: ignore[attr-defined]
