"""Marketers try made-up people: what they would get, with the arithmetic, and why not the rest."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from recommendations import catalogue
from recommendations.models import Offer
from tests.recommendations.shop import Shop

PERSONAS = "/admin/recommendations/offer/personas/"


@pytest.fixture(autouse=True)
def _no_catalogue_of_the_test_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "_loaded", None)  # versions begin anew in each test, and nowhere else


@pytest.fixture
def marketer(shop: Shop) -> Client:
    User.objects.create_superuser("mia", password="only-for-tests")
    client = Client()
    assert client.login(username="mia", password="only-for-tests")
    return client


def seen(client: Client, **said: Any) -> dict[str, Any]:
    """What the page shows: titles of the chosen with their lines, and of the others with their reasons."""
    response = client.get(PERSONAS, said)
    assert response.status_code == 200
    return {
        "chosen": {each.slug: each for each in response.context["chosen"]},
        "others": {each.slug: each for each in response.context["others"]},
        "html": response.content.decode(),
    }


def test_a_persona_gets_what_such_a_customer_would_with_the_arithmetic(marketer: Client, shop: Shop):
    page = seen(marketer, skin="dry", goals=["calm", "glow"])
    assert list(page["chosen"]) == ["cream", "gel", "card"]
    cream = page["chosen"]["cream"]
    assert [(line.words, line.points, line.is_reason) for line in cream.lines] == [
        ("Skin: dry", "+3", True),
        ("Goals: calm", "+2", True),
        ("Prior, for everybody", "0", False),
    ]
    assert cream.score == "5"


def test_what_they_do_not_get_says_why_and_leads_to_the_field(marketer: Client, shop: Shop):
    page = seen(marketer, skin="oily", allergy="nuts")
    gel = page["others"]["gel"]
    assert gel.why_not == "Never for people of whom “Allergy” is exactly “nuts”. Of this persona that is so."
    assert gel.field_url == f"/admin/recommendations/offer/{shop.offers['gel']}/change/#id_veto"
    assert f'href="{gel.field_url}"' in page["html"]
    assert "nut-free" in page["chosen"]
    page = seen(marketer, skin="oily")
    nut_free = page["others"]["nut-free"]
    assert nut_free.why_not == "Only for people of whom “Allergy” is known. This persona has not said."
    assert nut_free.field_url.endswith("#id_eligibility")


@pytest.mark.parametrize(
    ("changes", "words", "field"),
    [
        ({"is_active": False}, "It is switched off.", "is_active"),
        ({"stock": 0}, "Sold out: none is left.", "stock"),
        ({"starts_at": timezone.now() + timedelta(days=3)}, "Not yet: it starts on", "starts_at_0"),
        ({"ends_at": timezone.now() - timedelta(days=3)}, "Over since", "ends_at_0"),
        (
            {"eligibility": {"attribute": "skin", "op": "is", "value": "dry"}},
            "Only for people of whom “Skin” is exactly “dry”. This persona has not said.",
            "eligibility",
        ),
    ],
)
def test_each_cause_is_told(changes: dict[str, Any], words: str, field: str, marketer: Client, shop: Shop):
    Offer.objects.filter(slug="card").update(**changes)
    card = seen(marketer, goals="calm")["others"]["card"]
    assert card.why_not.startswith(words)
    assert card.field_url.endswith(f"#id_{field}")


def test_that_nothing_was_said_is_told_in_one_sentence(marketer: Client, shop: Shop):
    either = {"any": [{"attribute": "skin", "op": "answered"}, {"attribute": "goals", "op": "answered"}]}
    Offer.objects.filter(slug="card").update(eligibility=either)
    words = "Only for people of whom one of these is known: “Skin”, “Goals”. This persona has not said."
    assert seen(marketer, allergy="none")["others"]["card"].why_not == words


def test_once_the_cause_is_repaired_they_get_it(marketer: Client, shop: Shop):
    assert "gel" in seen(marketer, skin="oily", allergy="nuts")["others"]
    Offer.objects.filter(slug="gel").update(veto=None)
    assert "gel" in seen(marketer, skin="oily", allergy="nuts")["chosen"]


def test_what_was_sold_meanwhile_counts_at_once(marketer: Client, shop: Shop, owner_connection: Any):
    Offer.objects.filter(slug="card").update(stock=1)
    assert "card" in seen(marketer)["chosen"]
    owner_connection.execute("UPDATE recommendations_offer SET stock = 0 WHERE slug = 'card'")
    assert "card" in seen(marketer)["others"]


def test_the_address_keeps_only_what_was_said(marketer: Client, shop: Shop):
    response = marketer.get(PERSONAS, {"skin": "dry", "goals": "", "_find": ""})
    assert response.status_code == 302
    assert response["Location"] == f"{PERSONAS}?_purpose=offers&skin=dry"


def test_under_htmx_only_the_offers_come_and_the_address_follows(marketer: Client, shop: Shop):
    response = marketer.get(PERSONAS, {"skin": "dry", "goals": ""}, headers={"HX-Request": "true"})
    assert response["HX-Replace-Url"] == f"{PERSONAS}?_purpose=offers&skin=dry"
    assert response.content.decode().lstrip().startswith('<div id="persona-offers"')


def test_forged_answers_are_left_aside_and_said_so(marketer: Client, shop: Shop):
    page = seen(
        marketer, **{"skin": ["blue", "dry", "oily"], "<b>": "1", "weight": "999", "_purpose": "none\0", "a": "\0"}
    )
    assert "&lt;b&gt;" in page["html"]
    assert "skin=blue" in page["html"]
    assert page["chosen"]["gel"].lines[0].words == "Skin: oily"  # of a single choice the last one counts
    assert "<b>" not in page["html"].split("persona-offers")[2][:400]


def test_a_broken_condition_stops_no_other_offer_and_is_told(marketer: Client, shop: Shop, owner_connection: Any):
    broken = json.dumps({"attribute": "skin", "op": "near"})
    owner_connection.execute("UPDATE recommendations_offer SET eligibility = %s WHERE slug = 'card'", [broken])
    page = seen(marketer, skin="dry")
    assert page["others"]["card"].why_not == "Nobody gets it: its condition cannot be read."
    assert "cream" in page["chosen"]


def test_more_offers_are_more_rows_but_not_more_queries(marketer: Client, shop: Shop):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            marketer.get(PERSONAS, {"skin": "dry"})
        return len(queries)

    count()
    Offer.objects.filter(slug="card").update(prior=0.25)
    before = count()
    Offer.objects.bulk_create(
        Offer(slug=f"more-{n}", title={"en": f"More {n}"}, benefit_kind="sample", purpose=shop.purpose)
        for n in range(200)
    )
    assert count() <= before
    page = seen(marketer, skin="dry")
    assert len(page["others"]) == 40
    assert "Show 159 more" in page["html"]
    assert list(seen(marketer, skin="dry", _find="more 117")["others"]) == ["more-117"]
    assert len(seen(marketer, skin="dry", _all="1")["others"]) > 190


def test_nobodys_answers_are_read(marketer: Client, shop: Shop):
    with CaptureQueriesContext(connection) as queries:
        seen(marketer, skin="dry")
    personal = re.compile(
        r"(preferences_(permit|preference|customer|profile|grant)|_(tailoredoffers|claim|suppression))\b"
    )
    assert [each["sql"] for each in queries if personal.search(each["sql"])] == []


def test_only_who_may_see_offers_sees_it(shop: Shop):
    nobody = User.objects.create_user("nora", password="only-for-tests", is_staff=True)
    client = Client()
    client.login(username="nora", password="only-for-tests")
    assert client.get(PERSONAS).status_code in (302, 403)
    group, _made = Group.objects.get_or_create(name="viewers")
    group.permissions.add(Permission.objects.get(codename="view_offer"))
    nobody.groups.add(group)
    assert client.get(PERSONAS).status_code == 200
