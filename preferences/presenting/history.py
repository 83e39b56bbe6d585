"""Entries of the ledger as sentences about the customer."""

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language_info, gettext

from ..selectors import EventView as LedgerEvent


@dataclass(frozen=True, slots=True)
class EventView:
    at_text: str
    text: str


def event(entry: LedgerEvent) -> EventView:
    """A ledger entry as a sentence about the customer."""
    texts = {
        "granted": gettext("You switched on “{purpose}”."),
        "withdrawn": gettext("You switched off “{purpose}”."),
        "excluded": gettext("You took “{attribute}” out of “{purpose}”."),
        "included": gettext("You put “{attribute}” back into “{purpose}”."),
        "corrected": gettext("You changed “{attribute}”."),
        "merged": gettext("You brought over what you had told on another device."),
        "expired": gettext("“{attribute}” became too old to be used."),
        "objected": gettext("Your browser asked us not to share, so “{purpose}” stays off."),
        "erased": gettext("You deleted “{attribute}”."),
    }
    if entry.kind == "granted" and not entry.purpose:
        text = gettext("You agreed that we keep your answer on “{attribute}”.")
    elif entry.kind == "erased" and not entry.attribute:
        text = gettext("You deleted a profile and everything about it.")
    else:
        text = texts.get(entry.kind, entry.kind)
    parts = [text.format(purpose=entry.purpose, attribute=entry.attribute)]
    if entry.kind == "granted" and entry.notice_version:
        parts.append(
            gettext("You saw version {version} of the text, in {language}.").format(
                version=entry.notice_version, language=_language(entry.language)
            )
        )
    parts.append(_source_in_words(entry.source))
    at_text = date_format(localtime(entry.at), "j F Y, H:i")
    return EventView(at_text, " ".join(part for part in parts if part))


def _language(code: str) -> str:
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


def _source_in_words(source: str) -> str:
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
    return ""
