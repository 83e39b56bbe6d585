"""A thousand people and sixty offers: what is stored agrees with plain Python, and again after every kind of change.

The oracle knows what people told and allowed, never their permits, and reads the catalogue as it stands, never its
history. So it also says that nothing counts which is not allowed, and that looking at few offers only forgets nobody.
"""

import json
import secrets
from collections import defaultdict
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random

import numpy as np
import psycopg
import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from preferences import access, catalogue, services
from preferences.conditions import Condition, holds, parse
from preferences.models import Attribute, AttributeValue, Feature, Purpose
from recommendations import computing, passes, reading
from recommendations.models import Category, ComputedRange, Offer, OfferWeight, Product, Trait, TraitWeight
from recommendations.scoring import (
    MOST_OF_A_CATEGORY,
    OFFERS_PER_PROFILE,
    REASONS_PER_OFFER,
    Engine,
    OfferTerms,
    Profiles,
    Stored,
    Suppressed,
    Weight,
)
from recommendations.services import dismiss
from tests.recommendations.shop import Person, T, open_shop, somebody
from tests.recommendations.test_scoring import BY_ID, FEATURES, NOW, WEIGHTS, conditions, profiles

AsRole = Callable[[str], AbstractContextManager[None]]
PEOPLE, OFFERS = 1000, 60
ATTRIBUTES = {
    "skin": ("choice", ("dry", "oily", "mixed", "calm", "other")),
    "goals": ("multi", ("calm", "glow", "firm", "even")),
    "budget": ("choice", ("low", "mid", "high")),
    "climate": ("choice", ("cold", "mild", "hot", "wet")),
    "scent": ("multi", ("none", "rose", "mint", "wood")),
    "allergy": ("choice", ("nuts", "wool", "nothing")),  # sensitive
    "diary": ("choice", ("a", "b")),  # told, and covered by no use
}
SENSITIVE, UNUSED = "allergy", "diary"
OPEN_ABOUT = [key for key in ATTRIBUTES if key not in (SENSITIVE, UNUSED)]


def sixteenths(random: Random, most: float) -> float:
    """Exact in the engine's single precision, so that it and the oracle agree to the last bit."""
    return random.randint(int(-most * 16), int(most * 16)) / 16


def some_condition(random: Random, depth: int = 2) -> dict[str, object]:
    if depth and random.random() < 0.5:
        parts = [some_condition(random, depth - 1) for _ in range(random.randint(1, 3))]
        return random.choice([{"all": parts}, {"any": parts}, {"not": parts[0]}])
    key = random.choice(OPEN_ABOUT)
    kind, values = ATTRIBUTES[key]
    match random.randint(0, 2):
        case 0:
            return {"attribute": key, "op": "answered"}
        case 1:
            return {"attribute": key, "op": "in", "value": random.sample(values, 2)}
        case _:
            return {"attribute": key, "op": "is" if kind == "choice" else "includes", "value": random.choice(values)}


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


