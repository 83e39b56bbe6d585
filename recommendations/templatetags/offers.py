"""`{% tailored_offers profile_id %}` and `{% product slug %}`: how other apps' pages show what is ours."""

from typing import Any

from django import template
from django.utils.translation import get_language

from preferences import selectors as preferences
from preferences.access import current_customer
from recommendations import presenting
from recommendations.dismissed import GONE, named_in
from recommendations.waiting import page_url, wait_for_offers

register = template.Library()


@register.inclusion_tag("recommendations/_panel.html", takes_context=True)
def tailored_offers(context: dict[str, Any], profile_id: int) -> dict[str, Any]:
    """The offers of one of the current customer's profiles; nothing of anybody else's."""
    request = context["request"]
    customer = current_customer(request)
    language = get_language() or "en"
    profiles = [each for each in preferences.profiles(customer.id) if each.id == profile_id] if customer else []
    wait_for_offers(request, [each.id for each in profiles])
    panels = (
        presenting.panels(
            customer.id, profiles, language, refresh_url=page_url(request), dismissed=named_in(request, GONE)
        )
        if customer
        else []
    )
    return {
        "panel": panels[0] if panels else presenting.PanelView("off"),
        "request": request,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("recommendations/_product.html")
def product(slug: str) -> dict[str, Any]:
    return {"product": presenting.product(slug, get_language() or "en")}
