"""What two copies of a receipt are compared by, and what ties a person to their pseudonym when we no longer do.

The fingerprint is taken over the ledger's own facts and the notice's words, neither of which ever changes. What may be
renamed later (an item's label, the brand) is not in it.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC

from .facts import Entry


def statement(entry: Entry) -> dict[str, object]:
    """What the fingerprint is taken over: keys instead of labels, UTC, the words exactly as shown."""
    notice = entry.notice
    return {
        "entry": entry.id,
        "subject": entry.subject,
        "event": entry.kind,
        "at": entry.at.astimezone(UTC).isoformat(),
        "source": entry.source,
        "purpose": entry.purpose,
        "item": entry.item.key if entry.item else "",
        "notice": {
            "version": notice.version,
            "language": notice.language,
            "title": notice.title,
            "sentence": notice.sentence,
            "benefit": notice.benefit,
            "details": notice.details,
        }
        if notice
        else None,
        "covers": sorted(each.key for each in entry.covers),
    }


def canonical(value: Mapping[str, object]) -> bytes:
    """JSON with sorted keys and no spaces, as UTF-8: the same bytes wherever it is made."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def fingerprint(value: Mapping[str, object]) -> str:
    """SHA-256 of the canonical form, in hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()


def seal(subject: str, salt: bytes) -> str:
    """What the ledger keeps of an erasure. Whoever has the salt can show that the pseudonym was theirs; without it, it
    says nothing about anybody."""
    return hashlib.sha256(f"{subject}:{salt.hex()}".encode()).hexdigest()
