"""Fixtures for every test.

`db` (or `database`): the real database as the real role, `web` unless `as_role("worker" | "offers" | "owner")` says
otherwise. Commits are real; afterwards everything is emptied. What many tests begin with is `arranged_once` (in
tests/support/database.py): made as the real role the first time, then its rows are put back.

`role_connection(role)` gives a raw connection, `owner_connection` an administrator's, which sees every row.
`live_stack`, `page` and `axe` are in tests/support/.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import psycopg
import pytest
from django.core.cache import cache
from django.db import connections
from django.utils import translation
from hypothesis import settings
from pytest_django import DjangoDbBlocker

from config.message_catalogues import compile_catalogues
from tests.support.browser import axe, browser, page
from tests.support.database import Database
from tests.support.stack import live_stack

__all__ = ["axe", "browser", "live_stack", "page"]

settings.register_profile("proffer", deadline=None)  # a busy machine is no failure
settings.load_profile("proffer")

DATABASE_FIXTURES = {"db", "transactional_db", "database", "_django_db_helper"}
# What another server could decide otherwise: where a test acts as other roles or looks into tables; consent and offers.
SERVER_FIXTURES = {"database", "as_role", "role_connection", "owner_connection"}
SERVER_FOLDERS = ("tests/preferences/", "tests/recommendations/")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # once, before there are several of us
        compile_catalogues()  # what is translated is tested as translated


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        names = set(getattr(item, "fixturenames", ()))
        if names & DATABASE_FIXTURES or item.get_closest_marker("django_db"):
            item.add_marker("database")
            if names & SERVER_FIXTURES or item.nodeid.startswith(SERVER_FOLDERS):
                item.add_marker("any_server")
        if names & {"browser", "live_stack"}:
            item.add_marker("browser")
            item.add_marker(pytest.mark.xdist_group(_stack(item, names)))
    # What takes longest comes last; where there are several of us, it comes first.
    is_alone = not hasattr(config, "workerinput")
    items.sort(key=_length, reverse=not is_alone)


def _stack(item: pytest.Item, names: set[str]) -> str:
    """Two are enough for a machine, whatever its size; some modules have one of their own, which anybody may start."""
    if "live_stack" not in names:
        return item.nodeid.split("::")[0]
    return "marketers" if "marketer" in names else "customers"


def _length(item: pytest.Item) -> int:
    names = set(getattr(item, "fixturenames", ()))
    return 2 if "live_stack" in names else 1 if names & {"browser", "stack"} else 0


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[Database]:
    """Takes the place of pytest-django's: no test database made by a superuser, no transaction around each test."""
    with django_db_blocker.unblock():
        database = Database()
    yield database
    with django_db_blocker.unblock():
        database.remove()


@pytest.fixture
def _django_db_helper(django_db_setup: Database, django_db_blocker: DjangoDbBlocker) -> Iterator[Database]:
    with django_db_blocker.unblock():
        cache.clear()
        yield django_db_setup
        django_db_setup.reset()


@pytest.fixture
def database(_django_db_helper: Database) -> Database:
    """The tests' database itself: its `urls` by role, `use`, `as_role`, `reset`."""
    return _django_db_helper


@pytest.fixture
def as_role(database: Database) -> Callable[[str], AbstractContextManager[None]]:
    """`with as_role("worker"): …` lets Django's default connection act as that process's role."""
    return database.as_role


@pytest.fixture
def role_connection(database: Database) -> Iterator[Callable[[str], psycopg.Connection]]:
    """`role_connection("offers")`: a raw autocommit connection as that role, closed after the test."""
    opened: list[psycopg.Connection] = []

    def connect(role: str) -> psycopg.Connection:
        opened.append(psycopg.connect(database.urls[role], autocommit=True))
        return opened[-1]

    yield connect
    for connection in opened:
        connection.close()


@pytest.fixture
def owner_connection(database: Database) -> psycopg.Connection:
    """An administrator's raw autocommit connection: sees every row, for arranging and for looking at the outcome."""
    return database.administrator


@pytest.fixture(autouse=True)
def _no_language_of_the_test_before() -> None:
    translation.deactivate()


@pytest.fixture(autouse=True)
def _no_connection_left_in_other_threads() -> Iterator[None]:
    yield
    for connection in connections.all(initialized_only=True):
        if connection.connection is not None and connection.settings_dict["NAME"] == "not_started":
            connection.close()
