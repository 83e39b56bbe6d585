"""How staff sign in: by name and password at /admin/login/, and not by trying many."""

from typing import Any

from allauth.core import ratelimit
from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.forms import AuthenticationForm

LIMIT = "login_failed"  # of ACCOUNT_RATE_LIMITS


class SignInForm(AuthenticationForm):
    def clean(self) -> dict[str, Any]:
        name = str(self.cleaned_data.get("username", "")).casefold()
        if not ratelimit.consume(self.request, action=LIMIT, key=name):
            raise forms.ValidationError(_("Too many attempts. Wait five minutes, then try again."), code="too_many")
        cleaned = super().clean()
        ratelimit.clear(self.request, action=LIMIT, key=name)  # only what failed counts
        return cleaned
