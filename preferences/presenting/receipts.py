"""A receipt as a page to read, print and keep."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext

from ..receipts import Entry
from ..wording import language_in_words
from .history import sentence, source_in_words


@dataclass(frozen=True, slots=True)
class ReceiptPage:
    """`groups`: the fingerprint in eights, as people compare it."""

    title: str
    at_text: str
    time_zone: str
    source: str
    words: Mapping[str, object] | None
    covers: tuple[str, ...]
    item: str
    is_shared: bool
    subject: str
    groups: tuple[str, ...]


def receipt_page(entry: Entry, fingerprint: str) -> ReceiptPage:
    at = localtime(entry.at)
    notice = entry.notice
    words: dict[str, object] | None = None
    if notice:
        facts = {"version": notice.version, "language": language_in_words(notice.language)}
        words = {
            "title": notice.title,
            "sentence": notice.sentence,
            "benefit": notice.benefit,
            "details": notice.details,
            "language": notice.language,
            "said": gettext("Version {version}, in {language}").format(**facts),
            "is_shown": notice.is_shown,
        }
    return ReceiptPage(
        title=sentence(
            entry.kind,
            purpose=notice.title if notice else entry.purpose,
            item=entry.item.label if entry.item else "",
            source=entry.source,
        ),
        at_text=date_format(at, "j F Y, H:i:s"),
        time_zone=at.tzname() or "",
        source=source_in_words(entry.source),
        words=words,
        covers=tuple(each.label for each in entry.covers),
        item=entry.item.label if entry.item and not entry.covers else "",
        is_shared=entry.is_shared,
        subject=entry.subject,
        groups=_in_eights(fingerprint),
    )


@dataclass(frozen=True, slots=True)
class ErasurePage:
    at_text: str
    subject: str
    key: tuple[str, ...]
    seal: tuple[str, ...]


def erasure_page(at: datetime, made: Mapping[str, object]) -> ErasurePage:
    local = localtime(at)
    return ErasurePage(
        at_text=f"{date_format(local, 'j F Y, H:i:s')} {local.tzname()}",
        subject=str(made["pii_principal_id"]).removeprefix("urn:uuid:"),
        key=_in_eights(str(made["key"])),
        seal=_in_eights(str(made["seal"])),
    )


def _in_eights(text: str) -> tuple[str, ...]:
    return tuple(text[place : place + 8] for place in range(0, len(text), 8))
