"""Profiles, other devices, and the end."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from .. import selectors, signals
from .acting import UnknownItem, announce, call, current


def add_profile(*, kind: str, name: str) -> int:
    """A pet or child that preferences can be about; returns its id."""
    return int(call("add_profile", kind, name))


def rename_profile(*, profile_id: int, name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE preferences_profile SET name = %s WHERE id = %s", [name, profile_id])
        if not cursor.rowcount:
            raise UnknownItem(profile_id)


def forget_profile(*, profile_id: int, source: str = "center") -> None:
    """Deletes a pet or child with all that was told about it."""
    call("forget_profile", profile_id, source)
    signals.forgotten.send(sender=None, customer_id=current(), profile_id=profile_id)


@dataclass(frozen=True, slots=True)
class Erased:
    """For the person alone: the name they had in the ledger, and the key that shows it was theirs. We keep no key."""

    subject: str
    key: bytes
    at: datetime


def erase_customer(*, source: str = "center") -> Erased | None:
    """Deletes everything of the current customer, account included; what stays of the ledger is tied to nobody.

    None when there is nobody, or no longer.
    """
    customer_id = current()
    tie = selectors.subject_and_salt(customer_id) if customer_id is not None else None
    if tie is None:
        return None
    signals.erasing.send(sender=None, customer_id=customer_id)
    call("erase_customer", source)
    return Erased(*tie, call("erased_at", *tie))  # type: ignore[arg-type]


def merge_device(*, token_hash: bytes, source: str = "sign-in") -> bool:
    """Takes over what another device of the same person told; never switches a use on."""
    merged = bool(call("merge_device", token_hash, source))
    if merged:
        signals.merging.send(sender=None, customer_id=current())
        call("finish_merge")
        announce()
    return merged
