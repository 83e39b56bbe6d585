"""Switching in the preference center and taking it back; stopping everything; what holds meanwhile."""

import re
from datetime import timedelta

import psycopg
import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from preferences import catalogue, services
from preferences.models import Purpose
from tests.support.people import Person, acting, make_catalogue, someone

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
GRANTS = "SELECT purpose_id, notice_id, language FROM preferences_grant ORDER BY purpose_id"
SINCE = (
    "SELECT granted_at FROM preferences_grant JOIN preferences_purpose purpose ON purpose.id = purpose_id"
    " WHERE slug = 'offers'"
)
EXCLUSIONS = "SELECT profile_id, purpose_id, attribute_id FROM preferences_exclusion ORDER BY purpose_id, attribute_id"
TOO_LATE = "It is too late to undo this"


@pytest.fixture
def ada(db: None) -> Person:
    make_catalogue()
    return someone({"skin": "dry", "goal": ["calm", "glow"], "weight": 4.2}, ("offers", "letters"))


def browser(person: Person) -> Client:
    client = Client()
    client.cookies["proffer"] = person.token
    return client


def press(client: Client, path: str, **fields: str) -> str:
    return client.post(path, fields, headers=HTMX).content.decode()


def token(page: str) -> str:
    found = re.search(r'name="token" value="([^"]*)"', page)
    assert found, "there is nothing to undo"
    return found[1]


def is_on(page: str, use: str) -> bool:
    (button,) = re.findall(rf'<button[^>]*id="switch-{use}"[^>]*>', page)
    return 'aria-checked="true"' in button


def test_undoing_restores_the_grant_as_it_was_and_the_exclusions(
    ada: Person, owner_connection: psycopg.Connection
) -> None:
    client = browser(ada)
    press(client, f"/preferences/{ada.profile}/skin/uses/offers/", to="off")
    words = {"en": "All of it"}
    catalogue.publish_notice(
        purpose=Purpose.objects.get(slug="offers"), title=words, sentence=words, benefit=words, details=words
    )
    before = [owner_connection.execute(each).fetchall() for each in (GRANTS, EXCLUSIONS)]
    ((since,),) = owner_connection.execute(SINCE).fetchall()
    off = press(client, "/preferences/uses/offers/", to="off")
    assert not is_on(off, "offers")
    back = press(client, "/preferences/undo/", token=token(off))
    assert is_on(back, "offers")
    assert "everything is as it was" in back
    assert [owner_connection.execute(each).fetchall() for each in (GRANTS, EXCLUSIONS)] == before
    ((since_again,),) = owner_connection.execute(SINCE).fetchall()
    assert abs(since_again - since) < timedelta(seconds=0.5)  # as the ledger has it, not from now on


def test_it_can_be_undone_once(ada: Person) -> None:
    client = browser(ada)
    sent = token(press(client, "/preferences/uses/offers/", to="off"))
    press(client, "/preferences/undo/", token=sent)
    assert TOO_LATE in press(client, "/preferences/undo/", token=sent)
    press(client, "/preferences/uses/offers/", to="off")
    assert TOO_LATE in press(client, "/preferences/undo/", token=sent)


