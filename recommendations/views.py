"""The customer's offers, the panel that a waiting page asks for, taking an offer, and not wanting one."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_POST

from preferences import selectors as preferences
from preferences.access import current_customer, require_customer
from preferences.selectors import ProfileRef
from recommendations import presenting, services, tasks
from recommendations.dismissed import BACK, GONE, LAST_PLACE, NO_PLACE, Dismissed, named_in
from recommendations.models import Offer, Suppression
from recommendations.waiting import page_url, wait_for_offers


@require_GET
def offers(request: HttpRequest) -> HttpResponse:
    """A panel for every profile that something was told about; when offers are switched off, one that says so."""
    customer = current_customer(request)
    language = get_language() or "en"
    panels = []
    if customer:
        told_about = {item.profile.id for item in preferences.told(customer.id, language)}
        profiles = [each for each in preferences.profiles(customer.id) if each.id in told_about]
        wait_for_offers(request, [each.id for each in profiles])
        panels = presenting.panels(
            customer.id, profiles, language, refresh_url=request.path, dismissed=named_in(request, GONE)
        )
        if panels and all(panel.state == "off" for panel in panels):
            panels = [presenting.PanelView("off", refresh_url=request.path)]
    return render(
        request,
        "recommendations/offers.html",
        {"panels": panels, "claimed": presenting.claimed(customer.id, language) if customer else []},
    )


@require_GET
def panel(request: HttpRequest, profile_id: int) -> HttpResponse:
    """What a waiting page asks for, again and again but not for ever."""
    customer = require_customer(request)
    profile = _profile(customer.id, profile_id)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("recommendations:offers")
    asked = request.GET.get("n", "")
    polls = int(asked) if asked.isdecimal() and len(asked) < 4 else presenting.MOST_POLLS
    (shown,) = presenting.panels(
        customer.id,
        [profile],
        get_language() or "en",
        polls=polls,
        refresh_url=page_url(request),
        back=request.GET.get("back", ""),
    )
    return render(request, "recommendations/_panel.html", {"panel": shown})


@require_POST
def claim(request: HttpRequest, slug: str) -> HttpResponse:
    """Takes an offer and shows its code on the offers page, once or twice alike."""
    require_customer(request)
    try:
        code = services.claim(slug=slug)
    except Offer.DoesNotExist:
        raise Http404 from None
    except services.OfferGone:
        messages.info(request, gettext("That offer is gone: it has ended, or it is no longer among yours."))
        return redirect("recommendations:offers")
    messages.success(request, gettext("It is yours. Your code is {code}.").format(code=code))
    return redirect("recommendations:offers")


@require_POST
def dismiss(request: HttpRequest, profile_id: int, slug: str) -> HttpResponse:
    """Not for me; then why, and less like this, each by a press."""
    require_customer(request)
    reason = request.POST.get("reason", Suppression.Reason.NOT_FOR_ME)
    if reason not in Suppression.Reason.values:
        raise Http404
    try:
        services.dismiss(
            profile_id=profile_id, slug=slug, reason=reason, less_like_this=request.POST.get("less") == "1"
        )
    except (Offer.DoesNotExist, services.NotTheirs):
        raise Http404 from None
    at = request.POST.get("at", "")
    place = min(int(at), LAST_PLACE) if at.isascii() and at.isdecimal() and len(at) < 4 else 0
    return _after(request, profile_id, gone=Dismissed(profile_id, place, slug))


@require_POST
def take_back(request: HttpRequest, profile_id: int, slug: str) -> HttpResponse:
    """Undoes a dismissal, on the page where it was or in the preference center."""
    require_customer(request)
    try:
        services.take_back(profile_id=profile_id, slug=slug, with_category=request.POST.get("less") == "1")
    except (Offer.DoesNotExist, services.NotTheirs):
        raise Http404 from None
    return _after(request, profile_id, back=Dismissed(profile_id, 0, slug))


@require_POST
def take_back_category(request: HttpRequest, profile_id: int, category_id: int) -> HttpResponse:
    require_customer(request)
    try:
        services.take_back_category(profile_id=profile_id, category_id=category_id)
    except services.NotTheirs:
        raise Http404 from None
    return _after(request, profile_id)


def _after(
    request: HttpRequest, profile_id: int, *, gone: Dismissed = NO_PLACE, back: Dismissed = NO_PLACE
) -> HttpResponse:
    """The profile's panel as it is now for htmx that asked for it by `at`, otherwise back to the page it was on."""
    tasks.compute_offers.delay_on_commit(profile_id)  # what takes the place of what is gone
    next_url = request.POST.get("next", "")
    if not (next_url.startswith("/") and url_has_allowed_host_and_scheme(next_url, allowed_hosts=None)):
        next_url = reverse("recommendations:offers")
    if request.htmx and "at" in request.POST:  # type: ignore[attr-defined]
        customer = require_customer(request)
        (shown,) = presenting.panels(
            customer.id,
            [_profile(customer.id, profile_id)],
            get_language() or "en",
            refresh_url=next_url,
            dismissed=gone,
            back=back.slug,
        )
        return render(request, "recommendations/_panel.html", {"panel": shown})
    if gone is not NO_PLACE:
        return redirect(gone.added_to(next_url, GONE) + "#gone")
    messages.success(request, gettext("Taken back. It may be offered again."))
    return redirect(back.added_to(next_url, BACK) if back is not NO_PLACE and "at" in request.POST else next_url)


def _profile(customer_id: int, profile_id: int) -> ProfileRef:
    """Theirs, or 404."""
    found = [each for each in preferences.profiles(customer_id) if each.id == profile_id]
    if not found:
        raise Http404
    return found[0]
