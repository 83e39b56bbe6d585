"""Signing in on a device that already told something: newer values win, and no use is ever switched on by it."""

import psycopg
import pytest
from django.contrib.auth import get_user_model
from django.db import connection

from preferences import services
from preferences.access import token_hash
from preferences.services import Told
from tests.support.people import Person, acting, make_catalogue, someone

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _catalogue(db: None) -> None:
    make_catalogue()


def account(told: dict[str, object], granted: tuple[str, ...] = ()) -> Person:
    person = someone(told, granted)
    user = get_user_model().objects.create_user(username=person.token[:20])
    with acting(person), connection.cursor() as cursor:
        cursor.execute("SELECT attach_account(%s)", [user.pk])
    return person


def merge(into: Person, device: Person) -> bool:
    with acting(into):
        return services.merge_device(token_hash=token_hash(device.token))


def granted(person: Person) -> set[str]:
    with acting(person), connection.cursor() as cursor:
        cursor.execute("SELECT slug FROM preferences_grant JOIN preferences_purpose p ON p.id = purpose_id")
        return {row[0] for row in cursor.fetchall()}


def told(person: Person) -> dict[str, object]:
    with acting(person), connection.cursor() as cursor:
        cursor.execute(
            "SELECT key, value #>> '{}' FROM preferences_preference "
            "JOIN preferences_attribute a ON a.id = attribute_id WHERE ended_at IS NULL"
        )
        return dict(cursor.fetchall())


def test_newer_answers_win_and_the_device_is_gone(owner_connection: psycopg.Connection) -> None:
    mine = account({"skin": "dry", "goal": ["calm"]})
    device = someone({"skin": "oily"})
    assert merge(mine, device)
    assert told(mine) == {"skin": "oily", "goal": '["calm"]'}
    assert owner_connection.execute("SELECT count(*) FROM preferences_customer").fetchone() == (1,)


def test_older_answers_of_the_device_do_not_win() -> None:
    device = someone({"skin": "oily"})
    mine = account({"skin": "dry"})
    merge(mine, device)
    assert told(mine) == {"skin": "dry"}


def test_what_the_account_never_granted_stays_off() -> None:
    mine = account({"skin": "dry"})
    merge(mine, someone({"skin": "oily"}, ("offers", "letters")))
    assert granted(mine) == set()


def test_what_the_account_withdrew_stays_off() -> None:
    mine = account({"skin": "dry"}, ("offers",))
    with acting(mine):
        services.withdraw(purpose_slug="offers", source="center")
    merge(mine, someone({"skin": "oily"}, ("offers",)))
    assert granted(mine) == set()


def test_a_later_withdrawal_on_the_device_wins() -> None:
    mine = account({"skin": "dry"}, ("offers", "letters"))
    device = someone({"skin": "oily"}, ("offers",))
    with acting(device):
        services.withdraw(purpose_slug="offers", source="center")
    merge(mine, device)
    assert granted(mine) == {"letters"}


def test_exclusions_of_both_hold() -> None:
    mine = account({"skin": "dry", "goal": ["calm"]}, ("offers",))
    device = someone({"goal": ["glow"]}, ("offers",))
    with acting(device):
        services.exclude(profile_id=device.profile, purpose_slug="offers", attribute_key="goal", source="center")
    merge(mine, device)
    with acting(mine), connection.cursor() as cursor:
        cursor.execute("SELECT cardinality(features) FROM preferences_permit")
        assert cursor.fetchall() == [(1,)]


def test_pets_move_with_their_values() -> None:
    mine, device = account({}), someone()
    with acting(device):
        bella = services.add_profile(kind="pet", name="Bella")
        services.remember(profile_id=bella, items=[Told("weight", 4)])
    merge(mine, device)
    assert told(mine) == {"weight": "4"}


def test_an_account_cannot_be_merged_away() -> None:
    mine, other = account({"skin": "dry"}), account({"skin": "oily"})
    assert not merge(mine, other)
    assert told(other) == {"skin": "oily"}


def test_not_keeping_deletes_what_the_device_told(owner_connection: psycopg.Connection) -> None:
    mine, device = account({"skin": "dry"}), someone({"skin": "oily"}, ("offers",))
    with acting(mine), connection.cursor() as cursor:
        cursor.execute("SELECT discard_device(%s)", [token_hash(device.token)])
    assert told(mine) == {"skin": "dry"}
    assert owner_connection.execute("SELECT count(*) FROM preferences_customer").fetchone() == (1,)
