"""One transaction a request, in which the database knows which customer is asking."""

from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.defaults import page_not_found
from psycopg.errors import ForeignKeyViolation

from .access import current_customer, objects_to_sharing, set_cookie
from .selectors import current_customer_id, shares_anything
from .services import UnknownItem, object_to_sharing


class CustomerMiddleware:
    """Opens the transaction around the view and its template; an exception or a server error rolls it back.

    Not before the response is made: the page that explains a 404 may still ask the database.

    `request.customer` is a CustomerRef, or None for someone we do not know, which costs no query without a cookie.
    A reused connection carries no customer over, because the setting ends with its transaction. What is rolled back
    changes no cookie either: one that names a device which was never stored would cost the browser what it has.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with transaction.atomic():
            request.customer = current_customer(request)  # type: ignore[attr-defined]
            objects = objects_to_sharing(request) and shares_anything()
            before = request.customer and request.customer.id  # type: ignore[attr-defined]
            if before and objects:
                object_to_sharing()
            response = self.get_response(request)
            if response.status_code >= 500 or hasattr(request, "view_error"):
                transaction.set_rollback(True)
            elif objects and current_customer_id() not in (None, before):
                object_to_sharing()  # somebody began, signed in or went on here: whoever they are now objects as well
            is_kept = not transaction.get_rollback()
        if is_kept:
            set_cookie(request, response)
        if request.customer:  # type: ignore[attr-defined]
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        request.view_error = error  # type: ignore[attr-defined]
        if _is_gone(error):
            return redirect("preferences:erased")
        if isinstance(error, UnknownItem):
            return page_not_found(request, error)
        return None


def _is_gone(error: Exception) -> bool:
    """Whether a write met an erasure of everything, from another tab or device, which wins."""
    cause = error.__cause__ if isinstance(error, IntegrityError) else None
    return isinstance(cause, ForeignKeyViolation) and "customer_id" in (cause.diag.constraint_name or "")
