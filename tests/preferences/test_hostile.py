"""What a stranger, another tab or wrong code does to customers."""

import re
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client

from preferences import catalogue
from preferences.access import COOKIE
from preferences.admin.base import PlainJSONField
from preferences.models import Brand, Purpose
from tests.support.people import make_catalogue, someone

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _catalogue(db: None) -> None:
    make_catalogue()


def browser(token: str) -> Client:
    client = Client(raise_request_exception=False)
    client.cookies[COOKIE] = token
    return client


def sign_in(client: Client, mailoutbox: list[Any], address: str = "ada@shop.example") -> None:
    client.post("/accounts/login/", {"email": address})
    code = re.search(r"^\s*(\w{4}-\w{4})\s*$", mailoutbox[-1].body, re.MULTILINE)
    assert code
    assert client.post("/accounts/login/code/confirm/", {"code": code[1]}).status_code == 302


def test_who_led_somebody_into_their_run_does_not_see_the_account(
    mailoutbox: list[Any], owner_connection: psycopg.Connection
) -> None:
    """A first sign-in forgets every device that knew the customer before, and gives this one a new token."""
    told = someone({"skin": "dry"})
    ada = browser(told.token)
    sign_in(ada, mailoutbox)
    assert ada.cookies[COOKIE].value != told.token
    assert b"ada@shop.example" in ada.get("/preferences/").content
    assert browser(told.token).get("/preferences/history/").status_code == 404
    assert owner_connection.execute("SELECT count(*) FROM preferences_customer").fetchone() == (1,)