def test_after_thirty_seconds_it_is_too_late_and_that_is_said(
    ada: Person, owner_connection: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browser(ada)
    sent = token(press(client, "/preferences/uses/offers/", to="off"))
    with monkeypatch.context() as later:
        later.setattr(signing.time, "time", lambda: timezone.now().timestamp() + 31)
        page = client.post("/preferences/undo/", {"token": sent}, follow=True).content.decode()  # without JavaScript
    assert TOO_LATE in page
    assert not is_on(page, "offers")
    # The database does not take our word for the time.
    owner_connection.execute("SET session_replication_role = replica")
    owner_connection.execute("UPDATE preferences_consentevent SET at = at - interval '31 seconds'")
    owner_connection.execute("SET session_replication_role = origin")
    assert TOO_LATE in press(client, "/preferences/undo/", token=sent)


@pytest.mark.parametrize("sent", ["", "x", "WzEsbnVsbF0:1:abc"])
def test_a_made_up_token_undoes_nothing(ada: Person, sent: str) -> None:
    assert TOO_LATE in press(browser(ada), "/preferences/undo/", token=sent)


def test_nobody_undoes_what_somebody_else_decided(ada: Person) -> None:
    bo = someone({"skin": "oily"}, ("offers",))
    sent = token(press(browser(ada), "/preferences/uses/offers/", to="off"))
    assert TOO_LATE in press(browser(bo), "/preferences/undo/", token=sent)
    assert not is_on(browser(ada).get("/preferences/").content.decode(), "offers")


def test_the_token_says_nothing_about_anybody(ada: Person) -> None:
    page = press(browser(ada), f"/preferences/{ada.profile}/skin/uses/offers/", to="off")
    decided, profile = signing.TimestampSigner(salt="preferences.undo").unsign_object(token(page))
    assert all(isinstance(each, int) for each in decided)
    assert profile == ada.profile


def test_one_thing_is_taken_out_of_every_use_at_once_and_back(
    ada: Person, owner_connection: psycopg.Connection
) -> None:
    client = browser(ada)
    press(client, f"/preferences/{ada.profile}/skin/uses/letters/", to="off")
    before = owner_connection.execute(EXCLUSIONS).fetchall()
    page = press(client, f"/preferences/{ada.profile}/skin/uses/", to="off")
    assert "is not used for anything now" in page
    assert len(owner_connection.execute(EXCLUSIONS).fetchall()) == 2
    press(client, "/preferences/undo/", token=token(page))
    assert owner_connection.execute(EXCLUSIONS).fetchall() == before


def test_a_pause_stops_everything_keeps_the_switches_and_can_be_undone(ada: Person) -> None:
    client = browser(ada)
    page = press(client, "/preferences/pause/", days="30")
    assert "Paused until" in page
    assert is_on(page, "offers")
    with acting(ada):
        assert services.undo_token() == ""
    assert "Paused until" not in press(client, "/preferences/undo/", token=token(page))
    page = press(client, "/preferences/pause/", days="7")
    assert "Paused until" not in press(client, "/preferences/resume/")


def test_nothing_is_used_while_it_is_only_kept(ada: Person, owner_connection: psycopg.Connection) -> None:
    client = browser(ada)
    page = press(client, "/preferences/restrict/")
    assert "We only keep it" in page
    assert owner_connection.execute("SELECT count(*) FROM preferences_permit").fetchone() == (0,)
    press(client, "/preferences/use-again/")
    assert owner_connection.execute("SELECT count(*) FROM preferences_permit").fetchone() == (2,)


def test_who_does_not_want_to_be_asked_again_is_not_and_may_change_their_mind(ada: Person) -> None:
    client = browser(ada)
    page = press(client, "/preferences/uses/offers/never/")
    assert not is_on(page, "offers")
    assert "You asked us not to ask again" in page
    page = press(client, "/preferences/uses/offers/", to="on")
    assert is_on(page, "offers")
    assert "You asked us not to ask again" not in page
    assert "You asked us not to ask again" in press(client, "/preferences/undo/", token=token(page))


def test_a_changed_use_is_off_says_so_and_is_agreed_to_anew(ada: Person) -> None:
    words = {"en": "All of it"}
    purpose = Purpose.objects.get(slug="offers")
    catalogue.publish_notice(
        purpose=purpose, title=words, sentence=words, benefit=words, details=words, is_material=True
    )
    client = browser(ada)
    page = client.get("/preferences/").content.decode()
    assert not is_on(page, "offers")
    assert "What this is for has changed" in page
    page = press(client, "/preferences/uses/offers/", to="on", notice="2")
    assert is_on(page, "offers")
    assert "You agreed to version 2 of this text, in English." in page


def test_whoever_is_too_young_has_no_switches(ada: Person) -> None:
    with acting(ada):
        services.note_minor(is_minor=True, source="quiz")
    client = browser(ada)
    page = client.get("/preferences/").content.decode()
    assert 'role="switch"' not in page
    assert "You are too young for us to ask" in page
    assert "So “Offers” stays off" in press(client, "/preferences/uses/offers/", to="on")


def test_what_is_too_old_says_so_and_is_made_fresh_by_one_press(
    ada: Person, owner_connection: psycopg.Connection
) -> None:
    owner_connection.execute("UPDATE preferences_preference SET expires_at = now() - %s", [timedelta(days=1)])
    client = browser(ada)
    assert "Too old to be used since" in client.get("/preferences/").content.decode()
    page = press(client, f"/preferences/{ada.profile}/skin/right/")
    assert "“skin” counts again" in page
    assert page.count("Too old to be used since") == 2


@pytest.mark.parametrize(
    "path", ["pause/", "resume/", "restrict/", "use-again/", "undo/", "uses/offers/", "uses/offers/never/", "find/"]
)
def test_a_stranger_changes_nothing_and_a_link_never_does(ada: Person, path: str) -> None:
    assert Client().post(f"/preferences/{path}").status_code == 404
    assert browser(ada).get(f"/preferences/{path}").status_code in (302, 405)
    assert is_on(browser(ada).get("/preferences/").content.decode(), "offers")


@pytest.mark.parametrize(
    ("hold", "sentence", "word"),
    [
        ("restrict/", "is on. It stays unused until you let us use your answers again.", "Not used"),
        ("pause/", "is on. It stays unused until your pause is over.", "Paused"),
    ],
)
def test_what_is_switched_on_while_everything_is_stopped_says_that_it_waits(
    ada: Person, hold: str, sentence: str, word: str
) -> None:
    client = browser(ada)
    press(client, "/preferences/uses/offers/", to="off")
    assert sentence not in press(client, "/preferences/uses/offers/", to="on", notice="1")
    press(client, "/preferences/uses/offers/", to="off")
    press(client, f"/preferences/{hold}", days="7")
    page = press(client, "/preferences/uses/offers/", to="on", notice="1")
    assert is_on(page, "offers")
    assert sentence in page
    (button,) = re.findall(r'<button[^>]*id="switch-offers".*?</button>', page)
    assert f"<span>{word}</span>" in button
