"""What wrong code in the process that computes offers can do at worst."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from preferences.models import Purpose
from recommendations import selectors
from recommendations.models import Offer
from tests.recommendations.shop import Person, Shop, T

Connect = Callable[[str], psycopg.Connection]


def hand_over(worker: psycopg.Connection, offers: list[int], reasons: list[int], catalogue: int | None = None) -> Any:
    """For the one permit there is: these offers, each with the same reasons."""
    profile, purpose, serial = worker.execute(
        "SELECT profile_id, purpose_id, serial FROM preferences_permit"
    ).fetchone()
    if catalogue is None:
        (catalogue,) = worker.execute("SELECT version FROM recommendations_catalogue").fetchone()
    five = (offers + [0] * 5)[:5]
    arguments = [[profile], purpose, [serial], catalogue, five, [9.0] * 5, (reasons + [0] * 3)[:3] * 5]
    written = "SELECT commit_offers(%s, %s, %s, %s, %s::integer[], %s::real[], %s::integer[])"
    return worker.execute(written, arguments).fetchone()


def test_a_reason_that_nobody_gave_or_allowed_is_not_shown(ada: Person, shop: Shop, role_connection: Connect) -> None:
    invented, told = shop.features["allergy=nuts"], shop.features["skin=dry"]
    hand_over(role_connection("offers"), [shop.offers["cream"]], [invented, told])
    (serving,) = ada.does(selectors.servings).values()
    assert [(each.offer.slug, each.reasons) for each in serving.offers] == [("cream", (told,))]


def test_an_offer_of_another_purpose_is_not_shown(ada: Person, shop: Shop, role_connection: Connect) -> None:
    other = Purpose.objects.create(slug="other", computes_offers=True)
    strange = Offer.objects.create(
        slug="strange", title=T("Strange"), text=T("Strange."), benefit_kind="sample", purpose=other
    )
    hand_over(role_connection("offers"), [strange.pk, shop.offers["card"], 999_999], [])
    (serving,) = ada.does(selectors.servings).values()
    assert [each.offer.slug for each in serving.offers] == ["card"]


def test_what_was_handed_over_wrongly_does_not_stand_for_good(
    ada: Person, shop: Shop, role_connection: Connect, owner_connection: psycopg.Connection
) -> None:
    """A catalogue of the future would never be older than the present one, and so never be computed anew."""
    with pytest.raises(psycopg.errors.InvalidParameterValue):
        hand_over(role_connection("offers"), [shop.offers["card"]], [], catalogue=2**62)
    assert owner_connection.execute("SELECT count(*) FROM recommendations_tailoredoffers").fetchone() == (0,)
