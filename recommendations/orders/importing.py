"""Keeps what a file of orders says, and reports what became of each line.

Batches of lines are put together by account, and each account's are kept in a transaction of its own: whoever changes
their mind meanwhile waits for their own lines only, and an import that is broken off has done whole accounts. Run
again, it knows what it has done.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.db.utils import OperationalError
from psycopg import errors

from preferences.services.orders import MOST_AT_ONCE, Bought, record_orders
from recommendations.discretion import sensitive_categories
from recommendations.models import Product
from recommendations.orders.lines import BadLine, OrderLine
from recommendations.orders.shelf import branches

BUSY = (errors.LockNotAvailable, errors.DeadlockDetected)


@dataclass(frozen=True, slots=True)
class Reported:
    """What became of one line. `outcome`: one of OUTCOMES; `column`: what of a malformed line is wrong."""

    line: int
    outcome: str
    column: str = ""

    @property
    def status(self) -> str:
        return OUTCOMES[self.outcome][0]

    @property
    def words(self) -> str:
        text = OUTCOMES[self.outcome][1]
        return f"{text} ({self.column})" if self.column else text


OUTCOMES = {  # outcome → status, in words
    "recorded": ("recorded", "recorded"),
    "known": ("already known", "already known"),
    "unknown_customer": (
        "unknown customer",
        "unknown customer: no account has confirmed this address; nothing is kept",
    ),
    "unknown_product": ("unknown product", "unknown product: no product has this slug"),
    "malformed": ("malformed", "malformed"),
    "too_old": ("refused", "refused: past the shelf life of purchases"),
    "taken_back": ("refused", "refused: bought before the customer last changed or deleted their purchases"),
    "stopped": ("refused", "refused: this customer's choices or age leave no use for it"),
    "too_many": ("refused", "refused: a thousand purchases of this customer are known"),
    "sensitive": ("refused", "refused: products in a sensitive category are not kept as purchases"),
    "busy": ("refused", "refused: the customer was being changed for too long; import the file again"),
}


def import_lines(lines: Iterable[OrderLine | BadLine], *, keep: bool = True) -> Iterator[Reported]:
    """Reports in the order of the lines, while they are kept. Without `keep` nothing is, and the report is the same,
    save that a line which repeats one of an earlier batch counts as recorded."""
    remaining = iter(lines)
    sensitive = _products()
    while batch := list(islice(remaining, MOST_AT_ONCE)):
        yield from _batch(batch, sensitive, keep=keep)


def _batch(batch: list[OrderLine | BadLine], sensitive: dict[str, bool], *, keep: bool) -> list[Reported]:
    found: dict[int, Reported] = {}
    by_customer: dict[str, list[tuple[int, OrderLine]]] = defaultdict(list)
    for place, line in enumerate(batch):
        if isinstance(line, BadLine):
            found[place] = Reported(line.line, "malformed", line.column)
        elif line.product not in sensitive:
            found[place] = Reported(line.line, "unknown_product")
        elif sensitive[line.product]:
            found[place] = Reported(line.line, "sensitive")
        else:
            by_customer[line.customer.lower()].append((place, line))
    for email, placed in by_customer.items():
        outcomes = _record(email, [Bought(each.order_id, each.product, each.bought_at) for _, each in placed], keep)
        for (place, line), outcome in zip(placed, outcomes, strict=True):
            found[place] = Reported(line.line, outcome)
    return [found[place] for place in range(len(batch))]


def _record(email: str, bought: list[Bought], keep: bool) -> list[str]:
    """Once more when the customer was busy: somebody's own change goes first."""
    for is_last in (False, True):
        try:
            return record_orders(email=email, bought=bought, keep=keep)
        except OperationalError as error:
            if not isinstance(error.__cause__, BUSY):
                raise
            if is_last:
                break
    return ["busy"] * len(bought)


def _products() -> dict[str, bool]:
    """Every product's slug, and whether it stands in a sensitive category."""
    sensitive = sensitive_categories(branches())
    return {slug: category in sensitive for slug, category in Product.objects.values_list("slug", "category_id")}
