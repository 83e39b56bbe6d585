"""What staff do about a request: in this order, only what it asks, and never twice."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import psycopg
import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client

from preferences import services
from preferences.models import Customer
from tests.support.requests import (
    ADA,
    LIST,
    account,
    ada,
    desk,
    enter,
    form,
    paula,
    press,
    ready,
    row,
    said,
    steps,
)

__all__ = ["ada", "desk", "paula"]  # fixtures

As = Callable[[str], AbstractContextManager[None]]


def test_nothing_is_shown_or_done_before_it_is_known_who_asks(
    desk: Client, ada: Customer, owner_connection: psycopg.Connection
) -> None:
    number = enter(desk, "deletion")
    press(desk, number, "find")
    answer = press(desk, number, "erase", sure="on")
    assert "That is not possible now" in said(answer)
    assert owner_connection.execute("SELECT count(*) FROM preferences_customer").fetchone() == (1,)
    press(desk, number, "close", status="done", outcome="Deleted.")
    assert row(owner_connection, number, "status") == ("open",)
    with pytest.raises(psycopg.errors.CheckViolation, match="identity_before_it_is_done"):
        owner_connection.execute(
            "UPDATE preferences_privacyrequest SET status = 'done', closed_at = now(), outcome = 'x' WHERE id = %s",
            [number],
        )


def test_an_account_is_found_by_exactly_the_address_it_has_confirmed(
    desk: Client, ada: Customer, owner_connection: psycopg.Connection
) -> None:
    account("bo@example.com", verified=False)
    for email in ("bo@example.com", "ada@example.co", "%@example.com", "a_a@example.com", "other@example.com"):
        number = enter(desk, email=email)
        press(desk, number, "find")
        assert row(owner_connection, number, "customer_id") == (None,), email
        assert steps(owner_connection, number)[-1] == "not_found"
    number = enter(desk, email="Ada@Example.com")
    press(desk, number, "find")
    assert row(owner_connection, number, "customer_id") == (ada.pk,)


def test_without_an_address_nobody_is_found(desk: Client, ada: Customer, owner_connection: psycopg.Connection) -> None:
    number = enter(desk, email="", description="Ada, the one with the dog")
    press(desk, number, "find")
    assert row(owner_connection, number, "customer_id") == (None,)


def test_access_shows_the_sections_of_their_own_copy_and_makes_it(desk: Client, ada: Customer) -> None:
    number = ready(desk)
    page = press(desk, number, "held").content.decode()
    assert ADA in page
    assert "dry" in page
    assert "What you told us" in page
    copy = press(desk, number, "download")
    assert b"".join(copy.streaming_content)[:2] == b"PK"
    copy.close()
    assert "ada" not in copy.headers["Content-Disposition"]
    assert desk.get(f"{LIST}{number}/held/").status_code == 404, "no link leads to a person"


def test_a_correction_replaces_the_value_and_says_by_whom(
    desk: Client, ada: Customer, owner_connection: psycopg.Connection
) -> None:
    number = ready(desk, "correction")
    assert "your skin is" not in press(desk, number, "held").content.decode()
    profile = owner_connection.execute("SELECT id FROM preferences_profile").fetchone()[0]
    item = {"profile": profile, "attribute": "skin"}
    assert 'value="oily"' in press(desk, number, "correct", **item).content.decode()
    assert press(desk, number, "correct", **item, said="1", answer="purple").status_code == 422
    assert press(desk, number, "correct", **item, said="1", answer="oily").status_code == 302
    told = owner_connection.execute("SELECT value, source FROM preferences_preference").fetchall()
    assert told == [("oily", "staff")]
    noted = owner_connection.execute("SELECT kind, source FROM preferences_consentevent ORDER BY id DESC").fetchone()
    assert noted == ("corrected", f"staff:{number}")


@pytest.mark.parametrize("item", [{"profile": "1 OR 1=1"}, {"profile": "9" * 40}, {"profile": "0"}, {"attribute": "'"}])
def test_what_is_not_theirs_is_not_found(
    desk: Client, ada: Customer, item: dict[str, str], owner_connection: psycopg.Connection
) -> None:
    number = ready(desk, "correction")
    profile = owner_connection.execute("SELECT id FROM preferences_profile").fetchone()[0]
    fields = {"profile": str(profile), "attribute": "skin", **item}
    assert press(desk, number, "correct", **fields).status_code == 404


def test_stopping_needs_no_identity_check_and_leaves_other_uses_on(
    desk: Client, ada: Customer, owner_connection: psycopg.Connection
) -> None:
    number = enter(desk, "stop")
    press(desk, number, "find")
    press(desk, number, "uses", uses=["offers"])
    on = owner_connection.execute(
        "SELECT p.slug FROM preferences_grant g JOIN preferences_purpose p ON p.id = g.purpose_id"
    ).fetchall()
    assert on == [("letters",)]
    noted = owner_connection.execute("SELECT kind, source FROM preferences_consentevent ORDER BY id DESC").fetchone()
    assert noted == ("withdrawn", f"staff:{number}")
    assert press(desk, number, "uses", uses=["gossip"]).status_code == 422
    press(desk, number, "close", status="done", outcome="Switched off, and told her so.")
    assert row(owner_connection, number, "status") == ("done",)


def test_an_objection_is_noted_for_the_use_they_name(
    desk: Client, ada: Customer, owner_connection: psycopg.Connection
) -> None:
    number = enter(desk, "objection")
    press(desk, number, "find")
    press(desk, number, "uses", uses=["letters"])
    noted = owner_connection.execute("SELECT kind, source FROM preferences_consentevent").fetchall()
    assert ("objected", f"staff:{number}") in noted
    on = owner_connection.execute("SELECT count(*) FROM preferences_permit").fetchone()
    assert on == (1,)


def test_a_restriction_keeps_everything_and_uses_nothing(
    desk: Client, ada: Customer, owner_connection: psycopg.Connection
) -> None:
    number = enter(desk, "restriction")
    press(desk, number, "find")
    assert press(desk, number, "restrict").status_code == 422, "not without saying one is sure"
    press(desk, number, "restrict", sure="on")
    assert owner_connection.execute("SELECT count(*) FROM preferences_permit").fetchone() == (0,)
    assert owner_connection.execute("SELECT count(*) FROM preferences_preference").fetchone() == (1,)


def test_a_deletion_leaves_nothing_and_forgets_who_asked_once_it_is_closed(
    desk: Client, ada: Customer, owner_connection: psycopg.Connection
) -> None:
    earlier = ready(desk)
    press(desk, earlier, "close", status="done", outcome="Sent to Ada.")
    number = ready(desk, "deletion", description="Ada asks us to forget her")
    assert press(desk, number, "erase").status_code == 422
    press(desk, number, "erase", sure="on")
    assert owner_connection.execute("SELECT count(*) FROM preferences_customer").fetchone() == (0,)
    assert not User.objects.filter(pk=ada.user.pk).exists()
    assert row(owner_connection, earlier, "email, outcome, anonymised_at IS NULL") == ("", "", False)
    assert row(owner_connection, number, "email, customer_id") == (ADA, None), "whom to answer"
    press(desk, number, "close", status="done", outcome="Told ada@example.com that it is done.")
    everything = owner_connection.execute("SELECT json_agg(r)::text FROM preferences_privacyrequest r").fetchone()[0]
    assert "ada" not in everything.lower()
    assert steps(owner_connection, number)[-3:] == ["erase", "closed", "forgotten"]
    assert desk.get(f"{LIST}{number}/change/").status_code == 200


def test_a_customer_who_deletes_everything_is_forgotten_in_requests_too(
    desk: Client, ada: Customer, owner_connection: psycopg.Connection
) -> None:
    tied, untied, others = ready(desk), enter(desk, email="ADA@example.com"), enter(desk, email="bo@example.com")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT identify(%s)", [ADA.encode()])
        services.erase_customer()
    for number in (tied, untied):
        assert row(owner_connection, number, "email, status, customer_id") == ("", "withdrawn", None)
    assert row(owner_connection, others, "email, status") == ("bo@example.com", "open")


def test_a_closed_request_stays_as_it_is(desk: Client, ada: Customer, owner_connection: psycopg.Connection) -> None:
    number = ready(desk)
    press(desk, number, "close", status="done", outcome="Sent.")
    before = row(owner_connection, number, "*")
    for page, fields in {
        "identity": {"how": "known"},
        "find": {},
        "extend": {"reason": "x"},
        "close": {"status": "declined", "outcome": "x"},
        "held": {},
        "download": {},
    }.items():
        assert press(desk, number, page, **fields).status_code in (302, 404), page
    assert desk.post(f"{LIST}{number}/edit/", form()).status_code == 404
    assert row(owner_connection, number, "*") == before
