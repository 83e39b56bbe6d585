"""A receipt as JSON, shaped after ISO/IEC TS 27560:2023, with the terms of the W3C Data Privacy Vocabulary."""

from datetime import UTC, datetime

from .facts import Controller, Entry, Item, Links
from .fingerprint import fingerprint, statement
from .shape import FORMAT

# Names only: nothing is fetched from there, neither by us nor by whoever reads the receipt as plain JSON.
CONTEXT = {"dpv": "https://w3id.org/dpv#", "dct": "http://purl.org/dc/terms/"}

# What an entry means for the consent it is about. The others change what it reaches or let it rest.
STATES = {
    "granted": "dpv:ConsentGiven",
    "withdrawn": "dpv:ConsentWithdrawn",
    "objected": "dpv:ConsentRefused",
    "expired": "dpv:ConsentExpired",
    "superseded": "dpv:ConsentInvalidated",
}
BASES = {"consent": "dpv:Consent", "explicit": "dpv:ExplicitlyExpressedConsent", "necessity": "dpv:ContractPerformance"}


def compose(entry: Entry, *, controller: Controller, links: Links, made_at: datetime) -> dict[str, object]:
    """The whole receipt. It holds what may be used, by name, and never what was told."""
    stated = statement(entry)
    return {
        "@context": CONTEXT,
        "@type": "dpv:ConsentReceipt",
        "@id": links.receipt,
        "schema_version": FORMAT,
        "schema": links.shape,
        "made_at": _time(made_at),
        "record": {
            "@type": "dpv:ConsentRecord",
            "record_id": str(entry.id),
            "pii_principal_id": f"urn:uuid:{entry.subject}",
            "pii_processing": _processing(entry, links),
            "party_identification": [
                {
                    "@type": "dpv:DataController",
                    "party_role": "pii_controller",
                    "party_name": controller.name,
                    "party_email": controller.email or None,
                    "party_url": controller.url,
                }
            ],
            "events": [
                {
                    "event_type": entry.kind,
                    "event_state": STATES.get(entry.kind),
                    "event_time": _time(entry.at),
                    "source": entry.source,
                }
            ],
        },
        "fingerprint": {"algorithm": "SHA-256", "value": fingerprint(stated), "over": stated},
    }


def _processing(entry: Entry, links: Links) -> dict[str, object]:
    notice = entry.notice
    return {
        "privacy_notice": {
            "@type": "dpv:ConsentNotice",
            "version": notice.version,
            "language": notice.language,
            "was_shown": notice.is_shown,
            "published_at": _time(notice.published_at),
            "title": notice.title,
            "sentence": notice.sentence,
            "benefit": notice.benefit,
            "details": notice.details,
        }
        if notice
        else None,
        "purpose": entry.purpose or None,
        "lawful_basis": BASES.get(entry.basis),
        "shared_with_third_parties": entry.is_shared,
        "pii_information": [_item(each) for each in entry.covers],
        "concerned_item": _item(entry.item) if entry.item else None,
        "withdrawal_method": links.withdraw,
    }


def _item(item: Item) -> dict[str, object]:
    kind = "dpv:SensitivePersonalData" if item.is_sensitive else "dpv:PersonalData"
    return {"@type": kind, "pii_attribute_id": item.key, "pii_type": item.label}


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
