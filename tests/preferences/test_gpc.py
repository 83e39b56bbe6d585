"""Global Privacy Control over HTTP, as a server really receives it: what counts as the signal, at which moments, and
that it is said where other machines look."""

import http.client
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import psycopg
import pytest
from django.core.cache import cache
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test import Client

from config.well_known import GPC_REVIEWED_ON
from preferences.models import Purpose
from quizzes.services.drafting import import_definition
from quizzes.services.publishing import publish
from tests.quizzes.builders import care
from tests.support.people import Person, make_catalogue, someone

pytestmark = pytest.mark.django_db

# What is sent, as lines of a header; whether it is the signal. Space around a value is no part of it (RFC 9110); a
# header sent twice is one with both values.
SENT = {
    "1": (["1"], True),
    "absent": ([], False),
    "0": (["0"], False),
    "1, 1": (["1, 1"], False),
    "twice": (["1", "1"], False),
    "once 1, once 0": (["1", "0"], False),
    "in spaces": ([" 1 "], True),
    "in quotes": (['"1"'], False),
    "true": (["true"], False),
    "?1": (["?1"], False),
    "01": (["01"], False),
    "1.0": (["1.0"], False),
    "1;x": (["1;x"], False),
    "empty": ([""], False),
    "another digit one": (["\u0661".encode().decode("latin-1")], False),
}


