"""What may be shown to a customer right now: the one choke point for serving offers.

The database decides (migrations/sql/13_restraint.sql): what was computed is looked at again whenever it is served, for
a live permit of exactly the serial it was computed under, an active purpose, the offer's window, stock and switch, each
reason's permit, what the customer did not want, and the caps. Rows are the current customer's only. It takes two
statements, however many offers there are.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from recommendations.models import Claim, Offer, Suppression

WAITS = """
    SELECT EXISTS (
        SELECT 1 FROM preferences_permit permit
        JOIN preferences_purpose purpose
            ON purpose.id = permit.purpose_id AND purpose.computes_offers AND purpose.is_active
        WHERE permit.customer_id = (SELECT current_customer()) AND permit.expires_at > clock_timestamp()
          AND permit.profile_id = ANY (%s)
          AND NOT EXISTS (
              SELECT 1 FROM recommendations_tailoredoffers tailored
              WHERE tailored.profile_id = permit.profile_id AND tailored.purpose_id = permit.purpose_id
                AND tailored.permit_serial = permit.serial))
"""


@dataclass(frozen=True, slots=True)
class ServedOffer:
    """An offer as computed: its score and the features that are its reasons, largest contribution first."""

    offer: Offer
    score: float
    reasons: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Serving:
    """What one profile may be shown. Waiting: something is allowed, and its computation is not there yet. Rests:
    something would fit, and was shown often enough for now."""

    offers: tuple[ServedOffer, ...]
    is_waiting: bool
    rests: bool = False


@dataclass(frozen=True, slots=True)
class ClaimedOffer:
    offer: Offer
    code: str
    claimed_at: datetime


def servings() -> dict[int, Serving]:
    """For each profile of the current customer with a live permit for offers: what it may be shown now, best first.

    Only looks: nothing counts as shown by it.
    """
    return _servings(())


def show(profile_ids: Collection[int]) -> dict[int, Serving]:
    """The same, and what these profiles get is being shown: it counts against the caps, once a day and offer."""
    return _servings(profile_ids)


def _servings(counted: Collection[int]) -> dict[int, Serving]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT profile, is_waiting, offer, score, reasons, kept_back FROM offers_to_show(%s::bigint[])",
            [list(counted)],
        )
        rows = cursor.fetchall()
    waiting = {profile_id for profile_id, is_waiting, *_ in rows if is_waiting}
    resting = {row[0] for row in rows if row[5] == "capped"}
    fitting = defaultdict(list)
    for profile_id, _, offer_id, score, reasons, kept_back in rows:
        if offer_id is not None and kept_back is None:
            fitting[profile_id].append((offer_id, score, tuple(reasons)))
    offers = _offers({offer_id for each in fitting.values() for offer_id, _, _ in each})
    return {
        profile_id: Serving(
            tuple(ServedOffer(offers[each[0]], *each[1:]) for each in fitting[profile_id] if each[0] in offers),
            is_waiting=profile_id in waiting,
            rests=profile_id in resting,
        )
        for profile_id in dict.fromkeys(row[0] for row in rows)
    }


def _offers(offer_ids: Collection[int]) -> dict[int, Offer]:
    return Offer.objects.select_related("product", "purpose").in_bulk(offer_ids) if offer_ids else {}


def is_waiting(profile_ids: Collection[int]) -> bool:
    """Whether something is allowed for one of these profiles whose computation is not there yet. One cheap query."""
    with connection.cursor() as cursor:
        cursor.execute(WAITS, [list(profile_ids)])
        return bool(cursor.fetchone()[0])


def is_chosen(profile_id: int, slug: str) -> bool:
    """Whether the profile may be shown this offer now."""
    serving = servings().get(profile_id)
    return serving is not None and any(each.offer.slug == slug for each in serving.offers)


def unwanted(customer_id: int) -> list[Suppression]:
    """What the customer's profiles are not shown at present because they said so, the latest first."""
    rows = Suppression.objects.filter(customer_id=customer_id).filter(_in_force())
    return list(rows.select_related("offer", "category", "profile").order_by("-noted_at", "-id"))


def dismissal(profile_id: int, slug: str) -> tuple[Suppression, bool] | None:
    """A profile's dismissal of this offer while it holds, and whether fewer of its kind are shown since."""
    rows = Suppression.objects.filter(_in_force(), profile_id=profile_id)
    found = rows.filter(offer__slug=slug).select_related("offer__product").first()
    if found is None or found.offer is None:
        return None
    product = found.offer.product
    is_less = (
        product is not None and rows.filter(category_id=product.category_id, noted_at__gte=found.noted_at).exists()
    )
    return found, is_less


def wants_less(profile_id: int) -> bool:
    """Whether the profile is not to get something at present."""
    return Suppression.objects.filter(_in_force(), profile_id=profile_id).exists()


def claims(customer_id: int) -> list[ClaimedOffer]:
    """What the customer took, newest first. It stays theirs whatever was withdrawn since."""
    rows = Claim.objects.filter(customer_id=customer_id).select_related("offer__product").order_by("-claimed_at")
    return [ClaimedOffer(row.offer, row.code, row.claimed_at) for row in rows]


def claimed_codes(customer_id: int) -> dict[int, str]:
    """Offer id → the code that the customer holds."""
    return dict(Claim.objects.filter(customer_id=customer_id).values_list("offer_id", "code"))


def _in_force() -> Q:
    return Q(until_at=None) | Q(until_at__gt=timezone.now())
