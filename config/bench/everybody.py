"""Offers for everybody: a pass over a million profiles and a thousand offers, beside the same pass that scores nothing.

What is timed is `manage.py compute_offers`, from its start to its end: fan-out over the queue, two workers of the role
that computes offers, reading permits, scoring, and the guarded write with use log. The baseline differs by one thing:
its engine hands over the same five offers for everybody. Both write into empty tables.
"""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import psutil
import psycopg

from config.bench import changes, naive_offers
from config.bench.figures import Figure, spread
from config.bench.stand import BenchError, Stand
from config.data_folder import PROJECT
from config.launcher.children import Child
from config.launcher.installation import URL_OF
from config.simulation import people, shop

CUSTOMERS, OFFERS = 1_000_000, 1000
WORKERS = 2
ROUNDS = 2
COLD_GOAL, RATIO_GOAL, AGAIN_GOAL, MEMORY_GOAL = 25.0, 1.6, 10.0, 1024
WITHDRAWALS = 400
EMPTIED = "TRUNCATE recommendations_tailoredoffers, preferences_uselog"


def everybody(stand: Stand, *, say: Callable[[str], None], customers: int = CUSTOMERS) -> Iterator[Figure]:
    with stand.owner() as owner:
        say(f"Writing {customers:,} customers and {OFFERS:,} offers …")
        people.prepare(owner)
        people.fill(owner, 1, customers, wanting=10, given=0)
        shop.fill(owner, OFFERS)
        people.settle(owner)
        owner.execute("DELETE FROM preferences_computationdue")  # everybody is computed by range
        yield from _measured(stand, owner, customers, say)


def _measured(stand: Stand, owner: psycopg.Connection, customers: int, say: Callable[[str], None]) -> Iterator[Figure]:
    cold, nothing, peaks = [], [], []
    for number in range(ROUNDS):
        say(f"Round {number + 1} of {ROUNDS} …")
        with _workers(stand, BENCH_SCORES_NOTHING="yes"):
            nothing.append(_pass(stand, owner, "--all", is_cold=True))
        with _workers(stand) as workers:
            cold.append(_pass(stand, owner, "--all", is_cold=True))
            peaks.append(_peak_mb(workers))
    seconds, base = min(cold), min(nothing)
    words = f"{customers:,} profiles × {OFFERS:,} offers"
    yield Figure(
        f"everybody's offers, cold: {words}",
        f"{seconds:.1f} s = {seconds / base:.2f}×",
        f"{base:.1f} s without scoring",
        f"≤ {COLD_GOAL:.0f} s, ≤ {RATIO_GOAL}×",
        seconds <= COLD_GOAL and seconds / base <= RATIO_GOAL,
    )
    yield Figure(
        f"    memory of its {WORKERS} workers at most",
        f"{max(peaks):.0f} MB",
        "",
        f"≤ {MEMORY_GOAL} MB",
        max(peaks) <= MEMORY_GOAL,
    )
    with _workers(stand):
        again = _pass(stand, owner, "--all")
        yield Figure(
            "    again, nothing having changed",
            f"{again:.1f} s",
            f"{seconds:.1f} s cold",
            f"≤ {AGAIN_GOAL:.0f} s",
            again <= AGAIN_GOAL,
        )
        yield from _one_changed(stand, owner)
        yield from _while_people_withdraw(stand, owner, customers)
    yield Figure(
        "    customer by customer, by the ORM, in one process",
        f"{_by_the_orm(stand, owner):,.0f} profiles/s",
        f"{customers / seconds:,.0f} profiles/s",
    )


def _one_changed(stand: Stand, owner: psycopg.Connection) -> Iterator[Figure]:
    """One offer is worth a little more to people with one answer: who crosses is written, nobody else."""
    with stand.owner() as connection:
        connection.execute(
            "UPDATE recommendations_offerweight SET weight = least(weight + 1, 10) WHERE (offer_id, feature_id) = ("
            "SELECT offers[1], reasons[1] FROM recommendations_tailoredoffers"
            " WHERE reasons[1] > 0 ORDER BY profile_id LIMIT 1)"
        )
    seconds = _pass(stand, owner)
    (crossed,) = owner.execute(
        "SELECT count(*) FROM recommendations_tailoredoffers"
        " WHERE catalogue = (SELECT version FROM recommendations_catalogue)"
    ).fetchone() or (0,)
    yield Figure("    one offer changed", f"{seconds:.1f} s, {crossed:,} rows written")


