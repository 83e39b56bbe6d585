"""Marketers edit products and offers; mistakes are named where they are. Nothing personal is in their admin."""

import json
from typing import Any

import psycopg
import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from recommendations.models import Category, Claim, Offer, TailoredOffers
from tests.recommendations.shop import Person, Shop


@pytest.fixture
def marketer(shop: Shop) -> Client:
    User.objects.create_superuser("mia", password="only-for-tests")
    client = Client()
    assert client.login(username="mia", password="only-for-tests")
    return client


def form(shop: Shop, **changes: Any) -> dict[str, Any]:
    fields = {
        "slug": "new-offer",
        "title_en": "New",
        "text_en": "",
        "benefit_kind": "sample",
        "benefit_value": "",
        "code": "NEW",
        "purpose": shop.purpose.pk,
        "prior": "0",
        "priority": "0",
        "eligibility": "",
        "veto": "",
        "is_active": "on",
        "weights-TOTAL_FORMS": "1",
        "weights-INITIAL_FORMS": "0",
        "caps-TOTAL_FORMS": "0",
        "caps-INITIAL_FORMS": "0",
        "weights-0-feature": shop.features["skin=dry"],
        "weights-0-weight": "2",
    }
    return fields | changes


def errors(response: Any) -> dict[str, list[str]]:
    return response.context["adminform"].form.errors


def test_a_marketer_adds_an_offer_with_its_weights(marketer: Client, shop: Shop):
    response = marketer.post("/admin/recommendations/offer/add/", form(shop))
    assert response.status_code == 302, errors(response)
    offer = Offer.objects.get(slug="new-offer")
    assert [(weight.feature_id, weight.weight) for weight in offer.weights.all()] == [(shop.features["skin=dry"], 2)]


@pytest.mark.parametrize(
    ("field", "changes", "message"),
    [
        ("eligibility", {"eligibility": json.dumps({"any": [{"attribute": "skin", "op": "near"}]})}, "At any[0].op"),
        ("eligibility", {"eligibility": "{"}, "valid JSON"),
        ("veto", {"veto": json.dumps({"attribute": "skin", "op": "is", "value": "blue"})}, "no answer “blue”"),
        ("benefit_value", {"benefit_kind": "percentage"}, "how much"),
        ("benefit_value", {"benefit_kind": "percentage", "benefit_value": "120"}, "at most 100"),
        ("benefit_value", {"benefit_value": "3"}, "leave it empty"),
        ("product", {"benefit_kind": "amount", "benefit_value": "3"}, "needs a product"),
        ("eligibility", {"is_sensitive": "on"}, "must always ask for one of allergy"),
        (
            "ends_at",
            {
                "starts_at_0": "2026-02-02",
                "starts_at_1": "00:00",
                "ends_at_0": "2026-02-01",
                "ends_at_1": "00:00",
            },
            "after it starts",
        ),
    ],
)
def test_a_mistake_is_named_where_it_is(
    field: str, changes: dict[str, Any], message: str, marketer: Client, shop: Shop
):
    response = marketer.post("/admin/recommendations/offer/add/", form(shop, **changes))
    assert response.status_code == 200
    assert message in " ".join(errors(response)[field])
    assert not Offer.objects.filter(slug="new-offer").exists()


def test_the_lists_and_forms_open(marketer: Client, shop: Shop):
    for address in ("offer/", "product/", "offer/add/", "product/add/", f"offer/{shop.offers['nut-free']}/change/"):
        assert marketer.get(f"/admin/recommendations/{address}").status_code == 200, address
    page = marketer.get(f"/admin/recommendations/offer/{shop.offers['nut-free']}/change/").content.decode()
    assert "Only for people of whom “Allergy” is known." in page


def test_the_form_asks_no_more_the_more_weights_there_are(marketer: Client, shop: Shop):
    offer = Offer.objects.get(slug="gel")

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            marketer.get(f"/admin/recommendations/offer/{offer.pk}/change/")
        return len(queries)

    count()
    before = count()
    for feature in ("goals=calm", "skin=dry", "weight=light", "weight=heavy"):
        offer.weights.create(feature_id=shop.features[feature], weight=1)
    assert count() == before


def test_nothing_personal_is_in_the_admin():
    assert not admin.site.is_registered(Claim)
    assert not admin.site.is_registered(TailoredOffers)


def test_an_offer_and_a_category_can_be_deleted_with_what_people_did_with_them(
    marketer: Client, shop: Shop, ada: Person, owner_connection: psycopg.Connection
):
    category = Category.objects.create(slug="gone", name={"en": "Gone"})
    owner_connection.execute(
        """INSERT INTO recommendations_suppression (
               profile_id, customer_id, offer_id, category_id, reason, times, noted_at, is_over)
           VALUES (%(profile)s, %(ada)s, %(offer)s, NULL, 'not_for_me', 1, now(), false),
                  (%(profile)s, %(ada)s, NULL, %(category)s, 'not_for_me', 1, now(), false)""",
        {"profile": ada.profile_id, "ada": ada.id, "offer": shop.offers["card"], "category": category.pk},
    )
    for address in (f"offer/{shop.offers['card']}/delete/", f"category/{category.pk}/delete/"):
        assert marketer.post(f"/admin/recommendations/{address}", {"post": "yes"}).status_code == 302
    assert not Offer.objects.filter(slug="card").exists()
    assert not Category.objects.filter(slug="gone").exists()
    assert owner_connection.execute("SELECT count(*) FROM recommendations_suppression").fetchone() == (0,)
