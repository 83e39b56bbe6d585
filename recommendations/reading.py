"""What a computation reads: permits, what was computed under them before, and what profiles are not to get.

Everything arrives as numpy arrays, so that a chunk of thousands costs no Python loop. Runs as proffer_offers.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import psycopg
from numpy.typing import NDArray

from recommendations import arrays
from recommendations.scoring import REASONS_PER_OFFER, Fits, Ids, Profiles, Suppressed

PERMITS = """
    SELECT permit.profile_id, permit.serial, permit.features
    FROM preferences_permit permit
    WHERE permit.purpose_id = %s AND permit.profile_id = ANY (%s) AND permit.expires_at > clock_timestamp()
    ORDER BY permit.profile_id
"""
STORED = """
    SELECT permit.profile_id, permit.serial, permit.features, tailored.offers, tailored.scores, tailored.reasons
    FROM preferences_permit permit
    LEFT JOIN recommendations_tailoredoffers tailored
        ON tailored.profile_id = permit.profile_id AND tailored.purpose_id = permit.purpose_id
        AND tailored.permit_serial = permit.serial
    WHERE permit.purpose_id = %(purpose)s AND permit.expires_at > clock_timestamp()
      AND permit.profile_id >= %(first)s AND permit.profile_id < %(end)s
    ORDER BY permit.profile_id
"""
DUE = """
    SELECT permit.profile_id, permit.serial, permit.features, due.due_at
    FROM preferences_computationdue due
    JOIN preferences_permit permit
        ON permit.profile_id = due.profile_id AND permit.purpose_id = due.purpose_id AND permit.serial = due.serial
    WHERE due.purpose_id = %s AND due.profile_id = ANY (%s) AND permit.expires_at > clock_timestamp()
    ORDER BY permit.profile_id
"""
SUPPRESSED = """
    SELECT profile_id, coalesce(offer_id, 0), coalesce(category_id, 0) FROM recommendations_suppression
    WHERE {} AND (until_at IS NULL OR until_at > clock_timestamp())
"""


@dataclass(frozen=True, slots=True)
class Permits:
    """Permits of one purpose in the order of their profiles."""

    profile_ids: Ids
    serials: Ids
    profiles: Profiles

    def __len__(self) -> int:
        return len(self.profile_ids)

    def only(self, chosen: NDArray[Any] | slice) -> "Permits":
        """Those at these places, or of this slice's or mask's places."""
        places = np.arange(len(self))[chosen]
        counts = np.diff(self.profiles.starts)[places]
        starts = np.concatenate(([0], np.cumsum(counts)))
        taken = np.repeat(self.profiles.starts[places], counts) + np.arange(starts[-1]) - np.repeat(starts[:-1], counts)
        return Permits(self.profile_ids[places], self.serials[places], Profiles(self.profiles.features[taken], starts))


def permits(cursor: psycopg.Cursor, purpose_id: int, profile_ids: list[int]) -> Permits:
    """Live permits of these profiles."""
    cursor.execute(PERMITS, [purpose_id, profile_ids])
    return _packed(cursor.fetchall())


def due(cursor: psycopg.Cursor, purpose_id: int, profile_ids: list[int]) -> tuple[Permits, list[datetime]]:
    """Those of these profiles' permits that are due, and since when each is."""
    cursor.execute(DUE, [purpose_id, profile_ids])
    rows = cursor.fetchall()
    return _packed(rows), [row[3] for row in rows]


def stored(
    cursor: psycopg.Cursor, purpose_id: int, first_id: int, end_id: int
) -> tuple[Permits, Fits, NDArray[np.bool_]]:
    """A range's permits, what is stored for them, and which of them anything is stored for."""
    cursor.execute(STORED, {"purpose": purpose_id, "first": first_id, "end": end_id})
    rows = cursor.fetchall()
    is_stored = np.array([row[3] is not None for row in rows], dtype=bool)
    empty = b"\0" * 12
    offers, starts = arrays.side_by_side([row[3] or empty for row in rows])
    scores, _ = arrays.side_by_side([row[4] or empty for row in rows], "<f4")
    reasons, _ = arrays.side_by_side([row[5] or empty for row in rows])
    before = Fits.none_for(len(rows))
    counts = np.diff(starts)
    row_numbers = np.repeat(np.arange(len(rows)), counts)
    places = np.arange(len(offers)) - np.repeat(starts[:-1], counts)
    before.offers[row_numbers, places] = offers
    before.scores[row_numbers, places] = scores
    before.reasons[row_numbers, places] = reasons.reshape(-1, REASONS_PER_OFFER)
    return _packed(rows), before, is_stored


def unlogged(cursor: psycopg.Cursor, purpose_id: int, first_id: int, end_id: int) -> Ids:
    """A range's profiles whose use is not in today's log yet."""
    cursor.execute("SELECT unlogged_profiles(%s, %s, %s)", [purpose_id, first_id, end_id])
    return np.array([row[0] for row in cursor.fetchall()], dtype=np.int64)


def suppressed(cursor: psycopg.Cursor, read: Permits) -> Suppressed:
    """What these profiles are not to get."""
    if not len(read):
        return Suppressed(*(np.zeros(0, dtype=np.int64) for _ in range(3)))
    lowest, highest = int(read.profile_ids[0]), int(read.profile_ids[-1])
    if len(read) * 10 > highest - lowest:  # nearly all of a range: no list of them is needed
        cursor.execute(SUPPRESSED.format("profile_id BETWEEN %s AND %s"), [lowest, highest])
    else:
        cursor.execute(SUPPRESSED.format("profile_id = ANY (%s)"), [arrays.Bigints(read.profile_ids)])
    found = np.array(cursor.fetchall(), dtype=np.int64).reshape(-1, 3)
    found = found[np.isin(found[:, 0], read.profile_ids)]
    return Suppressed(np.searchsorted(read.profile_ids, found[:, 0]), found[:, 1], found[:, 2])


def _packed(rows: list[tuple[Any, ...]]) -> Permits:
    features, starts = arrays.side_by_side([row[2] for row in rows])
    return Permits(
        np.array([row[0] for row in rows], dtype=np.int64),
        np.array([row[1] for row in rows], dtype=np.int64),
        Profiles(features.astype(np.int64), starts),
    )
