"""By when a request is due, what happens when it nearly is, and how long it is known who asked."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import psycopg
from django.contrib.auth.models import User
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config.celery import app
from preferences import tasks
from preferences.services import requests as handling
from tests.support.requests import LIST, ada, desk, enter, later, member, paula, press, row, steps

__all__ = ["ada", "desk", "paula"]  # fixtures

As = Callable[[str], AbstractContextManager[None]]


def test_it_is_extended_once_with_a_reason_and_before_it_is_due(
    desk: Client, owner_connection: psycopg.Connection
) -> None:
    number = enter(desk)
    received, first = row(owner_connection, number, "received_at, due_at")
    assert press(desk, number, "extend", reason=" ").status_code == 422
    press(desk, number, "extend", reason="We look through paper, and told you so.")
    (due,) = row(owner_connection, number, "due_at")
    assert timedelta(days=87) < due - received < timedelta(days=94)
    press(desk, number, "extend", reason="Once more.")
    assert row(owner_connection, number, "due_at, first_due_at") == (due, first)
    late = enter(desk)
    later(owner_connection, late, days=40)
    press(desk, late, "extend", reason="Too late.")
    assert row(owner_connection, late, "extended_at") == (None,)
    hasty = enter(desk, "access", law="indonesia")
    press(desk, hasty, "extend", reason="No such thing there.")
    assert row(owner_connection, hasty, "extended_at") == (None,)


def test_the_list_begins_with_what_is_due_first_and_marks_what_is_late(
    desk: Client, owner_connection: psycopg.Connection
) -> None:
    calm, late, soon = enter(desk), enter(desk), enter(desk)
    closed = enter(desk, "complaint")
    press(desk, closed, "close", status="declined", outcome="No.")
    later(owner_connection, late, days=40)
    later(owner_connection, soon, days=27)
    page = desk.get(LIST).content.decode()
    places = [page.index(f"Request {number}<") for number in (late, soon, calm, closed)]
    assert places == sorted(places)
    assert "overdue" in page
    assert "due soon" in page
    only = desk.get(f"{LIST}?is=overdue").content.decode()
    assert f"Request {late}<" in only
    assert f"Request {calm}<" not in only


def test_more_requests_do_not_mean_more_queries(desk: Client) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            desk.get(LIST)
        return len(queries)

    enter(desk)
    desk.get(LIST)
    one = count()
    for _request in range(5):
        enter(desk)
    assert count() == one


def test_staff_are_reminded_once_before_and_once_after_it_is_due(
    desk: Client, as_role: As, owner_connection: psycopg.Connection
) -> None:
    member("marketer", email="mira@shop.example")
    number = enter(desk, description="Ada of the corner house")

    def remind() -> list[Any]:
        mail.outbox.clear()
        with as_role("worker"):
            for _time in range(3):
                tasks.remind_of_requests()
        return list(mail.outbox)

    assert remind() == []
    later(owner_connection, number, days=27)
    (letter,) = remind()
    assert letter.recipients() == ["paula@shop.example"]
    assert f"Number {number}" in letter.body
    assert "ada" not in f"{letter.subject} {letter.body}".lower()
    later(owner_connection, number, days=10)
    (letter,) = remind()
    assert "Overdue" in letter.body
    assert steps(owner_connection, number) == ["entered", "reminded", "overdue"]
    press(desk, number, "close", status="declined", outcome="No.")
    later(owner_connection, number, days=100)
    assert remind() == []


def test_a_reminder_waits_until_somebody_can_get_it(
    desk: Client, paula: User, as_role: As, owner_connection: psycopg.Connection
) -> None:
    number = enter(desk)
    later(owner_connection, number, days=27)
    User.objects.filter(pk=paula.pk).update(email="")
    with as_role("worker"):
        assert handling.remind_staff() == 0
    User.objects.filter(pk=paula.pk).update(email="paula@shop.example")
    with as_role("worker"):
        assert handling.remind_staff() == 1


def test_after_an_extension_there_is_a_new_reminder(
    desk: Client, as_role: As, owner_connection: psycopg.Connection
) -> None:
    number = enter(desk)
    later(owner_connection, number, days=27)
    with as_role("worker"):
        assert handling.remind_staff() == 1
    press(desk, number, "extend", reason="We told them why.")
    later(owner_connection, number, days=60)
    with as_role("worker"):
        assert handling.remind_staff() == 1
        assert handling.remind_staff() == 0


def test_who_asked_is_forgotten_as_long_after_as_the_law_says(
    desk: Client, as_role: As, owner_connection: psycopg.Connection
) -> None:
    number, kept_open = enter(desk), enter(desk)
    press(desk, number, "close", status="declined", outcome="We answered Ada.")
    for days, gone in ((364, False), (2, True)):
        later(owner_connection, number, days=days)
        with as_role("worker"):
            tasks.forget_requests()
        assert row(owner_connection, number, "anonymised_at IS NOT NULL") == (gone,)
    assert row(owner_connection, number, "email, outcome, status") == ("", "", "declined")
    later(owner_connection, kept_open, days=1000)
    with as_role("worker"):
        assert handling.forget_old_requests() == 0
    assert steps(owner_connection, number) == ["entered", "closed", "forgotten"]


def test_tasks_carry_nothing_and_run_as_the_worker() -> None:
    for name in ("remind-of-requests", "forget-requests"):
        assert "args" not in app.conf.beat_schedule[name]
        assert "kwargs" not in app.conf.beat_schedule[name]