CSRF = "x" * 32
Form = dict[str, str] | list[tuple[str, str]]


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def site(db: None) -> Iterator[int]:
    """The application behind a server of its own; the port it listens at."""
    make_catalogue()
    Purpose.objects.filter(slug="letters").update(is_shared=True)
    cache.clear()
    application = get_wsgi_application()

    def answer(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        body = b"".join(application(environ, start_response))
        connection.close()
        return [body]

    server: WSGIServer = make_server("127.0.0.1", 0, answer, handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@dataclass(frozen=True)
class Answer:
    status: int
    page: str
    place: str
    cookie: str


def ask(port: int, path: str, sent: list[str], *, token: str = "", form: Form | None = None) -> Answer:
    """One request, written to the wire header by header; `cookie` is the device's, if one was set."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    line.putrequest("GET" if form is None else "POST", path)
    line.putheader("Cookie", f"csrftoken={CSRF}" + (f"; proffer={token}" if token else ""))
    for value in sent:
        line.putheader("Sec-GPC", value)
    body = None
    if form is not None:
        fields = list(form.items()) if isinstance(form, dict) else form
        body = urlencode([*fields, ("csrfmiddlewaretoken", CSRF)]).encode()
        line.putheader("Content-Type", "application/x-www-form-urlencoded")
        line.putheader("Content-Length", str(len(body)))
    line.endheaders(body)
    response = line.getresponse()
    page = response.read().decode()
    found = re.search(r"proffer=([^;]+)", " ".join(response.headers.get_all("Set-Cookie") or []))
    line.close()
    return Answer(response.status, page, response.headers.get("Location", ""), found[1] if found else "")


def ledger(owner: psycopg.Connection, kind: str) -> int:
    row = owner.execute(
        "SELECT count(*) FROM preferences_consentevent WHERE source = 'gpc' AND kind = %s", [kind]
    ).fetchone()
    assert row
    return int(row[0])


def is_shared_on(owner: psycopg.Connection, person: Person) -> bool:
    return bool(
        owner.execute(
            "SELECT 1 FROM preferences_grant JOIN preferences_purpose ON id = purpose_id"
            " WHERE slug = 'letters' AND customer_id = %s",
            [person.id],
        ).fetchone()
    )


@pytest.mark.parametrize(("sent", "counts"), SENT.values(), ids=SENT.keys())
def test_after_granting_the_signal_switches_off_what_shares(
    site: int, owner_connection: psycopg.Connection, sent: list[str], counts: bool
) -> None:
    ada = someone({"skin": "dry"}, ("offers", "letters"))
    answer = ask(site, "/preferences/", sent, token=ada.token)
    assert answer.status == 200
    assert is_shared_on(owner_connection, ada) is not counts
    assert (ledger(owner_connection, "withdrawn"), ledger(owner_connection, "objected")) == (counts, counts)
    assert ("Global Privacy Control" in answer.page) is counts


@pytest.mark.parametrize(("sent", "counts"), SENT.values(), ids=SENT.keys())
def test_a_strangers_look_leaves_nothing(
    site: int, owner_connection: psycopg.Connection, sent: list[str], counts: bool
) -> None:
    answer = ask(site, "/preferences/", sent)
    assert (answer.status, answer.cookie) == (200, "")
    assert owner_connection.execute("SELECT count(*) FROM preferences_customer").fetchone() == (0,)


@pytest.mark.parametrize(("sent", "counts"), SENT.values(), ids=SENT.keys())
def test_whoever_sends_it_cannot_be_made_to_share_meanwhile(
    site: int, owner_connection: psycopg.Connection, sent: list[str], counts: bool
) -> None:
    bo = someone({"skin": "oily"})
    ask(site, "/preferences/uses/letters/", sent, token=bo.token, form={"to": "on"})
    assert is_shared_on(owner_connection, bo) is not counts
    assert ledger(owner_connection, "objected") == counts


def begun(site: int, sent: list[str]) -> tuple[str, str]:
    """The run that somebody new began, and the cookie they got."""
    answer = ask(site, "/q/care/", sent, form={})
    assert (answer.status, bool(answer.cookie)) == (303, True)
    run = re.match(r"/q/care/[0-9a-f-]{36}/", answer.place)
    assert run
    return run[0], answer.cookie


@pytest.mark.parametrize(("sent", "counts"), SENT.values(), ids=SENT.keys())
def test_mid_quiz_it_counts_from_the_first_step(
    site: int, owner_connection: psycopg.Connection, sent: list[str], counts: bool
) -> None:
    publish(quiz=import_definition(care()))
    run, token = begun(site, sent)
    assert ledger(owner_connection, "objected") == counts
    ask(site, f"{run}skin/", sent, token=token, form={"answer": "dry"})
    told: dict[str, Form] = {
        "goal": {"answer": "calm"},
        "allergy": {"decline": "1"},
        "order": [("answer", each) for each in ("price", "scent", "feel")],
        "words": {"answer": ""},
    }
    for key, form in told.items():
        ask(site, f"{run}{key}/", sent, token=token, form=form)
    ask(site, f"{run}uses/", sent, token=token, form={"purpose": "letters"})
    on = owner_connection.execute(
        "SELECT count(*) FROM preferences_grant JOIN preferences_purpose ON id = purpose_id WHERE slug = 'letters'"
    ).fetchone()
    assert on is not None
    assert bool(on[0]) is not counts


def test_taking_over_on_a_device_that_objects_switches_it_off_at_once(
    site: int, owner_connection: psycopg.Connection
) -> None:
    """Not only at its next request: between the two the use would be on."""
    publish(quiz=import_definition(care()))
    run, token = begun(site, [])
    ada = Client()
    ada.cookies["proffer"] = token
    customer = owner_connection.execute("SELECT id FROM preferences_customer").fetchone()
    assert customer
    ada.post("/preferences/uses/letters/", {"to": "on"})
    person = Person(customer[0], 0, token)
    assert is_shared_on(owner_connection, person)
    link = urlsplit(ada.post(run + "continue-elsewhere/").context["link"]).path
    answer = ask(site, link, ["1"], form={})
    assert (answer.status, bool(answer.cookie)) == (303, True)
    assert not is_shared_on(owner_connection, person)
    assert (ledger(owner_connection, "withdrawn"), ledger(owner_connection, "objected")) == (1, 1)


def test_it_says_so_where_other_machines_look(client: Client, db: None) -> None:
    response = client.get("/.well-known/gpc.json")
    assert response["Content-Type"] == "application/json"
    said = json.loads(response.content)
    assert said == {"gpc": True, "lastUpdate": GPC_REVIEWED_ON}
    assert date.fromisoformat(said["lastUpdate"]) <= datetime.now(UTC).date()
    assert response.status_code == 200
    assert client.post("/.well-known/gpc.json").status_code == 405
