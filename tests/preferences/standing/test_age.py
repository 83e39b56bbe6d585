"""Who is below the brand's age of consent."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import psycopg
import pytest
from django.db import connection

from preferences import services, tasks
from preferences.models import Brand
from preferences.services import BelowAge
from tests.support.people import Person, acting

from .acts import TODAY, act, grant, ledger, permits, standing, use

pytestmark = pytest.mark.django_db

AsRole = Callable[[str], AbstractContextManager[None]]


def test_who_is_too_young_has_nothing_switched_on_and_can_switch_nothing_on(ada: Person) -> None:
    act(ada, lambda: services.note_minor(is_minor=True, source="quiz"))
    assert permits(ada) == set()
    assert standing(ada).is_minor
    assert not use(ada, "offers").is_granted
    assert not use(ada, "offers").may_be_asked
    with pytest.raises(BelowAge):
        act(ada, lambda: grant("offers"))
    assert sorted(ledger(ada)[2:]) == ["withdrawn quiz"] * 2
    act(ada, lambda: services.note_minor(is_minor=False, source="quiz"), lambda: grant("offers"))
    assert permits(ada) == {"offers"}


@pytest.mark.parametrize(
    ("said", "is_minor"),
    [
        ({"born_in": TODAY.year - 17}, False),  # seventeen this year
        ({"born_in": TODAY.year - 16}, True),  # sixteen this year, and who knows whether already
        ({"born_in": TODAY.year - 2}, True),
        ({"below": 16}, True),
        ({"below": 12}, True),
        ({"below": 18}, False),  # may be seventeen
        ({"at_least": 16}, False),
    ],
)
def test_what_is_said_of_an_age_counts_as_far_as_it_says(ada: Person, said: dict[str, int], is_minor: bool) -> None:
    act(ada, lambda: services.note_age(today=TODAY, source="quiz", **said))
    assert standing(ada).is_minor is is_minor
    assert permits(ada) == (set() if is_minor else {"offers", "letters"})


@pytest.mark.parametrize(("said", "is_minor"), [({"at_least": 13}, True), ({"at_least": 18}, False)])
def test_a_later_word_counts_when_it_says_enough(ada: Person, said: dict[str, int], is_minor: bool) -> None:
    act(
        ada,
        lambda: services.note_age(today=TODAY, source="quiz", below=16),
        lambda: services.note_age(today=TODAY, source="quiz", **said),
    )
    assert standing(ada).is_minor is is_minor


def test_the_brand_says_which_age(ada: Person) -> None:
    Brand.objects.create(pk=1, name="Haverlow", age_of_consent=13)
    act(ada, lambda: services.note_age(today=TODAY, source="quiz", born_in=TODAY.year - 14))
    assert permits(ada) == {"offers", "letters"}


def test_of_a_year_only_the_day_of_coming_of_age_is_kept_and_only_until_then(
    ada: Person, owner_connection: psycopg.Connection, as_role: AsRole
) -> None:
    row = "SELECT is_minor, of_age_on FROM preferences_standing"
    act(ada, lambda: services.note_age(today=TODAY, source="quiz", born_in=1990))
    assert owner_connection.execute(row).fetchall() == []
    act(ada, lambda: services.note_age(today=TODAY, source="quiz", born_in=TODAY.year - 14))
    assert owner_connection.execute(row).fetchall() == [(True, date(TODAY.year + 3, 1, 1))]
    owner_connection.execute("UPDATE preferences_standing SET of_age_on = current_date")
    assert not standing(ada).is_minor
    act(ada, lambda: grant("offers"))
    assert permits(ada) == {"offers"}
    with as_role("worker"):
        tasks.end_standings()
    assert owner_connection.execute(row).fetchall() == []
    assert permits(ada) == {"offers"}


def test_what_is_told_of_an_own_child_is_the_parents_to_allow(ada: Person, features: dict[str, int]) -> None:
    with acting(ada):
        kit = services.add_profile(kind="child", name="Kit")
        services.remember(profile_id=kit, items=[services.Told("weight", 4)])
    with acting(ada), connection.cursor() as cursor:
        cursor.execute("SELECT features FROM preferences_permit WHERE profile_id = %s", [kit])
        assert cursor.fetchall() == [([features["weight=light"]],)]
