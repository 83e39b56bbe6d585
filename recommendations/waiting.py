"""A page that waits a moment for the worker, so that offers are there without JavaScript too."""

import time
from collections.abc import Collection
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.http import HttpRequest

from recommendations import selectors
from recommendations.dismissed import BACK, GONE, named_in

MOST_SECONDS = 0.4
PAUSE_SECONDS = 0.02


def wait_for_offers(request: HttpRequest, profile_ids: Collection[int]) -> None:
    """Holds a whole page back until nothing is being computed for these profiles, 400 ms at most; and until an offer
    that was taken back a moment ago is among theirs again.

    A fragment that htmx asked for is not held back: it brings a panel that asks again by itself. Each look is a
    statement of its own, so it sees what the worker has committed meanwhile.
    """
    htmx = getattr(request, "htmx", None)
    if not profile_ids or (htmx and not htmx.history_restore_request):
        return
    back = named_in(request, BACK)
    until = time.monotonic() + MOST_SECONDS
    while time.monotonic() < until and (
        selectors.is_waiting(profile_ids)
        or (back.profile_id in profile_ids and not selectors.is_chosen(back.profile_id, back.slug))
    ):
        time.sleep(PAUSE_SECONDS)


def page_url(request: HttpRequest) -> str:
    """The address of the page that the customer looks at, also when htmx asks for a part of it; without what was
    dismissed on it a moment ago."""
    htmx = getattr(request, "htmx", None)
    parts = urlsplit((htmx and htmx.current_url_abs_path) or request.get_full_path())
    kept = [each for each in parse_qsl(parts.query, keep_blank_values=True) if each[0] not in (BACK, GONE)]
    return parts.path + (f"?{urlencode(kept)}" if kept else "")
