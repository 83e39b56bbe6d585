"""`make run` with servers of one's own: PostgreSQL 15 or newer, and Redis or RabbitMQ, named by settings."""

import os
import secrets
import time

import psycopg
import pytest
from kombu import Connection
from kombu.exceptions import ChannelError
from kombu.simple import SimpleQueue
from psycopg import sql

from config.database.prepare import connect_to_maintenance, with_database
from tests.support.database import LOGIN_ROLES, PASSWORD, as_user
from tests.support.stack import running_stack

pytestmark = pytest.mark.servers


def test_everything_runs_on_servers_of_ones_own() -> None:
    administrator, queue = os.environ["TEST_OWNER_DATABASE_URL"], os.environ["TEST_BROKER_URL"]
    name = f"proffer_test_own_{secrets.token_hex(4)}"
    owner = with_database(administrator, name)
    urls = {
        f"{'' if short == 'web' else short.upper() + '_'}DATABASE_URL": as_user(owner, role, PASSWORD)
        for short, role in LOGIN_ROLES.items()
    }
    try:
        with running_stack(OWNER_DATABASE_URL=owner, BROKER_URL=queue, **urls) as stack:
            assert not (stack.folder / "embedded").exists()
            with psycopg.connect(owner) as database:
                assert database.execute("SELECT count(*) > 0 FROM quizzes_quiz").fetchone() == (True,)
            _wait_until_drained(queue)
    finally:
        with connect_to_maintenance(administrator) as server:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _wait_until_drained(queue: str) -> None:
    """A message of ours is taken by the worker."""
    with Connection(queue) as link, link.SimpleQueue("work") as work:
        work.put([[], {}, {}], headers={"task": "config.tasks.purge_broker", "id": "1", "lang": "py"})
        deadline = time.monotonic() + 120
        while not _is_empty(work):
            assert time.monotonic() < deadline, "nobody takes what is in the queue"
            time.sleep(0.1)


def _is_empty(queue: SimpleQueue) -> bool:
    try:
        return queue.qsize() == 0
    except ChannelError:  # Redis keeps no empty queues
        return True
