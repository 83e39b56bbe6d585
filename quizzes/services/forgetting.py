"""Answers that only served a result go after 30 days, and the result with them."""

from datetime import datetime, timedelta

from django.db import connection

from ..held import DAYS

BATCH = 2000


def forget_unconsented(*, now: datetime) -> int:
    """Deletes them in batches, each its own transaction unless the caller has one; returns how many rows went."""
    total = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute("SELECT forget_unconsented(%s, %s)", [now - timedelta(days=DAYS), BATCH])
            (count,) = cursor.fetchone()
        total += count
        if count < BATCH:
            return total
