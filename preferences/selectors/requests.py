"""Requests of people: their clocks and what was done; and, for the person, who of us looked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..clocks import Clock
from ..models import Look as LookRow
from ..models import RequestClock, RequestStep

ROLES: Mapping[str, str | Promise] = {"privacy": _("our privacy staff")}
REASONS: Mapping[str, str | Promise] = {
    "view": _("looked at what we hold, because you asked us"),
    "download": _("made you a copy, because you asked us"),
    "correct": _("corrected something, because you asked us"),
    "switch_off": _("switched a use off, because you asked us"),
    "restrict": _("put everything on hold, because you asked us"),
    "object": _("noted your objection"),
    "erase": _("deleted everything, because you asked us"),
}


@dataclass(frozen=True, slots=True)
class Look:
    """A look of staff at the customer: in which role and why, in words. Who it was stays in our own log."""

    at: datetime
    role: str
    reason: str


@dataclass(frozen=True, slots=True)
class Step:
    """`by` is the name of a member of staff; empty where it was time that did it."""

    at: datetime
    by: str
    kind: str
    detail: str


def looks(customer_id: int) -> list[Look]:
    """Who of us looked at this customer, newest first; row security shows nobody else's."""
    rows = LookRow.objects.filter(customer_id=customer_id).order_by("-id")
    return [
        Look(at, str(ROLES.get(role, role)), str(REASONS.get(reason, reason)))
        for at, role, reason in rows.values_list("at", "role", "reason")
    ]


def clock(jurisdiction_id: int, kind: str) -> Clock | None:
    """The law's clock for this kind of request, or else the one it has for anything."""
    rows = RequestClock.objects.filter(jurisdiction_id=jurisdiction_id, kind__in=(kind, "")).order_by("-kind")
    found = rows.select_related("jurisdiction").first()
    return found.rule if found else None


def trail(request_id: int) -> list[Step]:
    """All that was done about a request, oldest first. Only for staff on duty."""
    rows = RequestStep.objects.filter(request_id=request_id).order_by("id")
    return [Step(*row) for row in rows.values_list("at", "by__username", "kind", "detail")]


def is_privacy_staff(user_id: int | None) -> bool:
    """As the database sees it at this moment."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT is_privacy_staff(%s)", [user_id])
        return bool(cursor.fetchone()[0])
