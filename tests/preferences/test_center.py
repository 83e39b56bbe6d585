"""The preference center as its users meet it."""

import re

import psycopg
import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from preferences import services
from preferences.models import Attribute
from preferences.services import Told
from tests.support.people import Person, acting, make_catalogue, someone

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(db: None) -> Person:
    make_catalogue()
    return someone(
        {"skin": "dry", "goal": ["calm", "glow"], "weight": 4.2, "note": "<b>hi</b> 🙂"}, ("offers", "letters")
    )


def browser(person: Person | None = None) -> Client:
    client = Client()
    if person:
        client.cookies["proffer"] = person.token
    return client


def center(client: Client) -> str:
    response = client.get("/preferences/")
    assert response.status_code == 200
    return response.content.decode()


def switches(page: str) -> dict[tuple[str, str], bool]:
    """(purpose, attribute or "") → whether the switch is on."""
    buttons = [tag for tag in re.findall(r"<button[^>]*>", page) if 'role="switch"' in tag]
    return {
        (
            re.search(r'data-purpose="([^"]*)"', tag)[1],
            (re.search(r'data-attribute="([^"]*)"', tag) or ["", ""])[1],
        ): 'aria-checked="true"' in tag
        for tag in buttons
    }


def test_everything_told_is_there_with_its_switches(ada: Person) -> None:
    page = center(browser(ada))
    assert "Your skin is <b>dry</b>" in page
    assert "calm and glow" in page
    assert "4.2 kg" in page
    assert "&lt;b&gt;hi&lt;/b&gt; 🙂" in page
    shown = switches(page)
    assert shown["offers", ""]
    assert shown["letters", ""]
    assert shown["offers", "skin"]
    assert shown["letters", "skin"]
    assert ("letters", "goal") not in shown


def test_a_stranger_sees_an_empty_drawer_and_gets_no_cookie(ada: Person) -> None:
    client = browser()
    assert "dry" not in center(client)
    assert "proffer" not in client.cookies
    page = center(client)
    assert "Have you been here before?" in page
    for nothing in ("History, download and deletion", "Delete everything", "Stop everything"):
        assert nothing not in page
    assert "Have you been here before?" not in center(browser(ada))


def test_staff_who_look_at_the_site_are_no_customer_of_no_address(ada: Person) -> None:
    client = browser()
    client.force_login(User.objects.create_user("mira", is_staff=True))
    assert "signed in as" not in center(client)
    client.cookies["proffer"] = ada.token
    assert "signed in as" not in center(client)


def test_a_forged_cookie_is_a_stranger(ada: Person) -> None:
    client = Client()
    client.cookies["proffer"] = "x" * 5000
    assert "dry" not in center(client)


def test_switching_a_use_off_acts_at_once_and_can_be_undone(ada: Person) -> None:
    client = browser(ada)
    page = client.post("/preferences/uses/offers/", {"to": "off"}, follow=True).content.decode()
    assert switches(page)["offers", ""] is False
    assert "is off" in page
    assert 'action="/preferences/uses/offers/"' in page
    page = client.post("/preferences/uses/offers/", {"to": "on"}, follow=True).content.decode()
    assert switches(page)["offers", ""] is True


def test_what_was_done_is_said_once(ada: Person) -> None:
    client = browser(ada)
    for path, fields, words in (
        ("uses/letters/", {"to": "off"}, "“Letters” is off."),
        ("mail/stop/", {}, "mail"),
    ):
        page = client.post(f"/preferences/{path}", fields, follow=True).content.decode()
        assert page.count('class="notice') == 1 + page.count('id="offline"'), words


def test_htmx_gets_the_page_itself(ada: Person) -> None:
    response = browser(ada).post("/preferences/uses/offers/", {"to": "off"}, headers={"HX-Request": "true"})
    assert response.status_code == 200
    assert "<html" not in response.content.decode()
    assert switches(response.content.decode())["offers", ""] is False


def test_one_item_can_be_taken_out_of_one_use(ada: Person) -> None:
    client = browser(ada)
    url = f"/preferences/{ada.profile}/skin/uses/offers/"
    shown = switches(client.post(url, {"to": "off"}, follow=True).content.decode())
    assert shown["offers", "skin"] is False
    assert shown["letters", "skin"] is True
    assert shown["offers", ""] is True


def test_changing_a_value(ada: Person) -> None:
    client = browser(ada)
    assert client.get(f"/preferences/{ada.profile}/skin/").status_code == 200
    page = client.post(f"/preferences/{ada.profile}/skin/", {"answer": "oily"}, follow=True).content.decode()
    assert "Your skin is <b>oily</b>" in page


@pytest.mark.parametrize(
    ("attribute", "entered"),
    [
        ("skin", {"answer": "purple"}),
        ("skin", {}),
        ("goal", {"answer": ["calm", "purple"]}),
        ("weight", {"answer": "a lot"}),
        ("weight", {"answer": "-1"}),
        ("weight", {"answer": "nan"}),
        ("weight", {"answer": "1e99"}),
        ("note", {"answer": "x" * 501}),
        ("note", {"answer": "nul \x00 byte"}),
    ],
)
def test_a_value_that_cannot_be_is_refused_in_place(ada: Person, attribute: str, entered: dict[str, object]) -> None:
    client = browser(ada)
    before = center(client)
    assert client.post(f"/preferences/{ada.profile}/{attribute}/", entered).status_code == 422
    assert center(client).count("<b>") == before.count("<b>")


