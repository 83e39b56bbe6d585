"""No look of staff at a person without a reason, and none that the person does not see."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client

from preferences import selectors, services
from preferences.models import Customer
from preferences.services import requests as handling
from tests.support.requests import ADA, LIST, account, ada, desk, enter, member, paula, press, ready

__all__ = ["ada", "desk", "paula"]  # fixtures

Raw = Callable[[str], psycopg.Connection]


def look(raw: psycopg.Connection, user: int | None, request: int | None, reason: str, *, on_duty: int | None) -> Any:
    """What the web's role sees of preferences after it asked for this look; no more than before if it was refused."""
    with raw.transaction():
        raw.execute("SELECT go_on_duty(%s)", [on_duty])
        raw.execute("SELECT look_at(%s, %s, %s)", [user, request, reason])
        return raw.execute("SELECT count(*) FROM preferences_preference").fetchone()[0]


def count(owner: psycopg.Connection, where: str = "true") -> int:
    return int(owner.execute(f"SELECT count(*) FROM preferences_look WHERE {where}").fetchone()[0])


def test_a_look_is_written_before_anything_can_be_seen(
    desk: Client, paula: User, ada: Customer, role_connection: Raw, owner_connection: psycopg.Connection
) -> None:
    number = ready(desk)
    raw = role_connection("web")
    assert look(raw, paula.pk, number, "view", on_duty=paula.pk) == 1
    assert raw.execute("SELECT count(*) FROM preferences_preference").fetchone() == (0,), "it ends with its transaction"
    written = owner_connection.execute("SELECT customer_id, request_id, by_id, role, reason FROM preferences_look")
    assert written.fetchall() == [(ada.pk, number, paula.pk, "privacy", "view")]


@pytest.mark.parametrize(
    "attempt",
    [
        "without a request",
        "a request that is not there",
        "a closed request",
        "before it is known who asks",
        "before an account is found",
        "for what was not asked",
        "for no reason there is",
        "as a marketer",
        "as a marketer in somebody else's name",
        "as somebody else of the group",
        "as a customer",
        "as the customer themselves",
        "as nobody",
        "as one who has left",
    ],
)
def test_a_look_without_a_reason_is_refused(
    attempt: str, desk: Client, paula: User, ada: Customer, role_connection: Raw, owner_connection: psycopg.Connection
) -> None:
    number = ready(desk)
    user: int | None = paula.pk
    on_duty: int | None = paula.pk
    request: int | None = number
    reason = "view"
    match attempt:
        case "without a request":
            request = None
        case "a request that is not there":
            request = 999_999
        case "a closed request":
            press(desk, number, "close", status="done", outcome="Sent.")
        case "before it is known who asks":
            request = enter(desk)
            press(desk, request, "find")
        case "before an account is found":
            request = enter(desk)
            press(desk, request, "identity", how="known")
        case "for what was not asked":
            reason = "erase"
        case "for no reason there is":
            reason = "curiosity"
        case "as a marketer":
            user = on_duty = member("marketer").pk
        case "as a marketer in somebody else's name":
            on_duty = member("marketer").pk
        case "as somebody else of the group":
            on_duty = member("privacy", "peter").pk
        case "as a customer":
            user = on_duty = account("bo@example.com").user.pk
        case "as the customer themselves":
            user = on_duty = ada.user.pk
        case "as nobody":
            user = on_duty = None
        case "as one who has left":
            paula.is_active = False
            paula.save()
    with pytest.raises(psycopg.errors.InsufficientPrivilege) as refused:
        look(role_connection("web"), user, request, reason, on_duty=on_duty)
    assert "ada" not in str(refused.value)
    assert count(owner_connection) == 0


