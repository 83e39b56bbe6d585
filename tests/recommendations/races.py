"""Customers change their minds while their offers are being computed and served, as fast as the database allows.

Threads with connections of their own act as the real roles: some are customers who withdraw, exclude, correct, forget,
pause, restrict, object, sign in with another device, pass their shelf life, and leave; others compute, one profile at a
time and in chunks, or do what the worker does. When a service has returned, nothing that it ended may be stored or
served, then or a moment later. Whatever the order, what counts at the end is that no tailored offers stand without the
permit they were computed under, and that nobody was ever deadlocked.
"""

import random
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg
from django.db import OperationalError, connections
from django.db.utils import load_backend
from psycopg import errors

from config import env
from preferences import services, tasks
from preferences.access import token_hash
from recommendations import computing, passes, selectors
from tests.recommendations.shop import Person, Shop, open_shop, somebody

PEOPLE = 60
CUSTOMER_THREADS = 4
SINGLE_THREADS = 2
CHUNK_THREADS = 2
WORKER_THREADS = 1
A_MOMENT = 0.004  # seconds, at most, until it is looked at again

ORPHANS = """
    SELECT count(*) FROM recommendations_tailoredoffers tailored
    WHERE NOT EXISTS (SELECT 1 FROM preferences_permit permit
                      WHERE permit.profile_id = tailored.profile_id AND permit.purpose_id = tailored.purpose_id
                        AND permit.serial = tailored.permit_serial)
       OR NOT EXISTS (SELECT 1 FROM preferences_grant granted
                      WHERE granted.customer_id = tailored.customer_id AND granted.purpose_id = tailored.purpose_id)
"""
STORED = """
    SELECT count(*) FROM recommendations_tailoredoffers tailored
    WHERE tailored.profile_id = %(profile)s AND (%(ended)s::int[] IS NULL OR tailored.reasons && %(ended)s::int[])
"""
IS_PAST = """
    SELECT public.lock_customer(%(customer)s);
    UPDATE preferences_preference SET expires_at = clock_timestamp() WHERE profile_id = %(profile)s;
    UPDATE preferences_permit SET expires_at = clock_timestamp() WHERE profile_id = %(profile)s;
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
    looks: int = 0
    leaks: list[str] = field(default_factory=list)
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
    minds = Minds(open_shop(), administrator, psycopg.connect(urls["owner"], autocommit=True))
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
            kind = choose.choices(list(WEIGHTS), weights=list(WEIGHTS.values()))[0]
            leak = attempt(lambda: getattr(minds, kind)(mine[place], choose))  # noqa: B023 (called at once)
            if leak:
                outcome.leaks.append(f"{kind}: {leak}")
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

    def everybody() -> int:
        passes.reopen()
        return passes.compute_due_ranges()

    def chunks(_number: int) -> None:
        while not over.is_set():
            written = attempt(everybody)
            with counting:
                outcome.computed["chunk"] += int(written or 0)  # type: ignore[call-overload]
            over.wait(0.05)  # so that there is something left to compute one by one

    def sweeps(_number: int) -> None:
        while not over.is_set():
            for task in (tasks.expire, tasks.reissue, tasks.end_standings):
                attempt(task)
            over.wait(0.02)

    def start(work: Callable[[int], None], role: str, count: int) -> list[threading.Thread]:
        threads = [
            threading.Thread(target=guarded, args=(lambda n=number: work(n), urls[role])) for number in range(count)
        ]
        for thread in threads:
            thread.start()
        return threads

    workers = start(singles, "offers", SINGLE_THREADS) + start(chunks, "offers", CHUNK_THREADS)
    workers += start(sweeps, "worker", WORKER_THREADS)
    for thread in start(customers, "web", CUSTOMER_THREADS):
        thread.join()
    over.set()
    for thread in workers:
        thread.join()

    minds.clock.close()
    outcome.looks = minds.looks
    ((outcome.orphans,),) = administrator.execute(ORPHANS).fetchall()
    ((outcome.unallowed,),) = administrator.execute(UNALLOWED).fetchall()
    last = threading.Thread(target=guarded, args=(computing.compute_due, urls["offers"]))
    last.start()
    last.join()
    ((outcome.left_due,),) = administrator.execute("SELECT count(*) FROM preferences_computationdue").fetchall()
    return outcome


def _newcomer() -> Person:
    return somebody().tells(skin="dry", goals=["calm"]).grants()


class Minds:
    """The ways to change one's mind. Each says what it found that it had ended: "" for nothing, as it must be."""

    def __init__(self, shop: Shop, administrator: psycopg.Connection, clock: psycopg.Connection) -> None:
        """`clock` is a connection of its own: one transaction at a time goes through it."""
        self.shop, self.administrator, self.looks = shop, administrator, 0
        self.clock, self.ticking = clock, threading.Lock()

    def withdraw(self, person: Person, choose: random.Random) -> str:
        person.withdraws()
        found = self._left(person, choose)
        person.grants()
        return found

    def exclude(self, person: Person, choose: random.Random) -> str:
        key = choose.choice(["skin", "goals"])
        item = {"profile_id": person.profile_id, "purpose_slug": "offers", "attribute_key": key, "source": "test"}
        person.does(lambda: services.exclude(**item))  # type: ignore[arg-type]
        found = self._left(person, choose, self._features(key))
        person.does(lambda: services.include(**item))  # type: ignore[arg-type]
        return found

    def correct(self, person: Person, choose: random.Random) -> str:
        skin = choose.choice(["dry", "oily"])
        person.tells(skin=skin, goals=choose.choice([["calm"], ["glow"], ["calm", "glow"]]))
        return self._left(person, choose, self._features("skin") - {self.shop.features[f"skin={skin}"]})

    def forget(self, person: Person, choose: random.Random) -> str:
        key = choose.choice(["skin", "goals"])
        person.does(lambda: services.forget(profile_id=person.profile_id, attribute_key=key, source="test"))
        return self._left(person, choose, self._features(key))

    def pause(self, person: Person, choose: random.Random) -> str:
        person.does(lambda: services.pause(days=7, source="test"))
        person.tells(skin="dry")
        found = self._left(person, choose)
        person.does(lambda: services.resume(source="test"))
        return found

    def restrict(self, person: Person, choose: random.Random) -> str:
        person.does(lambda: services.restrict(source="test"))
        found = self._left(person, choose)
        person.does(lambda: services.lift_restriction(source="test"))
        return found

    def object(self, person: Person, choose: random.Random) -> str:
        person.does(lambda: services.object_to(purpose_slug="offers", source="test"))
        found = self._left(person, choose)
        person.does(lambda: services.grant(purpose_slug="offers", language="en", source="center"))
        return found

    def minor(self, person: Person, choose: random.Random) -> str:
        person.does(lambda: services.note_minor(is_minor=True, source="test"))
        found = self._left(person, choose)
        person.does(lambda: services.note_minor(is_minor=False, source="test"))
        person.grants()
        return found

    def merge(self, person: Person, choose: random.Random) -> str:
        """A device on which everything was paused."""
        device = somebody().tells(skin="oily").grants()
        device.does(lambda: services.pause(days=7, source="test"))
        person.does(lambda: services.merge_device(token_hash=token_hash(device.token)))
        found = self._left(person, choose) or self._left(device, choose)
        person.does(lambda: services.resume(source="test"))
        return found

    def expire(self, person: Person, choose: random.Random) -> str:
        """What time does: everything told is past its shelf life, and nobody has swept."""
        place = {"customer": person.id, "profile": person.profile_id}
        with self.ticking, self.clock.transaction():
            for statement in filter(str.strip, IS_PAST.split(";")):
                self.clock.execute(statement, place)
        found = self._served(person, None)
        person.tells(skin="dry", goals=["calm"])
        return found

    def erase(self, person: Person, choose: random.Random) -> str:
        person.does(lambda: services.erase_customer(source="test"))
        return self._left(person, choose)

    def _features(self, key: str) -> set[int]:
        return {feature for name, feature in self.shop.features.items() if name.startswith(f"{key}=")}

    def _left(self, person: Person, choose: random.Random, ended: Collection[int] | None = None) -> str:
        """What is stored or served of what has ended, right now and a moment later. `ended`: features, or all of it."""
        for _now_and_later in range(2):
            place = {"profile": person.profile_id, "ended": sorted(ended) if ended is not None else None}
            ((stored,),) = self.administrator.execute(STORED, place).fetchall()
            if found := (f"{stored} stored" if stored else self._served(person, ended)):
                return found
            time.sleep(choose.random() * A_MOMENT)  # so that looks fall between any two steps of the others
        return ""

    def _served(self, person: Person, ended: Collection[int] | None) -> str:
        self.looks += 1
        servings = person.does(selectors.servings)
        offers = [offer for serving in servings.values() for offer in serving.offers]  # type: ignore[attr-defined]
        if any(ended is None or set(offer.reasons) & set(ended) for offer in offers):
            return f"{len(offers)} served"
        return ""


WEIGHTS = {
    "withdraw": 3, "exclude": 3, "correct": 3, "forget": 2, "pause": 2, "restrict": 1, "object": 1, "minor": 1,
    "merge": 2, "expire": 1, "erase": 1,
}  # fmt: skip
