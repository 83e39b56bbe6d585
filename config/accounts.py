"""Signing in: one door. A customer gives an address and gets a code; the account is made if there is none yet.

Only these of allauth's pages exist: no passwords for customers, no list of addresses, no social login.
"""

import secrets
from typing import Any

from allauth.account import views
from allauth.account.forms import RequestLoginCodeForm
from allauth.account.models import EmailAddress
from allauth.account.utils import filter_users_by_email
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.validators import MaxLengthValidator
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponseBase
from django.urls import path
from django.views.generic import RedirectView

NEW_ACCOUNT_LOCK = 8  # the two-part advisory locks are a space of their own, apart from customers'


class SignInForm(RequestLoginCodeForm):
    """Asks for the address. An unknown one gets an account without a password, unconfirmed until its code comes back.

    Whether an address was known cannot be told from the answer: both are sent a code.
    """

    _user: Any

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["email"].validators.append(MaxLengthValidator(EmailAddress._meta.get_field("email").max_length))

    def clean_email(self) -> str:
        email: str = super().clean_email()
        if email and self._user is None:
            self._user = _new_user(email)
        return email


@transaction.atomic
def _new_user(email: str) -> Any:
    """Nobody presses twice as fast as to get two accounts: the second waits until the first is there, and finds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [NEW_ACCOUNT_LOCK, email.lower()])
    if found := filter_users_by_email(email, is_active=True, prefer_verified=True):
        return found[0]
    users = get_user_model().objects
    if users.filter(email__iexact=email).exists() or EmailAddress.objects.filter(email__iexact=email).exists():
        return None  # an account that was closed to signing in stays closed; allauth answers as for any other address
    user = users.create_user(username=secrets.token_hex(12), email=email)
    EmailAddress.objects.create(user=user, email=email.lower(), primary=True)
    return user


def request_code(request: HttpRequest) -> HttpResponseBase:
    """The session then holds the address: without a code that comes back it ends when the code does."""
    response: HttpResponseBase = views.request_login_code(request)
    if request.method == "POST" and not request.user.is_authenticated:
        request.session.set_expiry(settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)
    return response


_to_sign_in = RedirectView.as_view(pattern_name="account_login", query_string=True)

urlpatterns = [
    path("login/", request_code, name="account_login"),
    path("login/code/", request_code, name="account_request_login_code"),
    path("login/code/confirm/", views.confirm_login_code, name="account_confirm_login_code"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("confirm-email/", views.email_verification_sent, name="account_email_verification_sent"),
    path("signup/", _to_sign_in, name="account_signup"),
    path("email/", RedirectView.as_view(pattern_name="preferences:center"), name="account_email"),
]
