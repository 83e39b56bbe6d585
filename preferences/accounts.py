"""Signing in, and what becomes of the answers that this device told before.

A first sign-in keeps them: no account had a say yet. Every device that knew them is forgotten then, and this one gets a
new token: whoever led somebody into a quiz of their own does not get to see that person's account. When the account
already has a customer, the person is asked whether to keep this device's answers; until they say so the two stay apart.
Signing out leaves the browser knowing nobody.
"""

import time
from typing import Any

from allauth.account.signals import user_logged_in
from django.contrib.auth.signals import user_logged_out
from django.db import connection
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import get_language

from . import access

# In the session: the hash of the device's token whose answers wait for the person's word.
WAITING = "device_to_keep"
# In the session: when its person last entered a code. For this long they may take everything along, or delete it.
SIGNED_IN_AT = "signed_in_at"
FRESH_SECONDS = 30 * 60


@receiver(user_logged_in)
def open_account(request: HttpRequest, user: Any, **_signal: Any) -> None:
    """Makes this browser a device of the account's customer, whose end is the end of the session too."""
    request.session[SIGNED_IN_AT] = time.time()
    request.session.set_expiry(None)  # until now it was one of somebody who had only asked for a code
    before = access.current_customer(request)
    if before is None or before.user_id != user.pk:
        _use_account(request, user, before)
    with connection.cursor() as cursor:
        cursor.execute("SELECT note_session(%s)", [request.session.session_key or ""])


def _use_account(request: HttpRequest, user: Any, before: access.CustomerRef | None) -> None:
    is_theirs = False
    with connection.cursor() as cursor:
        if before is not None and before.user_id is None:
            cursor.execute("SELECT attach_account(%s)", [user.pk])
            (is_theirs,) = cursor.fetchone()
            if is_theirs:
                cursor.execute("SELECT leave_device(token_hash) FROM preferences_device")
        old_token = request.COOKIES.get(access.COOKIE, "")
        token = access.remember_device(request)
        cursor.execute("SELECT open_account(%s, %s)", [user.pk, access.token_hash(token)])
        (customer_id,) = cursor.fetchone()
        language = get_language() or "en"
        if customer_id is None:
            arguments = [access.token_hash(token), language, user.pk]
            cursor.execute("SELECT begin_customer(%s, %s, %s)", arguments)
            (customer_id,) = cursor.fetchone()
    if before is not None and before.user_id is None and not is_theirs:
        request.session[WAITING] = access.token_hash(old_token).hex()
    request.customer = access.CustomerRef(customer_id, language, user.pk)  # type: ignore[attr-defined]


def needs_fresh_code(request: HttpRequest, customer: access.CustomerRef) -> bool:
    """Whether an account's owner signed in too long ago for what a borrowed browser must not do. A device without an
    account has no address to send a code to: it is all that its customer is known by."""
    if customer.user_id is None:
        return False
    signed_in_at = request.session.get(SIGNED_IN_AT, 0.0) if request.user.pk == customer.user_id else 0.0
    return time.time() - float(signed_in_at) > FRESH_SECONDS


@receiver(user_logged_out)
def leave_account(request: HttpRequest, **_signal: Any) -> None:
    """The browser no longer acts for the account's customer."""
    token = request.COOKIES.get(access.COOKIE, "")
    customer = access.current_customer(request)
    if customer is not None and customer.user_id is not None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT leave_device(%s)", [access.token_hash(token)])
        access.forget_device(request)
