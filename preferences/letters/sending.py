"""The one way out: what is due is asked of the database, claimed there, written, and sent if it still may be.

As the worker's role, which sees no customers: an address is told to it for one claimed letter at a time. A claim is
committed before anything is sent, so two workers never send the same; what could not be sent is tried again later.
Where a process dies between sending and saying so, a letter may be missing, but none comes twice.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from smtplib import SMTPException, SMTPRecipientsRefused

from anymail.exceptions import AnymailError, AnymailRecipientsRefused
from django.core.mail import EmailMessage
from django.db import connection, transaction

from ..access import new_token, token_hash
from ..models import Letter, Topic
from .composing import confirmation_message, letter_message, letter_words

logger = logging.getLogger(__name__)

BATCH = 200
NOT_SENT = (SMTPException, AnymailError, OSError)
LETTERS, REASKS = "letters_due", "reasks_due"


@dataclass(frozen=True, slots=True)
class Due:
    customer_id: int
    topic_id: int
    letter_id: int | None


def send_due(now: datetime, *kinds: str) -> int:
    """Sends, or lays out to be read, everything of these kinds (LETTERS, REASKS) that is due; returns how many."""
    count = 0
    for kind in kinds or (LETTERS, REASKS):
        after = 0
        while found := _due(kind, now, after):
            count += sum(send_letter(each, now) for each in found)
            after = found[-1].customer_id
    return count


def send_confirmations(now: datetime) -> int:
    """Sends the links that people asked for to confirm an address; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM confirmations_due(%s, %s)", [now, BATCH])
        waiting = [row[0] for row in cursor.fetchall()]
    return sum(send_confirmation(each, now) for each in waiting)


def tidy(now: datetime) -> None:
    """Forgets addresses that were not confirmed, which addresses were asked, and letters of more than a year ago."""
    _row("SELECT tidy_mail(%s)", now)


def send_letter(due: Due, now: datetime) -> bool:
    """Claims one letter, and sends it or lays it out on the customer's page. False when it may not, or did not, go."""
    token = new_token()
    claim = _row(
        "SELECT sending, channel, language, answer_count, has_account FROM claim_letter(%s, %s, %s, %s, %s)",
        due.customer_id, due.topic_id, due.letter_id, token_hash(token), now,
    )  # fmt: skip
    if claim is None:
        return False
    sending_id, channel, language, answer_count, has_account = claim
    if channel == "page":
        return True
    outcome, words = "failed", None
    try:
        topic = Topic.objects.get(pk=due.topic_id)
        letter = Letter.objects.get(pk=due.letter_id) if due.letter_id else None
        words = letter_words(
            topic,
            letter,
            language=language,
            answer_count=answer_count,
            has_account=has_account,
            enclose=lambda provider: provider.enclose(sending_id, language),
        )
        if words.is_empty:
            outcome = "empty"
        else:
            message = letter_message(topic, words, language=language, token=token)
            found = _row("SELECT address_for(%s, %s)", sending_id, now)
            address = found[0] if found else None
            if address is None:
                outcome = "dropped"
            else:
                message.to = [str(address)]
                outcome = _deliver(message)
    finally:
        if outcome != "sent" and words is not None and words.enclosed_by is not None:
            words.enclosed_by.take_back(sending_id, words.enclosed)
        _row("SELECT finish_letter(%s, %s, %s)", sending_id, outcome, now)
    return outcome == "sent"


def send_confirmation(confirmation_id: int, now: datetime) -> bool:
    token = new_token()
    claim = _row(
        "SELECT address, language FROM claim_confirmation(%s, %s, %s)", confirmation_id, token_hash(token), now
    )
    if claim is None:
        return False
    outcome = "failed"
    try:
        message = confirmation_message(language=str(claim[1]), token=token)
        message.to = [str(claim[0])]
        outcome = _deliver(message)
    finally:
        if outcome == "failed":
            _row("SELECT fail_confirmation(%s)", confirmation_id)
    return outcome == "sent"


def _due(kind: str, now: datetime, after: int) -> list[Due]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT customer, topic, letter FROM {kind}(%s, %s, %s)", [now, after, BATCH])  # noqa: S608
        return [Due(*row) for row in cursor.fetchall()]


def _deliver(message: EmailMessage) -> str:
    """sent, refused (for good: there is no such address) or failed (perhaps later). No address reaches the log."""
    try:
        message.send()
    except AnymailRecipientsRefused:
        return "refused"
    except SMTPRecipientsRefused as error:
        return "refused" if all(code >= 550 for code, _text in error.recipients.values()) else "failed"
    except NOT_SENT as error:
        logger.warning("A letter was not sent (%s); it is tried again.", type(error).__name__)
        return "failed"
    return "sent"


def _row(statement: str, *arguments: object) -> tuple[object, ...] | None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        row: tuple[object, ...] | None = cursor.fetchone()
        return row
