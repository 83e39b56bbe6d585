"""Requests made by letter, phone or in person: what may be entered, and who may handle them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from preferences import selectors
from preferences.models import Customer, Jurisdiction, RequestClock
from tests.support.requests import (
    ADA,
    LIST,
    ada,
    desk,
    enter,
    form,
    member,
    paula,
    press,
    ready,
    row,
    signed_in,
    steps,
)

__all__ = ["ada", "desk", "paula"]  # fixtures

As = Callable[[str], AbstractContextManager[None]]


def test_a_request_is_due_by_its_laws_clock_and_the_database_notes_who_entered_it(
    desk: Client, paula: User, owner_connection: psycopg.Connection
) -> None:
    number = enter(desk, received_at_0="2026-01-31", received_at_1="09:00")
    due, entered_by, status = row(owner_connection, number, "due_at, entered_by_id, status")
    assert due == datetime(2026, 2, 28, 22, 59, 59, tzinfo=UTC)
    assert (entered_by, status) == (paula.pk, "open")
    hasty = enter(desk, "stop", law="indonesia")
    received, due = row(owner_connection, hasty, "received_at, due_at")
    assert due - received == timedelta(hours=72)
    assert steps(owner_connection, number) == ["entered"]


@pytest.mark.parametrize(
    ("law", "kind", "amount", "unit", "extension"),
    [
        ("gdpr", "access", 1, "months", 2),
        ("gdpr", "complaint", 1, "months", 2),
        ("uk", "deletion", 1, "months", 2),
        ("indonesia", "access", 72, "hours", 0),
        ("indonesia", "correction", 72, "hours", 0),
        ("indonesia", "stop", 72, "hours", 0),
        ("california", "deletion", 45, "days", 45),
    ],
)
@pytest.mark.django_db
def test_the_laws_that_come_with_it(law: str, kind: str, amount: int, unit: str, extension: int) -> None:
    clock = selectors.clock(Jurisdiction.objects.get(code=law).pk, kind)
    assert clock is not None
    assert (clock.amount, clock.unit, clock.extension) == (amount, unit, extension)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"email": "", "description": ""}, "Write an e-mail address, or describe who asks"),
        ({"email": "not an address"}, "Enter a valid email address"),
        ({"received_at_0": "2999-01-01"}, "It cannot have come later than now"),
        ({"received_at_0": "1999-01-01"}, "more than ten years ago"),
        ({"received_at_0": "0001-01-01"}, "more than ten years ago"),
        ({"received_at_0": "9999-12-31"}, "It cannot have come later than now"),
        ({"kind": "gossip"}, "not one of the available choices"),
        ({"jurisdiction": 999_999}, "not one of the available choices"),
        ({"description": "x" * 2001}, "at most 2000"),
        ({"description": "\x00"}, "Null characters are not allowed"),
    ],
)
def test_what_is_wrong_with_what_was_entered_is_said(desk: Client, changes: dict[str, Any], message: str) -> None:
    answer = desk.post(f"{LIST}add/", form(**changes))
    assert answer.status_code == 200
    assert message in str(answer.context["adminform"].form.errors)


def test_markup_in_a_letter_stays_a_letter(desk: Client) -> None:
    number = enter(desk, description="<script>alert(1)</script> {{ 7|add:7 }}")
    page = desk.get(f"{LIST}{number}/change/").content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_who_asks_is_in_no_address_message_or_log_of_the_admin(
    desk: Client, owner_connection: psycopg.Connection
) -> None:
    answer = desk.post(f"{LIST}add/", form(description="Ada of the corner house"))
    assert "ada" not in answer.headers["Location"].lower()
    assert "ada" not in str(answer.cookies).lower()
    logged = owner_connection.execute("SELECT object_repr, change_message FROM django_admin_log").fetchall()
    assert logged
    assert "ada" not in str(logged).lower()
    assert "ada@" not in desk.get(LIST).content.decode()


def test_what_was_entered_is_mended_until_the_account_is_found(
    desk: Client, ada: Customer, owner_connection: psycopg.Connection
) -> None:
    number = enter(desk, email="aad@example.com")
    press(desk, number, "identity", how="address")
    desk.post(f"{LIST}{number}/edit/", form("correction"))
    assert row(owner_connection, number, "kind, email, identity") == ("correction", ADA, ""), (
        "another person, unchecked"
    )
    press(desk, number, "identity", how="address")
    press(desk, number, "find")
    assert desk.get(f"{LIST}{number}/edit/").status_code == 404
    assert desk.post(f"{LIST}{number}/edit/", form("access")).status_code == 404
    assert steps(owner_connection, number) == ["entered", "identified", "changed", "identified", "found"]


@pytest.mark.parametrize("group", ["marketer", "support", "owner"])
def test_for_everybody_else_there_are_no_requests(desk: Client, ada: Customer, group: str) -> None:
    number = ready(desk)
    other = signed_in(member(group))
    pages = ["change", "edit", "identity", "find", "extend", "close", "held", "download", "correct", "uses", "erase"]
    for path in (
        LIST,
        f"{LIST}add/",
        *(f"{LIST}{number}/{page}/" for page in (*pages, "restrict", "history", "delete")),
    ):
        assert other.get(path).status_code in (403, 404), path
        assert other.post(path, form()).status_code in (403, 404), path
    assert "privacyrequest" not in other.get("/admin/").content.decode()


def test_a_customer_and_a_stranger_are_sent_to_sign_in(desk: Client, ada: Customer) -> None:
    number = ready(desk)
    customer = Client()
    customer.force_login(ada.user, backend="django.contrib.auth.backends.ModelBackend")
    for client in (customer, Client()):
        for page in ("change", "held", "download"):
            answer = client.post(f"{LIST}{number}/{page}/")
            assert answer.status_code == 302
            assert "/admin/login/" in answer.headers["Location"]


def test_who_leaves_the_group_is_out_at_once(desk: Client, paula: User, ada: Customer) -> None:
    number = ready(desk)
    paula.groups.clear()
    assert desk.post(f"{LIST}{number}/held/").status_code in (403, 404)
    paula.groups.add(Group.objects.get(name="privacy"))
    assert desk.post(f"{LIST}{number}/held/").status_code == 200
    paula.is_staff = False
    paula.save()
    assert desk.post(f"{LIST}{number}/held/").status_code == 302  # to sign in


def test_the_owner_keeps_the_clocks_and_privacy_staff_read_them(
    desk: Client, owner_connection: psycopg.Connection
) -> None:
    law = Jurisdiction.objects.get(code="uk")
    page = f"/admin/preferences/jurisdiction/{law.pk}/change/"
    clock = law.clocks.get()
    fields = {
        "name": "UK", "code": "uk", "time_zone": "Europe/London", "keep_days": 30, "position": 2,
        "clocks-TOTAL_FORMS": 1, "clocks-INITIAL_FORMS": 1, "clocks-0-id": clock.pk, "clocks-0-jurisdiction": law.pk,
        "clocks-0-kind": "", "clocks-0-amount": 20, "clocks-0-unit": "days", "clocks-0-extension": 0,
        "clocks-0-remind_hours": 24,
    }  # fmt: skip
    assert desk.get(page).status_code == 200
    assert desk.post(page, fields).status_code == 403
    assert signed_in(member("marketer")).get(page).status_code == 403
    owner = signed_in(member("owner"))
    wrong = owner.post(page, fields | {"time_zone": "Europe/Nowhere"})
    assert "Write a time zone" in str(wrong.context["adminform"].form.errors)
    assert owner.post(page, fields).status_code == 302
    assert RequestClock.objects.get(pk=clock.pk).amount == 20
    enter(desk, law="uk")
    refused = owner.post(f"/admin/preferences/jurisdiction/{law.pk}/delete/", {"post": "yes"}, follow=True)
    assert "There are requests under this law" in refused.content.decode()
