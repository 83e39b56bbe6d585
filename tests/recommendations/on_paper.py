"""What people should have, worked out in plain Python: as one would on paper, from the catalogue as it stands.

It knows what people told and allowed, never their permits, and nothing of what the catalogue was before.
"""

from collections import defaultdict
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from random import Random

import psycopg

from preferences.conditions import Condition, holds, parse
from recommendations import computing, passes
from recommendations.scoring import MOST_OF_A_CATEGORY, OFFERS_PER_PROFILE, REASONS_PER_OFFER
from tests.recommendations.shop import Person

AsRole = Callable[[str], AbstractContextManager[None]]
UNUSED = "diary"  # what people told and no use covers


@dataclass
class Somebody:
    """What we know of a person without asking the database."""

    person: Person
    told: dict[str, tuple[str, ...]]
    is_granted: bool
    left_out: set[str] = field(default_factory=set)  # excluded from the use, or expired

    def allowed(self) -> frozenset[tuple[str, str]]:
        """What may be used: (attribute, code)."""
        if not self.is_granted:
            return frozenset()
        return frozenset(
            (key, code)
            for key, codes in self.told.items()
            if key != UNUSED and key not in self.left_out
            for code in codes
        )


@dataclass(frozen=True)
class OnPaper:
    """An offer as it stands, conditions read, own and inherited weights added up."""

    id: int
    prior: float
    priority: int
    eligibility: Condition | None
    veto: Condition | None
    is_open: bool
    category: int | None
    weights: dict[tuple[str, str], tuple[int, float]]  # by attribute and code: the feature and the weight

    def judged(self, allowed: frozenset[tuple[str, str]]) -> tuple[float, tuple[int, ...]] | None:
        """Score and reasons; None for whom it is not."""
        known: dict[str, frozenset[str]] = {}
        for key, code in allowed:
            known[key] = known.get(key, frozenset()) | {code}
        if not self.is_open or (self.eligibility and holds(self.eligibility, known) is not True):
            return None
        if self.veto and holds(self.veto, known) is True:
            return None
        parts = [self.weights[each] for each in allowed if each in self.weights]
        reasons = sorted((-weight, feature) for feature, weight in parts if weight > 0)[:REASONS_PER_OFFER]
        cited = [feature for _weight, feature in reasons]
        cited += [0] * (REASONS_PER_OFFER - len(cited))
        return self.prior + sum(weight for _feature, weight in parts), tuple(cited)


Given = dict[int, tuple[list[int], list[float], list[int]]]


class World:
    """The people and the shop, what the database holds of them, and what it should hold."""

    def __init__(self, administrator: psycopg.Connection, as_role: AsRole) -> None:
        self.sql = administrator
        self.as_role = as_role
        self.random = Random(20261122)
        self.people: list[Somebody] = []
        self.judged: dict[tuple[str, frozenset[tuple[str, str]]], tuple[float, tuple[int, ...]] | None] = {}

    # What stands in the database, as an administrator sees it.

    def offers(self) -> list[OnPaper]:
        weights: dict[int, dict[tuple[str, str], tuple[int, float]]] = defaultdict(dict)
        rows = self.sql.execute(
            "SELECT offer.id, attribute.key, feature.code, feature.id, said.weight FROM ("
            " SELECT offer_id, feature_id, weight FROM recommendations_offerweight UNION ALL"
            " SELECT offer.id, trait.feature_id, trait.weight FROM recommendations_offer offer"
            " JOIN recommendations_product_traits has USING (product_id)"
            " JOIN recommendations_traitweight trait USING (trait_id)) said"
            " JOIN recommendations_offer offer ON offer.id = said.offer_id"
            " JOIN preferences_feature feature ON feature.id = said.feature_id"
            " JOIN preferences_attribute attribute ON attribute.id = feature.attribute_id"
            " WHERE NOT attribute.is_sensitive OR offer.is_sensitive OR said.weight <= 0"
        ).fetchall()
        for offer, key, code, feature, weight in rows:
            before = weights[offer].get((key, code), (feature, 0.0))[1]
            weights[offer][key, code] = (feature, before + weight)
        rows = self.sql.execute(
            "SELECT offer.id, prior, priority, eligibility, veto, is_active AND coalesce(stock > 0, true)"
            " AND coalesce(starts_at <= now(), true) AND coalesce(ends_at > now(), true), category_id"
            " FROM recommendations_offer offer LEFT JOIN recommendations_product product ON product.id = product_id"
        ).fetchall()
        return [
            OnPaper(id, prior, priority, read(eligibility), read(veto), is_open, category, weights[id])
            for id, prior, priority, eligibility, veto, is_open, category in rows
        ]

    def stored(self) -> Given:
        rows = self.sql.execute("SELECT profile_id, offers, scores, reasons FROM recommendations_tailoredoffers")
        return {profile: (offers, scores, reasons) for profile, offers, scores, reasons in rows}

    def unwanted(self) -> dict[int, set[tuple[str, int]]]:
        found: dict[int, set[tuple[str, int]]] = defaultdict(set)
        for profile, offer, category in self.sql.execute(
            "SELECT profile_id, offer_id, category_id FROM recommendations_suppression"
            " WHERE until_at IS NULL OR until_at > now()"
        ):
            found[profile].add(("offer", offer) if offer else ("category", category))
        return found

    # What should stand there.

    def expected(self) -> Given:
        offers, unwanted = [(repr(each), each) for each in self.offers()], self.unwanted()
        due = [(each, each.allowed()) for each in self.people]
        return {
            each.person.profile_id: self.five(offers, allowed, unwanted[each.person.profile_id])
            for each, allowed in due
            if allowed  # nothing may be used: no permit, and no offers
        }

    def five(
        self, offers: list[tuple[str, OnPaper]], allowed: frozenset[tuple[str, str]], unwanted: set[tuple[str, int]]
    ) -> tuple[list[int], list[float], list[int]]:
        ranked = []
        for words, offer in offers:
            if ("offer", offer.id) in unwanted or ("category", offer.category) in unwanted:
                continue
            name = (words, allowed)
            if name not in self.judged:
                self.judged[name] = offer.judged(allowed)
            found = self.judged[name]
            if found:
                ranked.append((-found[0], -offer.priority, offer.id, offer.category, found[1]))
        chosen: list[tuple[float, int, int, int | None, tuple[int, ...]]] = []
        for each in sorted(ranked):
            alike = [other for other in chosen if each[3] is not None and other[3] == each[3]]
            if len(alike) < MOST_OF_A_CATEGORY and len(chosen) < OFFERS_PER_PROFILE:
                chosen.append(each)
        return (
            [each[2] for each in chosen],
            [-each[0] for each in chosen],
            [reason for each in chosen for reason in each[4]],
        )

    # What happens.

    def sweep(self) -> int:
        with self.as_role("offers"):
            return computing.compute_due() + passes.compute_due_ranges()

    def granting(self, count: int) -> list[Somebody]:
        """Some who have offers, others each time."""
        return self.random.sample([each for each in self.people if each.allowed()], count)


def read(raw: object) -> Condition | None:
    return parse(raw, operand="attribute") if raw else None
