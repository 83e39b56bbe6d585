"""What customers bought, as the shop's books say. For the worker, which acts for no customer: nothing here switches
anything on, and what a customer said themselves stands against any order of before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.utils import DatabaseError
from psycopg import errors

from .acting import PreferencesError

MOST_AT_ONCE = 1000


class NoUseForPurchases(PreferencesError):
    """No active use that customers switch on covers the attribute `purchases`, so nothing of an order may be kept."""


@dataclass(frozen=True, slots=True)
class Bought:
    """One line of one order. `product` is the value of `purchases`: the product's slug."""

    order: str
    product: str
    at: datetime


def record_orders(*, email: str, bought: Sequence[Bought], keep: bool = True) -> list[str]:
    """Keeps what the account with this confirmed address bought, and says what became of each (see 20_orders.sql):
    recorded, known, unknown_customer, unknown_product, too_old, taken_back, stopped or too_many.

    At most `MOST_AT_ONCE`. Whoever computes offers finds what is due by itself. Without `keep` nothing is changed.
    """
    arguments = [
        email,
        [each.order for each in bought],
        [each.product for each in bought],
        [each.at for each in bought],
        keep,
    ]
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT record_orders(%s, %s::text[], %s::text[], %s::timestamptz[], %s)", arguments)
            found: list[str] = cursor.fetchone()[0]
    except DatabaseError as error:
        if isinstance(error.__cause__, errors.NoDataFound):
            raise NoUseForPurchases from error
        raise
    return found
