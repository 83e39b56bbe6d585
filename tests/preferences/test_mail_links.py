"""A link in a letter makes it less and nothing else; mail programs stop it with one click (RFC 8058)."""

import io
import json
import re
from zipfile import ZipFile

import psycopg
import pytest
from anymail.signals import AnymailTrackingEvent, tracking
from django.conf import settings
from django.core import mail
from django.test import Client

from preferences import selectors
from preferences.models import Topic
from tests.support.letters import PAGE, AsRole, Worker, make_topics, path_in, release, subscribed
from tests.support.people import acting, someone

pytestmark = pytest.mark.django_db
ADDRESS = "ada@example.org"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


class Told:
    """Ada, who hears about the season and the news, and the path of the link in a letter about the season."""

    def __init__(self, worker: Worker, topics: dict[str, Topic]) -> None:
        self.worker, self.topics = worker, topics
        self.ada = someone({"skin": "dry"})
        self.client = subscribed(worker, self.ada, ADDRESS, "season", "news")
        release(topics["season"])
        [self.letter] = worker.sends()
        self.path = path_in(self.letter)

    def hears(self) -> set[str]:
        page = self.client.get(PAGE).content.decode()
        return set(re.findall(r'aria-checked="true"[^>]*data-topic="(\w+)"', page))


@pytest.fixture
def told(as_role: AsRole, db: None) -> Told:
    return Told(Worker(as_role), make_topics())


def strictly() -> Client:
    """As a mail program: no cookies, and the site checks for forged posts."""
    return Client(enforce_csrf_checks=True)


def test_a_letter_says_how_to_stop_it(told: Told) -> None:
    message = told.letter.message()
    assert message["List-Unsubscribe"] == f"<{settings.PUBLIC_URL}{told.path}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["To"] == ADDRESS
    assert message.get_content_type() == "multipart/alternative"


def test_a_letter_has_nothing_that_watches_its_reader(told: Told) -> None:
    html = told.letter.alternatives[0][0]
    assert not re.search(r"<(img|table|script|link|iframe)\b|url\(|style=", html)
    addresses = set(re.findall(r"https?://\S+?(?=[\"\s<])", html + told.letter.body + "\n"))
    assert addresses == {f"{settings.PUBLIC_URL}{told.path}", f"{settings.PUBLIC_URL}{PAGE}"}
    assert "dry" not in html + told.letter.body


def test_scanners_may_open_links_as_often_as_they_like(told: Told) -> None:
    for _again in range(3):
        for method in ("get", "head", "options"):
            assert getattr(Client(), method)(told.path).status_code in (200, 405)
        assert Client().get(f"{told.path}choose/").status_code == 405
    assert told.hears() == {"season", "news"}


def test_the_page_of_a_link_tells_nothing_about_anybody(told: Told) -> None:
    response = Client().get(told.path)
    page = response.content.decode()
    assert "The season" in page
    assert not any(word in page for word in (ADDRESS, "dry", "skin", "The news"))
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"
    assert "proffer" not in response.cookies


def test_one_click_stops_the_topic_without_cookies(told: Told) -> None:
    response = strictly().post(told.path, ONE_CLICK)
    assert (response.status_code, response["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert not response.cookies
    assert told.hears() == {"news"}


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=b", "application/x-www-form-urlencoded"])
def test_one_click_comes_in_either_form(kind: str, told: Told) -> None:
    multipart = '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n'
    body = multipart if "multipart" in kind else "List-Unsubscribe=One-Click"
    assert strictly().post(told.path, body, content_type=kind).status_code == 200
    assert told.hears() == {"news"}


def test_one_click_may_come_twice_and_late(told: Told, owner_connection: psycopg.Connection) -> None:
    owner_connection.execute("UPDATE preferences_maillink SET expires_at = now() - interval '1 year'")
    assert [strictly().post(told.path, ONE_CLICK).status_code for _again in range(3)] == [200] * 3
    assert told.hears() == {"news"}
    kinds = owner_connection.execute("SELECT kind FROM preferences_consentevent ORDER BY id").fetchall()
    assert kinds == [("granted",)]  # the news still rest on it


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("", "application/x-www-form-urlencoded"),
        ("List-Unsubscribe=no", "application/x-www-form-urlencoded"),
        ("{}", "application/json"),
        ("--b\r\nbroken", "multipart/form-data; boundary=b"),
        ("--b", "multipart/form-data"),
        (b"\xff\xfe=\xff", "application/x-www-form-urlencoded"),
        ("x=" + "y" * 100_000, "application/x-www-form-urlencoded"),
        ("x" * 5_000_000, "application/x-www-form-urlencoded"),
        ("&".join(f"a{n}=1" for n in range(500)), "application/x-www-form-urlencoded"),
    ],
)
def test_anything_else_is_refused_kindly(body: str | bytes, kind: str, told: Told) -> None:
    response = strictly().post(told.path, body, content_type=kind)
    assert response.status_code == 400
    assert "One-Click" in response.content.decode()
    assert told.hears() == {"season", "news"}


