"""Everybody's offers: range by range, whoever goes on where another stopped; what is there already is not written."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import psycopg
import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st
from kombu.exceptions import OperationalError

from recommendations import passes, tasks
from recommendations.management.commands import compute_offers
from recommendations.models import ComputedRange, Offer, OfferWeight
from recommendations.passes import MOST_PAUSE_SECONDS, Due, Pace
from tests.recommendations.shop import Person, Shop, somebody

AsRole = Callable[[str], AbstractContextManager[None]]
Tailored = Callable[[Person], list[str] | None]
SET_PROFILE = """
    WITH before AS MATERIALIZED (SELECT last_value FROM preferences_profile_id_seq)
    SELECT last_value, setval('preferences_profile_id_seq', %s) FROM before
"""


@pytest.fixture
def people(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> list[Person]:
    """Seven people in ranges of three."""
    monkeypatch.setattr(ComputedRange, "WIDTH", 3)
    return [somebody().tells(skin="dry" if number % 2 else "oily").grants() for number in range(7)]


@pytest.fixture
def computed(people: list[Person], as_role: AsRole) -> list[Person]:
    with as_role("offers"):
        passes.reopen()
        passes.compute_due_ranges()
    return people


def test_everybody_is_in_a_range(people: list[Person], as_role: AsRole, tailored: Tailored) -> None:
    with as_role("offers"):
        due = passes.due_ranges()
        assert len(due) >= 3
        assert passes.compute_due_ranges() == len(people)
        assert passes.due_ranges() == []
    assert all(tailored(person) for person in people)


def test_a_range_of_far_along_ids_is_computed(
    shop: Shop, as_role: AsRole, tailored: Tailored, owner_connection: psycopg.Connection
) -> None:
    """Numbers that fit into two bytes, one by one, need more together."""
    before, _set = owner_connection.execute(SET_PROFILE, [25000]).fetchone()
    person = somebody().tells(skin="dry").grants()
    owner_connection.execute(SET_PROFILE, [before])
    with as_role("offers"):
        passes.compute_due_ranges()
    assert tailored(person)


def test_ids_that_lie_far_apart_make_no_ranges_in_between(
    computed: list[Person], as_role: AsRole, owner_connection: psycopg.Connection
) -> None:
    before, _set = owner_connection.execute(SET_PROFILE, [900_000_000]).fetchone()
    somebody().tells(skin="dry").grants()
    owner_connection.execute(SET_PROFILE, [before])
    with as_role("offers"):
        assert [due.first_id for due in passes.due_ranges()] == [900_000_000]


def test_a_pass_goes_on_where_it_stopped(people: list[Person], as_role: AsRole, tailored: Tailored) -> None:
    with as_role("offers"):
        first, *others = passes.due_ranges()
        passes.compute_range(first.purpose_id, first.first_id)
        assert passes.due_ranges() == others
        passes.compute_due_ranges()
    assert all(tailored(person) for person in people)


def test_of_two_workers_one_takes_a_range_and_a_dead_ones_is_taken_after_a_minute(
    people: list[Person], as_role: AsRole, role_connection: Callable[[str], psycopg.Connection],
    owner_connection: psycopg.Connection,
) -> None:  # fmt: skip
    with as_role("offers"):
        due = passes.due_ranges()[-1]
        taken = role_connection("offers").execute("SELECT take_range(%s, %s)", [due.purpose_id, due.first_id])
        assert taken.fetchone() == (0,)
        assert passes.compute_range(due.purpose_id, due.first_id) == 0
        assert due in passes.due_ranges(), "it is still to be done"
        owner_connection.execute("UPDATE recommendations_computedrange SET taken_until = now() - interval '1 second'")
        assert passes.compute_range(due.purpose_id, due.first_id) > 0


def test_what_is_there_already_is_not_written_again(computed: list[Person], as_role: AsRole) -> None:
    with as_role("offers"):
        passes.reopen()
        assert passes.compute_due_ranges() == 0


def test_after_one_offer_changed_only_who_crosses_is_written(
    shop: Shop, computed: list[Person], as_role: AsRole, tailored: Tailored, monkeypatch: pytest.MonkeyPatch
) -> None:
    Offer.objects.create(slug="far", title={"en": "Far"}, benefit_kind="sample", purpose=shop.purpose, prior=-50)
    for number in range(5):  # everybody has five without it
        Offer.objects.create(slug=f"more-{number}", title={"en": "More"}, benefit_kind="sample", purpose=shop.purpose)
    with as_role("offers"):
        passes.compute_due_ranges()
    far = Offer.objects.get(slug="far")
    OfferWeight.objects.create(offer=far, feature_id=shop.features["skin=dry"], weight=10)
    scored = []
    fit = passes.computing.fit
    monkeypatch.setattr(passes.computing, "fit", lambda *given: scored.append(len(given[3])) or fit(*given))
    with as_role("offers"):
        assert passes.compute_due_ranges() == 0, "ten more are not enough"
    assert sum(scored) == 0
    Offer.objects.filter(pk=far.pk).update(prior=-5)
    with as_role("offers"):
        assert passes.compute_due_ranges() == sum(1 for number in range(7) if number % 2)
    assert [tailored(person)[0] == "far" for person in computed] == [bool(number % 2) for number in range(7)]
    assert sum(scored) < len(computed)


def test_whoever_wants_all_anew_gets_it_while_a_range_is_being_computed(
    computed: list[Person], as_role: AsRole, role_connection: Callable[[str], psycopg.Connection]
) -> None:
    Offer.objects.filter(slug="gel").update(prior=2)
    with as_role("offers"):
        due = passes.due_ranges()
        worker = role_connection("offers")
        worker.execute("SELECT take_range(%s, %s)", [due[0].purpose_id, due[0].first_id])
        passes.reopen()
        worker.execute("SELECT finish_range(%s, %s, 1000000)", [due[0].purpose_id, due[0].first_id])
        assert passes.due_ranges() == due


@given(st.lists(st.floats(0.001, 10), min_size=1, max_size=20))
def test_it_rests_only_when_the_database_is_slower_than_it_was(took: list[float]) -> None:
    pace = Pace()
    for number, seconds in enumerate(took):
        pause = pace.pause_after(seconds)
        assert 0 <= pause <= MOST_PAUSE_SECONDS
        assert (pause > 0) == (seconds > 1.5 * min(took[: number + 1]))


# ── manage.py compute_offers ──


def test_the_command_computes_everybody_here(
    people: list[Person], as_role: AsRole, tailored: Tailored, capsys: pytest.CaptureFixture[str]
) -> None:
    with as_role("offers"):
        call_command("compute_offers", "--all", "--here")
    assert all(tailored(person) for person in people)
    assert "Done in" in capsys.readouterr().out


def test_the_command_asks_the_workers_and_waits_for_them(
    people: list[Person], as_role: AsRole, tailored: Tailored, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks.compute_range, "apply_async", lambda ids, **_: passes.compute_range(*ids))
    with as_role("offers"):
        call_command("compute_offers")
    assert all(tailored(person) for person in people)


def test_without_a_worker_the_command_says_what_to_do(
    people: list[Person], as_role: AsRole, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks.compute_range, "apply_async", lambda *_, **__: None)
    monkeypatch.setattr(compute_offers, "PATIENCE_SECONDS", 0.2)
    with as_role("offers"), pytest.raises(CommandError, match="--here"):
        call_command("compute_offers", "--all")


def test_a_sweep_asks_for_every_range_that_is_due(
    people: list[Person], as_role: AsRole, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Due] = []
    monkeypatch.setattr(tasks.compute_range, "apply_async", lambda ids, **_: asked.append(Due(*ids)))
    with as_role("offers"):
        due = passes.due_ranges()
        tasks.sweep_due()
    assert asked == due


def test_a_queue_that_fails_in_the_middle_of_a_sweep_loses_nothing(
    people: list[Person], as_role: AsRole, tailored: Tailored, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise OperationalError("nobody there")

    monkeypatch.setattr(tasks.compute_range, "apply_async", fails)
    with as_role("offers"):
        with pytest.raises(OperationalError):
            tasks.sweep_due()
        assert all(tailored(person) for person in people), "what was due by itself is done"
        assert passes.due_ranges(), "and the rest is still due"
