"""The start page's look at the offers: what sold out, runs out or ends within a week."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext

from preferences.translated import pick
from recommendations import audience
from recommendations.models import Offer
from recommendations.stock import WEEK, ends_soon, stock_of

register = template.Library()

MOST_SHOWN = 8
MOST_LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class Notable:
    """An offer that wants looking after, and why."""

    title: str
    url: str
    why: tuple[str, ...]


@register.inclusion_tag("admin/recommendations/_offers_at_a_glance.html", takes_context=True)
def offers_at_a_glance(context: dict[str, Any]) -> dict[str, Any]:
    user = context["request"].user
    if not user.has_perm("recommendations.change_offer"):
        return {"notable": ()}
    now = timezone.now()
    open_or_sold_out = Offer.objects.filter(
        Q(starts_at=None) | Q(starts_at__lte=now), Q(ends_at=None) | Q(ends_at__gt=now), is_active=True
    )
    soon = open_or_sold_out.filter(Q(stock__isnull=False) | Q(ends_at__lte=now + WEEK))
    offers = list(soon.order_by("stock", "ends_at", "id")[:MOST_LOOKED_AT])
    took = audience.claims(user_id=user.pk, offer_ids=[offer.pk for offer in offers]) if offers else {}
    notable = []
    for offer in offers:
        stock = stock_of(offer, took.get(offer.pk))
        left = gettext("sold out") if offer.stock == 0 else f"{stock.words}, {stock.lasts}" if stock.is_low else ""
        why = tuple(each for each in (left, ends_soon(offer, now)) if each)
        if why:
            title = pick(offer.title, get_language() or "en") or offer.slug
            notable.append(Notable(title, reverse("admin:recommendations_offer_change", args=[offer.pk]), why))
    return {"notable": notable[:MOST_SHOWN], "more_count": max(0, len(notable) - MOST_SHOWN)}
