"""Going on with a run on a second device: a code that works once, for ten minutes."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from ..errors import HandoffOverError
from ..selectors import RunState

MINUTES = 10

_OFFER = """
    INSERT INTO quizzes_handoff (token_hash, run_id, customer_id, expires_at)
    VALUES (%s, %s, %s, now() + make_interval(mins => %s)) RETURNING expires_at
"""


@dataclass(frozen=True, slots=True)
class Taken:
    run_id: UUID
    version_id: int


def offer_handoff(*, run: RunState) -> tuple[str, datetime]:
    """A token for another device, and until when it works."""
    token = secrets.token_urlsafe(24)
    with connection.cursor() as cursor:
        cursor.execute(_OFFER, [_hash(token), run.id, run.customer_id, MINUTES])
        return token, cursor.fetchone()[0]


def version_offered(token: str) -> int:
    """The version of the quiz that the token continues. Raises HandoffOverError."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT peek_handoff(%s)", [_hash(token)])
        (version_id,) = cursor.fetchone()
    if version_id is None:
        raise HandoffOverError
    return int(version_id)


def is_own(token: str) -> bool:
    """Whether the code was made by the asking customer, on this or another device. Row security shows no one else's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM quizzes_handoff WHERE token_hash = %s)", [_hash(token)])
        return bool(cursor.fetchone()[0])


def take_over(*, token: str, device_token_hash: bytes) -> Taken:
    """Makes the asking browser a device of the run's customer. Raises HandoffOverError."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT run, version FROM takeover(%s, %s)", [_hash(token), device_token_hash])
        row = cursor.fetchone()
    if row is None:
        raise HandoffOverError
    return Taken(*row)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
