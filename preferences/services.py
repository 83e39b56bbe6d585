"""What customers do with what they told us, each a sentence. All act for the transaction's current customer.

Grants, exclusions, values and permits are changed by the database's own functions only (migrations/sql); what they
derive, they derive there, in the caller's transaction. Afterwards `permits_changed` tells the apps above.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.core.exceptions import ObjectDoesNotExist
from django.db import connection, transaction
from django.db.utils import DatabaseError
from psycopg import errors

from . import signals
from .coding import CodingError, codes_of
from .models import Attribute, PurposeNotice


class PreferencesError(Exception):
    """Base of what a customer can do wrong here."""


class UnknownItem(PreferencesError, ObjectDoesNotExist):
    """There is no such profile, purpose or item of this customer."""


class InvalidValue(PreferencesError):
    """The value is not one that can be told; the message says what can."""


@dataclass(frozen=True, slots=True)
class Told:
    """A value as a customer told it, with the question it answered."""

    attribute_key: str
    value: object
    question_key: str = ""


def remember(
    *, profile_id: int, items: Sequence[Told], source: str = "quiz", source_label: Mapping[str, str] | None = None
) -> None:
    """Keeps these values of a profile, each instead of an earlier one, and lets them be used as far as is granted.

    `source_label` is what the customer knows the source by, as a translated text.
    """
    if not items:
        return
    attributes = {
        each.key: each
        for each in Attribute.objects.filter(key__in=[item.attribute_key for item in items]).prefetch_related("values")
    }
    told = []
    for item in items:
        attribute = attributes.get(item.attribute_key)
        if attribute is None:
            raise UnknownItem(item.attribute_key)
        try:
            codes = codes_of(attribute.coding, item.value)
        except CodingError as error:
            raise InvalidValue(str(error)) from error
        told.append(
            {"attribute": item.attribute_key, "value": item.value, "codes": codes, "question": item.question_key}
        )
    label = json.dumps(dict(source_label or {}))
    _call("remember", profile_id, json.dumps(told), source, label, source)
    _announce((profile_id,))


def correct(*, profile_id: int, attribute_key: str, value: object, source: str = "center") -> None:
    """Replaces one value by what the customer says now."""
    remember(profile_id=profile_id, items=[Told(attribute_key, value)], source=source)


def forget(*, profile_id: int, attribute_key: str, source: str = "center") -> None:
    """Deletes a value and its history; the ledger keeps that something was erased, not what."""
    _call("forget", profile_id, attribute_key, source)
    signals.forgotten.send(sender=None, customer_id=_current(), profile_id=profile_id)
    _announce((profile_id,))


def grant(*, purpose_slug: str, language: str, source: str) -> None:
    """Switches a use on, under the notice that is shown now."""
    notice = PurposeNotice.objects.filter(purpose__slug=purpose_slug).order_by("-version").first()
    if notice is None:
        raise UnknownItem(purpose_slug)
    _call("grant_purpose", purpose_slug, notice.pk, language, source)
    _announce()


def withdraw(*, purpose_slug: str, source: str) -> None:
    """Switches a use off; what was computed from it is gone when this returns."""
    _call("withdraw_purpose", purpose_slug, source)
    _announce()


def object_to_sharing() -> None:
    """What Global Privacy Control asks for: uses that share with others are off, and stay off in this transaction."""
    if _call("object_to_sharing"):
        _announce()


def exclude(*, profile_id: int, purpose_slug: str, attribute_key: str, source: str) -> None:
    """Takes one item out of a use."""
    _call("set_exclusion", profile_id, purpose_slug, attribute_key, True, source)
    _announce((profile_id,))


def include(*, profile_id: int, purpose_slug: str, attribute_key: str, source: str) -> None:
    """Puts an excluded item back."""
    _call("set_exclusion", profile_id, purpose_slug, attribute_key, False, source)
    _announce((profile_id,))


def add_profile(*, kind: str, name: str) -> int:
    """A pet or child that preferences can be about; returns its id."""
    return int(_call("add_profile", kind, name))


def rename_profile(*, profile_id: int, name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE preferences_profile SET name = %s WHERE id = %s", [name, profile_id])
        if not cursor.rowcount:
            raise UnknownItem(profile_id)


def forget_profile(*, profile_id: int, source: str = "center") -> None:
    """Deletes a pet or child with all that was told about it."""
    _call("forget_profile", profile_id, source)
    signals.forgotten.send(sender=None, customer_id=_current(), profile_id=profile_id)


def consent_to_sensitive(*, attribute_key: str, language: str, source: str) -> None:
    """Notes the separate consent of a sensitive question, given before its answer is stored."""
    _call("note_sensitive_consent", attribute_key, language, source)


def erase_customer(*, source: str = "center") -> None:
    """Deletes everything of the current customer; what stays of the ledger is tied to nobody."""
    customer_id = _current()
    if customer_id is not None:
        signals.erasing.send(sender=None, customer_id=customer_id)
        _call("erase_customer", source)


def merge_device(*, token_hash: bytes, source: str = "sign-in") -> bool:
    """Takes over what another device of the same person told; never switches a use on."""
    merged = bool(_call("merge_device", token_hash, source))
    if merged:
        signals.merging.send(sender=None, customer_id=_current())
        _call("finish_merge")
        _announce()
    return merged


def _current() -> int | None:
    return _call("current_customer")  # type: ignore[return-value]


def _announce(profile_ids: tuple[int, ...] | None = None) -> None:
    """Without ids it is about all of the customer's profiles, which are the ones row security shows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_customer(), ARRAY(SELECT id FROM preferences_profile ORDER BY id)")
        customer_id, all_profiles = cursor.fetchone()
    signals.permits_changed.send(sender=None, customer_id=customer_id, profile_ids=profile_ids or tuple(all_profiles))


def _call(function: str, *arguments: object) -> object:
    places = ", ".join(["%s"] * len(arguments))
    with _errors_in_words(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}({places})", arguments)
        return cursor.fetchone()[0]


@contextmanager
def _errors_in_words() -> Iterator[None]:
    try:
        yield
    except DatabaseError as error:
        if isinstance(error.__cause__, errors.NoDataFound):
            raise UnknownItem from error
        raise
