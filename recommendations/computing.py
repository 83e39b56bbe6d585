"""Computes tailored offers: reads what permits allow, scores it, hands the result to the database.

Runs as proffer_offers, which sees permits of its purposes and the catalogue, no customer and no value. The same code
and engine serve one profile, what is due, and everybody (see passes.py). Losing a race is an expected end: where a
permit was replaced while we computed, the database stores nothing, and the new permit is due by itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import psycopg
from django.db import connection, transaction
from django.utils import timezone

from recommendations import arrays, catalogue, reading
from recommendations.reading import Permits
from recommendations.scoring import Fits

CHUNK = 2000
SWEEP_LOCK = (7, 1)  # the two-part advisory locks are a space of their own, apart from customers'
PURPOSES = "SELECT id FROM preferences_purpose WHERE computes_offers AND is_active ORDER BY id"


def compute_for_profile(profile_id: int) -> int:
    """Computes the offers of one profile if they are still due. Returns how many purposes were written."""
    with computation() as cursor:
        cursor.execute("SELECT lock_profile(%s)", [profile_id])
        return _compute(cursor, [profile_id])


def compute_due(most: int | None = None) -> int:
    """Computes what is due by itself, in the order of profiles, a chunk a transaction. Returns how many rows it wrote.

    Of several sweeps at a time one goes on; the others end. What a sweep could not write is left to the next one.
    """
    written, after = 0, 0
    while most is None or written < most:
        with computation() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", SWEEP_LOCK)
            if cursor.fetchone() != (True,):
                break
            cursor.execute("SELECT due_profiles(%s, %s)", [after, CHUNK])
            profile_ids = [row[0] for row in cursor.fetchall()]
            if not profile_ids:
                break
            written += _compute(cursor, profile_ids)
        after = profile_ids[-1]
    return written


@contextmanager
def computation() -> Iterator[psycopg.Cursor]:
    """A transaction and a cursor for numpy arrays, which go and come in binary.

    Its commit does not wait for the disk: a crash that loses it loses with it that anything was computed.
    """
    with transaction.atomic():
        connection.ensure_connection()
        with psycopg.Cursor(connection.connection) as cursor:
            arrays.register(cursor.adapters)
            cursor.format = psycopg.pq.Format.BINARY
            cursor.execute("SELECT set_config('synchronous_commit', 'off', true)")
            yield cursor


def loaded_for(read: Permits) -> catalogue.LoadedCatalogue:
    """The catalogue of now, which knows every feature of these permits."""
    features = read.profiles.features
    return catalogue.current(last_feature_id=int(features.max()) if len(features) else 0)


def fit(cursor: psycopg.Cursor, known: catalogue.LoadedCatalogue, purpose_id: int, read: Permits) -> Fits:
    """The offers of these permits of one purpose."""
    engine = known.engines.get(purpose_id, catalogue.NO_OFFERS)
    return engine.fit(read.profiles, timezone.now(), reading.suppressed(cursor, read))


def hand_over(
    cursor: psycopg.Cursor, known: catalogue.LoadedCatalogue, purpose_id: int, read: Permits, fits: Fits
) -> tuple[int, list[int]]:
    """Gives the database what came out for these permits, at most a chunk.

    Returns how many came out otherwise than before and were written, and the profiles whose permit was locked.
    """
    cursor.execute(
        "SELECT * FROM commit_offers(%s, %s, %s, %s, %s, %s, %s)",
        [
            arrays.Bigints(read.profile_ids),
            purpose_id,
            arrays.Bigints(read.serials),
            known.version,
            arrays.Integers(fits.offers.T),
            arrays.Reals(fits.scores.T),
            arrays.Integers(fits.reasons.reshape(len(read), -1).T),
        ],
    )
    written, skipped = cursor.fetchone()  # type: ignore[misc]
    return int(written), skipped


def _compute(cursor: psycopg.Cursor, profile_ids: list[int]) -> int:
    """What is due of these profiles, a chunk at most, for every purpose."""
    cursor.execute(PURPOSES)
    written = 0
    for (purpose_id,) in cursor.fetchall():
        read, due_at = reading.due(cursor, purpose_id, profile_ids)
        if not len(read):
            continue
        known = loaded_for(read)
        more, skipped = hand_over(cursor, known, purpose_id, read, fit(cursor, known, purpose_id, read))
        written += more
        done = np.flatnonzero(~np.isin(read.profile_ids, skipped))
        cursor.execute(
            "SELECT settle_due(%s, %s, %s, %s, %s)",
            [
                purpose_id,
                arrays.Bigints(read.profile_ids[done]),
                arrays.Bigints(read.serials[done]),
                [due_at[place] for place in done],
                known.version,
            ],
        )
    return written
