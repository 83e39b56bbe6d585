"""What time does to restraint: a dismissal's period ends, and what no cap looks at any more is forgotten.

As proffer_offers, whose work both make: it computes for whom something may come again.
"""

from django.db import connection, transaction

MOST_PROFILES = 1000


def end_suppressions() -> None:
    """Makes everybody due whose dismissal's period is over, some at a time."""
    while _one("SELECT end_suppressions(%s)", MOST_PROFILES):
        pass


def forget_exposures() -> None:
    _one("SELECT forget_exposures()")


def _one(statement: str, *arguments: object) -> object:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        return cursor.fetchone()[0]
