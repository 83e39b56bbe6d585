"""A pass over everybody after the catalogue has changed: range by range, resumed where it stopped, whoever goes on.

That a range is due is a fact in the database: it is not of the catalogue's newest version. Where only a few offers
have changed since, each profile's score for those alone says whether its offers can come out otherwise; the others are
left as they are. What comes out as before is not written again either.
"""

import time
from dataclasses import dataclass

import psycopg
from django.db import connection
from django.utils import timezone

from recommendations import catalogue, computing, reading
from recommendations.models import ComputedRange
from recommendations.reading import IN_RANGE, OF_THESE, Permits

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
    with computing.computation() as cursor:
        known, read = _to_compute(cursor, purpose_id, first_id, computed_from)
    written, left = _compute(known, purpose_id, read)
    for _try in range(TRIES):
        if not left:
            break
        with computing.computation() as cursor:  # whose permits were locked: by now they have others, or the same
            read = reading.permits(cursor, OF_THESE, purpose=purpose_id, profiles=left)
        more, left = _compute(known, purpose_id, read)
        written += more
    with connection.cursor() as cursor:
        version = computed_from if left else known.version
        cursor.execute("SELECT finish_range(%s, %s, %s)", [purpose_id, first_id, version])
    return written


def compute_due_ranges() -> int:
    """All that is due, one range after another. Returns how many rows were written."""
    return sum(compute_range(due.purpose_id, due.first_id) for due in due_ranges())


def _to_compute(
    cursor: psycopg.Cursor, purpose_id: int, first_id: int, computed_from: int
) -> tuple[catalogue.LoadedCatalogue, Permits]:
    """The range's permits whose offers may come out otherwise than from that version of the catalogue."""
    where = {"purpose": purpose_id, "first": first_id, "end": first_id + ComputedRange.WIDTH}
    known = catalogue.current()
    changed = catalogue.changed_since(computed_from, known.version)
    if changed is None or len(changed) > FEW_OFFERS:
        read = reading.permits(cursor, IN_RANGE, **where)
        return computing.loaded_for(read), read
    read, before, is_stored = reading.stored(cursor, **where)
    known = computing.loaded_for(read)
    changed = catalogue.changed_since(computed_from, known.version)  # by now more may have changed than before we read
    if changed is None:
        return known, read
    engine = known.engines.get(purpose_id, catalogue.NO_OFFERS)
    return known, read.only(~is_stored | engine.may_change(read.profiles, before, changed, timezone.now()))


def _compute(known: catalogue.LoadedCatalogue, purpose_id: int, read: Permits) -> tuple[int, list[int]]:
    """Scored together, handed over in chunks of a transaction each.

    Returns how many rows were written, and whose permits were locked.
    """
    with computing.computation() as cursor:
        fits = computing.fit(cursor, known, purpose_id, read)
    written, left, pace = 0, [], Pace()
    for first in range(0, len(read), computing.CHUNK):
        chunk = slice(first, first + computing.CHUNK)
        began_at = time.monotonic()
        with computing.computation() as cursor:
            more, locked = computing.hand_over(cursor, known, purpose_id, read.only(chunk), fits.of(chunk))
        written += more
        left += locked
        time.sleep(pace.pause_after(time.monotonic() - began_at))
    return written, left
