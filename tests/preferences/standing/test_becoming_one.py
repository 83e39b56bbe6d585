"""What is paused, restricted or objected to when two customers become one, and when one leaves."""

from datetime import date

import psycopg
import pytest

from preferences import services
from preferences.export import own
from tests.support.people import Person, acting, someone

from .acts import HOLD, TODAY, account, act, ledger, merge, over, permits, standing

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("mine_begins", [True, False])
@pytest.mark.parametrize("hold", HOLD)
def test_what_either_side_paused_or_restricted_holds_after_merging(hold: str, mine_begins: bool) -> None:
    mine = account(someone({"skin": "dry"}, ("offers",)))
    device = someone({"goal": ["glow"]}, ("offers",))
    act(mine if mine_begins else device, HOLD[hold][0])
    merge(mine, device)
    assert permits(mine) == set()
    act(mine, HOLD[hold][1])
    assert permits(mine) == {"offers"}


def test_the_longer_pause_holds_after_merging() -> None:
    mine, device = account(someone({"skin": "dry"}, ("offers",))), someone()
    act(mine, lambda: services.pause(days=90, source="center"))
    act(device, lambda: services.pause(days=7, source="center"))
    until = standing(mine).paused_until
    merge(mine, device)
    assert standing(mine).paused_until == until


def test_a_pause_that_was_over_is_not_brought_along(owner_connection: psycopg.Connection) -> None:
    mine, device = account(someone({"skin": "dry"}, ("offers",))), someone()
    act(device, lambda: services.pause(days=7, source="center"))
    over(owner_connection)
    merge(mine, device)
    assert permits(mine) == {"offers"}
    assert ledger(mine)[-1] == "merged sign-in"


@pytest.mark.parametrize("mine_says_so", [True, False])
def test_objections_and_being_too_young_of_either_side_hold_after_merging(mine_says_so: bool) -> None:
    mine = account(someone({"skin": "dry"}, ("offers", "letters")))
    device = someone()
    act(mine if mine_says_so else device, lambda: services.object_to(purpose_slug="letters", source="center"))
    merge(mine, device)
    assert permits(mine) == {"offers"}
    assert standing(mine).objected == {"letters"}
    other = someone()
    act(mine if mine_says_so else other, lambda: services.note_age(today=TODAY, source="quiz", born_in=TODAY.year - 14))
    merge(mine, other)
    assert permits(mine) == set()
    assert standing(mine).is_minor


def test_of_two_who_are_too_young_the_later_day_counts(owner_connection: psycopg.Connection) -> None:
    mine, device = account(someone()), someone()
    act(mine, lambda: services.note_age(today=TODAY, source="quiz", born_in=TODAY.year - 13))
    act(device, lambda: services.note_age(today=TODAY, source="quiz", born_in=TODAY.year - 14))
    merge(mine, device)
    day = "SELECT of_age_on FROM preferences_standing"
    assert owner_connection.execute(day).fetchall() == [(date(TODAY.year + 4, 1, 1),)]
    device = someone()
    act(device, lambda: services.note_age(today=TODAY, source="quiz", below=16))
    merge(mine, device)
    assert owner_connection.execute(day).fetchall() == [(None,)]


def test_erasing_takes_all_of_it(ada: Person, owner_connection: psycopg.Connection) -> None:
    act(
        ada,
        *(begin for begin, _end in HOLD.values()),
        lambda: services.object_to(purpose_slug="letters", source="center"),
        services.erase_customer,
    )
    for table in ("standing", "objection"):
        assert owner_connection.execute(f"SELECT count(*) FROM preferences_{table}").fetchone() == (0,)


def test_the_download_shows_it(ada: Person) -> None:
    act(ada, HOLD["restrict"][0], lambda: services.object_to(purpose_slug="letters", source="center"))
    with acting(ada):
        sections = {each.name: list(each.rows()) for each in own.sections(ada.id, "en")}
    assert [each["use"] for each in sections["objections"]] == ["letters"]
    assert [(each["paused_until"], bool(each["restricted_since"])) for each in sections["standing"]] == [(None, True)]
