"""What customers do with offers."""

from django.db import connection

from recommendations.models import Offer


class OffersError(Exception):
    """Base of what can stand between a customer and an offer."""


class OfferGone(OffersError):
    """The offer is not, or no longer, among the customer's: taken, over, or no longer chosen for them."""


def claim(*, slug: str) -> str:
    """The current customer takes an offer; returns its code. Taking it again gives the same code.

    Raises Offer.DoesNotExist, or OfferGone when it is not theirs to take.
    """
    offer_id = Offer.objects.values_list("pk", flat=True).get(slug=slug)
    with connection.cursor() as cursor:
        cursor.execute("SELECT claim_offer(%s)", [offer_id])
        (code,) = cursor.fetchone()
    if code is None:
        raise OfferGone(slug)
    return str(code)