@pytest.mark.parametrize("role", ["worker", "offers"])
def test_other_processes_cannot_look(role: str, desk: Client, paula: User, ada: Customer, role_connection: Raw) -> None:
    number = ready(desk)
    for statement in ("SELECT look_at(%s, %s, 'view')", "SELECT go_on_duty(%s + 0 * %s)"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            role_connection(role).execute(statement, [paula.pk, number])
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        role_connection(role).execute("SELECT * FROM preferences_look")


@pytest.mark.parametrize("table", ["preference", "customer", "profile", "grant", "consentevent", "look", "device"])
def test_being_on_duty_shows_nobody(table: str, desk: Client, paula: User, ada: Customer, role_connection: Raw) -> None:
    number = ready(desk)
    press(desk, number, "held")
    raw = role_connection("web")
    columns = "id, role" if table == "look" else "*"
    with raw.transaction():
        raw.execute("SELECT go_on_duty(%s)", [paula.pk])
        assert raw.execute(f"SELECT {columns} FROM preferences_{table}").fetchall() == []


def test_who_looked_is_not_for_the_web_to_know(desk: Client, ada: Customer, role_connection: Raw) -> None:
    press(desk, ready(desk), "held")
    for column in ("by_id", "request_id"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            role_connection("web").execute(f"SELECT {column} FROM preferences_look")


@pytest.mark.parametrize("role", ["web", "worker", "offers"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE preferences_look SET reason = 'x'",
        "DELETE FROM preferences_look",
        "TRUNCATE preferences_look",
        "INSERT INTO preferences_look (customer_id, role, reason, at) VALUES (1, 'privacy', 'view', now())",
    ],
)
def test_nobody_changes_or_deletes_a_look(
    role: str, statement: str, desk: Client, ada: Customer, role_connection: Raw
) -> None:
    press(desk, ready(desk), "held")
    raw = role_connection(role)
    if role == "web":
        raw.execute("SELECT set_config('proffer.customer', %s, false)", [str(ada.pk)])
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        raw.execute(statement)


def test_the_customer_sees_each_look_and_why_but_not_who(desk: Client, paula: User, ada: Customer) -> None:
    number = ready(desk)
    press(desk, number, "held")
    press(desk, number, "download").close()
    bo = account("bo@example.com")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT identify(%s)", [ADA.encode()])
        seen = selectors.looks(ada.pk)
        assert [each.role for each in seen] == ["our privacy staff"] * 2
        assert [each.reason for each in seen] == [
            "made you a copy, because you asked us",
            "looked at what we hold, because you asked us",
        ]
        assert "paula" not in str(seen)
        assert selectors.looks(bo.pk) == []
        cursor.execute("SELECT identify(%s)", [b"bo@example.com"])
        assert selectors.looks(ada.pk) == [], "nobody else sees it"


def test_each_press_is_a_look_of_its_own_and_pages_without_one_show_nothing(
    desk: Client, ada: Customer, owner_connection: psycopg.Connection
) -> None:
    number = ready(desk)
    page = desk.get(f"{LIST}{number}/change/").content.decode()
    assert "dry" not in page
    assert count(owner_connection) == 0
    for times in (1, 2):
        press(desk, number, "held")
        assert count(owner_connection) == times


def test_staff_never_switch_a_use_on(desk: Client, paula: User, ada: Customer, role_connection: Raw) -> None:
    number = enter(desk, "stop")
    press(desk, number, "find")
    press(desk, number, "uses", uses=["offers"])
    raw = role_connection("web")
    query = (
        "SELECT n.id FROM preferences_purposenotice n JOIN preferences_purpose p ON p.id = purpose_id WHERE slug = %s"
    )
    (notice,) = raw.execute(query, ["offers"]).fetchone()
    with raw.transaction(force_rollback=True):
        raw.execute("SELECT go_on_duty(%s)", [paula.pk])
        raw.execute("SELECT look_at(%s, %s, 'switch_off')", [paula.pk, number])
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="only the customer"):
            raw.execute("SELECT grant_purpose('offers', %s, 'en', 'staff')", [notice])


def test_after_an_erasure_it_stays_that_somebody_looked_and_not_at_whom(
    desk: Client, paula: User, ada: Customer, owner_connection: psycopg.Connection
) -> None:
    press(desk, ready(desk), "held")
    number = ready(desk, "deletion")
    press(desk, number, "erase", sure="on")
    assert count(owner_connection) == 2
    assert count(owner_connection, "customer_id IS NULL AND request_id IS NULL") == 2


def test_looks_of_others_stay_when_one_is_erased(
    desk: Client, ada: Customer, owner_connection: psycopg.Connection
) -> None:
    bo = account("bo@example.com")
    for email in (ADA, "bo@example.com"):
        press(desk, ready(desk, email=email), "held")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT identify(%s)", [ADA.encode()])
        services.erase_customer()
    assert count(owner_connection) == 2
    assert count(owner_connection, f"customer_id = {bo.pk} AND request_id IS NOT NULL") == 1


def test_a_failing_page_shows_nothing_and_leaves_no_half(
    desk: Client, ada: Customer, owner_connection: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = ready(desk)
    monkeypatch.setattr("preferences.admin.requests.case.sections", lambda *_: 1 / 0)
    desk.raise_request_exception = False
    answer = press(desk, number, "held")
    assert answer.status_code == 500
    assert "dry" not in answer.content.decode()
    assert count(owner_connection) == 0


def test_a_look_ends_with_what_it_was_for(paula: User, desk: Client, ada: Customer) -> None:
    number = ready(desk)
    with transaction.atomic():
        handling.go_on_duty(user_id=paula.pk)
        with handling.looking_at(user_id=paula.pk, request_id=number, reason="view") as customer_id:
            assert selectors.current_customer_id() == customer_id == ada.pk
        assert selectors.current_customer_id() is None
