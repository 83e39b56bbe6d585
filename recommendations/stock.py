"""How an offer stands: what is left of it, how fast it goes, and whether its window ends soon."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext

from recommendations.models import Offer

WEEK = timedelta(days=7)
SOON_DAYS = 7
LONGEST_DAYS = 365


@dataclass(frozen=True, slots=True)
class Stock:
    """`width`: per cent of what there was a week ago, for the bar; None where that says nothing."""

    left: int | None
    days: int | None
    width: int | None

    @property
    def is_low(self) -> bool:
        return self.left == 0 or (self.days is not None and self.days <= SOON_DAYS)

    @property
    def words(self) -> str:
        if self.left is None:
            return gettext("unlimited")
        return gettext("%(number)s left") % {"number": number_format(self.left, force_grouping=True)}

    @property
    def lasts(self) -> str:
        """ "runs out in about 5 days"; empty where too few took it to say, or it lasts a year."""
        if not self.left or self.days is None:
            return ""
        if self.days > LONGEST_DAYS:
            return gettext("lasts more than a year")
        return ngettext("runs out in about %(days)s day", "runs out in about %(days)s days", max(self.days, 1)) % {
            "days": max(self.days, 1)
        }


def stock_of(offer: Offer, took: int | None) -> Stock:
    """`took`: about how many customers took it in a week; None for few or not known."""
    if offer.stock is None:
        return Stock(None, None, None)
    if not took:
        return Stock(offer.stock, None, 0 if offer.stock == 0 else None)
    return Stock(offer.stock, round(offer.stock * WEEK.days / took), round(100 * offer.stock / (offer.stock + took)))


def ends_soon(offer: Offer, now: datetime) -> str:
    """ "ends in 3 days", "ends today", within a week; else empty."""
    if not offer.is_active or offer.ends_at is None or not now < offer.ends_at <= now + WEEK:
        return ""
    days = (offer.ends_at - now).days
    if days == 0:
        return gettext("ends within a day")
    return ngettext("ends in %(days)s day", "ends in %(days)s days", days) % {"days": days}
