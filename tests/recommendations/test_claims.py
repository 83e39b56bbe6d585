"""Taking an offer: once a customer, never beyond stock, kept through every withdrawal."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from preferences import services as preferences
from recommendations import services
from recommendations.models import Claim, Offer
from tests.recommendations.shop import Person, Shop, somebody

Worker = Callable[..., int]


@pytest.fixture
def served(ada: Person, worker: Worker) -> Person:
    worker("compute_due")
    return ada


def claim(person: Person, slug: str) -> object:
    return person.does(lambda: services.claim(slug=slug))


def test_a_claim_gives_the_code_and_again_the_same(served: Person):
    Offer.objects.filter(slug="cream").update(stock=5)
    assert claim(served, "cream") == "CREAM"
    assert claim(served, "cream") == "CREAM"
    assert Offer.objects.get(slug="cream").stock == 4
    assert served.does(Claim.objects.count) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"is_active": False},
        {"stock": 0},
        {"ends_at": timezone.now() - timedelta(days=1)},
        {"starts_at": timezone.now() + timedelta(days=1)},
    ],
)
def test_an_offer_that_is_not_open_cannot_be_claimed(change: dict[str, object], served: Person):
    Offer.objects.filter(slug="cream").update(**change)
    with pytest.raises(services.OfferGone):
        claim(served, "cream")


def test_an_offer_that_is_not_among_ones_own_cannot_be_claimed(served: Person, bo: Person):
    with pytest.raises(services.OfferGone):
        claim(served, "nut-free")
    with pytest.raises(services.OfferGone):
        claim(bo, "cream")
    with pytest.raises(Offer.DoesNotExist):
        claim(served, "no-such-offer")


def test_withdrawing_takes_the_offers_but_never_the_code(served: Person):
    claim(served, "cream")
    served.withdraws()
    assert claim(served, "cream") == "CREAM"
    with pytest.raises(services.OfferGone):
        claim(served, "gel")


def test_erasing_takes_the_claims_too(served: Person, owner_connection: psycopg.Connection):
    claim(served, "cream")
    served.does(preferences.erase_customer)
    assert owner_connection.execute("SELECT count(*) FROM recommendations_claim").fetchone() == (0,)


def test_five_in_stock_for_fifty_who_want_one(shop: Shop, worker: Worker, owner_connection: psycopg.Connection):
    people = [somebody().tells(skin="dry").grants() for _ in range(50)]
    worker("compute_due")
    Offer.objects.filter(slug="cream").update(stock=5)
    together = Barrier(10)

    def want(person: Person) -> bool:
        try:
            together.wait(60)
            return claim(person, "cream") == "CREAM"
        except services.OfferGone:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        got = list(pool.map(want, people))
    assert sum(got) == 5
    assert owner_connection.execute("SELECT count(*) FROM recommendations_claim").fetchone() == (5,)
    assert Offer.objects.get(slug="cream").stock == 0


def test_one_customer_in_a_hurry_takes_one(served: Person, owner_connection: psycopg.Connection):
    Offer.objects.filter(slug="cream").update(stock=50)

    def want(_time: int) -> object:
        try:
            return claim(served, "cream")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(want, range(40))) == {"CREAM"}
    assert Offer.objects.get(slug="cream").stock == 49
