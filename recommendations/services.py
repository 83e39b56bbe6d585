"""What customers do with offers."""

from django.db import connection, transaction
from django.db.utils import DatabaseError
from psycopg import errors

from recommendations.models import Offer, Suppression


class OffersError(Exception):
    """Base of what can stand between a customer and an offer."""


class OfferGone(OffersError):
    """The offer is not, or no longer, among the customer's: taken, over, or no longer chosen for them."""


class NotTheirs(OffersError):
    """There is no such profile of theirs, or the offer was never shown to it."""


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


def dismiss(
    *, profile_id: int, slug: str, reason: str = Suppression.Reason.NOT_FOR_ME, less_like_this: bool = False
) -> None:
    """The offer goes at once, for the brand's period; dismissed again after that, for good. With `less_like_this` its
    category goes with it, by the same rule. Said again while it is away, only the reason changes.

    Raises Offer.DoesNotExist, or NotTheirs.
    """
    offer_id = Offer.objects.values_list("pk", flat=True).get(slug=slug)
    _change(profile_id, "SELECT dismiss_offer(%s, %s, %s, %s)", profile_id, offer_id, str(reason), less_like_this)


def take_back(*, profile_id: int, slug: str, with_category: bool = False) -> None:
    """Undoes the last dismissal of an offer; `with_category`: that of its category too. Raises as `dismiss` does."""
    offer = Offer.objects.select_related("product").get(slug=slug)
    category_id = offer.product.category_id if with_category and offer.product else None
    _change(profile_id, "SELECT take_back(%s, %s, %s)", profile_id, offer.pk, category_id)


def take_back_category(*, profile_id: int, category_id: int) -> None:
    """Undoes the last "less like this" about a category. Raises NotTheirs."""
    _change(profile_id, "SELECT take_back(%s, NULL, %s)", profile_id, category_id)


def _change(profile_id: int, statement: str, *arguments: object) -> None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, arguments)
    except DatabaseError as error:
        if isinstance(error.__cause__, errors.NoDataFound):
            raise NotTheirs(profile_id) from error
        raise
