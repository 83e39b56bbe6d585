"""What staff do about a request made by letter, phone or in person. The database decides who may, and writes who did.

Whatever touches a person goes through `looking_at`: the look is written first, then the transaction acts for them.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.utils.timezone import localtime, now
from django.utils.translation import gettext
from psycopg import errors

from .. import clocks, selectors
from ..models import PrivacyRequest, RequestKind
from .acting import PreferencesError, call
from .allowing import object_to, withdraw
from .people import erase_customer
from .standing import restrict
from .telling import correct

# What each kind of request is for, and no more; may_look_for in migrations/sql says the same to the database.
ACTS: Mapping[str, tuple[str, ...]] = {
    RequestKind.ACCESS: ("view", "download"),
    RequestKind.CORRECTION: ("view", "correct"),
    RequestKind.DELETION: ("erase",),
    RequestKind.STOP: ("switch_off",),
    RequestKind.RESTRICTION: ("restrict",),
    RequestKind.OBJECTION: ("object",),
    RequestKind.PORTABILITY: ("download",),
    RequestKind.COMPLAINT: ("view",),
}
NEED_IDENTITY = frozenset({"view", "download", "correct", "erase"})
ENTERED = ("kind", "channel", "received_at", "jurisdiction", "email", "description")
TIMES = ("first_due_at", "due_at", "remind_at")
MOST_REMINDED = 50
MOST_FORGOTTEN = 500


class RequestError(PreferencesError):
    """A rule of requests that staff can break; the message says which."""


class NotAllowed(RequestError):
    """Nobody is on duty, or there is no such open request, or it is no reason for this."""


def go_on_duty(*, user_id: int) -> bool:
    """From here to the transaction's end the database knows who of the privacy group is acting."""
    return bool(call("go_on_duty", user_id))


def enter_request(*, request: PrivacyRequest) -> None:
    """Keeps a new request and works out by when it is due."""
    _schedule(request)
    with _rules_in_words():
        request.save(force_insert=True)


def change_request(*, request: PrivacyRequest) -> None:
    """Keeps what was entered wrongly; its clock runs from the time of receipt as it is now."""
    _schedule(request)
    with _rules_in_words():
        request.save(update_fields=[*ENTERED, *TIMES])


def note_identity(*, request: PrivacyRequest, how: str) -> None:
    request.identity = how
    with _rules_in_words():
        request.save(update_fields=["identity"])


def find_customer(*, request: PrivacyRequest) -> bool:
    """Whether there is an account that has confirmed the request's e-mail address; the request is then tied to it."""
    with _rules_in_words():
        return bool(call("find_for_request", request.pk))


def extend(*, request: PrivacyRequest, reason: str) -> None:
    """Takes the longer time that the law allows; the person has been told why, in these words."""
    rule = selectors.clock(request.jurisdiction_id, request.kind)
    if rule is None or not rule.extension:
        raise RequestError(gettext("This law knows no extension here."))
    if request.extended_at or now() > request.first_due_at:
        raise RequestError(gettext("It can be extended once, and only before it is due."))
    request.extension_reason = reason
    request.due_at = clocks.due_at(request.received_at, rule, is_extended=True)
    request.remind_at = clocks.remind_at(request.received_at, request.due_at, rule)
    with _rules_in_words():
        request.save(update_fields=["extension_reason", "due_at", "remind_at"])


def close(*, request: PrivacyRequest, status: str, outcome: str) -> None:
    """Ends it for good. A deletion that is done forgets at once who asked for it."""
    request.status = status
    request.outcome = outcome
    with _rules_in_words():
        request.save(update_fields=["status", "outcome"])


@contextmanager
def looking_at(*, user_id: int, request_id: int, reason: str) -> Iterator[int]:
    """The customer's id, in a stretch in which the database takes us for them. The look is written before it begins; if
    what follows fails, all of it is undone, and nothing may have been shown."""
    with transaction.atomic():
        with _rules_in_words():
            customer_id = int(call("look_at", user_id, request_id, reason))  # type: ignore[call-overload]
        yield customer_id
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('proffer.customer', '', true), set_config('proffer.request', '', true)")


def switch_off_for(*, user_id: int, request_id: int, purpose_slugs: Collection[str]) -> None:
    with looking_at(user_id=user_id, request_id=request_id, reason="switch_off"):
        for slug in purpose_slugs:
            withdraw(purpose_slug=slug, source=_source(request_id))


