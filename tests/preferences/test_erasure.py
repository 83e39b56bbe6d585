"""Whoever erases everything is nowhere any more: every table is searched for them, what sessions hold included. What
stays is tied to nobody, and only they can show that it was theirs."""

import hashlib
import json
import re
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.contrib.sessions.models import Session
from django.core import signing
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from config.tasks import purge_sessions
from preferences import receipts, services
from preferences.access import token_hash
from preferences.services import Told
from tests.support.people import Person, acting, make_catalogue, someone

pytestmark = pytest.mark.django_db

MARKERS = {
    "address": "zebulon.quagmire@rare.example",
    "free text": "my xylophone is lapis lazuli",
    "pet": "Mxyzptlk",
    "number": "31337.25",
}
# Tables with a row for a customer that no erasure reaches, and why.
KEPT = {
    "preferences_consentevent": "the ledger: a random name, no value; what tied it to somebody is deleted",
    "preferences_erasure": "a hash and a random name: the proof, for whoever has the key",
    "preferences_addressasked": "a keyed hash and a time, against asking an address too often; swept",
    "preferences_privacyrequest": "outlives whoever made it, without a name: a trigger empties it",
    "preferences_requeststep": "what staff did for a request: numbers of staff, not of customers",
    "preferences_look": "a look of staff; a trigger takes out whom it was at",
}


@pytest.fixture
def zebulon(db: None, owner_connection: psycopg.Connection) -> Person:
    """Somebody with unmistakable things to tell, and an unmistakable number."""
    make_catalogue()
    owner_connection.execute("SELECT setval('preferences_customer_id_seq', 918273645)")
    owner_connection.execute("SELECT setval('preferences_profile_id_seq', 827364551)")
    person = someone({"skin": "dry", "note": MARKERS["free text"], "weight": 31337.25}, ("offers", "letters"))
    with acting(person):
        pet = services.add_profile(kind="pet", name=MARKERS["pet"])
        services.remember(profile_id=pet, items=[Told("weight", 31337.25)])
        services.consent_to_sensitive(attribute_key="allergy", language="en", source="quiz")
        services.exclude(profile_id=person.profile, purpose_slug="offers", attribute_key="goal", source="center")
    return person


def signed_in(person: Person, mailoutbox: list[Any]) -> Client:
    client = Client()
    client.cookies["proffer"] = person.token
    client.post("/accounts/login/", {"email": MARKERS["address"]})
    code = re.search(r"^\s*(\w{4}-\w{4})\s*$", mailoutbox[-1].body, re.MULTILINE)
    assert code
    client.post("/accounts/login/code/confirm/", {"code": code[1]})
    return client


def rows_that_say(owner: psycopg.Connection, *markers: str) -> list[str]:
    """Table and marker, wherever a row of any table says one; sessions are opened first."""
    tables = owner.execute(
        "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE relkind IN ('r', 'p', 'm') AND nspname !~ '^(pg_|information_schema|testing)'"
    ).fetchall()
    found = []
    for (table,) in tables:
        for (row,) in owner.execute(f"SELECT each::text FROM {table} each").fetchall():
            text = row
            if table == "django_session":
                text += json.dumps(Session(session_data=row.split(",")[1].strip('"')).get_decoded())
            found += [f"{table}: {marker}" for marker in markers if marker.casefold() in text.casefold()]
    return found


def test_nothing_says_who_it_was(zebulon: Person, mailoutbox: list[Any], owner_connection: psycopg.Connection) -> None:
    here = signed_in(zebulon, mailoutbox)
    device = token_hash(here.cookies["proffer"].value).hex()
    markers = (*MARKERS.values(), str(zebulon.id), str(zebulon.profile), device)
    before = {each.split(": ", 1)[1] for each in rows_that_say(owner_connection, *markers)}
    assert before == set(markers)  # the search finds what is there
    assert here.post("/preferences/delete-everything/").status_code == 200
    assert rows_that_say(owner_connection, *markers) == []
    assert here.get("/preferences/history/").status_code == 404


def test_it_ends_the_account_on_every_device(
    zebulon: Person, mailoutbox: list[Any], owner_connection: psycopg.Connection
) -> None:
    here = signed_in(zebulon, mailoutbox)
    there = signed_in(Person(0, 0, ""), mailoutbox)
    assert MARKERS["address"] in there.get("/preferences/").content.decode()
    here.post("/preferences/delete-everything/")
    assert MARKERS["address"] not in there.get("/preferences/").content.decode()
    for table in ("auth_user", "account_emailaddress", "preferences_accountsession", "preferences_device"):
        assert owner_connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table