def test_what_is_rolled_back_leaves_the_browser_its_cookie(
    mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = someone({"skin": "dry"})
    ada = browser(told.token)

    def fail(*_arguments: Any, **_options: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("preferences.views.erase.logout", fail)
    monkeypatch.setattr("preferences.views.erase.forget_device", fail)
    assert ada.post("/preferences/delete-everything/").status_code == 500
    assert ada.cookies[COOKIE].value == told.token
    assert ada.get("/preferences/history/").status_code == 200


def test_a_write_that_meets_an_erasure_is_told_so(
    owner_connection: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = someone({"skin": "dry"})

    def erased_meanwhile(**_options: Any) -> None:
        owner_connection.execute("DELETE FROM preferences_customer")
        services_grant(purpose_slug="offers", language="en", source="center")

    from preferences import services

    services_grant = services.grant
    monkeypatch.setattr(services, "grant", erased_meanwhile)
    response = browser(told.token).post("/preferences/uses/offers/", {"to": "on"})
    assert (response.status_code, response["Location"]) == (302, "/preferences/deleted/")


def test_what_a_purpose_covers_cannot_be_changed_unnoticed(
    role_connection: Callable[[str], psycopg.Connection],
) -> None:
    """Only adding and taking out are noticed by the triggers, so nothing else is allowed."""
    with pytest.raises(psycopg.errors.InsufficientPrivilege), transaction.atomic():
        role_connection("web").execute("UPDATE preferences_purpose_attributes SET attribute_id = attribute_id")


HOSTILE_JSON = {
    "deep": '{"not":' * 5_000 + "1" + "}" * 5_000,
    "long number": "9" * 5_000,
    "half a character": r'[{"code": "\ud800"}]',
    "no character": r'[{"code": "\u0000"}]',
    "unfinished": "[",
}


@pytest.mark.parametrize("text", HOSTILE_JSON.values(), ids=HOSTILE_JSON.keys())
def test_json_that_cannot_be_kept_is_refused_and_shown_again(text: str) -> None:
    class Sheet(forms.Form):
        bins = PlainJSONField()

    sheet = Sheet({"bins": text})
    assert not sheet.is_valid()
    assert b"bins" in sheet.as_p().encode()


@pytest.mark.parametrize("fonts", ['a"', 'a"\n\nb', "'a\", b", '"a', "a\nb"])
def test_a_font_cannot_end_the_stylesheet(fonts: str) -> None:
    with pytest.raises(ValidationError):
        Brand(name="x", font_text=fonts).clean()
    Brand(name="x", font_text="-apple-system, \"Segoe UI\", 'Helvetica Neue', serif").clean()


@pytest.mark.parametrize("path", ["art/../css/proffer.css", "art/none.svg", "/etc/passwd", "art//brand/logo.svg"])
def test_a_picture_is_one_of_ours(path: str) -> None:
    with pytest.raises(ValidationError):
        Brand(name="x", hero=path).clean()


def test_a_switch_goes_on_only_under_the_words_on_the_page(owner_connection: psycopg.Connection) -> None:
    told = someone({"skin": "dry"}, ("offers",))
    ada = browser(told.token)
    words, purpose = {"en": "All of it"}, Purpose.objects.get(slug="offers")
    agreed_to = purpose.notices.get().pk
    catalogue.publish_notice(purpose=purpose, title=words, sentence=words, benefit=words, details=words)

    off = ada.post("/preferences/uses/offers/", {"to": "off"}, follow=True)
    assert 'name="to" value="on"' in off.content.decode()
    token = re.search(r'name="token" value="([^"]*)"', off.content.decode())[1]
    ada.post("/preferences/undo/", {"token": token})  # back to the words agreed to, not to the newer ones, unread
    assert owner_connection.execute("SELECT notice_id FROM preferences_grant").fetchall() == [(agreed_to,)]
    ada.post("/preferences/uses/offers/", {"to": "off"})
    late = ada.post("/preferences/uses/offers/", {"to": "on", "notice": "1"}, follow=True)
    assert "These words have just changed" in late.content.decode()
    assert owner_connection.execute("SELECT count(*) FROM preferences_grant").fetchone() == (0,)
    ada.post("/preferences/uses/offers/", {"to": "on", "notice": "2"})
    assert owner_connection.execute("SELECT count(*) FROM preferences_grant").fetchone() == (1,)


NOT_A_PLACE = ["", ":", "5:", "1:a b", "1:\x00", "²:skin", "9" * 5_000 + ":skin", "9" * 25 + ":skin", "9" * 5_000]


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
@pytest.mark.parametrize("name", NOT_A_PLACE, ids=[each[:8] for each in NOT_A_PLACE])
def test_a_place_that_no_page_has_leads_back_to_the_center(name: str, htmx: bool) -> None:
    """What a form says of where it was pressed: the change counts, and nothing breaks."""
    told = someone({"skin": "dry"}, ("offers",))
    ada = browser(told.token)
    headers = {"HX-Request": "true"} if htmx else {}
    undone = ada.post("/preferences/undo/", {"token": "x", "thing": name, "at": "thing"}, headers=headers)
    off = ada.post("/preferences/uses/offers/", {"to": "off", "why": name, "only": "x"}, headers=headers)
    where = {each.get("Location") or each.get("HX-Push-Url") for each in (undone, off)}
    assert ({undone.status_code, off.status_code}, where) == ({200 if htmx else 302}, {"/preferences/"})


@pytest.mark.parametrize("days", ["", "9" * 5_000, "²", "٧", "-7", "8", "\x00"], ids=repr)
def test_a_pause_of_no_length_we_know_is_the_shortest(days: str) -> None:
    ada = browser(someone({"skin": "dry"}).token)
    assert "for 7 days" in ada.post("/preferences/pause/", {"days": days}, follow=True).content.decode()


@pytest.mark.parametrize("sent", ["", "\x00", "weekly\x00", "x" * 20, "🦉" * 5_000], ids=lambda each: repr(each[:8]))
@pytest.mark.parametrize("field", ["frequency", "channel"])
def test_how_often_and_where_are_among_what_the_page_offers(field: str, sent: str) -> None:
    ada = browser(someone().token)
    answer = ada.post("/preferences/mail/topics/news/how/", {"frequency": "weekly", "channel": "mail", field: sent})
    assert answer.status_code == 404