@pytest.fixture
def world(db: None, owner_connection: psycopg.Connection, as_role: AsRole, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(ComputedRange, "WIDTH", 300)  # several ranges, of several chunks
    monkeypatch.setattr(computing, "CHUNK", 128)
    made = World(owner_connection, as_role)
    purpose = _open(made.random)
    _settle(made, purpose)
    _dislikes(made)
    return made


def _open(random: Random) -> Purpose:
    purpose = Purpose.objects.create(slug="offers", computes_offers=True)
    for key, (kind, values) in ATTRIBUTES.items():
        attribute = Attribute.objects.create(
            key=key, kind=kind, label=T(key), sentence=T("{value}"), group=T("Me"), is_sensitive=key == SENSITIVE
        )
        AttributeValue.objects.bulk_create(
            AttributeValue(attribute=attribute, value=value, label=T(value), position=place)
            for place, value in enumerate(values)
        )
        catalogue.sync_features(attribute)
        if key != UNUSED:
            purpose.attributes.add(attribute)
    catalogue.publish_notice(
        purpose=purpose, title=T("Offers"), sentence=T("We."), benefit=T("So."), details=T("More.")
    )
    features = list(Feature.objects.values_list("id", flat=True))
    categories = [Category.objects.create(slug=f"category-{number}", name=T("C")) for number in range(7)]
    traits = [Trait.objects.create(slug=f"trait-{number}", name=T("T")) for number in range(4)]
    TraitWeight.objects.bulk_create(
        TraitWeight(trait=trait, feature_id=feature, weight=sixteenths(random, 1))
        for trait in traits
        for feature in random.sample(features, 5)
    )
    for number in range(OFFERS):
        _offer(random, number, purpose, features, categories, traits)
    return purpose


def _offer(
    random: Random, number: int, purpose: Purpose, features: list[int], categories: list[Category], traits: list[Trait]
) -> None:
    product = None
    if random.random() < 0.7:
        category = categories[min(random.randrange(7), random.randrange(7))]  # some are much larger than others
        product = Product.objects.create(slug=f"product-{number}", name=T("P"), category=category)
        product.traits.set(random.sample(traits, random.randint(0, 2)))
    is_sensitive = number % 12 == 0
    apart = {"attribute": SENSITIVE, "op": "is", "value": "nuts"}
    others = some_condition(random) if random.random() < 0.3 else None
    now, day = timezone.now(), timedelta(days=1)
    offer = Offer.objects.create(
        slug=f"offer-{number}",
        title=T("O"),
        benefit_kind="sample",
        purpose=purpose,
        product=product,
        prior=sixteenths(random, 1),
        priority=random.randint(0, 2),
        eligibility={"all": [apart, others] if others else [apart]} if is_sensitive else others,
        veto=random.choice([None, None, None, some_condition(random), apart]) if not is_sensitive else None,
        is_sensitive=is_sensitive,
        starts_at=random.choice([None, None, now - day, now + day]),
        ends_at=random.choice([None, None, now + 2 * day, now + 2 * day]),
        stock=random.choice([None, None, None, 0, 5]),
        is_active=random.random() < 0.9,
    )
    OfferWeight.objects.bulk_create(
        OfferWeight(offer=offer, feature_id=feature, weight=sixteenths(random, 2))
        for feature in random.sample(features, random.randint(0, 9))
    )


def _settle(world: World, purpose: Purpose) -> None:
    """A thousand people by the site's own functions, as its role: told at random, four of five granting."""
    random = world.random
    notice = purpose.notices.get().pk
    with transaction.atomic(), connection.cursor() as cursor:
        for _ in range(PEOPLE):
            token = secrets.token_urlsafe(16)
            cursor.execute("SELECT begin_customer(%s, 'en')", [access.token_hash(token)])
            (customer_id,) = cursor.fetchone()
            cursor.execute("SELECT id FROM preferences_profile WHERE kind = 'self'")
            (profile_id,) = cursor.fetchone()
            told = {
                key: tuple(random.sample(values, 1 if kind == "choice" else random.randint(1, 3)))
                for key, (kind, values) in ATTRIBUTES.items()
                if random.random() < 0.6
            }
            each = Somebody(Person(customer_id, profile_id, token), told, is_granted=random.random() < 0.8)
            items = [
                {"attribute": key, "value": list(codes) if len(codes) > 1 else codes[0], "codes": list(codes)}
                for key, codes in told.items()
            ]
            cursor.execute("SELECT remember(%s, %s, 'quiz', '{}', 'test')", [profile_id, json.dumps(items)])
            if each.is_granted:
                cursor.execute("SELECT grant_purpose('offers', %s, 'en', 'test')", [notice])
                if random.random() < 0.2:
                    each.left_out.add(random.choice([key for key in ATTRIBUTES if key != UNUSED]))
                    cursor.execute("SELECT set_exclusion(%s, 'offers', %s, true, 'test')", [profile_id, *each.left_out])
            world.people.append(each)


def _dislikes(world: World) -> None:
    """Some had dismissed something before, which in part is over."""
    offers, categories = ([row[0] for row in world.sql.execute(f"SELECT id FROM recommendations_{table} ORDER BY id")]
                          for table in ("offer", "category"))  # fmt: skip
    for each in world.random.sample(world.people, 200):
        offer = world.random.choice([world.random.choice(offers), None])
        until = world.random.choice([None, "1 day", "-1 day"])
        world.sql.execute(
            "INSERT INTO recommendations_suppression"
            " (profile_id, customer_id, offer_id, category_id, reason, times, noted_at, until_at, is_over)"
            " VALUES (%s, %s, %s, %s, 'not_for_me', 1, now(), now() + %s::interval, false)",
            [
                each.person.profile_id,
                each.person.id,
                offer,
                None if offer else world.random.choice(categories),
                until,
            ],
        )


def _most_given(world: World) -> list[int]:
    """Offers by how many have them, the most first."""
    counts: dict[int, int] = defaultdict(int)
    for offers, _scores, _reasons in world.stored().values():
        for offer in offers:
            counts[offer] += 1
    return sorted(counts, key=lambda offer: (-counts[offer], offer))


def _seldom_given(world: World) -> int:
    """An offer that somebody may have and that fewest do."""
    opened = {offer.id for offer in world.offers() if offer.is_open and offer.weights}
    return [offer for offer in _most_given(world) if offer in opened][-1]


def one_offer_gets_better(world: World) -> None:
    Offer.objects.filter(pk=_seldom_given(world)).update(prior=2.5)


def one_offer_gets_worse(world: World) -> None:
    Offer.objects.filter(pk=_most_given(world)[0]).update(prior=-1)


def one_priority_changes(world: World) -> None:
    Offer.objects.filter(pk=_most_given(world)[9]).update(priority=9)


def one_offer_is_for_fewer(world: World) -> None:
    Offer.objects.filter(pk=_most_given(world)[1]).update(veto={"attribute": "skin", "op": "is", "value": "dry"})


def one_offer_is_for_everybody(world: World) -> None:
    fewer = next(offer for offer in world.offers() if offer.eligibility and offer.is_open and offer.prior > 0)
    Offer.objects.filter(pk=fewer.id, is_sensitive=False).update(eligibility=None, veto=None, prior=1.5)


def one_weight_changes(world: World) -> None:
    chosen = next(offer for offer in world.offers() if offer.is_open and offer.weights and offer.prior > 0)
    weight = OfferWeight.objects.filter(offer_id=chosen.id).order_by("id")[0]
    OfferWeight.objects.filter(pk=weight.pk).update(weight=3.5)


def one_weight_goes(world: World) -> None:
    OfferWeight.objects.filter(weight__gt=0, offer_id=_most_given(world)[0]).order_by("-weight")[0].delete()


def one_trait_weight_changes(world: World) -> None:
    TraitWeight.objects.filter(pk=TraitWeight.objects.order_by("id")[3].pk).update(weight=-2)


def one_category_changes(world: World) -> None:
    product = Product.objects.get(offers=next(offer.id for offer in world.offers() if offer.category))
    other = Category.objects.exclude(pk=product.category_id).order_by("id")[0]
    Product.objects.filter(category=product.category_id).update(category=other)


def one_offer_moves_to_another_product(world: World) -> None:
    given = _most_given(world)
    category = Offer.objects.get(pk=given[2]).product
    Offer.objects.filter(pk=given[3]).update(product=category)


def one_offer_goes(world: World) -> None:
    with world.sql.transaction():
        for table in ("offerweight", "suppression", "exposure"):
            world.sql.execute(f"DELETE FROM recommendations_{table} WHERE offer_id = %s", [_most_given(world)[0]])
        world.sql.execute("DELETE FROM recommendations_offer WHERE id = %s", [_most_given(world)[0]])


def one_offer_sells_out(world: World) -> None:
    Offer.objects.filter(pk=_most_given(world)[0]).update(stock=0)


def a_window_closes(world: World) -> None:
    with world.sql.transaction():  # as time would: nobody has edited the offer
        world.sql.execute("SET LOCAL session_replication_role = replica")
        world.sql.execute(
            "UPDATE recommendations_offer SET starts_at = NULL, ends_at = now() - interval '1 second' WHERE id = %s",
            [_most_given(world)[0]],
        )
        world.sql.execute("UPDATE recommendations_catalogue SET openings_noted_at = now() - interval '2 seconds'")


def many_offers_change(world: World) -> None:
    for number, offer in enumerate(_most_given(world)[:15]):
        Offer.objects.filter(pk=offer).update(prior=number / 16 - 0.5)


def some_dismiss_what_they_got(world: World) -> None:
    stored = world.stored()
    slug_of = dict(Offer.objects.values_list("id", "slug"))
    for number, each in enumerate(world.granting(20)):
        offers = stored[each.person.profile_id][0]
        if offers:
            each.person.does(
                lambda each=each, slug=slug_of[offers[0]], less=number % 2 == 0: dismiss(
                    profile_id=each.person.profile_id, slug=slug, less_like_this=less
                )
            )


def some_withdraw(world: World) -> None:
    for each in world.granting(20):
        each.person.withdraws()
        each.is_granted = False


def some_leave_an_item_out(world: World) -> None:
    for each in world.granting(20):
        key = sorted({key for key, _code in each.allowed()})[0]
        each.person.does(
            lambda each=each, key=key: services.exclude(
                profile_id=each.person.profile_id, purpose_slug="offers", attribute_key=key, source="test"
            )
        )
        each.left_out.add(key)


def some_answers_expire(world: World) -> None:
    for each in world.granting(20):
        key = sorted({key for key, _code in each.allowed()})[-1]
        with world.sql.transaction():
            world.sql.execute("SET LOCAL session_replication_role = replica")
            world.sql.execute(
                "UPDATE preferences_preference SET expires_at = now() - interval '1 minute' WHERE profile_id = %s"
                " AND attribute_id = (SELECT id FROM preferences_attribute WHERE key = %s)",
                [each.person.profile_id, key],
            )
            world.sql.execute(
                "UPDATE preferences_permit SET expires_at = now() - interval '1 minute',"
                " issued_at = now() - interval '1 hour' WHERE profile_id = %s",
                [each.person.profile_id],
            )
        each.left_out.add(key)
    with world.as_role("worker"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM expire_permits(1000)")


# In this order: each begins from what the one before left. True: then a pass looks at the columns of a few offers only.
CHANGES = {
    one_offer_gets_better: True,
    one_offer_gets_worse: True,
    one_priority_changes: True,
    one_offer_is_for_fewer: True,
    one_offer_is_for_everybody: True,
    one_weight_changes: True,
    one_weight_goes: True,
    one_offer_moves_to_another_product: True,
    one_category_changes: False,
    one_trait_weight_changes: False,
    some_dismiss_what_they_got: False,
    some_withdraw: False,
    some_leave_an_item_out: False,
    some_answers_expire: False,
    one_offer_sells_out: True,
    a_window_closes: True,
    one_offer_goes: True,
    many_offers_change: False,
}


def test_everybody_has_what_plain_python_says_before_and_after_every_change(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    looked_again: list[int] = []
    read_stored = reading.stored

    def noting(*given: object, **values: object) -> object:
        looked_again.append(1)
        return read_stored(*given, **values)  # type: ignore[arg-type]

    monkeypatch.setattr(reading, "stored", noting)
    world.sweep()
    assert_as_on_paper(world, "at first")
    assert sum(bool(offers) for offers, _, _ in world.stored().values()) > PEOPLE / 2
    for change, is_looked_at in CHANGES.items():
        before, name = world.stored(), change.__name__
        looked_again.clear()
        change(world)
        world.sweep()
        assert_as_on_paper(world, name)
        assert world.stored() != before, f"{name} changed nothing, so nothing was seen"
        assert bool(looked_again) is is_looked_at, name
        assert world.sweep() == 0, f"after {name} everything is settled"
    with world.as_role("offers"):
        passes.reopen()
        assert passes.compute_due_ranges() == 0, "computed as a whole it comes out the same"


def assert_as_on_paper(world: World, when: str) -> None:
    stored, expected = world.stored(), world.expected()
    assert stored.keys() == expected.keys(), when
    differing = {
        profile: (stored[profile], expected[profile]) for profile in stored if stored[profile] != expected[profile]
    }
    assert not differing, f"{when}: {len(differing)} differ, such as {next(iter(differing.items()))}"
    feature_of = {(key, code): id for id, key, code in Feature.objects.values_list("id", "attribute__key", "code")}
    for each in world.people:
        cited = set(stored.get(each.person.profile_id, ([], [], []))[2]) - {0}
        assert cited <= {feature_of[allowed] for allowed in each.allowed()}, "no reason without a permit"


def test_an_offer_that_changes_while_a_range_is_read_is_not_forgotten(
    db: None, owner_connection: psycopg.Connection, as_role: AsRole, monkeypatch: pytest.MonkeyPatch
):
    shop = open_shop()
    ada = somebody().tells(skin="dry").grants()
    world = World(owner_connection, as_role)
    world.sweep()
    read_stored = reading.stored

    def meanwhile(*given: object, **values: object) -> object:
        found = read_stored(*given, **values)  # type: ignore[arg-type]
        owner_connection.execute("UPDATE recommendations_offer SET prior = 9 WHERE slug = 'gel'")
        return found

    Offer.objects.filter(slug="nut-free").update(prior=1)  # changes nothing for Ada
    with monkeypatch.context() as patch:
        patch.setattr(reading, "stored", meanwhile)
        world.sweep()
    world.sweep()
    assert world.stored()[ada.profile_id][0][0] == shop.offers["gel"]


@dataclass(frozen=True)
class Shelf:
    """A catalogue of the engine's own: terms and weights of each offer, by id."""

    terms: dict[int, OfferTerms]
    weights: dict[int, list[Weight]]

    def engine(self) -> Engine:
        return Engine.of(FEATURES, self.terms.values(), [each for some in self.weights.values() for each in some])


@st.composite
def shelves(draw: st.DrawFn, ids: list[int]) -> Shelf:
    moments = st.none() | st.sampled_from([NOW - timedelta(hours=1), NOW, NOW + timedelta(hours=1)])
    terms = {
        each: OfferTerms(
            id=each,
            prior=draw(WEIGHTS),
            priority=draw(st.integers(0, 2)),
            eligibility=draw(st.none() | conditions),
            veto=draw(st.none() | conditions),
            starts_at=draw(moments),
            ends_at=draw(moments),
            stock=draw(st.none() | st.integers(0, 1)),
            is_active=draw(st.sampled_from([True, True, True, False])),
            category_id=draw(st.integers(0, 2)),
        )
        for each in ids
    }
    weights = {
        each: [
            Weight(each, feature, weight)
            for feature, weight in draw(st.dictionaries(st.sampled_from(list(BY_ID)), WEIGHTS, max_size=4)).items()
        ]
        for each in ids
    }
    return Shelf(terms, weights)


@st.composite
def changed_shelves(draw: st.DrawFn) -> tuple[Shelf, Shelf, list[int]]:
    """A catalogue, the same after a few offers have changed, come or gone, and which those are."""
    ids = draw(st.lists(st.integers(1, 40), unique=True, min_size=1, max_size=10))
    before = draw(shelves(ids))
    changed = draw(st.lists(st.sampled_from([*ids, 50, 51]), unique=True, min_size=1, max_size=3))
    other = draw(shelves(changed))
    terms, weights = dict(before.terms), dict(before.weights)
    for each in changed:
        fate = draw(st.sampled_from(["changed", "changed", "moved", "gone"]))
        terms.pop(each, None)
        if fate == "moved" and each in before.terms:
            terms[each] = replace(before.terms[each], category_id=other.terms[each].category_id)
        elif fate != "gone":
            terms[each], weights[each] = other.terms[each], other.weights[each]
    return before, Shelf(terms, weights), changed


@given(changed_shelves(), st.lists(profiles, min_size=1, max_size=8), st.data())
def test_whoever_is_said_to_stay_stays_exactly(
    shelf: tuple[Shelf, Shelf, list[int]], rows: list[frozenset[int]], data: st.DataObject
):
    before, after, changed = shelf
    pairs = st.tuples(st.integers(0, len(rows) - 1), st.sampled_from([*before.terms, *after.terms]))
    unwanted = sorted(data.draw(st.lists(pairs, max_size=4)))
    suppressed = Suppressed(
        np.array([place for place, _ in unwanted], dtype=np.int64),
        np.array([offer for _, offer in unwanted], dtype=np.int64),
        np.zeros(len(unwanted), dtype=np.int64),
    )
    had = before.engine().fit(Profiles.of(rows), NOW, suppressed)
    engine = after.engine()
    stays = ~engine.may_change(Profiles.of(rows), Stored(had.offers, had.scores), changed, NOW)
    now = engine.fit(Profiles.of(rows), NOW, suppressed)
    for name in ("offers", "scores", "reasons"):
        assert getattr(now, name)[stays].tolist() == getattr(had, name)[stays].tolist()
