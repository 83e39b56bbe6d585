"""Going on on a second device: the square to photograph here, the button to press there."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from preferences.access import COOKIE, current_customer, discard_device, new_token, token_hash, use_token
from preferences.services import merge_device

from ..presenting.questions import quiz_ref
from ..presenting.square import qr_square
from ..selectors import compiled
from ..services.handoff import is_own, offer_handoff, take_over, version_offered
from .finding import find_run, kindly, lead_on, page_language, place_of


@require_http_methods(["GET", "HEAD", "POST"])
@kindly
def handoff(request: HttpRequest, slug: str, run_id: UUID) -> HttpResponse:
    """GET explains; POST makes a code, so that no link checker or prefetch does."""
    run = find_run(request, slug, run_id)
    context = {"quiz": quiz_ref(run.definition, page_language()), "back_url": place_of(run)}
    if request.method == "POST":
        token, expires_at = offer_handoff(run=run)
        link = request.build_absolute_uri(reverse("quizzes:takeover", args=[token]))
        context |= {
            "qr": qr_square(link, gettext("QR code for your other device")),
            "link": link,
            "expires_at": expires_at,
        }
    return render(request, "quizzes/handoff.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@kindly
def takeover(request: HttpRequest, token: str) -> HttpResponse:
    """Opened by the second device. It takes over by POST only.

    What was told on it before, to nobody's account, could not be reached any more. So it comes along or is deleted, as
    the person says: never unasked, because whoever made the code sees it then, and may be somebody else.
    """
    definition = compiled(version_offered(token))
    before = current_customer(request)
    has_answers = before is not None and before.user_id is None and not is_own(token)
    keep = request.POST.get("keep")
    if request.method == "POST" and (keep in ("yes", "no") or not has_answers):
        told_to, device_token = request.COOKIES.get(COOKIE, ""), new_token()
        taken = take_over(token=token, device_token_hash=token_hash(device_token))
        use_token(request, device_token)  # not before: of two that press at once, one keeps what it has
        if has_answers and keep == "yes":
            merge_device(token_hash=token_hash(told_to), source="device")
        elif has_answers:
            discard_device(told_to)
        return lead_on(reverse("quizzes:run", args=[definition.slug, taken.run_id]))
    context = {"quiz": quiz_ref(definition, page_language()), "action": request.path, "has_answers": has_answers}
    return render(request, "quizzes/takeover.html", context)
