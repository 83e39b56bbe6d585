"""Who is asking: the customer that a browser acts for, from its cookie to the database's row security."""

import hashlib
import secrets
from dataclasses import dataclass

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language

COOKIE = "proffer"
COOKIE_AGE_SECONDS = 400 * 24 * 3600


@dataclass(frozen=True, slots=True)
class CustomerRef:
    id: int
    language: str
    user_id: int | None = None


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def identify(token: str) -> CustomerRef | None:
    """The customer of a device's token, who is then the current one for the rest of the transaction; None is nobody."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, language, user_id FROM identify(%s)", [token_hash(token)])
        row = cursor.fetchone()
    return CustomerRef(*row) if row else None


def current_customer(request: HttpRequest) -> CustomerRef | None:
    """The customer of the request's cookie, asked of the database once; also known as `request.customer`."""
    if not hasattr(request, "customer"):
        token = request.COOKIES.get(COOKIE, "")
        request.customer = identify(token) if token else None  # type: ignore[attr-defined]
    return request.customer  # type: ignore[attr-defined,no-any-return]


def objects_to_sharing(request: HttpRequest) -> bool:
    """Whether the browser sends Global Privacy Control: exactly "1", as its specification wants it."""
    return request.headers.get("Sec-GPC") == "1"


def require_customer(request: HttpRequest) -> CustomerRef:
    """The current customer; someone we do not know has nothing here, which is 404 like anything that is not theirs."""
    customer = current_customer(request)
    if customer is None:
        raise Http404
    return customer


def begin_customer(request: HttpRequest) -> CustomerRef:
    """The current customer, or a new anonymous one; the response then carries the cookie."""
    customer = current_customer(request)
    if customer is not None:
        return customer
    token = remember_device(request)
    language = get_language() or "en"
    with connection.cursor() as cursor:
        cursor.execute("SELECT begin_customer(%s, %s)", [token_hash(token), language])
        (customer_id,) = cursor.fetchone()
    customer = CustomerRef(customer_id, language)
    request.customer = customer  # type: ignore[attr-defined]
    return customer


def remember_device(request: HttpRequest) -> str:
    """A fresh token for this browser, set as its cookie with the response unless that is rolled back."""
    token = new_token()
    use_token(request, token)
    return token


def new_token() -> str:
    return secrets.token_urlsafe(32)


def use_token(request: HttpRequest, token: str) -> None:
    """Sets this token as the browser's cookie, instead of the one it has."""
    request._device_token = token  # type: ignore[attr-defined]


def discard_device(token: str) -> None:
    """Deletes everything that another device told to nobody's account."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT discard_device(%s)", [token_hash(token)])


def forget_device(request: HttpRequest) -> None:
    """Lets the browser forget whom it acted for."""
    request._device_token = ""  # type: ignore[attr-defined]
    request.customer = None  # type: ignore[attr-defined]


def set_cookie(request: HttpRequest, response: HttpResponse) -> None:
    token: str | None = getattr(request, "_device_token", None)
    if token:
        response.set_cookie(
            COOKIE, token, max_age=COOKIE_AGE_SECONDS, httponly=True, samesite="Lax", secure=request.is_secure()
        )
    elif token == "":
        response.delete_cookie(COOKIE, samesite="Lax")
