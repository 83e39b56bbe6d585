"""By when a request is due, by table: time zones, ends of months, leap years, hours."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from preferences.clocks import Clock, due_at, remind_at

GDPR = Clock(1, "months", "Europe/Brussels", extension=2, remind_hours=168)
UK = Clock(1, "months", "Europe/London", extension=2)
INDONESIA = Clock(72, "hours", "Asia/Jakarta", remind_hours=24)
CALIFORNIA = Clock(45, "days", "America/Los_Angeles", extension=45)
STOP_IN_CALIFORNIA = Clock(15, "working_days", "America/Los_Angeles")


@pytest.mark.parametrize(
    ("clock", "received", "due", "extended"),
    [
        (GDPR, "2026-09-03 10:00", "2026-10-03 23:59:59", "2026-12-03 23:59:59"),
        (GDPR, "2026-01-31 10:00", "2026-02-28 23:59:59", "2026-04-30 23:59:59"),
        (GDPR, "2028-01-31 10:00", "2028-02-29 23:59:59", "2028-04-30 23:59:59"),  # a leap year
        (GDPR, "2100-01-30 10:00", "2100-02-28 23:59:59", "2100-04-30 23:59:59"),  # none, although divisible by four
        (GDPR, "2026-11-30 00:00", "2026-12-30 23:59:59", "2027-02-28 23:59:59"),
        (GDPR, "2026-12-31 23:59", "2027-01-31 23:59:59", "2027-03-31 23:59:59"),
        (GDPR, "2026-03-28 12:00", "2026-04-28 23:59:59", "2026-06-28 23:59:59"),  # over the change to summer time
        (UK, "2026-08-31 09:00", "2026-09-30 23:59:59", "2026-11-30 23:59:59"),
        (CALIFORNIA, "2026-01-01 08:00", "2026-02-15 23:59:59", "2026-04-01 23:59:59"),
        (CALIFORNIA, "2028-01-15 08:00", "2028-02-29 23:59:59", "2028-04-14 23:59:59"),
        (STOP_IN_CALIFORNIA, "2026-11-06 17:00", "2026-11-27 23:59:59", None),  # a Friday, and three weekends
        (STOP_IN_CALIFORNIA, "2026-11-07 17:00", "2026-11-27 23:59:59", None),  # a Saturday
        (INDONESIA, "2026-02-27 22:15", "2026-03-02 22:15:00", None),
    ],
)
def test_due_on_the_clock_of_the_place(clock: Clock, received: str, due: str, extended: str | None) -> None:
    zone = ZoneInfo(clock.time_zone)
    received_at = datetime.fromisoformat(received).replace(tzinfo=zone)
    assert due_at(received_at, clock) == datetime.fromisoformat(due).replace(tzinfo=zone)
    if extended:
        expected = datetime.fromisoformat(extended).replace(tzinfo=zone)
        assert due_at(received_at, clock, is_extended=True) == expected
    assert due_at(received_at, clock).tzinfo is UTC


@pytest.mark.parametrize(
    ("received", "due"),
    [
        # Late in the evening in UTC it is tomorrow in Brussels already, and still today in Los Angeles.
        ("2026-01-31T23:30:00+00:00", "2026-03-01T22:59:59+00:00"),
        ("2026-01-31T22:30:00+00:00", "2026-02-28T22:59:59+00:00"),
        ("2026-09-30T22:30:00+00:00", "2026-11-01T22:59:59+00:00"),
    ],
)
def test_the_day_it_came_is_the_day_there(received: str, due: str) -> None:
    assert due_at(datetime.fromisoformat(received), GDPR) == datetime.fromisoformat(due)


def test_hours_are_hours_whatever_the_clocks_do() -> None:
    clock = Clock(72, "hours", "Europe/Brussels")
    received_at = datetime(2026, 3, 28, 12, tzinfo=ZoneInfo("Europe/Brussels"))
    assert due_at(received_at, clock) - received_at.astimezone(UTC) == timedelta(hours=72)


def test_a_reminder_comes_before_it_is_due_and_never_before_it_came() -> None:
    received_at = datetime(2026, 5, 1, 8, tzinfo=UTC)
    due = due_at(received_at, INDONESIA)
    assert remind_at(received_at, due, INDONESIA) == due - timedelta(hours=24)
    eager = Clock(24, "hours", "UTC", remind_hours=100)
    assert remind_at(received_at, due_at(received_at, eager), eager) == received_at
