"""Marketers set how often is enough, and when nobody is written to, and read it in words."""

from datetime import time
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from recommendations.models import Cap, Offer, Restraint
from tests.recommendations.restraint import cap
from tests.recommendations.shop import Shop

PAGE = "/admin/recommendations/restraint/1/change/"
KEPT = {"dismissed_days": "14", "quiet_from": "21:00", "quiet_until": "08:00", "holdout_percent": "5"}


@pytest.fixture
def mia(shop: Shop) -> Client:
    """A marketer, with no more rights than that."""
    user = User.objects.create_user("mia", "mia@example.org", "only-for-tests", is_staff=True)
    user.groups.add(Group.objects.get(name="marketer"))
    client = Client()
    assert client.login(username="mia", password="only-for-tests")
    return client


def test_restraint_is_one_page_in_words(mia: Client):
    assert mia.get("/admin/recommendations/restraint/").headers["Location"] == PAGE
    assert mia.post(PAGE, KEPT).status_code == 302
    page = mia.get(PAGE).content.decode()
    assert "stays away for 14 days" in page
    assert "No letter between 21:00 and 08:00" in page
    assert "5 of 100 customers are never sent an offer" in page
    kept = Restraint.objects.only("quiet_from").get()
    assert kept.quiet_from == time(21)
    assert mia.get("/admin/recommendations/restraint/add/").status_code == 403
    assert mia.post("/admin/recommendations/restraint/1/delete/").status_code == 403


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"quiet_until": ""}, "quiet_until"),
        ({"quiet_from": ""}, "quiet_from"),
        ({"quiet_from": "08:00"}, "quiet_until"),
        ({"holdout_percent": "51"}, "holdout_percent"),
        ({"dismissed_days": "0"}, "dismissed_days"),
    ],
)
def test_what_makes_no_sense_is_said_where_it_is(changes: dict[str, Any], field: str, mia: Client):
    answer = mia.post(PAGE, KEPT | changes)
    assert list(answer.context["adminform"].form.errors) == [field]
    assert Restraint.objects.only("dismissed_days").get().dismissed_days == 30


def test_caps_are_set_for_the_brand_and_read_as_a_sentence(mia: Client):
    fields = {"counts": "customer", "channel": "mail", "offer": "", "most": "3", "days": "7"}
    assert mia.post("/admin/recommendations/cap/add/", fields).status_code == 302
    page = mia.get("/admin/recommendations/cap/").content.decode()
    assert "Nobody meets more than 3 offers in 7 days, all together, by mail." in page
    for wrong, field in (
        ({"offer": Offer.objects.first().pk}, "counts"),
        ({"days": "400"}, "days"),
        ({"days": "0"}, "days"),
        ({"most": "0"}, "most"),
    ):
        answer = mia.post("/admin/recommendations/cap/add/", fields | wrong)
        assert list(answer.context["adminform"].form.errors) == [field]
    assert Cap.objects.count() == 1


def test_an_offer_has_its_caps_on_its_own_page(mia: Client, shop: Shop):
    cap("each_offer", 2, offer="gel")
    page = mia.get(f"/admin/recommendations/offer/{shop.offers['gel']}/change/").content.decode()
    assert 'name="caps-0-most" value="2"' in page
    assert 'value="customer"' not in page, "all offers together are the brand's"


def test_support_reads_and_changes_nothing(mia: Client, shop: Shop):
    user = User.objects.get()
    user.groups.set([Group.objects.get(name="support")])
    assert mia.get(PAGE).status_code == 200
    assert mia.post(PAGE, KEPT).status_code == 403
    assert mia.get("/admin/recommendations/cap/add/").status_code == 403
