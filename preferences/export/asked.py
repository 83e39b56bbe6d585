"""What a customer asked us by letter, phone or in person, and who of us looked: sections of their export."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext

from .. import selectors
from ..models import PrivacyRequest, RequestKind
from ..registry import Section

Rows = Iterable[Mapping[str, object]]


def sections(customer_id: int) -> Iterable[Section]:
    yield Section(
        "requests",
        gettext("What you asked us by letter, phone or in person"),
        {
            "received_at": gettext("when it came"),
            "kind": gettext("what you asked"),
            "channel": gettext("how it came"),
            "due_at": gettext("by when it was due"),
            "status": gettext("how it stands"),
            "outcome": gettext("what was done"),
        },
        lambda: _requests(customer_id),
    )
    yield Section(
        "looks",
        gettext("Who of us looked"),
        {"at": gettext("when"), "role": gettext("in which role"), "reason": gettext("what they did, and why")},
        lambda: _looks(customer_id),
    )


def _requests(customer_id: int) -> Rows:
    for each in selectors.requests_of(customer_id):
        yield {
            "received_at": each.received_at.isoformat(),
            "kind": str(RequestKind(each.kind).label),
            "channel": str(PrivacyRequest.Channel(each.channel).label),
            "due_at": each.due_at.isoformat(),
            "status": str(PrivacyRequest.Status(each.status).label),
            "outcome": each.outcome,
        }


def _looks(customer_id: int) -> Rows:
    for each in selectors.looks(customer_id):
        yield {"at": each.at.isoformat(), "role": each.role, "reason": each.reason}
