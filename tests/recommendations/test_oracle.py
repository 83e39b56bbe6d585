"""A thousand people and sixty offers: what is stored agrees with plain Python, and again after every kind of change.

So it also says that nothing counts which is not allowed, and that looking only at what changed forgets nobody.
"""

from collections import defaultdict

import psycopg
import pytest
from django.db import connection, transaction

from preferences import services
from preferences.models import Feature
from recommendations import computing, passes, reading
from recommendations.models import Category, ComputedRange, Offer, OfferWeight, Product, TraitWeight
from recommendations.scoring import Engine
from recommendations.services import dismiss
from tests.recommendations import crowd
from tests.recommendations.on_paper import AsRole, World
from tests.recommendations.shop import open_shop, somebody


@pytest.fixture
def world(db: None, owner_connection: psycopg.Connection, as_role: AsRole, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(ComputedRange, "WIDTH", 300)  # several ranges, of several chunks
    monkeypatch.setattr(computing, "CHUNK", 128)
    made = World(owner_connection, as_role)
    crowd.arrange(made)
    return made


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
    one_trait_weight_changes: True,
    some_dismiss_what_they_got: False,
    some_withdraw: False,
    some_leave_an_item_out: False,
    some_answers_expire: False,
    one_offer_sells_out: True,
    a_window_closes: True,
    one_offer_goes: True,
    many_offers_change: True,
}


def test_everybody_has_what_plain_python_says_before_and_after_every_change(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    looked_again: list[int] = []
    may_change = Engine.may_change

    def noting(*given: object) -> object:
        looked_again.append(1)
        return may_change(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(Engine, "may_change", noting)
    world.sweep()
    assert_as_on_paper(world, "at first")
    assert sum(bool(offers) for offers, _, _ in world.stored().values()) > len(world.people) / 2
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
