"""By when a request must be answered. Pure: no Django, `now` is an argument, the rules are data.

Hours run from the moment a request came. Days and months end with the last second of their last day, as the clock on
the wall there shows it. A month ends on the day of the same number, or on its month's last day where there is no
such day. Weekends and holidays move nothing: some laws would give a day more, we do not take it.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

HOURS, DAYS, WORKING_DAYS, MONTHS = "hours", "days", "working_days", "months"
LAST_SECOND = time(23, 59, 59)
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Clock:
    """`amount` of `unit` to answer; `extension` more of the same unit where the law knows one, otherwise 0."""

    amount: int
    unit: str
    time_zone: str
    extension: int = 0
    remind_hours: int = 0


def due_at(received_at: datetime, clock: Clock, *, is_extended: bool = False) -> datetime:
    """In UTC. An extension is counted from the day of receipt too: the 31st of January and three months is the 30th of
    April, not three steps of one month each. Raises OverflowError for a year that no calendar has."""
    amount = clock.amount + (clock.extension if is_extended else 0)
    if clock.unit == HOURS:
        return received_at.astimezone(UTC) + timedelta(hours=amount)
    zone = ZoneInfo(clock.time_zone)
    day = _STEPS[clock.unit](received_at.astimezone(zone).date(), amount)
    return datetime.combine(day, LAST_SECOND, zone).astimezone(UTC)


def remind_at(received_at: datetime, due: datetime, clock: Clock) -> datetime:
    """When staff are told that it is nearly due; never before it came."""
    return max(received_at.astimezone(UTC), due - timedelta(hours=clock.remind_hours))


def _days_later(day: date, amount: int) -> date:
    return day + timedelta(days=amount)


def _working_days_later(day: date, amount: int) -> date:
    while amount:
        day += timedelta(days=1)
        amount -= day.weekday() < SATURDAY
    return day


def _months_later(day: date, amount: int) -> date:
    years, month = divmod(day.month - 1 + amount, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


_STEPS = {DAYS: _days_later, WORKING_DAYS: _working_days_later, MONTHS: _months_later}
