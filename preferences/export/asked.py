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
            "email": gettext("the address it came from"),
            "description": gettext("what we noted of it"),
            "identity": gettext("how we knew that it was you"),
            "due_at": gettext("by when it was due"),
            "extended_because": gettext("why it took longer"),
            "status": gettext("how it stands"),
            "outcome": gettext("what was done"),
            "closed_at": gettext("when it was done"),
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
    for each in PrivacyRequest.objects.filter(customer_id=customer_id).order_by("id"):
        yield {
            "received_at": each.received_at.isoformat(),
            "kind": str(RequestKind(each.kind).label),
            "channel": str(PrivacyRequest.Channel(each.channel).label),
            "email": each.email,
            "description": each.description,
            "identity": str(PrivacyRequest.Identity(each.identity).label) if each.identity else "",
            "due_at": each.due_at.isoformat(),
            "extended_because": each.extension_reason,
            "status": str(PrivacyRequest.Status(each.status).label),
            "outcome": each.outcome,
            "closed_at": each.closed_at.isoformat() if each.closed_at else None,
        }


def _looks(customer_id: int) -> Rows:
    for each in selectors.looks(customer_id):
        yield {"at": each.at.isoformat(), "role": each.role, "reason": each.reason}
