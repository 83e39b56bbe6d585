"""The receipt of an erasure. Whoever it is handed to has the only copy of what ties them to the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

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


@dataclass(frozen=True, slots=True)
class ShownErasure:
    """What a receipt that somebody shows says of itself. `fits`: its seal is the one of its name and key."""

    subject: str
    key: bytes
    said_at: str
    fits: bool


def read_erasure(made: object) -> ShownErasure:
    """Reads what `compose_erasure` made. Raises ValueError, saying what is missing, for anything else."""
    if not isinstance(made, dict) or made.get("schema_version") != ERASURE_FORMAT:
        raise ValueError(f"schema_version is not {ERASURE_FORMAT}")
    said = {name: made.get(name) for name in ("pii_principal_id", "key", "seal", "erased_at")}
    for name, value in said.items():
        if not isinstance(value, str):
            raise ValueError(f"{name} is missing")
    subject = str(UUID(str(said["pii_principal_id"]).removeprefix("urn:uuid:")))
    key = bytes.fromhex(str(said["key"]))
    return ShownErasure(subject, key, str(said["erased_at"]), seal(subject, key) == said["seal"])
