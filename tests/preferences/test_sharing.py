"""Global Privacy Control: while the browser objects, no use that shares with others is on, and it says so."""

import psycopg
import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from preferences import selectors, services
from preferences.models import Purpose
from tests.support.people import Person, acting, make_catalogue, someone

pytestmark = pytest.mark.django_db
GPC = {"Sec-GPC": "1"}


@pytest.fixture
def ada(db: None) -> Person:
    """Letters are written by somebody else, so what they use is shared."""
    make_catalogue()
    Purpose.objects.filter(slug="letters").update(is_shared=True)
    return someone({"skin": "dry"}, ("offers", "letters"))


def browser(person: Person) -> Client:
    client = Client()
    client.cookies["proffer"] = person.token
    return client


def uses_on(person: Person) -> set[str]:
    with acting(person):
        return {each.slug for each in selectors.purposes(person.id, "en") if each.is_granted}


def objections(person: Person) -> list[tuple[str, str]]:
    with acting(person):
        events = selectors.events(person.id, "en")
    return [(each.kind, each.purpose) for each in reversed(events) if each.source == "gpc"]


def test_the_signal_switches_off_what_shares_and_only_that(ada: Person) -> None:
    page = browser(ada).get("/preferences/", headers=GPC).content.decode()
    assert uses_on(ada) == {"offers"}
    assert "your browser asks us not to share (Global Privacy Control)" in page
    assert 'data-purpose="letters"' not in page
    assert 'data-purpose="offers"' in page


@pytest.mark.parametrize("value", ["0", "", "1, 1", "1,1", "true", " 1 1", "11"])
def test_only_exactly_one_is_the_signal(ada: Person, value: str) -> None:
    browser(ada).get("/preferences/", headers={"Sec-GPC": value})
    assert uses_on(ada) == {"offers", "letters"}


def test_without_the_signal_nothing_changes(ada: Person) -> None:
    browser(ada).get("/preferences/")
    assert uses_on(ada) == {"offers", "letters"}


def test_it_is_recorded_once_however_often_it_is_sent(ada: Person) -> None:
    for _request in range(3):
        browser(ada).get("/preferences/", headers=GPC)
    assert objections(ada) == [("withdrawn", "Letters"), ("objected", "Letters")]
    with acting(ada):
        services.grant(purpose_slug="letters", language="en", source="center")
    browser(ada).get("/", headers=GPC)
    assert objections(ada) == [("withdrawn", "Letters"), ("objected", "Letters")] * 2


def test_whoever_had_nothing_on_has_objected_too(ada: Person) -> None:
    bo = someone()
    browser(bo).get("/preferences/", headers=GPC)
    assert objections(bo) == [("objected", "Letters")]


def test_while_it_is_sent_it_can_not_be_switched_on(ada: Person) -> None:
    client = browser(ada)
    page = client.post("/preferences/uses/letters/", {"to": "on"}, headers=GPC | {"HX-Request": "true"})
    assert "so “Letters” stays off" in page.content.decode()
    assert uses_on(ada) == {"offers"}
    client.post("/preferences/uses/letters/", {"to": "on"})
    assert uses_on(ada) == {"offers", "letters"}


def test_the_database_holds_it_even_where_the_code_is_wrong(ada: Person) -> None:
    with acting(ada):
        services.object_to_sharing()
        with pytest.raises(DatabaseError, match="objects to sharing"):
            services.grant(purpose_slug="letters", language="en", source="center")


def test_sharing_needs_consent(ada: Person, owner_connection: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.CheckViolation, match="sharing_needs_consent"):
        owner_connection.execute("UPDATE preferences_purpose SET basis = 'necessity' WHERE slug = 'letters'")


def test_nobody_pays_for_it_where_nothing_is_shared(ada: Person) -> None:
    Purpose.objects.update(is_shared=False)
    cache.clear()
    client = browser(ada)
    client.get("/preferences/history/", headers=GPC)
    with CaptureQueriesContext(connection) as asked:
        client.get("/preferences/history/", headers=GPC)
    with CaptureQueriesContext(connection) as without:
        client.get("/preferences/history/")
    assert len(asked) == len(without)
