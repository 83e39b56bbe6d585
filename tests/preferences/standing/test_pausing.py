"""Everything paused or restricted, and one change at a time."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import psycopg
import pytest
from django.db import DatabaseError, connection

from preferences import selectors, services, tasks
from preferences.selectors import Standing
from preferences.services import InvalidValue
from tests.support.people import Person, acting, someone

from .acts import HOLD, NOTHING, act, filled_in, grant, ledger, over, permits, standing, use

pytestmark = pytest.mark.django_db

AsRole = Callable[[str], AbstractContextManager[None]]


@pytest.mark.parametrize("hold", HOLD)
def test_nothing_is_used_meanwhile_and_everything_is_as_before_afterwards(ada: Person, hold: str) -> None:
    begin, end = HOLD[hold]
    act(ada, begin)
    assert (permits(ada), filled_in(ada)) == (set(), set())
    assert use(ada, "offers").is_granted
    act(ada, end)
    assert (permits(ada), filled_in(ada)) == ({"offers", "letters"}, {"skin"})
    assert standing(ada) == NOTHING


@pytest.mark.parametrize("hold", HOLD)
def test_meanwhile_one_still_tells_corrects_deletes_and_switches(ada: Person, hold: str) -> None:
    begin, end = HOLD[hold]
    act(
        ada,
        begin,
        lambda: services.correct(profile_id=ada.profile, attribute_key="skin", value="oily"),
        lambda: services.forget(profile_id=ada.profile, attribute_key="goal"),
        lambda: services.withdraw(purpose_slug="offers", source="center"),
        lambda: services.exclude(profile_id=ada.profile, purpose_slug="letters", attribute_key="skin", source="center"),
        lambda: services.withdraw(purpose_slug="letters", source="center"),
        lambda: grant("letters"),
    )
    assert permits(ada) == set()
    act(ada, end)
    assert permits(ada) == set()  # what is left of it is excluded
    act(
        ada,
        lambda: services.include(profile_id=ada.profile, purpose_slug="letters", attribute_key="skin", source="center"),
    )
    assert permits(ada) == {"letters"}


def test_a_pause_lasts_as_long_as_it_says(ada: Person, owner_connection: psycopg.Connection) -> None:
    for days in services.PAUSE_DAYS:
        act(ada, lambda: services.pause(days=days, source="center"))  # noqa: B023 (called at once)
        (left,) = owner_connection.execute("SELECT paused_until - now() FROM preferences_standing").fetchone()
        assert abs(left - timedelta(days=days)) < timedelta(minutes=1)
    assert standing(ada).paused_until is not None
    assert ledger(ada).count("paused center") == 3


@pytest.mark.parametrize("days", [0, -7, 8, 3650, None])
def test_no_other_pause_is_taken_not_even_by_the_database(ada: Person, days: int | None) -> None:
    with pytest.raises(InvalidValue):
        act(ada, lambda: services.pause(days=days, source="center"))  # type: ignore[arg-type]
    with pytest.raises(DatabaseError), acting(ada), connection.cursor() as cursor:
        cursor.execute("SELECT pause_uses(%s, 'center')", [days])
    assert permits(ada) == {"offers", "letters"}


def test_a_pause_ends_by_itself(ada: Person, owner_connection: psycopg.Connection, as_role: AsRole) -> None:
    act(ada, HOLD["pause"][0])
    with as_role("worker"):
        tasks.end_standings()
    assert permits(ada) == set()
    over(owner_connection)
    assert standing(ada) == NOTHING
    for _twice in range(2):
        with as_role("worker"):
            tasks.end_standings()
    assert permits(ada) == {"offers", "letters"}
    assert ledger(ada)[-2:] == ["paused center", "resumed time"]
    assert owner_connection.execute("SELECT count(*) FROM preferences_standing").fetchone() == (0,)


def test_when_a_pause_is_over_nobody_waits_for_the_sweep(ada: Person, owner_connection: psycopg.Connection) -> None:
    act(ada, HOLD["pause"][0])
    over(owner_connection)
    assert filled_in(ada) == {"skin"}
    act(ada, lambda: services.correct(profile_id=ada.profile, attribute_key="skin", value="oily"))
    assert permits(ada) == {"offers", "letters"}


def test_a_pause_that_ends_under_a_restriction_changes_nothing(
    ada: Person, owner_connection: psycopg.Connection, as_role: AsRole
) -> None:
    act(ada, HOLD["pause"][0], HOLD["restrict"][0])
    over(owner_connection)
    with as_role("worker"):
        tasks.end_standings()
    assert permits(ada) == set()
    assert standing(ada) == Standing(None, True, False, frozenset())
    act(ada, HOLD["restrict"][1])
    assert permits(ada) == {"offers", "letters"}


def test_asking_twice_is_noted_once(ada: Person) -> None:
    act(ada, *[HOLD["restrict"][0]] * 2, *[HOLD["restrict"][1]] * 2, HOLD["pause"][0], *[HOLD["pause"][1]] * 2)
    assert ledger(ada)[2:] == ["restricted center", "unrestricted center", "paused center", "resumed center"]


def test_somebody_elses_standing_is_neither_seen_nor_changed(ada: Person, role_connection: Callable) -> None:
    act(ada, HOLD["pause"][0])
    bo = someone({"skin": "dry"}, ("offers",))
    with acting(bo):
        assert selectors.standing(ada.id) == NOTHING
        services.resume(source="center")
        services.lift_restriction(source="center")
    assert standing(ada).paused_until
    for role in ("web", "worker", "offers"):
        for statement in (
            "DELETE FROM preferences_standing",
            "UPDATE preferences_standing SET paused_until = NULL",
            "INSERT INTO preferences_standing (customer_id, is_minor) VALUES (1, false)",
            "DELETE FROM preferences_objection",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                role_connection(role).execute(statement)


@pytest.mark.parametrize("role", ["web", "worker", "offers"])
def test_no_process_can_hold_up_somebodys_changes_by_a_lock_of_its_own(role: str, role_connection: Callable) -> None:
    other = role_connection(role)
    for lock in ("pg_advisory_lock(0)", "pg_advisory_lock_shared(0)", "pg_try_advisory_xact_lock(1)"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            other.execute(f"SELECT {lock}")
