"""A pass over everybody after the catalogue has changed: range by range, resumed where it stopped, whoever goes on.

That a range is due is a fact in the database: it is not of the catalogue's newest version. Where only a few offers
have changed since, each profile's score for those alone says whether its offers can come out otherwise; the others are
left as they are. What comes out as before is not written again either.
"""

import time
from dataclasses import dataclass

import numpy as np
from django.db import connection
from django.utils import timezone

from recommendations import catalogue, computing, reading
from recommendations.models import ComputedRange
from recommendations.reading import Permits
from recommendations.scoring import Fits

FEW_OFFERS = 50
TRIES = 3
MOST_PAUSE_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Due:
    """A range whose offers are to be computed again."""

    purpose_id: int
    first_id: int


@dataclass(slots=True)
class Pace:
    """Gives way while the database is busy with customers.

    When a chunk takes much longer than the quickest one did, it rests for as long as that was too long.
    """

    quickest: float = float("inf")

    def pause_after(self, seconds: float) -> float:
        """How long to rest after a chunk that took so long."""
        self.quickest = min(self.quickest, seconds)
        return min(max(0.0, seconds - 1.5 * self.quickest), MOST_PAUSE_SECONDS)


def due_ranges() -> list[Due]:
    """What a pass has still to do, in order. Notes first what has opened, closed or sold out meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT note_openings()")
        cursor.execute("SELECT open_ranges(%s)", [ComputedRange.WIDTH])
    version = catalogue.version()
    found = ComputedRange.objects.filter(
        catalogue__lt=version, purpose__computes_offers=True, purpose__is_active=True
    ).order_by("purpose_id", "first_id")
    return [Due(*row) for row in found.values_list("purpose_id", "first_id")]


def reopen() -> None:
    """Makes everything due again, as if nothing were known of what changed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reopen_ranges()")


def compute_range(purpose_id: int, first_id: int) -> int:
    """Computes one range if it is due and nobody is at it. Returns how many rows came out otherwise than before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT take_range(%s, %s)", [purpose_id, first_id])
        (computed_from,) = cursor.fetchone()
    if computed_from is None:
        return 0
    known, read, fits = _fitted(purpose_id, first_id, computed_from)
    written, left = _hand_over(known, purpose_id, read, fits)
    for _try in range(TRIES):
        if not left or catalogue.version() != known.version:
            break
        with computing.computation() as cursor:  # whose permits were locked: by now they have others, or the same
            read = reading.permits(cursor, purpose_id, left)
            fits = computing.fit(cursor, known, purpose_id, read)
        more, left = _hand_over(known, purpose_id, read, fits)
        written += more
    with connection.cursor() as cursor:
        version = computed_from if left else known.version
        cursor.execute("SELECT finish_range(%s, %s, %s)", [purpose_id, first_id, version])
    return written


def compute_due_ranges() -> int:
    """All that is due, one range after another. Returns how many rows were written."""
    return sum(compute_range(due.purpose_id, due.first_id) for due in due_ranges())


def _fitted(purpose_id: int, first_id: int, computed_from: int) -> tuple[catalogue.LoadedCatalogue, Permits, Fits]:
    """The range's permits for which there is something to write, and their offers.

    Only who can come out otherwise than from that version of the catalogue is scored; and of these only who does come
    out otherwise is to be written, or whose use is not logged for today.
    """
    where = (purpose_id, first_id, first_id + ComputedRange.WIDTH)
    with computing.computation() as cursor:
        read, before, is_stored = reading.stored(cursor, *where)
        known = computing.loaded_for(read)
        changed = catalogue.changed_since(computed_from, known.version)
        if changed is not None and len(changed) <= FEW_OFFERS:
            engine = known.engines.get(purpose_id, catalogue.NO_OFFERS)
            scored = ~is_stored | engine.may_change(read.profiles, before, changed, timezone.now())
            read, before, is_stored = read.only(scored), before.of(scored), is_stored[scored]
        fits = computing.fit(cursor, known, purpose_id, read)
        written = ~is_stored | fits.differ_from(before)
        if not written.all():
            written |= np.isin(read.profile_ids, reading.unlogged(cursor, *where))
    return known, read.only(written), fits.of(written)


def _hand_over(known: catalogue.LoadedCatalogue, purpose_id: int, read: Permits, fits: Fits) -> tuple[int, list[int]]:
    """In chunks of a transaction each. Returns how many rows were written, and whose could not be."""
    written, left, pace = 0, [], Pace()
    for first in range(0, len(read), computing.CHUNK):
        chunk = slice(first, first + computing.CHUNK)
        began_at = time.monotonic()
        with computing.computation() as cursor:
            more, skipped = computing.hand_over(cursor, known, purpose_id, read.only(chunk), fits.of(chunk))
        written += more
        left += skipped
        time.sleep(pace.pause_after(time.monotonic() - began_at))
    return written, left