def object_for(*, user_id: int, request_id: int, purpose_slugs: Collection[str]) -> None:
    with looking_at(user_id=user_id, request_id=request_id, reason="object"):
        for slug in purpose_slugs:
            object_to(purpose_slug=slug, source=_source(request_id))


def restrict_for(*, user_id: int, request_id: int) -> None:
    with looking_at(user_id=user_id, request_id=request_id, reason="restrict"):
        restrict(source=_source(request_id))


def correct_for(*, user_id: int, request_id: int, profile_id: int, attribute_key: str, value: object) -> None:
    with looking_at(user_id=user_id, request_id=request_id, reason="correct"):
        correct(profile_id=profile_id, attribute_key=attribute_key, value=value, source=_source(request_id))


def erase_for(*, user_id: int, request_id: int) -> None:
    """Everything of the customer, and the account they signed in with."""
    with looking_at(user_id=user_id, request_id=request_id, reason="erase"):
        erase_customer(source=_source(request_id))


def remind_staff() -> int:
    """Mails the privacy group about each request that is nearly due, and once more when it is overdue.

    What was mailed is noted in the same transaction: mail that cannot go is tried again, and waits for a reader.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT privacy_addresses()")
        addresses = [address for (address,) in cursor.fetchall()]
        if not addresses:
            return 0
        cursor.execute("SELECT request, kind, due, is_overdue FROM requests_to_remind(%s)", [MOST_REMINDED])
        due = cursor.fetchall()
        if due:
            lines = [_line(*each) for each in due]
            subject = gettext("Requests of people: %(count)s to see to") % {"count": len(due)}
            where = gettext("You find them in the admin, under “Requests of people”.")
            body = "\n".join([*lines, "", where])
            EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, bcc=addresses).send()
    return len(due)


def _line(request_id: int, kind: str, due_at: object, is_overdue: bool) -> str:
    """Its number, what it asks and by when: never who asks."""
    words = {
        "number": request_id,
        "kind": RequestKind(kind).label,
        "due": localtime(due_at).strftime("%Y-%m-%d %H:%M %Z"),  # type: ignore[arg-type]
    }
    if is_overdue:
        return gettext("Overdue: number %(number)s (%(kind)s) was due %(due)s.") % words
    return gettext("Number %(number)s (%(kind)s) is due %(due)s.") % words


def forget_old_requests() -> int:
    """Forgets who made the requests that were closed so long ago as their law's row says."""
    return int(call("forget_old_requests", MOST_FORGOTTEN))  # type: ignore[call-overload]


def _schedule(request: PrivacyRequest) -> None:
    rule = selectors.clock(request.jurisdiction_id, request.kind)
    if rule is None:
        raise RequestError(gettext("This law has no clock for that: ask the owner to add one."))
    request.first_due_at = clocks.due_at(request.received_at, rule)
    is_extended = request.extended_at is not None
    request.due_at = clocks.due_at(request.received_at, rule, is_extended=is_extended)
    request.remind_at = clocks.remind_at(request.received_at, request.due_at, rule)


def _source(request_id: int) -> str:
    return f"staff:{request_id}"


@contextmanager
def _rules_in_words() -> Iterator[None]:
    """The database's refusals, without what it quotes of the row."""
    try:
        with transaction.atomic():
            yield
    except DatabaseError as error:
        if isinstance(error.__cause__, errors.InsufficientPrivilege):
            raise NotAllowed(gettext("That is not possible now.")) from error
        if isinstance(error.__cause__, errors.RestrictViolation | errors.CheckViolation):
            raise RequestError(_refusal(error.__cause__.diag.constraint_name)) from error
        raise


def _refusal(constraint: str | None) -> str:
    return {
        "identity_before_it_is_done": gettext("First check who they are: it cannot be done before that."),
        "extension_told_in_time": gettext("It can be extended once, and only before it is due."),
        "closing_says_what_was_done": gettext("Say what was done."),
        "request_has_come": gettext("It cannot have come later than now."),
        "request_is_somebodys_or_nobodys": gettext("Write an e-mail address, or describe who asks."),
    }.get(constraint or "", gettext("That can no longer be changed."))
