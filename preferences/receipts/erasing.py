"""The receipt of an erasure. Whoever it is handed to has the only copy of what ties them to the ledger."""

from collections.abc import Sequence
from datetime import UTC, datetime

from .facts import Controller
from .fingerprint import seal

ERASURE_FORMAT = "proffer-erasure-receipt/1"


def compose_erasure(
    *,
    controller: Controller,
    subject: str,
    salt: bytes,
    at: datetime,
    deleted: Sequence[tuple[str, int]],
    kept: Sequence[tuple[str, str]],
) -> dict[str, object]:
    """`deleted` is what and how many; `kept` is what and why."""
    return {
        "@context": {"dpv": "https://w3id.org/dpv#"},
        "@type": "dpv:RightExerciseRecord",
        "schema_version": ERASURE_FORMAT,
        "party_identification": [
            {
                "@type": "dpv:DataController",
                "party_name": controller.name,
                "party_email": controller.email or None,
                "party_url": controller.url,
            }
        ],
        "erased_at": at.astimezone(UTC).isoformat(),
        "deleted": [{"what": what, "count": count} for what, count in deleted],
        "kept": [{"what": what, "why": why} for what, why in kept],
        "pii_principal_id": f"urn:uuid:{subject}",
        "key": salt.hex(),
        "seal": seal(subject, salt),
    }