def test_deleting_says_first_what_goes(ada: Person) -> None:
    client = browser(ada)
    url = f"/preferences/{ada.profile}/skin/delete/"
    assert client.get(url).status_code == 200
    assert "Your skin is" in center(client)
    assert "Your skin is" not in client.post(url, follow=True).content.decode()


def test_the_history_is_in_words(ada: Person) -> None:
    client = browser(ada)
    client.post("/preferences/uses/offers/", {"to": "off"})
    page = client.get("/preferences/history/").content.decode()
    assert "You switched off “Offers”." in page
    assert "You switched on “Letters”." in page


def test_deleting_everything_leaves_a_stranger(ada: Person, owner_connection: psycopg.Connection) -> None:
    client = browser(ada)
    assert client.get("/preferences/delete-everything/").status_code == 200
    page = client.post("/preferences/delete-everything/", follow=True)
    assert page.status_code == 200
    assert owner_connection.execute("SELECT count(*) FROM preferences_customer").fetchone() == (0,)
    assert "dry" not in center(client)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "/preferences/{}/skin/"),
        ("post", "/preferences/{}/skin/"),
        ("get", "/preferences/{}/skin/delete/"),
        ("post", "/preferences/{}/skin/delete/"),
        ("post", "/preferences/{}/skin/uses/offers/"),
        ("post", "/preferences/{}/delete/"),
        ("get", "/preferences/{}/delete/"),
    ],
)
@pytest.mark.parametrize("who", ["stranger", "someone else"])
def test_someone_elses_things_are_not_found(ada: Person, who: str, method: str, path: str) -> None:
    client = browser(someone({"skin": "oily"}) if who == "someone else" else None)
    assert getattr(client, method)(path.format(ada.profile), {"to": "off", "answer": "oily"}).status_code == 404
    assert "Your skin is <b>dry</b>" in center(browser(ada))


@pytest.mark.parametrize("path", ["/preferences/uses/nothing/", "/preferences/uses/result/"])
def test_there_is_no_switch_for_what_has_none(ada: Person, path: str) -> None:
    assert browser(ada).post(path, {"to": "on"}).status_code == 404


def test_two_hundred_things_take_as_many_queries_as_one(ada: Person) -> None:
    def queries() -> int:
        client = browser(ada)
        center(client)
        with CaptureQueriesContext(connection) as captured:
            center(client)
        return sum("SELECT" in query["sql"] for query in captured.captured_queries)

    few = queries()
    for number in range(200):
        texts = {"label": {"en": "Tea"}, "sentence": {"en": "tea {value}"}, "group": {"en": "Me"}}
        Attribute.objects.create(key=f"tea_{number}", kind="text", **texts)
    with acting(ada):
        services.remember(profile_id=ada.profile, items=[Told(f"tea_{number}", "green") for number in range(200)])
    assert queries() == few <= 12


def sign_in(client: Client, email: str) -> None:
    client.post("/accounts/login/", {"email": email})
    code = re.search(r"^\s*([A-Z0-9-]{6,12})\s*$", mail.outbox[-1].body, re.MULTILINE)[1]
    response = client.post("/accounts/login/code/confirm/", {"code": code}, follow=True)
    assert response.status_code == 200


def test_signing_in_keeps_what_this_device_told(ada: Person) -> None:
    client = browser(ada)
    sign_in(client, "ada@example.com")
    page = center(client)
    assert "Your skin is <b>dry</b>" in page
    assert "ada@example.com" in page
    assert switches(page)["offers", ""] is True


def test_a_second_device_is_asked_and_can_keep_its_answers(ada: Person) -> None:
    sign_in(browser(ada), "ada@example.com")
    phone = browser(someone({"skin": "oily", "note": "from the phone"}, ("offers",)))
    sign_in(phone, "ada@example.com")
    assert phone.get("/preferences/").url == "/preferences/keep/"
    page = phone.post("/preferences/keep/", {"keep": "yes"}, follow=True).content.decode()
    assert "Your skin is <b>oily</b>" in page
    assert "from the phone" in page
    assert "calm and glow" in page


def test_a_second_device_may_leave_its_answers_behind(ada: Person) -> None:
    sign_in(browser(ada), "ada@example.com")
    phone = browser(someone({"skin": "oily"}))
    sign_in(phone, "ada@example.com")
    page = phone.post("/preferences/keep/", {"keep": "no"}, follow=True).content.decode()
    assert "Your skin is <b>dry</b>" in page


def test_signing_out_leaves_the_browser_knowing_nobody(ada: Person) -> None:
    client = browser(ada)
    sign_in(client, "ada@example.com")
    client.post("/accounts/logout/")
    assert "dry" not in center(client)
    client.cookies["proffer"] = ada.token
    assert "dry" not in center(client)


def test_deleting_everything_closes_the_account(ada: Person, owner_connection: psycopg.Connection) -> None:
    client = browser(ada)
    sign_in(client, "ada@example.com")
    client.post("/preferences/delete-everything/")
    for table in ("auth_user", "account_emailaddress", "preferences_customer"):
        assert owner_connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table


def test_the_brands_looks_are_a_stylesheet(db: None) -> None:
    response = Client().get("/brand.css")
    assert response["Content-Type"].startswith("text/css")
    assert "--brand-hue" in response.content.decode()
