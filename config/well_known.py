"""The two documents other machines look for under /.well-known/."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

# The day on which honouring Global Privacy Control was last reviewed.
GPC_REVIEWED_ON = "2026-11-21"


@require_safe
def global_privacy_control(request: HttpRequest) -> JsonResponse:
    """We honour the signal: https://www.w3.org/TR/gpc/#well-known"""
    return JsonResponse({"gpc": True, "lastUpdate": GPC_REVIEWED_ON})


@require_safe
def security_contact(request: HttpRequest) -> HttpResponse:
    """RFC 9116. The expiry is always half a year ahead: the address is a setting, so it cannot go stale by itself."""
    expires_at = (datetime.now(UTC) + timedelta(days=182)).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires_at.isoformat().replace('+00:00', 'Z')}",
        "Preferred-Languages: en, id",
        f"Canonical: {request.build_absolute_uri(request.path)}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