def test_the_receipt_is_shown_once_and_its_key_is_the_persons_alone(
    zebulon: Person, owner_connection: psycopg.Connection
) -> None:
    client = Client()
    client.cookies["proffer"] = zebulon.token
    page = client.post("/preferences/delete-everything/")
    assert "no-store" in page["Cache-Control"]
    signed = re.search(r'name="receipt" value="([^"]+)"', page.content.decode())
    assert signed
    response = client.post("/preferences/deleted/receipt.json", {"receipt": signed[1]})
    made = json.loads(response.content)
    assert "attachment" in response["Content-Disposition"]
    assert {each["count"] for each in made["deleted"]} >= {1}
    assert made["kept"][0]["why"]
    subject = made["pii_principal_id"].removeprefix("urn:uuid:")
    assert hashlib.sha256(f"{subject}:{made['key']}".encode()).hexdigest() == made["seal"]
    kept = owner_connection.execute("SELECT subject::text, seal FROM preferences_erasure").fetchall()
    assert kept == [(subject, made["seal"])]
    assert rows_that_say(owner_connection, made["key"]) == []
    again = client.get("/preferences/deleted/").content.decode()
    assert subject not in again
    assert client.post("/preferences/delete-everything/")["Location"] == "/preferences/deleted/"


def test_whoever_has_the_key_can_show_that_it_was_theirs(zebulon: Person) -> None:
    with acting(zebulon):
        done = services.erase_customer()
    assert done
    with connection.cursor() as cursor:
        cursor.execute("SELECT erased_at(%s, %s), erased_at(%s, %s)", [done.subject, done.key, done.subject, b"x" * 16])
        assert cursor.fetchone() == (done.at, None)


def test_staff_check_a_receipt_that_somebody_shows(
    zebulon: Person, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    client = Client()
    client.cookies["proffer"] = zebulon.token
    page = client.post("/preferences/delete-everything/").content.decode()
    signed = re.search(r'name="receipt" value="([^"]+)"', page)
    assert signed
    made = json.loads(client.post("/preferences/deleted/receipt.json", {"receipt": signed[1]}).content)
    file = tmp_path / "everything-deleted.json"

    def says(**changed: object) -> str:
        file.write_text(json.dumps(made | changed))
        with suppress(SystemExit):
            call_command("check_erasure_receipt", str(file))
        return capsys.readouterr().out

    said = says()
    assert said.startswith("Yes")
    assert made["pii_principal_id"].removeprefix("urn:uuid:") in said
    assert "was changed" not in said
    assert "was changed" in says(erased_at="2020-01-01T00:00:00+00:00")
    other = {"key": "00" * 16, "pii_principal_id": f"urn:uuid:{uuid4()}"}
    for name, value in other.items():
        assert says(**{name: value}).startswith("No")
        shown = made | {name: value}
        sealed = receipts.seal(shown["pii_principal_id"].removeprefix("urn:uuid:"), bytes.fromhex(shown["key"]))
        assert says(**{name: value, "seal": sealed}).startswith("No"), name
    for broken in ("schema_version", "key", "pii_principal_id"):
        with pytest.raises(CommandError):
            says(**{broken: "x"})


def test_a_receipt_is_not_made_up(db: None) -> None:
    for forged in ("", "x", signing.dumps({"key": "mine"}), "x:y:z"):
        assert Client().post("/preferences/deleted/receipt.json", {"receipt": forged}).status_code == 404


def test_a_session_that_only_asked_for_a_code_ends_with_the_code(
    db: None, as_role: Any, owner_connection: psycopg.Connection, mailoutbox: list[Any]
) -> None:
    Client().post("/accounts/login/", {"email": MARKERS["address"]})
    owner_connection.execute("UPDATE django_session SET expire_date = expire_date - interval '11 minutes'")
    with as_role("worker"):
        purge_sessions()
    assert owner_connection.execute("SELECT count(*) FROM django_session").fetchone() == (0,)


def test_every_table_about_people_is_reached_by_an_erasure(owner_connection: psycopg.Connection) -> None:
    """From the catalogue: whoever adds a table lets it go with the customer, or says here why it stays."""
    secured = {
        name
        for (name,) in owner_connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
            " AND relrowsecurity"
        ).fetchall()
    }
    reached = {
        name
        for (name,) in owner_connection.execute(
            """
            WITH RECURSIVE goes (id) AS (
                SELECT 'preferences_customer'::regclass::oid
                UNION
                SELECT following.id FROM goes CROSS JOIN LATERAL (
                    SELECT conrelid FROM pg_constraint
                    WHERE confrelid = goes.id AND contype = 'f' AND confdeltype = 'c'
                    UNION ALL  -- by a trigger, where millions of rows would have to be checked against a key
                    SELECT followed.oid FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
                    JOIN pg_class followed ON strpos(prosrc, 'DELETE FROM public.' || followed.relname || ' ') > 0
                    WHERE tgrelid = goes.id AND tgenabled = 'O'
                ) AS following (id)
            ) SELECT relname FROM pg_class JOIN goes ON goes.id = oid
            """
        ).fetchall()
    }
    assert secured - reached == set(KEPT)
