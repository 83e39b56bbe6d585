"""What every page's frame needs, whichever view renders it."""

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from preferences import selectors

HTMX_CONFIG = json.dumps(settings.HTMX_CONFIG, separators=(",", ":"))


def frame(request: HttpRequest) -> dict[str, Any]:
    """The layout to extend: a fragment for htmx's page swaps into #main, the whole page otherwise.

    htmx also sends HX-Request when it restores history, and then wants the whole page.
    """
    htmx = getattr(request, "htmx", None)
    is_fragment = bool(htmx) and not htmx.history_restore_request and not htmx.boosted
    return {
        "layout": "layout/fragment.html" if is_fragment else "layout/page.html",
        "brand": selectors.brand(get_language() or settings.LANGUAGE_CODE),
        "languages": settings.LANGUAGES,
        "signed_in": bool(getattr(request, "user", None) and request.user.is_authenticated),
        "home_url": reverse("quizzes:home"),
        "htmx_config": HTMX_CONFIG,
    }
