"""Customers change their minds while their offers are being computed, as fast as the database allows.

Threads with connections of their own act as the real roles: some are customers who withdraw, exclude, correct, forget
and leave; the others compute, one profile at a time and in chunks. Whatever the order, what counts at the end is that
no tailored offers stand without the permit they were computed under, and that nobody was ever deadlocked.
"""

import random
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg
from django.db import OperationalError, connections
from django.db.utils import load_backend
from psycopg import errors

from config import env
from preferences import services
from recommendations import computing
from tests.recommendations.shop import Person, open_shop, somebody

PEOPLE = 60
CUSTOMER_THREADS = 4
SINGLE_THREADS = 2
CHUNK_THREADS = 2

ORPHANS = """
    SELECT count(*) FROM recommendations_tailoredoffers tailored
    WHERE NOT EXISTS (SELECT 1 FROM preferences_permit permit
                      WHERE permit.profile_id = tailored.profile_id AND permit.purpose_id = tailored.purpose_id
                        AND permit.serial = tailored.permit_serial)
       OR NOT EXISTS (SELECT 1 FROM preferences_grant granted
                      WHERE granted.customer_id = tailored.customer_id AND granted.purpose_id = tailored.purpose_id)
"""
UNALLOWED = """
    SELECT count(*) FROM recommendations_tailoredoffers tailored
    JOIN preferences_permit permit USING (profile_id, purpose_id)
    WHERE EXISTS (SELECT 1 FROM unnest(tailored.reasons) AS reason
                  WHERE reason <> 0 AND reason <> ALL (permit.features))
"""


@dataclass
class Outcome:
    """What happened: how many changes of each kind, rows computed in each way, and what must be 0."""

    changes: Counter[str] = field(default_factory=Counter)
    computed: Counter[str] = field(default_factory=Counter)
    deadlocks: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    orphans: int = -1
    unallowed: int = -1
    left_due: int = -1


@contextmanager
def acting_as(url: str) -> Iterator[None]:
    """In this thread, Django's default connection is a new one of that role."""
    settings = {**connections.settings["default"], **env.parse_database_url(url)}
    connections["default"] = load_backend(settings["ENGINE"]).DatabaseWrapper(settings, "default")
    try:
        yield
    finally:
        connections["default"].close()


def race(urls: dict[str, str], administrator: psycopg.Connection, *, changes: int, seed: int = 1) -> Outcome:
    """Runs `changes` changes of mind against computations that never stop. The tests' database must be empty."""
    open_shop()
    people = [_newcomer() for _ in range(PEOPLE)]
    outcome, counting = Outcome(), threading.Lock()
    over = threading.Event()
    changed: deque[int] = deque(maxlen=PEOPLE)

    def guarded(work: Callable[[], None], url: str) -> None:
        with acting_as(url):
            try:
                work()
            except Exception as error:  # noqa: BLE001 (a thread's failure is the test's)
                outcome.failures.append(repr(error))
                over.set()

    def attempt(act: Callable[[], object]) -> object:
        try:
            return act()
        except (OperationalError, errors.DeadlockDetected) as error:
            if not isinstance(error.__cause__ or error, errors.DeadlockDetected):
                raise
            outcome.deadlocks.append(str(error))
            return None

    def customers(number: int) -> None:
        mine, choose = people[number::CUSTOMER_THREADS], random.Random(seed + number)
        for _ in range(changes // CUSTOMER_THREADS):
            if over.is_set():
                return
            place = choose.randrange(len(mine))
            kind = choose.choices(list(CHANGES), weights=[3, 3, 3, 2, 1])[0]
            attempt(lambda: CHANGES[kind](mine[place], choose))  # noqa: B023 (called at once)
            if kind == "erase":
                mine[place] = people[number + place * CUSTOMER_THREADS] = _newcomer()
            with counting:
                outcome.changes[kind] += 1
            changed.append(mine[place].profile_id)

    def singles(number: int) -> None:
        choose = random.Random(-seed - number)
        while not over.is_set():
            try:
                profile_id = changed.pop()
            except IndexError:
                profile_id = choose.choice(people).profile_id
            written = attempt(lambda: computing.compute_for_profile(profile_id))  # noqa: B023 (called at once)
            with counting:
                outcome.computed["single"] += int(written or 0)  # type: ignore[call-overload]

    def chunks(_number: int) -> None:
        while not over.is_set():
            written = attempt(lambda: computing.compute_range(0, 2**62))
            with counting:
                outcome.computed["chunk"] += int(written or 0)  # type: ignore[call-overload]
            over.wait(0.05)  # so that there is something left to compute one by one

    def start(work: Callable[[int], None], role: str, count: int) -> list[threading.Thread]:
        threads = [
            threading.Thread(target=guarded, args=(lambda n=number: work(n), urls[role])) for number in range(count)
        ]
        for thread in threads:
            thread.start()
        return threads

    workers = start(singles, "offers", SINGLE_THREADS) + start(chunks, "offers", CHUNK_THREADS)
    for thread in start(customers, "web", CUSTOMER_THREADS):
        thread.join()
    over.set()
    for thread in workers:
        thread.join()

    ((outcome.orphans,),) = administrator.execute(ORPHANS).fetchall()
    ((outcome.unallowed,),) = administrator.execute(UNALLOWED).fetchall()
    last = threading.Thread(target=guarded, args=(computing.compute_due, urls["offers"]))
    last.start()
    last.join()
    ((outcome.left_due,),) = administrator.execute("SELECT count(*) FROM preferences_computationdue").fetchall()
    return outcome


def _newcomer() -> Person:
    return somebody().tells(skin="dry", goals=["calm"]).grants()


def _switch(person: Person, choose: random.Random) -> None:
    person.withdraws()
    person.grants()


def _exclude(person: Person, choose: random.Random) -> None:
    item = {
        "profile_id": person.profile_id,
        "purpose_slug": "offers",
        "attribute_key": choose.choice(["skin", "goals"]),
        "source": "test",
    }
    person.does(lambda: services.exclude(**item))  # type: ignore[arg-type]
    person.does(lambda: services.include(**item))  # type: ignore[arg-type]


def _correct(person: Person, choose: random.Random) -> None:
    person.tells(skin=choose.choice(["dry", "oily"]), goals=choose.choice([["calm"], ["glow"], ["calm", "glow"]]))


def _forget(person: Person, choose: random.Random) -> None:
    key = choose.choice(["skin", "goals"])
    person.does(lambda: services.forget(profile_id=person.profile_id, attribute_key=key, source="test"))


def _erase(person: Person, choose: random.Random) -> None:
    person.does(lambda: services.erase_customer(source="test"))


CHANGES: dict[str, Callable[[Person, random.Random], None]] = {
    "withdraw": _switch,
    "exclude": _exclude,
    "correct": _correct,
    "forget": _forget,
    "erase": _erase,
}
