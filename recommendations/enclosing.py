"""Offers in a letter: which ones the database says, for one claimed letter; here they get their words.

As proffer_worker. No reason and no answer goes into mail.
"""

from collections.abc import Sequence

from django.db import connection, transaction
from django.urls import reverse

from preferences.registry import Enclosed
from preferences.translated import pick
from recommendations.models import Offer
from recommendations.wording import benefit_in_words, end_in_words

WORD = "offers"
MOST = 3


def enclose(sending_id: int, language: str) -> list[Enclosed]:
    """The best few for whom the letter goes to, counted as sent. None for who is held out, or has had enough."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT offers_to_send(%s, %s)", [sending_id, MOST])
        (offer_ids,) = cursor.fetchone()
    found = Offer.objects.select_related("product").in_bulk(offer_ids) if offer_ids else {}
    return [_words(found[each], language) for each in offer_ids if each in found]


def take_back(sending_id: int, offers: Sequence[Enclosed]) -> None:
    """The letter was not sent after all, so these were not either."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT take_offers_back(%s, %s::bigint[])", [sending_id, [each.id for each in offers]])


def url() -> str:
    return reverse("recommendations:offers")


def _words(offer: Offer, language: str) -> Enclosed:
    currency = offer.product.price_currency if offer.product else ""
    return Enclosed(
        id=offer.pk,
        title=pick(offer.title, language),
        gain=pick(offer.benefit, language) or benefit_in_words(offer.benefit_kind, offer.benefit_value, currency),
        until=end_in_words(offer.ends_at),
    )
