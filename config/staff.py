"""How staff sign in: by name and password at /admin/login/, and not by trying many.

A code sent by e-mail, as customers have, opens nothing here, or whoever reads an owner's mail would be an owner.
"""

from typing import Any

from allauth.core import ratelimit
from django import forms
from django.contrib.auth import BACKEND_SESSION_KEY
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.forms import AuthenticationForm

THROUGH = "django.contrib.auth.backends.ModelBackend"
LIMIT = "login_failed"  # of ACCOUNT_RATE_LIMITS


class SignInForm(AuthenticationForm):
    def clean(self) -> dict[str, Any]:
        name = str(self.cleaned_data.get("username", "")).casefold()
        if not ratelimit.consume(self.request, action=LIMIT, key=name):
            raise forms.ValidationError(_("Too many attempts. Wait five minutes, then try again."), code="too_many")
        cleaned = super().clean()
        ratelimit.clear(self.request, action=LIMIT, key=name)  # only what failed counts
        return cleaned


def may_enter(request: HttpRequest) -> bool:
    """Takes the place of the admin site's own question."""
    user: Any = request.user
    return user.is_active and user.is_staff and request.session.get(BACKEND_SESSION_KEY) == THROUGH
