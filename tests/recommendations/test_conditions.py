"""Marketers say in sentences whom an offer is for; what they do not touch stays as it is."""

import json
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from preferences.conditions import Condition, holds, parse, to_json
from recommendations import condition_rows
from recommendations.condition_rows import Group, Row
from recommendations.models import Offer
from tests.recommendations.shop import Shop
from tests.recommendations.test_audience import conditions, people
from tests.recommendations.test_audience_pages import signed_in

DRY = {"attribute": "skin", "op": "in", "value": ["dry"]}
GOALS = {"attribute": "goals", "op": "answered", "value": True}


@pytest.fixture
def marketer(shop: Shop) -> Client:
    return signed_in("view_offer", "change_offer", "view_offerweight")


def address(shop: Shop, offer: str = "card", field: str = "eligibility") -> str:
    return f"/admin/recommendations/offer/{shop.offers[offer]}/whom/{field}/"


@given(conditions, people)
def test_what_is_read_and_written_means_the_same(condition: Condition, facts: set[tuple[str, str]]):
    known = {key: frozenset(code for other, code in facts if other == key) for key, _code in facts}
    single = {key: codes for key, codes in known.items() if key == "goals" or len(codes) == 1}
    written = condition_rows.write(condition_rows.read(to_json(condition), {"goals"}))
    assert holds(parse(written, operand="attribute"), single) is holds(condition, single)


def fields(group: Group, name: str = "c") -> dict[str, list[str]]:
    """What the page's form would send for it."""
    sent = {f"{name}-join": [group.join]}
    for index, part in enumerate(group.parts):
        here = f"{name}-{index}"
        if isinstance(part, Group):
            sent |= fields(part, here)
        elif isinstance(part, Row):
            sent |= {f"{here}-of": [part.of], f"{here}-op": [part.op], f"{here}-value": list(part.values)}
        else:
            sent[f"{here}-kept"] = [json.dumps(part.raw)]
    return sent


@given(conditions)
def test_what_the_form_sends_back_untouched_is_what_was_there(condition: Condition):
    group = condition_rows.read(to_json(condition), {"goals"})
    sent = fields(group)
    single = {name: values[0] for name, values in sent.items() if values}
    assert condition_rows.sent(single, lambda name: sent.get(name, []), "c") == group


@given(conditions, st.text(max_size=20), st.sampled_from(["add", "group", "remove", "", "save"]))
def test_whatever_is_pressed_nothing_breaks(condition: Condition, place: str, verb: str):
    group = condition_rows.read(to_json(condition), {"goals"})
    for name in (place, f"c-{place}", "c-0-0-0", "c-9", "c-٣", "c--1"):
        condition_rows.write(condition_rows.pressed(group, "c", f"{verb}:{name}"))


def test_a_condition_is_built_by_buttons_alone(marketer: Client, shop: Shop):
    page = marketer.post(address(shop), {"do": "add:c"})
    assert 'name="c-0-of"' in page.content.decode()
    page = marketer.post(address(shop), {"do": "", "c-0-was": "", "c-0-of": "skin", "c-0-op": "in"})
    assert 'name="c-0-value" value="dry"' in page.content.decode()
    row = {"c-0-was": "skin", "c-0-of": "skin", "c-0-op": "in", "c-0-value": "dry"}
    page = marketer.post(address(shop), row | {"do": "group:c"})
    assert 'name="c-1-0-of"' in page.content.decode()
    nested = {"c-1-join": "any", "c-1-0-of": "goals", "c-1-0-op": "answered"}
    page = marketer.post(address(shop), row | nested | {"c-join": "all", "do": ""})
    assert "“Skin” is “dry” and “Goals” is known." in page.content.decode()
    response = marketer.post(address(shop), row | nested | {"c-join": "all", "do": "save"})
    assert response.status_code == 302
    assert Offer.objects.get(slug="card").eligibility == {"all": [DRY, GOALS]}
    marketer.post(address(shop), {"do": "save"})
    assert Offer.objects.get(slug="card").eligibility is None


def test_of_another_attribute_the_answers_are_others(marketer: Client, shop: Shop):
    sent = {"c-0-was": "skin", "c-0-of": "goals", "c-0-op": "in", "c-0-value": "dry", "do": ""}
    page = marketer.post(address(shop), sent).content.decode()
    assert 'value="calm"' in page
    assert 'value="dry"' not in page


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"c-0-of": "skin", "c-0-op": "in"}, "A line is not finished"),
        ({"c-0-of": "", "c-0-op": "in"}, "A line is not finished"),
        ({"c-0-of": "skin", "c-0-op": "in", "c-0-value": "blue"}, "has no answer “blue”"),
        ({"c-0-of": "unheard", "c-0-op": "answered"}, "There is no attribute “unheard”"),
        ({"c-0-kept": '{"attribute": "skin", "op": "near"}'}, "op"),
        ({"c-0-of": "allergy", "c-0-op": "in", "c-0-value": "nuts"}, "Whoever sees this offer"),
    ],
)
def test_what_would_not_do_is_not_stored_and_says_why(sent: dict[str, str], words: str, marketer: Client, shop: Shop):
    response = marketer.post(address(shop), sent | {"do": "save"})
    assert response.status_code == 422
    assert words in " ".join(response.context["wrong"])
    assert Offer.objects.get(slug="card").eligibility is None


def test_a_stored_condition_is_shown_and_one_of_another_kind_kept(marketer: Client, shop: Shop):
    page = marketer.get(address(shop, "gel", "veto")).content.decode()
    assert "“Allergy” is" in page
    assert 'name="c-0-of"' in page
    Offer.objects.filter(slug="card").update(veto={"not": {"all": [DRY, GOALS]}})
    assert "It stays as it is." in marketer.get(address(shop, field="veto")).content.decode()


def test_who_may_only_look_does_not_write(shop: Shop):
    support = signed_in("view_offer")
    assert support.get(address(shop)).status_code == 403
    assert support.post(address(shop), {"do": "save"}).status_code == 403


@pytest.mark.parametrize("field", ["slug", "code", "x"])
def test_no_other_field_is_written(field: str, marketer: Client, shop: Shop):
    assert marketer.get(address(shop, field=field)).status_code == 404


def test_a_broken_condition_in_the_database_can_still_be_replaced(marketer: Client, shop: Shop, owner_connection: Any):
    owner_connection.execute("""UPDATE recommendations_offer SET eligibility = '[5, {"op": 1}]' WHERE slug = 'card'""")
    assert marketer.get(address(shop)).status_code == 200
    assert marketer.post(address(shop), {"do": "save"}).status_code == 302