def _while_people_withdraw(stand: Stand, owner: psycopg.Connection, customers: int) -> Iterator[Figure]:
    """Customers change their minds at full speed while everybody is computed; then nothing may be left of it."""
    before = _deadlocks(owner)
    took: dict[str, list[float]] = {}
    among = range(2, customers + 1)
    asked = {kind: changes.drawn(among, WITHDRAWALS, seed) for seed, kind in enumerate(("insert", "withdraw"))}
    thread = threading.Thread(target=lambda: took.update(changes.made(stand, asked)))
    with stand.owner() as connection:  # everybody's offers come out otherwise, and are written over the earlier ones
        connection.execute("UPDATE recommendations_offer SET prior = prior + 0.001")
    thread.start()
    seconds = _pass(stand, owner)
    thread.join()
    left = owner.execute(
        "SELECT count(*) FROM recommendations_tailoredoffers WHERE customer_id = ANY (%s)", [asked["withdraw"]]
    ).fetchone()
    if not took or left != (0,):
        raise BenchError(f"Offers were left of people who had withdrawn: {left}.")
    yield Figure(
        "    withdrawing while it runs (p50 / p99)",
        spread(took["withdraw"]),
        f"{spread(took['insert'])} a bare insert",
        "nothing left, no deadlock",
        _deadlocks(owner) == before,
    )
    yield Figure("    the pass meanwhile, every row of it rewritten", f"{seconds:.1f} s")


def _workers(stand: Stand, **settings: str) -> Any:
    return stand.process("offers", OFFERS_WORKERS=str(WORKERS), **settings)


def _pass(stand: Stand, owner: psycopg.Connection, *options: str, is_cold: bool = False) -> float:
    """Seconds of `manage.py compute_offers`."""
    if is_cold:
        owner.execute(EMPTIED)
    owner.execute("CHECKPOINT")
    began_at = time.monotonic()
    _as_offers(stand, "manage.py", "compute_offers", *options)
    return time.monotonic() - began_at


def _by_the_orm(stand: Stand, owner: psycopg.Connection) -> float:
    """Profiles a second, in one process."""
    owner.execute(naive_offers.TABLE)
    done = _as_offers(stand, "-m", "config.bench.naive_offers")
    return float(json.loads(done.splitlines()[-1]))


def _as_offers(stand: Stand, *command: str) -> str:
    """What a Python process of the role that computes offers prints."""
    role = {"PROFFER_PROCESS": "offers", URL_OF["offers"]: stand.urls["offers"]}
    environment = os.environ | stand.settings | role
    done = subprocess.run([sys.executable, *command], cwd=PROJECT, env=environment, text=True, capture_output=True)
    if done.returncode:
        raise BenchError(f"{command[-1]} did not go well:\n{done.stderr[-2000:]}")
    return done.stdout


def _deadlocks(owner: psycopg.Connection) -> int:
    found = owner.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()").fetchone()
    return int(found[0]) if found else -1


def _peak_mb(child: Child) -> float:
    """The most memory that each process of the tree has held, together: no less than they ever held at once."""
    assert child.process is not None
    top = psutil.Process(child.process.pid)
    return sum(_high_water_mb(each.pid) for each in [top, *top.children(recursive=True)])


def _high_water_mb(pid: int) -> float:
    with open(f"/proc/{pid}/status") as status:
        line = next(line for line in status if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def score_nothing() -> None:
    """In the baseline's workers: the engine hands over the same five offers for everybody, with the same reasons."""
    from recommendations.scoring import OFFERS_PER_PROFILE, REASONS_PER_OFFER, Engine, Fits

    def fit(self: Engine, profiles: Any, *_rest: Any) -> Fits:
        count = len(profiles)
        shape = (count, OFFERS_PER_PROFILE)
        return Fits(
            np.broadcast_to(self.offer_ids[:OFFERS_PER_PROFILE], shape),
            np.ones(shape, dtype=np.float32),
            np.broadcast_to(self.feature_ids[:REASONS_PER_OFFER], (*shape, REASONS_PER_OFFER)),
        )

    Engine.fit = fit  # type: ignore[method-assign, assignment]
