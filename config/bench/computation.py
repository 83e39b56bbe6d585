"""How long one customer's tailored offers take, from putting the wake-up into the queue to the worker's commit.

The queue is written by the same call as the site's, the worker is a real one in its own role, and the commit's time is
the database's own note of it (track_commit_timestamp), so that nothing asks while the worker works.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator

import psycopg

from config.bench.figures import Figure, percentile, spread
from config.bench.stand import BenchError, Stand
from config.bench.withdrawal import PURPOSE, granted
from config.data_folder import PROJECT
from preferences.access import COOKIE, token_hash

GOAL_MS = 15
TIMES = 200
WARM_UP = 20
PATIENCE_SECONDS = 20


def computations(stand: Stand) -> Iterator[Figure]:
    """Over the queue of the stand, and over the embedded one when that is another."""
    with stand.owner() as connection:
        if connection.execute("SHOW track_commit_timestamp").fetchone() != ("on",):
            yield Figure("enqueue to commit", "not measured", "needs track_commit_timestamp = on")
            return
    yield from _measured(stand, stand.settings["BROKER_URL"], stand.broker_name)
    if stand.broker_name == "Redis" and (embedded := stand.embedded_broker()):
        yield from _measured(stand, embedded, "the embedded queue")


def _measured(stand: Stand, broker_url: str, broker_name: str) -> Iterator[Figure]:
    with stand.process("web"):
        taker, _result = granted(stand, PURPOSE)
        taker.close()
    with stand.process("offers", BROKER_URL=broker_url), _Publisher(stand, broker_url) as publisher:
        computed = _computed(stand, publisher, token_hash(taker.cookies[COOKIE]))
        inserted = _inserted(stand, publisher)
    is_met = percentile(computed, 0.99) * 1000 <= GOAL_MS if broker_name == "Redis" else None
    goal = f"p99 ≤ {GOAL_MS} ms" if broker_name == "Redis" else ""
    yield Figure(f"enqueue to commit over {broker_name} (p50 / p99)", spread(computed), spread(inserted), goal, is_met)


def _computed(stand: Stand, publisher: "_Publisher", token: bytes) -> list[float]:
    """Makes one customer's offers due again and again, as leaving an item out and putting it back does."""
    found = []
    with stand.connect("web") as web, stand.owner() as owner:
        profile, attribute = _somebody(web, token)
        for number in range(WARM_UP + TIMES):
            with web.transaction():
                web.execute("SELECT identify(%s)", [token])
                web.execute(
                    "SELECT set_exclusion(%s, %s, %s, %s, 'bench')", [profile, PURPOSE, attribute, number % 2 == 0]
                )
            enqueued_at = publisher.send("recommendations.tasks.compute_offers", profile)
            committed_at = _wait(
                owner,
                "SELECT extract(epoch FROM pg_xact_commit_timestamp(tailored.xmin)) FROM recommendations_tailoredoffers"
                " tailored WHERE profile_id = %s",
                profile,
            )
            if number >= WARM_UP:
                found.append(committed_at - enqueued_at)
    return found


def _inserted(stand: Stand, publisher: "_Publisher") -> list[float]:
    """The baseline: a task of one durable insert, over the same queue to the same worker."""
    found = []
    with stand.owner() as owner:
        for number in range(WARM_UP + TIMES):
            enqueued_at = publisher.send("config.bench.tasks.insert", number)
            committed_at = _wait(
                owner,
                "SELECT extract(epoch FROM pg_xact_commit_timestamp(xmin)) FROM bench_insert"
                " WHERE question = 'task' AND value = to_jsonb(%s::int)",
                number,
            )
            if number >= WARM_UP:
                found.append(committed_at - enqueued_at)
        owner.execute("DELETE FROM bench_insert WHERE question = 'task'")
    return found


def _somebody(web: psycopg.Connection, token: bytes) -> tuple[int, str]:
    """The customer's profile, and an item of theirs that offers are made from."""
    with web.transaction():
        web.execute("SELECT identify(%s)", [token])
        row = web.execute(
            "SELECT told.profile_id, attribute.key FROM preferences_preference told"
            " JOIN preferences_attribute attribute ON attribute.id = attribute_id"
            " WHERE told.features <> '{}' ORDER BY told.id LIMIT 1"
        ).fetchone()
    assert row is not None
    return row


def _wait(owner: psycopg.Connection, query: str, argument: int) -> float:
    """Looks seldom, so as not to take part in what is timed: the answer is the database's note, not our looking."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        time.sleep(0.02)
        row = owner.execute(query.encode(), [argument]).fetchone()
        if row is not None:
            return float(row[0])
    raise BenchError("The worker computed nothing in time.")


class _Publisher:
    """A process with the site's own Celery app, that publishes what it is told and says when it began to."""

    def __init__(self, stand: Stand, broker_url: str) -> None:
        environment = os.environ | stand.settings | {"PROFFER_PROCESS": "beat", "BROKER_URL": broker_url}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "config.bench.publish"],
            cwd=PROJECT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> "_Publisher":
        return self

    def __exit__(self, *_exception: object) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(10)

    def send(self, task: str, argument: int) -> float:
        """The time (of the day, in seconds) at which publishing began."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{task} {argument}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise BenchError("Nothing could be put into the queue.")
        return float(answer)
