"""The proof: what the customer decided, and when."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.http import Http404

from ..models import (
    Attribute,
    ConsentEvent,
    LedgerSubject,
    PurposeNotice,
)
from ..receipts import Entry, Item, Notice
from ..translated import DEFAULT_LANGUAGE, pick
from .catalogue import attributes
from .uses import purposes

NO_USE = "-"  # asks for the entries that are about no use; no slug is written so


@dataclass(frozen=True, slots=True)
class EventView:
    """`id` is the entry's number in the ledger."""

    id: int
    at: datetime
    kind: str
    purpose: str
    attribute: str
    notice_version: int | None
    language: str
    source: str


@dataclass(frozen=True, slots=True)
class EventsPage:
    events: tuple[EventView, ...]
    count: int
    number: int
    last: int


def events(customer_id: int, language: str, *, most: int = 500) -> list[EventView]:
    """The customer's newest entries in the ledger, newest first; row security shows no one else's."""
    return _views(_entries().order_by("-id")[:most], language)


def events_page(language: str, *, use: str = "", number: int = 1, size: int = 40) -> EventsPage:
    """One page of the current customer's entries, newest first: all, those about one use, or those about none."""
    found = _entries()
    if use:
        found = found.filter(purpose=None) if use == NO_USE else found.filter(purpose__slug=use)
    count = found.count()
    last = max(1, -(-count // size))
    number = min(max(1, number), last)
    return EventsPage(
        tuple(_views(found.order_by("-id")[(number - 1) * size : number * size], language)), count, number, last
    )


def uses_in_ledger(language: str) -> list[tuple[str, str]]:
    """(slug, title) of the uses that the current customer's entries are about."""
    slugs = set(ConsentEvent.objects.exclude(purpose=None).values_list("purpose__slug", flat=True))
    titles = _titles(language)
    return sorted(((slug, titles.get(slug, slug)) for slug in slugs), key=lambda each: each[1].casefold())


def has_entries_about_no_use() -> bool:
    return ConsentEvent.objects.filter(purpose=None).exists()


def entry(event_id: int, language: str) -> Entry:
    """All that a receipt of one entry says. Somebody else's is not found, like one that does not exist."""
    event = _entries().select_related("purpose", "attribute").filter(pk=event_id).first()
    if event is None:
        raise Http404
    purpose, shown = event.purpose, event.notice
    words = shown or _in_force(event)
    spoken = event.language or language
    items = {each.pk: each for each in Attribute.objects.filter(pk__in=words.covers if words else [])}
    return Entry(
        id=event.pk,
        subject=str(event.subject),
        kind=event.kind,
        at=event.at,
        source=event.source,
        purpose=purpose.slug if purpose else "",
        basis=purpose.basis if purpose else "explicit" if event.kind == "granted" else "",
        is_shared=bool(purpose and purpose.is_shared),
        item=_item(event.attribute, spoken) if event.attribute else None,
        notice=_notice(words, spoken, is_shown=shown is not None) if words else None,
        covers=tuple(_item(items[pk], spoken) for pk in words.covers if pk in items) if words else (),
    )


def subject_and_salt(customer_id: int) -> tuple[str, bytes] | None:
    """The customer's random name in the ledger, and what shows after an erasure that it was theirs."""
    tie = LedgerSubject.objects.filter(customer_id=customer_id).first()
    return (str(tie.subject), bytes(tie.salt)) if tie else None


def event_rows() -> Iterator[Mapping[str, object]]:
    """Every entry of the current customer as plain values, oldest first, read a few at a time."""
    rows = _entries().order_by("id").values(
        "at", "language", "source", "subject", entry=F("pk"), event=F("kind"), use=F("purpose__slug"),
        seen=F("notice__version"), about=F("attribute__key"),
    )  # fmt: skip
    for each in rows.iterator():
        yield {
            "entry": each["entry"],
            "at": each["at"].isoformat(),
            "event": each["event"],
            "use": each["use"],
            "attribute": each["about"],
            "notice": each["seen"],
            "language": each["language"],
            "source": each["source"],
            "subject": str(each["subject"]),
        }


def _entries() -> QuerySet[ConsentEvent]:
    """Row security leaves the current customer's."""
    return ConsentEvent.objects.select_related("notice")


def _views(found: QuerySet[ConsentEvent], language: str) -> list[EventView]:
    titles = {each.id: each.title for each in purposes(None, language)}
    labels = {each.id: each.label for each in attributes(language).values()}
    return [
        EventView(
            id=each.pk,
            at=each.at,
            kind=each.kind,
            purpose=titles.get(each.purpose_id) or (pick(each.notice.title, language) if each.notice else ""),
            attribute=labels.get(each.attribute_id, ""),
            notice_version=each.notice.version if each.notice else None,
            language=each.language,
            source=each.source,
        )
        for each in found
    ]


def _titles(language: str) -> dict[str, str]:
    latest = PurposeNotice.objects.order_by("purpose_id", "-version").distinct("purpose_id")
    return {slug: pick(title, language) for slug, title in latest.values_list("purpose__slug", "title")}


def _in_force(event: ConsentEvent) -> PurposeNotice | None:
    """The words that the purpose had at that time."""
    then = PurposeNotice.objects.filter(Q(purpose=event.purpose) & Q(published_at__lte=event.at))
    return then.order_by("-version").first() if event.purpose_id else None


def _notice(notice: PurposeNotice, language: str, *, is_shown: bool) -> Notice:
    texts = notice.title
    spoken = next((code for code in (language, language.partition("-")[0], DEFAULT_LANGUAGE) if texts.get(code)), "")
    return Notice(
        version=notice.version,
        language=spoken or language,
        title=pick(notice.title, language),
        sentence=pick(notice.sentence, language),
        benefit=pick(notice.benefit, language),
        details=pick(notice.details, language),
        published_at=notice.published_at,
        is_shown=is_shown,
    )


def _item(attribute: Attribute, language: str) -> Item:
    return Item(attribute.key, pick(attribute.label, language) or attribute.key, attribute.is_sensitive)


def erased_at(subject: str, key: bytes) -> datetime | None:
    """When what was recorded under this name was erased; None unless the key is the one that was handed out."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT erased_at(%s, %s)", [subject, key])
        at: datetime | None = cursor.fetchone()[0]
    return at
