"""Computes tailored offers: reads what permits allow, scores it, hands the result to the database.

Runs as proffer_offers, which sees permits of its purposes and the catalogue, no customer and no value. The same code
and engine serve one profile, a range and everything that is due. Losing a race is an expected end: where a permit was
replaced while we computed, the database stores nothing, and the new permit is due by itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter

import numpy as np
import psycopg
from django.db import connection, transaction
from django.utils import timezone

from recommendations import arrays, catalogue
from recommendations.scoring import Profiles

CHUNK = 2000
SWEEP_LOCK = (7, 1)  # the two-part advisory locks are a space of their own, apart from customers'

# (profile id, purpose id, permit serial, features)
PermitRow = tuple[int, int, int, list[int]]

PERMITS = (
    "SELECT profile_id, purpose_id, serial, features FROM preferences_permit permit WHERE {} ORDER BY 1, 2 LIMIT {}"
)
DUE = (
    "EXISTS (SELECT 1 FROM preferences_computationdue due WHERE due.profile_id = permit.profile_id "
    "AND due.purpose_id = permit.purpose_id AND due.serial = permit.serial)"
)


def compute_for_profile(profile_id: int) -> int:
    """Computes the offers of one profile if they are still due. Returns how many purposes were written."""
    with _transaction() as cursor:
        cursor.execute("SELECT lock_profile(%s)", [profile_id])
        cursor.execute(PERMITS.format(f"profile_id = %s AND {DUE}", CHUNK), [profile_id])
        return _compute(cursor, cursor.fetchall())


def compute_range(lowest_id: int, highest_id: int) -> int:
    """Computes the offers of every profile with an id in this range, due or not. Returns how many rows were written."""
    written, after = 0, (lowest_id, 0)
    while True:
        with _transaction() as cursor:
            cursor.execute(
                PERMITS.format("(profile_id, purpose_id) > (%s, %s) AND profile_id <= %s", CHUNK), [*after, highest_id]
            )
            permits = cursor.fetchall()
            written += _compute(cursor, permits)
        if len(permits) < CHUNK:
            return written
        after = permits[-1][:2]


def compute_due(most: int | None = None) -> int:
    """Computes what is due, once through in the order of profiles, a chunk a transaction. Returns rows written.

    Of several sweeps at a time one goes on; the others end. What a sweep could not write is left to the next one.
    """
    written, after = 0, 0
    while most is None or written < most:
        with _transaction() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", SWEEP_LOCK)
            if cursor.fetchone() != (True,):
                break
            if not after:
                cursor.execute("SELECT note_openings()")
            cursor.execute("SELECT due_profiles(%s, %s)", [after, CHUNK])
            profile_ids = [row[0] for row in cursor.fetchall()]
            if not profile_ids:
                break
            cursor.execute(PERMITS.format("profile_id = ANY (%s)", "ALL"), [profile_ids])
            written += _compute(cursor, cursor.fetchall())
        after = profile_ids[-1]
    return written


@contextmanager
def _transaction() -> Iterator[psycopg.Cursor]:
    """A transaction and a cursor that sends values apart from the statement, so that arrays can go in binary.

    Its commit does not wait for the disk: a crash that loses it loses the due mark's deletion with it.
    """
    with transaction.atomic():
        connection.ensure_connection()
        with psycopg.Cursor(connection.connection) as cursor:
            arrays.register(cursor.adapters)
            cursor.execute("SELECT set_config('synchronous_commit', 'off', true)")
            yield cursor


def _compute(cursor: psycopg.Cursor, permits: list[PermitRow]) -> int:
    if not permits:
        return 0
    known = catalogue.current(last_feature_id=max((feature for row in permits for feature in row[3]), default=0))
    by_purpose = sorted(permits, key=itemgetter(1))
    written = 0
    for purpose_id, rows in groupby(by_purpose, key=itemgetter(1)):
        chunk = list(rows)
        for first in range(0, len(chunk), CHUNK):
            written += _compute_chunk(cursor, known, purpose_id, chunk[first : first + CHUNK])
    return written


def _compute_chunk(
    cursor: psycopg.Cursor, known: catalogue.LoadedCatalogue, purpose_id: int, permits: list[PermitRow]
) -> int:
    """Scores and hands over permits of one purpose, in key order."""
    engine = known.engines.get(purpose_id, catalogue.NO_OFFERS)
    fits = engine.fit(Profiles.of([row[3] for row in permits]), timezone.now())
    cursor.execute(
        "SELECT commit_offers(%s, %s, %s, %s, %s, %s, %s)",
        [
            arrays.Bigints(np.array([row[0] for row in permits], dtype=np.int64)),
            purpose_id,
            arrays.Bigints(np.array([row[2] for row in permits], dtype=np.int64)),
            known.version,
            arrays.Integers(fits.offers),
            arrays.Reals(fits.scores),
            arrays.Integers(fits.reasons),
        ],
    )
    (written,) = cursor.fetchone()  # type: ignore[misc]
    return int(written)
