"""How often is enough: caps on pages, however many tabs are open."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import timedelta
from threading import Barrier

import psycopg
import pytest
from django.db import connection, transaction
from django.utils import timezone

from preferences import access
from recommendations import passing_time, selectors
from recommendations.models import Exposure, Offer
from tests.recommendations.restraint import AsRole, Worker, cap, days_pass, seen
from tests.recommendations.shop import Person, Shop, T, somebody
from tests.recommendations.test_pages import browser


@pytest.fixture
def served(ada: Person, worker: Worker) -> Person:
    worker("compute_due")
    return ada


def test_reading_a_page_again_counts_once_a_day(served: Person, owner_connection: psycopg.Connection):
    cap("each_offer", 2)
    for _load in range(5):
        assert seen(served) == ["cream", "gel", "card"]
    days_pass(owner_connection, 1)
    assert seen(served) == ["cream", "gel", "card"]
    days_pass(owner_connection, 1)
    assert seen(served) == [], "two days of seven are enough"
    assert 'data-state="rests"' in browser(served).get("/offers/").content.decode()
    days_pass(owner_connection, 6)
    assert seen(served) == ["cream", "gel", "card"]


def test_a_cap_on_one_offer_leaves_the_others(served: Person, owner_connection: psycopg.Connection):
    cap("each_offer", 1, offer="cream", channel="page")
    seen(served)
    days_pass(owner_connection, 1)
    assert seen(served) == ["gel", "card"]


def test_a_cap_on_mail_leaves_pages_alone(served: Person, owner_connection: psycopg.Connection):
    cap("each_offer", 1, channel="mail")
    seen(served)
    days_pass(owner_connection, 1)
    assert seen(served) == ["cream", "gel", "card"]


def test_a_customer_gets_the_best_first_and_no_more_than_the_cap(served: Person):
    cap("customer", 2)
    assert seen(served) == ["cream", "gel"]
    assert seen(served) == ["cream", "gel"], "what was counted stays for the day"


def test_only_looking_counts_nothing(served: Person):
    cap("customer", 2)
    for _look in range(3):
        looked = served.does(selectors.servings)[served.profile_id]
        assert len(looked.offers) == 3
    assert served.does(Exposure.objects.count) == 0
    browser(served).get("/preferences/")
    assert served.does(Exposure.objects.count) == 0


def test_two_tabs_at_once_never_exceed_a_cap(served: Person):
    cap("customer", 2)
    together = Barrier(6)

    def open_tab(_number: int) -> list[str]:
        try:
            together.wait(60)
            return seen(served)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        tabs = list(pool.map(open_tab, range(6)))
    assert tabs == [["cream", "gel"]] * 6
    rows = served.does(lambda: [each.times for each in Exposure.objects.all()])
    assert rows == [1, 1]


def test_of_everybody_at_once_no_more_than_the_cap_see_it(
    shop: Shop, worker: Worker, owner_connection: psycopg.Connection
):
    people = [somebody().tells(skin="dry", goals=["glow"]).grants() for _ in range(16)]
    worker("compute_due")
    cap("everybody", 5, offer="cream")
    cap("everybody", 7, offer="gel")
    together = Barrier(8)

    def look(person: Person) -> list[str]:
        try:
            together.wait(60)
            return seen(person)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        shown = list(pool.map(look, people))
    assert sum("cream" in each for each in shown) == 5
    assert sum("gel" in each for each in shown) == 7
    assert all("card" in each for each in shown)
    assert [look_again for person in people if "cream" in (look_again := seen(person))] == [
        each for each in shown if "cream" in each
    ], "who has it keeps it for the day"
    reach = owner_connection.execute("SELECT sum(page_count) FROM recommendations_offerreach").fetchone()
    assert reach == (12,)


def test_what_no_cap_counts_is_forgotten(served: Person, owner_connection: psycopg.Connection, as_role: AsRole):
    cap("each_offer", 3, days=30)
    seen(served)
    days_pass(owner_connection, 29)
    with as_role("offers"):
        passing_time.forget_exposures()
    assert served.does(Exposure.objects.count) == 3
    days_pass(owner_connection, 2)
    with as_role("offers"):
        passing_time.forget_exposures()
    assert served.does(Exposure.objects.count) == 0


def test_showing_costs_the_same_for_more_offers_and_nothing_is_written_twice(
    served: Person, shop: Shop, worker: Worker, django_assert_num_queries: Callable[[int], AbstractContextManager]
):
    def look() -> None:
        with transaction.atomic():
            access.identify(served.token)
            with django_assert_num_queries(2):
                selectors.show([served.profile_id])

    look()
    for number in range(2):
        Offer.objects.create(slug=f"more-{number}", title=T("More"), benefit_kind="sample", purpose=shop.purpose)
    worker("compute_due")
    look()
    look()


def test_withdrawn_or_closed_nothing_is_shown_whatever_was_counted(served: Person):
    assert seen(served) == ["cream", "gel", "card"]
    Offer.objects.filter(slug="gel").update(ends_at=timezone.now() - timedelta(seconds=1))
    Offer.objects.filter(slug="card").update(stock=0)
    assert seen(served) == ["cream"]
    served.withdraws()
    assert served.does(lambda: selectors.show([served.profile_id])) == {}
