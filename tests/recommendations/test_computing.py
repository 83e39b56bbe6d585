"""The worker computes what is due, from what is allowed, and loses races safely."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import psycopg
import pytest
from django.db import transaction
from django.utils import timezone
from psycopg import errors

from preferences import services
from recommendations import computing
from recommendations.models import Offer, OfferWeight, TailoredOffers
from tests.recommendations.shop import Person, Shop, somebody

AsRole = Callable[[str], AbstractContextManager[None]]
Worker = Callable[..., int]
Tailored = Callable[[Person], list[str] | None]


def test_ada_gets_offers_best_first(ada: Person, worker: Worker, tailored: Tailored):
    assert tailored(ada) is None
    assert worker("compute_for_profile", ada.profile_id) == 1
    assert tailored(ada) == ["cream", "gel", "card"]


def test_bo_and_cy_get_none(bo: Person, cy: Person, worker: Worker, tailored: Tailored):
    assert worker("compute_for_profile", bo.profile_id) == 0
    assert worker("compute_all") == 0
    assert worker("compute_due") == 0
    assert tailored(bo) is None
    assert tailored(cy) is None


def test_withdrawing_takes_the_offers_with_it(ada: Person, worker: Worker, tailored: Tailored):
    worker("compute_due")
    ada.withdraws()
    assert tailored(ada) is None


def test_a_correction_takes_them_too_and_makes_new_ones_due(ada: Person, worker: Worker, tailored: Tailored):
    worker("compute_due")
    ada.tells(skin="oily")
    assert tailored(ada) is None
    assert worker("compute_for_profile", ada.profile_id) == 1
    assert tailored(ada)[0] == "gel"


def test_an_excluded_item_no_longer_counts(ada: Person, worker: Worker, tailored: Tailored):
    ada.does(
        lambda: services.exclude(profile_id=ada.profile_id, purpose_slug="offers", attribute_key="skin", source="test")
    )
    worker("compute_due")
    assert tailored(ada) == ["cream", "gel", "card"]
    assert worker("compute_due") == 0


def test_a_sensitive_offer_waits_for_the_answer_and_a_veto_for_its_reason(
    ada: Person, worker: Worker, tailored: Tailored
):
    ada.tells(allergy="nuts")
    worker("compute_due")
    assert tailored(ada) == ["nut-free", "cream", "card"]


def test_a_broken_or_careless_offer_is_left_out_and_stops_no_other(
    shop: Shop, ada: Person, worker: Worker, tailored: Tailored
):
    ada.tells(allergy="nuts")
    Offer.objects.filter(slug="cream").update(eligibility={"attribute": "skin", "op": "nonsense"})
    Offer.objects.filter(slug="nut-free").update(eligibility={"attribute": "skin", "op": "answered"})
    worker("compute_due")
    assert tailored(ada) == ["card"]


def test_computing_again_is_harmless(ada: Person, worker: Worker, tailored: Tailored):
    worker("compute_all")
    assert worker("compute_for_profile", ada.profile_id) == 0, "nothing is due any more"
    assert worker("compute_all") == 0, "and nothing came out otherwise"
    assert tailored(ada) == ["cream", "gel", "card"]


def test_a_range_is_computed_in_chunks(shop: Shop, worker: Worker, tailored: Tailored, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(computing, "CHUNK", 2)
    people = [somebody().tells(skin="dry").grants() for _ in range(5)]
    assert worker("compute_all") == 5
    assert [tailored(person)[0] for person in people] == ["cream"] * 5


def test_everything_due_is_swept_in_chunks(
    shop: Shop, worker: Worker, tailored: Tailored, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(computing, "CHUNK", 2)
    people = [somebody().tells(skin="dry").grants() for _ in range(5)]
    assert worker("compute_due") == 5
    assert all(tailored(person) for person in people)


def test_a_late_writer_finds_no_permit(
    ada: Person, tailored: Tailored, role_connection: Callable[[str], psycopg.Connection], shop: Shop
):
    offers = role_connection("offers")
    ((serial,),) = offers.execute("SELECT serial FROM preferences_permit").fetchall()
    ada.tells(goals=["glow"])
    ((written,),) = offers.execute(
        "SELECT written FROM recommendations_catalogue, commit_offers(%s, %s, %s, version, %s, %s::real[], %s)",
        [[ada.profile_id], shop.purpose.pk, [serial], [shop.offers["gel"], 0, 0, 0, 0], [1.0] * 5, [0] * 15],
    ).fetchall()
    assert written == 0
    assert tailored(ada) is None


def test_a_permit_that_is_being_replaced_is_skipped_not_waited_for(
    ada: Person, worker: Worker, owner_connection: psycopg.Connection, tailored: Tailored
):
    with owner_connection.transaction():
        owner_connection.execute("SELECT 1 FROM preferences_permit FOR UPDATE")
        assert worker("compute_all") == 0
    assert worker("compute_due") == 1, "it stayed due"


def test_what_becomes_due_again_while_it_is_computed_stays_due(
    ada: Person, as_role: AsRole, owner_connection: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
):
    """Somebody dismisses an offer after the computation has read what they do not want."""
    fit = computing.fit

    def interrupted(*given: object) -> object:
        fits = fit(*given)
        owner_connection.execute("SELECT make_due(%s::bigint[])", [[ada.profile_id]])
        return fits

    with as_role("offers"):
        with monkeypatch.context() as patch:
            patch.setattr(computing, "fit", interrupted)
            assert computing.compute_for_profile(ada.profile_id) == 1
        due = "SELECT count(*) FROM preferences_computationdue"
        assert owner_connection.execute(due).fetchone() == (1,)
        computing.compute_due()
        assert owner_connection.execute(due).fetchone() == (0,)


def test_the_use_is_logged_for_today(ada: Person, worker: Worker, owner_connection: psycopg.Connection):
    worker("compute_due")
    worker("compute_all")
    logged = owner_connection.execute(
        "SELECT key FROM preferences_uselog, unnest(attributes) AS used"
        " JOIN preferences_attribute ON id = used ORDER BY key"
    ).fetchall()
    assert logged == [("goals",), ("skin",)]


@pytest.mark.parametrize(
    "change",
    [
        lambda shop: Offer.objects.filter(pk=shop.offers["gel"]).update(prior=9),
        lambda shop: OfferWeight.objects.filter(offer_id=shop.offers["gel"]).update(weight=9),
        lambda shop: OfferWeight.objects.create(
            offer_id=shop.offers["gel"], feature_id=shop.features["skin=dry"], weight=9
        ),
    ],
)
def test_a_changed_catalogue_makes_offers_due(
    change: Callable[[Shop], object], shop: Shop, ada: Person, worker: Worker, tailored: Tailored
):
    worker("compute_due")
    change(shop)
    assert worker("compute_due") == 1
    assert tailored(ada)[0] == "gel"
    assert worker("compute_due") == 0


def test_a_changed_text_makes_nothing_due(shop: Shop, ada: Person, worker: Worker):
    worker("compute_due")
    Offer.objects.filter(pk=shop.offers["gel"]).update(title={"en": "Other"}, stock=7)
    assert worker("compute_due") == 0


def test_an_old_computation_does_not_hide_a_newer_catalogue(
    shop: Shop, ada: Person, worker: Worker, tailored: Tailored, monkeypatch: pytest.MonkeyPatch, as_role: AsRole
):
    worker("compute_due")
    with as_role("offers"):
        old = computing.catalogue.current()
    Offer.objects.filter(pk=shop.offers["gel"]).update(prior=9)
    with monkeypatch.context() as patch:
        patch.setattr(computing.catalogue, "current", lambda **_: old)
        worker("compute_all")
    assert tailored(ada)[0] == "cream"
    assert worker("compute_due") == 1
    assert tailored(ada)[0] == "gel"


def test_an_offer_that_opens_ends_or_sells_out_makes_offers_due(
    shop: Shop, ada: Person, worker: Worker, tailored: Tailored, owner_connection: psycopg.Connection
):
    worker("compute_due")
    gel = Offer.objects.filter(pk=shop.offers["gel"])
    gel.update(ends_at=timezone.now() + timedelta(hours=1))
    worker("compute_due")
    assert "gel" in tailored(ada)
    with owner_connection.transaction():  # an hour later
        owner_connection.execute("SET LOCAL session_replication_role = replica")
        owner_connection.execute(
            "UPDATE recommendations_offer SET ends_at = now() - interval '1 minute' WHERE slug = 'gel'"
        )
        owner_connection.execute(
            "UPDATE recommendations_catalogue SET openings_noted_at = now() - interval '2 minutes'"
        )
    worker("compute_due")
    assert "gel" not in tailored(ada)
    Offer.objects.filter(pk=shop.offers["cream"]).update(stock=0)
    worker("compute_due")
    assert "cream" not in tailored(ada)
    Offer.objects.filter(pk=shop.offers["cream"]).update(stock=3)
    worker("compute_due")
    assert "cream" in tailored(ada)


@pytest.mark.parametrize(
    "table",
    [
        "preferences_preference",
        "preferences_customer",
        "preferences_profile",
        "preferences_consentevent",
        "preferences_ledgersubject",
        "preferences_grant",
        "recommendations_claim",
        "recommendations_exposure",
    ],
)
def test_the_offers_role_may_not_even_ask(table: str, db: None, role_connection: Callable[[str], psycopg.Connection]):
    with pytest.raises(errors.InsufficientPrivilege):
        role_connection("offers").execute(f"SELECT 1 FROM {table}")


def test_the_web_role_cannot_write_offers_and_sees_only_its_customers(ada: Person, worker: Worker):
    worker("compute_due")
    assert not TailoredOffers.objects.exists(), "no customer is set"
    assert ada.does(lambda: TailoredOffers.objects.count()) == 1
    assert somebody().does(lambda: TailoredOffers.objects.count()) == 0
    with pytest.raises(Exception, match="permission denied"), transaction.atomic():
        TailoredOffers.objects.all().delete()
