"""What may be shown to a customer right now: the one choke point for serving offers.

What was computed is looked at again whenever it is served: a live permit of exactly the serial it was computed under,
an active purpose, and the offer's window, stock and switch as they are now. Nor is the computation taken at its word:
an offer must be that purpose's, and a reason a feature that the permit holds. Rows are the current customer's only, by
row security.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils import timezone

from recommendations.models import Claim, Offer
from recommendations.scoring import OFFERS_PER_PROFILE, REASONS_PER_OFFER

SERVED = """
    SELECT permit.profile_id, permit.purpose_id, permit.features, tailored.offers, tailored.scores, tailored.reasons
    FROM preferences_permit permit
    JOIN preferences_purpose purpose ON purpose.id = permit.purpose_id AND purpose.computes_offers AND purpose.is_active
    LEFT JOIN recommendations_tailoredoffers tailored
        ON tailored.profile_id = permit.profile_id AND tailored.purpose_id = permit.purpose_id
        AND tailored.permit_serial = permit.serial
    WHERE permit.customer_id = (SELECT current_customer()) AND permit.expires_at > clock_timestamp()
    ORDER BY permit.profile_id, permit.purpose_id
"""


@dataclass(frozen=True, slots=True)
class ServedOffer:
    """An offer as computed: its score and the features that are its reasons, largest contribution first."""

    offer: Offer
    score: float
    reasons: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Serving:
    """What one profile may be shown. Waiting: something is allowed, and its computation is not there yet."""

    offers: tuple[ServedOffer, ...]
    is_waiting: bool


@dataclass(frozen=True, slots=True)
class ClaimedOffer:
    offer: Offer
    code: str
    claimed_at: datetime


def servings() -> dict[int, Serving]:
    """For each profile of the current customer with a live permit for offers: what it may be shown now, best first."""
    computed: dict[int, list[tuple[int, int, float, tuple[int, ...]]]] = defaultdict(list)
    waiting = set()
    with connection.cursor() as cursor:
        cursor.execute(SERVED)
        for profile_id, purpose_id, features, offers, scores, reasons in cursor.fetchall():
            if offers is None:
                waiting.add(profile_id)
            rows = _unpacked(offers or (), scores or (), reasons or (), frozenset(features))
            computed[profile_id] += [(purpose_id, *row) for row in rows]
    open_now = _open_offers({offer_id for rows in computed.values() for _, offer_id, _, _ in rows})
    return {
        profile_id: Serving(
            tuple(
                ServedOffer(open_now[offer_id], score, reasons)
                for purpose_id, offer_id, score, reasons in sorted(rows, key=lambda row: -row[2])
                if offer_id in open_now and open_now[offer_id].purpose_id == purpose_id
            )[:OFFERS_PER_PROFILE],
            is_waiting=profile_id in waiting,
        )
        for profile_id, rows in computed.items()
    }


def is_waiting(profile_ids: Collection[int]) -> bool:
    """Whether something is allowed for one of these profiles whose computation is not there yet. One cheap query."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT EXISTS (SELECT 1 FROM ({SERVED}) AS served WHERE offers IS NULL AND profile_id = ANY (%s))",  # noqa: S608
            [list(profile_ids)],
        )
        return bool(cursor.fetchone()[0])


def claims(customer_id: int) -> list[ClaimedOffer]:
    """What the customer took, newest first. It stays theirs whatever was withdrawn since."""
    rows = Claim.objects.filter(customer_id=customer_id).select_related("offer__product").order_by("-claimed_at")
    return [ClaimedOffer(row.offer, row.code, row.claimed_at) for row in rows]


def claimed_codes(customer_id: int) -> dict[int, str]:
    """Offer id → the code that the customer holds."""
    return dict(Claim.objects.filter(customer_id=customer_id).values_list("offer_id", "code"))


def _open_offers(offer_ids: set[int]) -> Mapping[int, Offer]:
    if not offer_ids:
        return {}
    return Offer.objects.open_at(timezone.now()).select_related("product", "purpose").in_bulk(offer_ids)


def _unpacked(
    offers: Iterable[int], scores: Iterable[float], reasons: Iterable[int], known: Collection[int]
) -> list[tuple[int, float, tuple[int, ...]]]:
    """Each offer with its score and those of its reasons that are `known`; 0 stands for none."""
    listed = list(reasons)
    found = []
    for place, (offer_id, score) in enumerate(zip(offers, scores, strict=True)):
        cited = listed[place * REASONS_PER_OFFER : (place + 1) * REASONS_PER_OFFER]
        found.append((offer_id, score, tuple(feature for feature in cited if feature in known)))
    return found
