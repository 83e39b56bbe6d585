"""What may be used, right after every kind of change. The rules are the database's; these are its promises."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import psycopg
import pytest
from django.db import DatabaseError, connection

from preferences import services, tasks
from preferences.services import Told
from tests.support.people import Person, acting, make_catalogue, someone

pytestmark = pytest.mark.django_db

AsRole = Callable[[str], AbstractContextManager[None]]

WEIGHTS = """
    SELECT count(*) FROM preferences_preference
    JOIN preferences_attribute attribute ON attribute.id = attribute_id AND key = 'weight'
"""


@pytest.fixture
def features(db: None) -> dict[str, int]:
    return make_catalogue()


@pytest.fixture
def ada(features: dict[str, int]) -> Person:
    return someone({"skin": "dry", "goal": ["calm", "glow"], "weight": 4.2}, ("offers", "letters"))


def permitted(person: Person, purpose: str = "offers") -> set[int]:
    with acting(person), connection.cursor() as cursor:
        cursor.execute(
            "SELECT features FROM preferences_permit JOIN preferences_purpose p ON p.id = purpose_id "
            "WHERE p.slug = %s AND profile_id = %s",
            [purpose, person.profile],
        )
        row = cursor.fetchone()
    return set(row[0]) if row else set()


def serial(person: Person) -> int:
    with acting(person), connection.cursor() as cursor:
        cursor.execute("SELECT max(serial) FROM preferences_permit")
        return cursor.fetchone()[0]


def kinds(person: Person) -> list[str]:
    with acting(person), connection.cursor() as cursor:
        cursor.execute("SELECT kind FROM preferences_consentevent ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def test_a_permit_holds_exactly_what_was_told_granted_and_covered(ada: Person, features: dict[str, int]) -> None:
    assert permitted(ada) == {features[each] for each in ("skin=dry", "goal=calm", "goal=glow", "weight=light")}
    assert permitted(ada, "letters") == {features["skin=dry"]}


def test_nothing_granted_means_nothing_permitted(features: dict[str, int]) -> None:
    bo = someone({"skin": "oily"})
    assert permitted(bo) == set()
    assert kinds(bo) == []


def test_a_sensitive_value_is_not_used_unless_the_purpose_lists_it(features: dict[str, int]) -> None:
    ada = someone({"allergy": True, "skin": "dry"}, ("offers",))
    assert permitted(ada) == {features["skin=dry"]}


def test_withdrawing_leaves_no_permit_and_keeps_what_was_told(ada: Person) -> None:
    with acting(ada):
        services.withdraw(purpose_slug="offers", source="center")
    assert permitted(ada) == set()
    assert permitted(ada, "letters")
    assert kinds(ada) == ["granted", "granted", "withdrawn"]


def test_withdrawing_twice_is_noted_once(ada: Person) -> None:
    with acting(ada):
        services.withdraw(purpose_slug="offers", source="center")
        services.withdraw(purpose_slug="offers", source="center")
    assert kinds(ada).count("withdrawn") == 1


def test_an_excluded_item_leaves_the_permit_and_can_come_back(ada: Person, features: dict[str, int]) -> None:
    item = {"profile_id": ada.profile, "purpose_slug": "offers", "attribute_key": "skin", "source": "center"}
    with acting(ada):
        services.exclude(**item)
    assert features["skin=dry"] not in permitted(ada)
    assert permitted(ada, "letters") == {features["skin=dry"]}
    with acting(ada):
        services.include(**item)
    assert features["skin=dry"] in permitted(ada)


def test_an_exclusion_survives_switching_the_use_off_and_on(ada: Person, features: dict[str, int]) -> None:
    with acting(ada):
        services.exclude(profile_id=ada.profile, purpose_slug="offers", attribute_key="skin", source="center")
        services.withdraw(purpose_slug="offers", source="center")
        services.grant(purpose_slug="offers", language="en", source="center")
    assert features["skin=dry"] not in permitted(ada)


def test_correcting_replaces_the_value_and_the_permit(ada: Person, features: dict[str, int]) -> None:
    before = serial(ada)
    with acting(ada):
        services.correct(profile_id=ada.profile, attribute_key="skin", value="oily")
    assert features["skin=oily"] in permitted(ada)
    assert features["skin=dry"] not in permitted(ada)
    assert serial(ada) > before


def test_only_an_attribute_that_keeps_its_history_has_one(ada: Person) -> None:
    with acting(ada), connection.cursor() as cursor:
        services.correct(profile_id=ada.profile, attribute_key="weight", value=5.5)
        services.correct(profile_id=ada.profile, attribute_key="skin", value="oily")
        cursor.execute("SELECT value::text FROM preferences_preference WHERE ended_at IS NOT NULL")
        assert cursor.fetchall() == [("4.2",)]


def test_forgetting_takes_the_value_and_its_history(ada: Person, features: dict[str, int]) -> None:
    with acting(ada), connection.cursor() as cursor:
        services.correct(profile_id=ada.profile, attribute_key="weight", value=5.5)
        services.forget(profile_id=ada.profile, attribute_key="weight")
        cursor.execute(WEIGHTS)
        assert cursor.fetchone() == (0,)
    assert not permitted(ada) & {features["weight=light"], features["weight=heavy"]}


def test_a_ranking_counts_only_as_far_as_published(features: dict[str, int]) -> None:
    ada = someone({"order": ["scent", "price", "feel"]}, ("offers",))
    assert permitted(ada) == {features["order=scent"], features["order=price"]}


def test_free_text_never_reaches_a_permit(features: dict[str, int]) -> None:
    assert permitted(someone({"note": "call me"}, ("offers",))) == set()


def test_a_value_that_cannot_be_is_refused_and_nothing_is_kept(ada: Person) -> None:
    with pytest.raises(services.InvalidValue), acting(ada):
        services.remember(profile_id=ada.profile, items=[Told("goal", ["calm"]), Told("skin", "purple")])
    with acting(ada), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM preferences_preference")
        assert cursor.fetchone() == (3,)


def test_another_customers_profile_is_unknown(ada: Person) -> None:
    cy = someone()
    with pytest.raises(services.UnknownItem), acting(cy):
        services.correct(profile_id=ada.profile, attribute_key="skin", value="oily")


def test_without_a_customer_nothing_changes(ada: Person) -> None:
    with pytest.raises(DatabaseError):
        services.withdraw(purpose_slug="offers", source="center")


def test_an_expired_value_is_unusable_before_anyone_sweeps(
    ada: Person, owner_connection: psycopg.Connection, features: dict[str, int]
) -> None:
    owner_connection.execute("UPDATE preferences_permit SET expires_at = now() - interval '1 second'")
    assert permitted(ada) == set()


def test_the_sweep_reissues_without_what_has_expired(
    ada: Person, owner_connection: psycopg.Connection, features: dict[str, int], as_role: AsRole
) -> None:
    owner_connection.execute(
        "UPDATE preferences_preference SET expires_at = clock_timestamp() - interval '1 second' "
        "WHERE attribute_id = (SELECT id FROM preferences_attribute WHERE key = 'skin')"
    )
    owner_connection.execute(
        "UPDATE preferences_permit SET expires_at = now() - interval '1 second', issued_at = now() - interval '2 days'"
    )
    with as_role("worker"):
        tasks.expire()
    assert permitted(ada) == {features[each] for each in ("goal=calm", "goal=glow", "weight=light")}
    assert kinds(ada)[-1] == "expired"


def test_the_permit_expires_with_its_first_item(ada: Person, owner_connection: psycopg.Connection) -> None:
    told, permit = (
        owner_connection.execute(f"SELECT min(expires_at) FROM preferences_{table}").fetchone()[0]
        for table in ("preference", "permit")
    )
    assert abs(told - permit) < timedelta(seconds=1)


def test_erasing_leaves_only_entries_tied_to_nobody(ada: Person, owner_connection: psycopg.Connection) -> None:
    with acting(ada):
        services.erase_customer()
    for table in ("customer", "device", "profile", "preference", "grant", "permit", "ledgersubject", "computationdue"):
        assert owner_connection.execute(f'SELECT count(*) FROM "preferences_{table}"').fetchone() == (0,), table
    ledger = owner_connection.execute("SELECT kind FROM preferences_consentevent ORDER BY id").fetchall()
    assert [kind for (kind,) in ledger] == ["granted", "granted", "erased"]


def test_a_pet_is_forgotten_with_all_about_it(features: dict[str, int], owner_connection: psycopg.Connection) -> None:
    ada = someone(granted=("offers",))
    with acting(ada):
        bella = services.add_profile(kind="pet", name="Bella")
        services.remember(profile_id=bella, items=[Told("weight", 4)])
        services.forget_profile(profile_id=bella)
    assert owner_connection.execute("SELECT count(*) FROM preferences_preference").fetchone() == (0,)
    assert owner_connection.execute("SELECT count(*) FROM preferences_permit").fetchone() == (0,)
