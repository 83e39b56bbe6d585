"""Marketers see how many people an offer is for, before they save it, in the list and on the start page."""

import json
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.contrib.auth.models import Group, Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from recommendations import stock
from recommendations.models import Offer
from tests.recommendations.shop import Shop

OFFERS = "/admin/recommendations/offer/"
DRY = {"attribute": "skin", "op": "is", "value": "dry"}


def signed_in(*permissions: str) -> Client:
    group, _made = Group.objects.get_or_create(name="tested")
    group.permissions.set(Permission.objects.filter(codename__in=permissions))
    user = User.objects.create_user("mia", password="only-for-tests", is_staff=True)
    user.groups.add(group)
    client = Client()
    assert client.login(username="mia", password="only-for-tests")
    return client


@pytest.fixture
def marketer(shop: Shop) -> Client:
    return signed_in("view_offer", "change_offer", "add_offer", "view_offerweight")


@pytest.fixture
def crowd(shop: Shop, owner_connection: psycopg.Connection) -> None:
    """A hundred people with dry skin and two hundred of whom only calm is known."""
    owner_connection.execute(
        """WITH came AS (
               INSERT INTO preferences_customer (id, language, created_at)
               SELECT n, 'en', now() FROM generate_series(1000, 1299) n RETURNING id
           ), profiled AS (
               INSERT INTO preferences_profile (id, customer_id, kind, name, created_at)
               SELECT id, id, 'self', '', now() FROM came RETURNING id)
           INSERT INTO preferences_permit (
               profile_id, purpose_id, customer_id, serial, features, attributes, expires_at, issued_at)
           SELECT id, %s, id, nextval('preferences_permit_serial'),
                  ARRAY[CASE WHEN id < 1100 THEN %s ELSE %s END::integer], '{}', now() + '1 day'::interval, now()
           FROM profiled""",
        [shop.purpose.pk, shop.features["skin=dry"], shop.features["goals=calm"]],
    )


def asked(client: Client, shop: Shop, address: str = "audience/", **sent: Any) -> Any:
    form = {"purpose": shop.purpose.pk, "eligibility": "", "veto": ""} | sent
    return client.post(f"{OFFERS}{address}", form, headers={"HX-Request": "true"})


def test_a_condition_is_counted_before_it_is_saved(marketer: Client, shop: Shop, crowd: None):
    shown = asked(marketer, shop, eligibility=json.dumps(DRY)).context["audience"]
    assert shown.words in {f"about {number}" for number in (90, 100, 110)}
    assert shown.of_words in {f"about {number}" for number in (290, 300, 310)}
    assert shown.whom == "Only for people of whom “Skin” is exactly “dry”."
    assert asked(marketer, shop, veto=json.dumps(DRY)).context["audience"].words in {
        f"about {number}" for number in (190, 200, 210)
    }
    nobody = {"all": [DRY, {"attribute": "goals", "op": "answered"}]}
    assert asked(marketer, shop, eligibility=json.dumps(nobody)).context["audience"].words == "fewer than ~20"


def test_without_htmx_it_is_a_page_of_its_own(marketer: Client, shop: Shop, crowd: None):
    response = marketer.post(f"{OFFERS}{shop.offers['cream']}/audience/", {"purpose": shop.purpose.pk})
    assert response.status_code == 200
    assert "may have it" in response.content.decode()
    assert "Fewer than ~20 have it among their five now" in response.content.decode()


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"purpose": ""}, "Choose the purpose first."),
        ({"purpose": "9999"}, "Choose the purpose first."),
        ({"purpose": "1 OR 1=1"}, "Choose the purpose first."),
        ({"purpose": "١"}, "Choose the purpose first."),
        ({"eligibility": "{"}, "cannot be read"),
        ({"eligibility": '{"attribute": "skin", "op": "near"}'}, "cannot be read"),
        ({"eligibility": '"\\u0000"'}, "cannot be read"),
        ({"veto": json.dumps(DRY | {"value": "blue"})}, "no answer “blue”"),
        ({"eligibility": json.dumps(DRY | {"attribute": "unheard_of"})}, "no attribute “unheard_of”"),
    ],
)
def test_what_cannot_be_counted_says_why(sent: dict[str, str], words: str, marketer: Client, shop: Shop):
    assert words in asked(marketer, shop, **sent).context["audience"].wrong


def test_who_may_only_look_sees_no_counts(shop: Shop, crowd: None):
    support = signed_in("view_offer", "view_offerweight")
    assert asked(support, shop).status_code == 403
    page = support.get(OFFERS).content.decode()
    assert "may have it" not in page
    assert "offer-audience" not in support.get(f"{OFFERS}{shop.offers['cream']}/change/").content.decode()
    assert "Offers that run out" not in support.get("/admin/").content.decode()


def test_the_list_says_how_many_and_asks_no_more_for_more_offers(marketer: Client, shop: Shop, crowd: None):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            response = marketer.get(OFFERS)
        assert response.status_code == 200
        assert "0 may have it" in response.content.decode()
        return len(queries)

    count()
    Offer.objects.filter(slug="card").update(eligibility=DRY)
    before = count()
    Offer.objects.bulk_create(
        Offer(slug=f"more-{n}", title={"en": f"More {n}"}, benefit_kind="sample", purpose=shop.purpose)
        for n in range(30)
    )
    assert count() <= before


def test_a_broken_condition_is_told_in_the_list(marketer: Client, shop: Shop, owner_connection: psycopg.Connection):
    owner_connection.execute("""UPDATE recommendations_offer SET veto = '{"op": 5}' WHERE slug = 'card'""")
    page = marketer.get(OFFERS)
    assert page.status_code == 200
    assert "its condition cannot be read" in page.content.decode()


def test_the_start_page_names_what_sells_out_or_ends(marketer: Client, shop: Shop):
    Offer.objects.filter(slug="card").update(stock=0)
    Offer.objects.filter(slug="gel").update(ends_at=timezone.now() + timedelta(days=2, hours=1))
    page = marketer.get("/admin/").content.decode()
    assert "Offers that run out" in page
    assert "sold out" in page
    assert "ends in 2 days" in page
    assert f"{OFFERS}{shop.offers['cream']}/change/" not in page


@pytest.mark.parametrize(
    ("left", "took", "words", "lasts", "is_low"),
    [
        (None, 50, "unlimited", "", False),
        (0, 50, "0 left", "", True),
        (5, 70, "5 left", "runs out in about 1 day", True),
        (40, 70, "40 left", "runs out in about 4 days", True),
        (1000, 70, "1,000 left", "runs out in about 100 days", False),
        (100_000, 70, "100,000 left", "lasts more than a year", False),
        (40, None, "40 left", "", False),
    ],
)
def test_stock_at_a_glance(left: int | None, took: int | None, words: str, lasts: str, is_low: bool):
    seen = stock.stock_of(Offer(stock=left), took)
    assert (seen.words, seen.lasts, seen.is_low) == (words, lasts, is_low)
