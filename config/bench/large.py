"""Changes of consent, and the preference center, with a million customers and ten million preferences in the database.

First with a hundredth of them, then with all, in the same database on the same machine: the difference is the size's.
"""

import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

from config.bench.changes import Seconds, drawn, made
from config.bench.counting import HEADER
from config.bench.figures import Figure, percentile, spread
from config.bench.stand import BenchError, Stand
from config.bench.taker import Taker, expect
from config.simulation import people
from preferences.access import COOKIE

MANY, LEAST = 1_000_000, 50_000
TIMES = 1000
PAGES = 30
SEED = 4
GOAL_MS, QUERIES_GOAL = 10, 12
WORDS = {
    "withdraw": "withdrawing",
    "grant": "granting",
    "exclude": "excluding an item",
    "correct": "correcting a value",
}


class _Seen(NamedTuple):
    """How long changes took by kind, and the page: its queries and how long it took."""

    took: Seconds
    page: tuple[int, list[float]]


def large(stand: Stand, *, say: Callable[[str], None], customers: int = MANY, times: int = TIMES) -> Iterator[Figure]:
    """`times`: how often each kind of change is made, each time for another customer, before and after."""
    if customers < LEAST:
        raise BenchError(f"Of fewer than {LEAST:,} customers nothing can be said.")
    few, times = customers // 100, min(times, customers // 1000)
    with stand.owner() as owner:
        people.prepare(owner)
        people.fill(owner, 1, few)
        people.settle(owner)
        before = _Seen(_changes(stand, range(1, few + 1), times), _page(stand))
        say(f"Writing {customers:,} customers …")
        started_at = time.monotonic()
        rows = people.fill(owner, few + 1, customers)
        written = ", ".join(f"{count:,} {what}" for what, count in rows.items())
        say(f"{written} in {time.monotonic() - started_at:.0f} s.")
        people.settle(owner)
        people.check(owner, few + 1, customers)
        size = owner.execute("SELECT pg_size_pretty(pg_database_size(current_database()))").fetchone()
    after = _Seen(_changes(stand, range(few + 1, customers + 1), times), _page(stand))
    say(f"The database takes {size[0] if size else '?'}.")
    yield from _compared(after, before, f"{few:,} customers")


def _changes(stand: Stand, among: range, times: int) -> Seconds:
    """Seconds of each kind of change. A bare durable insert, by the same connection in turn, is the baseline."""
    with_offers = drawn([each for each in among if people.has_offers(each)], 3 * times, SEED)
    asked = {
        "insert": drawn(among, times, SEED),
        "withdraw": with_offers[:times],
        "grant": drawn([each for each in among if people.may_grant(each)], times, SEED),
        "exclude": with_offers[times : 2 * times],
        "correct": with_offers[2 * times :],
    }
    return made(stand, asked)


def _page(stand: Stand) -> tuple[int, list[float]]:
    """The preference center of the customer with all the items: its queries, and the seconds until it has arrived."""
    queries = 0
    for counts in ("yes", ""):
        with stand.process("web", **({"BENCH_COUNTS": counts} if counts else {})):
            taker = Taker(stand.url)
            taker.cookies[COOKIE] = people.token_of(1)
            pages = [expect(taker.get("/preferences/"), 200) for _ in range(PAGES)]
            taker.close()
            if counts:
                queries = len(pages[-1].headers[HEADER.lower()].split(" | "))
    if pages[-1].html.count("item-") < people.ITEMS:
        raise BenchError("The preference center does not show all that was told.")
    return queries, [each.seconds for each in pages[PAGES // 3 :]]


def _compared(after: "_Seen", before: "_Seen", size: str) -> Iterator[Figure]:
    for kind, words in WORDS.items():
        is_met = percentile(after.took[kind], 0.99) * 1000 <= GOAL_MS if kind == "withdraw" else None
        yield Figure(
            f"{words} (p50 / p99)",
            f"{spread(after.took[kind])}",
            f"{spread(before.took[kind])} with {size}",
            f"p99 ≤ {GOAL_MS} ms" if kind == "withdraw" else "",
            is_met,
        )
    yield Figure("a bare durable insert in turn with them", spread(after.took["insert"]), spread(before.took["insert"]))
    queries, seconds = after.page
    yield Figure(
        f"preference center with {people.ITEMS} items: queries",
        str(queries),
        f"{before.page[0]} with {size}",
        f"≤ {QUERIES_GOAL}",
        queries <= QUERIES_GOAL,
    )
    yield Figure("    the page (p50 / p99)", spread(seconds), f"{spread(before.page[1])} with {size}")
