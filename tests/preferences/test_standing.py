"""All uses at once: paused, restricted, objected to, superseded by a changed notice, or refused to who is too young."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import psycopg
import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection

from preferences import selectors, services, tasks
from preferences.access import token_hash
from preferences.catalogue import publish_notice
from preferences.export import own
from preferences.models import Brand, Purpose
from preferences.selectors import PurposeView, Standing
from preferences.services import BelowAge, InvalidValue, ObjectedTo
from tests.support.people import Person, acting, make_catalogue, someone

pytestmark = pytest.mark.django_db

AsRole = Callable[[str], AbstractContextManager[None]]
NOTHING = Standing(None, False, False, frozenset())
WORDS = {"en": "Letters"}
TODAY = date(2026, 11, 22)
HOLD: dict[str, tuple[Callable[[], None], Callable[[], None]]] = {
    "pause": (lambda: services.pause(days=30, source="center"), lambda: services.resume(source="center")),
    "restrict": (lambda: services.restrict(source="center"), lambda: services.lift_restriction(source="center")),
}


@pytest.fixture(autouse=True)
def features(db: None) -> dict[str, int]:
    return make_catalogue()


@pytest.fixture
def ada(features: dict[str, int]) -> Person:
    Purpose.objects.filter(slug="letters").update(answers_once=True)
    return someone({"skin": "dry", "goal": ["calm"]}, ("offers", "letters"))


def act(person: Person, *changes: Callable[[], object]) -> None:
    for change in changes:
        with acting(person):
            change()


def permits(person: Person) -> set[str]:
    with acting(person), connection.cursor() as cursor:
        cursor.execute("SELECT slug FROM preferences_permit JOIN preferences_purpose p ON p.id = purpose_id")
        return {slug for (slug,) in cursor.fetchall()}


def filled_in(person: Person) -> set[str]:
    with acting(person):
        return set(selectors.answers_to_reuse(person.profile, ["skin", "goal"]))


def standing(person: Person) -> Standing:
    with acting(person):
        return selectors.standing(person.id)


def use(person: Person, slug: str) -> PurposeView:
    with acting(person):
        (found,) = [each for each in selectors.purposes(person.id, "en") if each.slug == slug]
    return found


def ledger(person: Person) -> list[str]:
    with acting(person), connection.cursor() as cursor:
        cursor.execute("SELECT kind || ' ' || source FROM preferences_consentevent ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def grant(slug: str, source: str = "center") -> None:
    services.grant(purpose_slug=slug, language="en", source=source)


def account(person: Person) -> Person:
    user = get_user_model().objects.create_user(username=person.token[:20])
    with acting(person), connection.cursor() as cursor:
        cursor.execute("SELECT attach_account(%s)", [user.pk])
    return person


def merge(mine: Person, device: Person) -> None:
    with acting(mine):
        assert services.merge_device(token_hash=token_hash(device.token))


# ── pausing and restricting ──


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


def over(owner_connection: psycopg.Connection) -> None:
    owner_connection.execute("UPDATE preferences_standing SET paused_until = now() - interval '1 second'")


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


# ── objecting ──


def test_objecting_switches_a_use_off_and_nobody_asks_again(ada: Person) -> None:
    act(ada, *[lambda: services.object_to(purpose_slug="offers", source="center")] * 2)
    assert permits(ada) == {"letters"}
    offers = use(ada, "offers")
    assert (offers.is_granted, offers.is_objected, offers.may_be_asked) == (False, True, False)
    assert use(ada, "letters").may_be_asked
    assert ledger(ada)[2:] == ["withdrawn center", "objected center"]
    with pytest.raises(ObjectedTo):
        act(ada, lambda: grant("offers", "quiz"))
    assert standing(ada).objected == {"offers"}


def test_switching_it_on_in_the_center_lifts_an_objection(ada: Person) -> None:
    act(ada, lambda: services.object_to(purpose_slug="offers", source="staff"), lambda: grant("offers", "center"))
    assert permits(ada) == {"offers", "letters"}
    assert standing(ada).objected == frozenset()
    act(
        ada,
        lambda: services.withdraw(purpose_slug="offers", source="center"),
        lambda: grant("offers", "quiz"),
    )
    assert permits(ada) == {"offers", "letters"}


def test_what_is_not_there_cannot_be_objected_to(ada: Person) -> None:
    with pytest.raises(services.UnknownItem):
        act(ada, lambda: services.object_to(purpose_slug="nothing", source="center"))


# ── material notices ──


def publish(slug: str, *, is_material: bool) -> None:
    purpose = Purpose.objects.get(slug=slug)
    publish_notice(purpose=purpose, title=WORDS, sentence=WORDS, benefit=WORDS, details={}, is_material=is_material)


def test_a_changed_use_is_off_at_once_until_it_is_agreed_to_anew(ada: Person, as_role: AsRole) -> None:
    publish("letters", is_material=True)
    assert (permits(ada), filled_in(ada)) == ({"offers"}, set())
    letters = use(ada, "letters")
    assert (letters.is_granted, letters.needs_renewal, letters.allowed) == (True, True, frozenset())
    act(ada, lambda: services.correct(profile_id=ada.profile, attribute_key="skin", value="oily"))
    for _twice in range(2):
        with as_role("worker"):
            tasks.reissue()
        publish("letters", is_material=True)
    with as_role("worker"):
        tasks.reissue()
    assert permits(ada) == {"offers"}
    assert ledger(ada).count("superseded notice") == 1
    act(ada, lambda: grant("letters"))
    assert (permits(ada), filled_in(ada)) == ({"offers", "letters"}, {"skin"})
    assert not use(ada, "letters").needs_renewal
    publish("letters", is_material=True)
    with as_role("worker"):
        tasks.reissue()
    assert ledger(ada).count("superseded notice") == 2


def test_a_change_of_wording_changes_nothing(ada: Person, as_role: AsRole) -> None:
    publish("letters", is_material=False)
    assert permits(ada) == {"offers", "letters"}
    letters = use(ada, "letters")
    assert (letters.is_outdated, letters.needs_renewal, letters.allowed) == (True, False, {"skin"})
    publish("letters", is_material=True)
    publish("letters", is_material=False)
    assert permits(ada) == {"offers"}
    assert use(ada, "letters").needs_renewal


def test_who_agrees_to_the_old_words_while_they_change_has_agreed_to_nothing(ada: Person) -> None:
    bo = someone({"skin": "dry"})
    with acting(bo), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM preferences_purposenotice n WHERE purpose_id = %s", [use(ada, "letters").id])
        (before,) = cursor.fetchone()
    publish("letters", is_material=True)
    with acting(bo), connection.cursor() as cursor:
        cursor.execute("SELECT grant_purpose('letters', %s, 'en', 'center')", [before])
    assert permits(bo) == set()
    assert use(bo, "letters").needs_renewal


# ── the age of consent ──


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
        ({"born_in": 2009}, False),  # seventeen this year
        ({"born_in": 2010}, True),  # sixteen this year, and who knows whether already
        ({"born_in": 2024}, True),
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
    act(ada, lambda: services.note_age(today=TODAY, source="quiz", born_in=2012))
    assert permits(ada) == {"offers", "letters"}


def test_of_a_year_only_the_day_of_coming_of_age_is_kept_and_only_until_then(
    ada: Person, owner_connection: psycopg.Connection, as_role: AsRole
) -> None:
    row = "SELECT is_minor, of_age_on FROM preferences_standing"
    act(ada, lambda: services.note_age(today=TODAY, source="quiz", born_in=1990))
    assert owner_connection.execute(row).fetchall() == []
    act(ada, lambda: services.note_age(today=TODAY, source="quiz", born_in=2012))
    assert owner_connection.execute(row).fetchall() == [(True, date(2029, 1, 1))]
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


# ── merging, erasing, exporting ──


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
    act(mine if mine_says_so else other, lambda: services.note_age(today=TODAY, source="quiz", born_in=2012))
    merge(mine, other)
    assert permits(mine) == set()
    assert standing(mine).is_minor


def test_of_two_who_are_too_young_the_later_day_counts(owner_connection: psycopg.Connection) -> None:
    mine, device = account(someone()), someone()
    act(mine, lambda: services.note_age(today=TODAY, source="quiz", born_in=2013))
    act(device, lambda: services.note_age(today=TODAY, source="quiz", born_in=2012))
    merge(mine, device)
    day = "SELECT of_age_on FROM preferences_standing"
    assert owner_connection.execute(day).fetchall() == [(date(2030, 1, 1),)]
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


# ── one change at a time ──


@pytest.mark.parametrize("role", ["web", "worker", "offers"])
def test_no_process_can_hold_up_somebodys_changes_by_a_lock_of_its_own(role: str, role_connection: Callable) -> None:
    other = role_connection(role)
    for lock in ("pg_advisory_lock(0)", "pg_advisory_lock_shared(0)", "pg_try_advisory_xact_lock(1)"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            other.execute(f"SELECT {lock}")
