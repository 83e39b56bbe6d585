"""What was done about a request is written by the database, and nobody rewrites it."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import psycopg
import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client
from django.utils.timezone import now

from preferences.export.own import sections
from preferences.models import Customer, PrivacyRequest, RequestKind
from preferences.services import requests as handling
from tests.support.requests import (
    ADA,
    LIST,
    ada,
    desk,
    enter,
    member,
    paula,
    press,
    ready,
    row,
)

__all__ = ["ada", "desk", "paula"]  # fixtures

As = Callable[[str], AbstractContextManager[None]]


TRAIL = "preferences_requeststep"


@pytest.mark.parametrize("role", ["web", "worker", "offers"])
@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE {TRAIL} SET kind = 'closed'",
        f"DELETE FROM {TRAIL}",
        f"TRUNCATE {TRAIL}",
        f"INSERT INTO {TRAIL} (request_id, kind, detail, at) VALUES (1, 'closed', '', now())",
        "DELETE FROM preferences_privacyrequest",
        "UPDATE preferences_privacyrequest SET entered_by_id = 1",
        "UPDATE preferences_privacyrequest SET customer_id = 1",
        "UPDATE preferences_privacyrequest SET identified_at = now()",
        "UPDATE preferences_privacyrequest SET closed_at = NULL",
        "SELECT note_step(1, 'closed')",
        "SELECT forget_who_asked(ARRAY[1])",
    ],
)
def test_nobody_rewrites_what_was_done(
    desk: Client, paula: User, role: str, statement: str, role_connection: Callable[[str], psycopg.Connection]
) -> None:
    enter(desk)
    with role_connection(role) as raw:
        if role == "web":
            raw.execute("SELECT set_config('proffer.staff', %s, false)", [str(paula.pk)])
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            raw.execute(statement)


def test_the_database_says_who_checked_whatever_the_page_says(
    desk: Client,
    paula: User,
    role_connection: Callable[[str], psycopg.Connection],
    owner_connection: psycopg.Connection,
) -> None:
    number = enter(desk)
    raw = role_connection("web")
    assert raw.execute("UPDATE preferences_privacyrequest SET identity = 'known'").rowcount == 0, "nobody is on duty"
    with raw.transaction():
        raw.execute("SELECT go_on_duty(%s)", [paula.pk])
        raw.execute("UPDATE preferences_privacyrequest SET identity = 'known' WHERE id = %s", [number])
    by, at = row(owner_connection, number, "identified_by_id, identified_at")
    assert by == paula.pk
    assert abs(at - now()) < timedelta(minutes=5)


@pytest.mark.parametrize("who", ["nobody", "marketer", "customer", "stranger"])
def test_requests_are_seen_on_duty_only(
    desk: Client, ada: Customer, who: str, role_connection: Callable[[str], psycopg.Connection]
) -> None:
    enter(desk)
    ids = {"nobody": None, "marketer": member("marketer").pk, "customer": ada.user.pk, "stranger": 999_999}
    raw = role_connection("web")
    with raw.transaction():
        assert raw.execute("SELECT go_on_duty(%s)", [ids[who]]).fetchone() == (False,)
        raw.execute("SELECT set_config('proffer.staff', %s, true)", [str(ids[who] or "")])
        assert raw.execute("SELECT count(*) FROM preferences_privacyrequest").fetchone() == (0,)
        assert raw.execute(f"SELECT count(*) FROM {TRAIL}").fetchone() == (0,)


def test_the_acts_of_each_kind_are_the_databases(owner_connection: psycopg.Connection) -> None:
    reasons = {reason for acts in handling.ACTS.values() for reason in acts}
    for kind in RequestKind.values:
        for reason in reasons:
            (may,) = owner_connection.execute("SELECT may_look_for(%s, %s)", [kind, reason]).fetchone()
            assert may is (reason in handling.ACTS[kind]), (kind, reason)


def test_a_request_tied_to_a_customer_is_in_their_export(desk: Client, ada: Customer) -> None:
    number = ready(desk)
    before = exported(ada.pk)
    assert "to see what we hold" in before
    assert "looked at" not in before
    press(desk, number, "held")
    assert "looked at what we hold" in exported(ada.pk)


def exported(customer_id: int) -> str:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT identify(%s)", [ADA.encode()])
        return json.dumps([dict(found) for section in sections(customer_id, "en") for found in section.rows()])


def test_the_page_of_a_request_that_is_not_there(desk: Client) -> None:
    for page in ("change", "edit"):
        assert desk.get(f"{LIST}999999/{page}/").status_code == 404
    assert PrivacyRequest.objects.count() == 0
    assert desk.post(f"{LIST}999999/held/").status_code == 404