def test_a_press_on_the_page_stops_snoozes_or_stops_all(told: Told) -> None:
    anybody = Client()
    assert "Quiet for 30 days" in anybody.post(f"{told.path}choose/", {"do": "snooze_30"}).content.decode()
    assert "Quiet until" in told.client.get(PAGE).content.decode()
    assert "off" in anybody.post(f"{told.path}choose/", {"do": "stop"}).content.decode()
    assert told.hears() == {"news"}
    anybody.post(f"{told.path}choose/", {"do": "stop_all"})
    assert told.hears() == set()
    with acting(told.ada):
        assert not any(each.is_granted for each in selectors.purposes(told.ada.id, "en"))


def test_a_press_needs_the_page_it_is_on(told: Told) -> None:
    assert strictly().post(f"{told.path}choose/", {"do": "stop"}).status_code == 403
    assert told.hears() == {"season", "news"}


@pytest.mark.parametrize("do", ["", "start", "on", "snooze_0", "snooze_9999", "grant", "erase"])
def test_a_link_can_never_make_it_more(do: str, told: Told) -> None:
    assert Client().post(f"{told.path}choose/", {"do": do}).status_code == 200
    assert told.hears() == {"season", "news"}


def test_an_old_link_only_stops(told: Told, owner_connection: psycopg.Connection) -> None:
    owner_connection.execute("UPDATE preferences_maillink SET expires_at = now()")
    page = Client().get(told.path).content.decode()
    assert "Stop these letters" in page
    assert "Quiet for" not in page
    Client().post(f"{told.path}choose/", {"do": "snooze_90"})
    assert "Quiet until" not in told.client.get(PAGE).content.decode()


def test_a_link_makes_no_browser_somebody_elses(told: Told) -> None:
    """Bo presses Ada's link: Bo stays Bo, and sees nothing of Ada's."""
    bo = Client()
    bo.cookies["proffer"] = someone({"skin": "oily"}).token
    bo.post(f"{told.path}choose/", {"do": "stop_all"})
    assert ADDRESS not in bo.get(PAGE).content.decode()
    assert told.hears() == set()
    for path in ("/preferences/", "/preferences/download/", "/preferences/delete-everything/"):
        nobody = Client()
        nobody.get(told.path)
        assert "dry" not in str(getattr(nobody.get(path), "content", b""))


def test_links_of_someone_erased_are_gone(told: Told, owner_connection: psycopg.Connection) -> None:
    told.client.post("/preferences/delete-everything/")
    assert Client().get(told.path).status_code == 404
    assert strictly().post(told.path, ONE_CLICK).status_code == 404
    for table in ("mailaddress", "mailconfirmation", "topicchoice", "sending", "maillink"):
        assert owner_connection.execute(f"SELECT count(*) FROM preferences_{table}").fetchone() == (0,)
    told.worker.tidies(days=2)
    assert owner_connection.execute("SELECT count(*) FROM preferences_addressasked").fetchone() == (0,)
    release(told.topics["news"])
    assert told.worker.sends() == []


def test_what_is_not_needed_any_more_is_forgotten(told: Told, owner_connection: psycopg.Connection) -> None:
    told.client.post(f"{PAGE}address/", {"address": "other@example.org"})
    told.worker.tidies(days=4)
    stored = owner_connection.execute("SELECT * FROM preferences_mailconfirmation").fetchall()
    assert "other@example.org" not in str(stored)
    assert ADDRESS in told.client.get(PAGE).content.decode()
    assert len(mail.outbox) == 2


@pytest.mark.parametrize(("kind", "still_hears"), [("bounced", True), ("rejected", True), ("complained", False)])
def test_what_a_provider_tells_us_afterwards_counts(kind: str, still_hears: bool, told: Told) -> None:
    for recipient in (ADDRESS.upper(), None, "nobody@example.org"):
        tracking.send(sender=None, event=AnymailTrackingEvent(event_type=kind, recipient=recipient), esp_name="x")
    release(told.topics["season"])
    release(told.topics["news"])
    assert told.worker.sends() == []
    assert bool(told.hears()) == still_hears
    assert "came back" in told.client.get(PAGE).content.decode()


def test_what_one_hears_is_among_what_one_takes_along(told: Told) -> None:
    archive = ZipFile(io.BytesIO(b"".join(told.client.get("/preferences/download/").streaming_content)))  # type: ignore[attr-defined]
    found = json.loads(archive.read("data.json"))["sections"]
    assert [each["address"] for each in found["mail_addresses"]] == [ADDRESS]
    assert {each["topic"]: each["is_on"] for each in found["mail_topics"]} == {"season": True, "news": True}
    assert [each["subject"] for each in found["letters"]] == ["Autumn is here"]
