"""The proof: what the customer decided, and when."""

from dataclasses import dataclass
from datetime import datetime

from ..models import (
    ConsentEvent,
)
from .catalogue import attributes
from .uses import purposes


@dataclass(frozen=True, slots=True)
class EventView:
    at: datetime
    kind: str
    purpose: str
    attribute: str
    notice_version: int | None
    language: str
    source: str


def events(customer_id: int, language: str, *, most: int = 500) -> list[EventView]:
    """The customer's entries in the ledger, newest first; row security shows no one else's."""
    titles = {each.id: each.title for each in purposes(None, language)}
    labels = {each.id: each.label for each in attributes(language).values()}
    return [
        EventView(
            at=each.at,
            kind=each.kind,
            purpose=titles.get(each.purpose_id, ""),
            attribute=labels.get(each.attribute_id, ""),
            notice_version=each.notice.version if each.notice else None,
            language=each.language,
            source=each.source,
        )
        for each in ConsentEvent.objects.select_related("notice").order_by("-id")[:most]
    ]
