"""The customer's offers, the panel that a waiting page asks for, and taking an offer."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_POST

from preferences import selectors as preferences
from preferences.access import current_customer, require_customer
from recommendations import presenting, services
from recommendations.models import Offer
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
        panels = presenting.panels(customer.id, profiles, language, refresh_url=request.path)
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
    profiles = [each for each in preferences.profiles(customer.id) if each.id == profile_id]
    if not profiles:
        raise Http404
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("recommendations:offers")
    asked = request.GET.get("n", "")
    polls = int(asked) if asked.isdecimal() and len(asked) < 4 else presenting.MOST_POLLS
    (shown,) = presenting.panels(
        customer.id, profiles, get_language() or "en", polls=polls, refresh_url=page_url(request)
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
