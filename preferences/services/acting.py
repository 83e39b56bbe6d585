"""How services change things: by the database's own functions, in the caller's transaction."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ObjectDoesNotExist
from django.db import connection, transaction
from django.db.utils import DatabaseError
from psycopg import errors

from .. import signals


class PreferencesError(Exception):
    """Base of what a customer can do wrong here."""


class UnknownItem(PreferencesError, ObjectDoesNotExist):
    """There is no such profile, purpose or item of this customer."""


class InvalidValue(PreferencesError):
    """The value is not one that can be told; the message says what can."""


class BelowAge(PreferencesError):
    """The customer said that they are below the age of consent, so no use that needs it is switched on."""


class ObjectedTo(PreferencesError):
    """The customer objects to this use; only they lift that, in the preference center."""


# What the database refuses by a rule's name, as the error that says so.
REFUSALS = {"age_of_consent": BelowAge, "objected_to": ObjectedTo}


def current() -> int | None:
    return call("current_customer")  # type: ignore[return-value]


def announce(profile_ids: tuple[int, ...] | None = None) -> None:
    """Without ids it is about all of the customer's profiles, which are the ones row security shows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_customer(), ARRAY(SELECT id FROM preferences_profile ORDER BY id)")
        customer_id, all_profiles = cursor.fetchone()
    signals.permits_changed.send(sender=None, customer_id=customer_id, profile_ids=profile_ids or tuple(all_profiles))


def call(function: str, *arguments: object) -> object:
    places = ", ".join(["%s"] * len(arguments))
    with _errors_in_words(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}({places})", arguments)
        return cursor.fetchone()[0]


@contextmanager
def _errors_in_words() -> Iterator[None]:
    try:
        yield
    except DatabaseError as error:
        cause = error.__cause__
        if isinstance(cause, errors.NoDataFound):
            raise UnknownItem from error
        refusal = REFUSALS.get(cause.diag.constraint_name or "") if isinstance(cause, errors.Error) else None
        if refusal:
            raise refusal from error
        raise
