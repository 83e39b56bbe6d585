"""Entries of the ledger as sentences about the customer, by month."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext

from ..selectors import EventView as LedgerEvent
from ..wording import language_in_words


@dataclass(frozen=True, slots=True)
class EventView:
    """`tone` says at a glance which way it went: more may be used, less, or neither."""

    at_text: str
    day: str
    time: str
    text: str
    seen: str
    source: str
    tone: str
    receipt_url: str


@dataclass(frozen=True, slots=True)
class Month:
    title: str
    events: tuple[EventView, ...]


MORE = {"granted", "included", "resumed", "unrestricted"}
LESS = {"withdrawn", "excluded", "objected", "paused", "restricted", "erased", "expired", "superseded"}


def months(entries: Iterable[LedgerEvent]) -> list[Month]:
    """The entries, in their order, under the months in which they were made."""
    shown = [(date_format(localtime(each.at), "F Y"), event(each)) for each in entries]
    return [
        Month(title, tuple(entry for _title, entry in together))
        for title, together in groupby(shown, key=lambda pair: pair[0])
    ]


def event(entry: LedgerEvent) -> EventView:
    """A ledger entry as a sentence about the customer."""
    at = localtime(entry.at)
    seen = ""
    if entry.kind == "granted" and entry.notice_version:
        seen = gettext("You saw version {version} of the text, in {language}.").format(
            version=entry.notice_version, language=language_in_words(entry.language)
        )
    return EventView(
        at_text=date_format(at, "j F Y, H:i"),
        day=date_format(at, "j F"),
        time=date_format(at, "H:i"),
        text=sentence(entry.kind, purpose=entry.purpose, item=entry.attribute, source=entry.source),
        seen=seen,
        source=source_in_words(entry.source),
        tone="more" if entry.kind in MORE else "less" if entry.kind in LESS else "same",
        receipt_url=reverse("preferences:receipt", args=[entry.id]),
    )


def sentence(kind: str, *, purpose: str, item: str, source: str) -> str:
    """What happened, as said to whom it happened."""
    texts = {
        "granted": gettext("You switched on “{purpose}”."),
        "withdrawn": gettext("You switched off “{purpose}”."),
        "excluded": gettext("You took “{attribute}” out of “{purpose}”."),
        "included": gettext("You put “{attribute}” back into “{purpose}”."),
        "corrected": gettext("You changed “{attribute}”."),
        "merged": gettext("You brought over what you had told on another device."),
        "expired": gettext("“{attribute}” became too old to be used."),
        "paused": gettext("You paused everything we may do with your answers."),
        "resumed": gettext("Your pause ended. What was on before is on again."),
        "restricted": gettext("You asked us to keep your answers and use none of them."),
        "unrestricted": gettext("You let us use your answers again."),
        "objected": gettext("You objected to “{purpose}”. It is off, and no quiz asks for it."),
        "superseded": gettext("“{purpose}” changed in what it does, so it is off until you agree again."),
        "erased": gettext("You deleted “{attribute}”."),
    }
    if kind == "granted" and not purpose:
        text = gettext("You agreed that we keep your answer on “{attribute}”.")
    elif kind == "erased" and not item:
        text = gettext("You deleted a profile and everything about it.")
    elif kind == "excluded" and source == "order":
        text = gettext("“{attribute}” came in with an order. “{purpose}” leaves it out until you switch it on.")
    elif kind == "objected" and source == "gpc":
        text = gettext("Your browser asked us not to share, so “{purpose}” stays off.")
    else:
        text = texts.get(kind, kind)
    return text.format(purpose=purpose, attribute=item)


def source_in_words(source: str) -> str:
    match source.partition(":")[0]:
        case "quiz":
            return gettext("In a quiz.")
        case "center":
            return gettext("In your preferences.")
        case "order":
            return gettext("From an order.")
        case "staff":
            return gettext("On your request, by our staff.")
        case "gpc":
            return gettext("By your browser's signal.")
        case "device":
            return gettext("When you went on with another device.")
        case "sign-in":
            return gettext("When you signed in.")
        case "mail":
            return gettext("By a link in an e-mail.")
    return ""
