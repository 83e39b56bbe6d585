"""The tests' database: made by `prepare_database`'s own code on a real server, used as the real roles, real commits.

By default an embedded server in a temporary folder. TEST_OWNER_DATABASE_URL names another server's administrator (its
roles get the tests' passwords: use a server that is for tests).
"""

import copy
import functools
import os
import secrets
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, TypeVar
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from config import env
from config.database.prepare import connect_to_maintenance, prepare, with_database
from config.embedded.server import EmbeddedServer
from config.launcher.children import die_with_parent

PASSWORD = "only-for-tests"
LOGIN_ROLES = {"web": "proffer_web", "worker": "proffer_worker", "offers": "proffer_offers"}
T = TypeVar("T")
RESET = (Path(__file__).parent / "reset.sql").read_text()


class Database:
    """One test run's database. `use` says as which role Django's default connection acts."""

    running: ClassVar["Database"]

    def __init__(self) -> None:
        Database.running = self
        self.arranged: dict[str, Any] = {}
        self.folder = Path(tempfile.mkdtemp(prefix="proffer-tests-"))
        self.folder.chmod(0o711)  # as root, the server runs as another user
        self.server: EmbeddedServer | None = None
        self.role = "web"
        administrator = os.environ.get("TEST_OWNER_DATABASE_URL", "")
        if not administrator:
            self.server = EmbeddedServer(self.folder / "server", secrets.token_urlsafe(16), is_durable=False)
            self.server.start(preexec_fn=die_with_parent(signal.SIGQUIT))
            administrator = self.server.url()
        self.name = f"proffer_test_{os.getpid()}_{secrets.token_hex(3)}"
        self.urls = {"owner": with_database(administrator, self.name)}
        for short, role in LOGIN_ROLES.items():
            self.urls[short] = as_user(self.urls["owner"], role, PASSWORD)
        try:
            self._make()
        except BaseException:
            self.remove()
            raise

    def _make(self) -> None:
        self._point_django_at("owner")
        prepare(
            self.urls["owner"],
            {role: self.urls[short] for short, role in LOGIN_ROLES.items()},
            migrate=lambda: call_command("migrate", interactive=False, verbosity=0),
            grants_must_all_exist=False,  # test_grants.py says so by name
        )
        self.administrator = psycopg.connect(self.urls["owner"], autocommit=True)
        self.administrator.execute("SET lock_timeout = '5s'")
        self.administrator.execute(RESET)
        self.administrator.execute("CALL testing.remember()")
        self.use("web")

    def use(self, role: str) -> None:
        """Let Django's default connection act as web, worker, offers or owner from now on, in every thread."""
        self._point_django_at(role)
        self.role = role

    def _point_django_at(self, role: str) -> None:
        connections["default"].close()
        settings: dict[str, Any] = env.parse_database_url(self.urls[role])
        settings["OPTIONS"] = {"assume_role": "proffer_owner"} if role == "owner" else {}
        connections.settings["default"].update(settings)
        connections["default"].settings_dict.update(settings)

    @contextmanager
    def as_role(self, role: str) -> Iterator[None]:
        before = self.role
        self.use(role)
        try:
            yield
        finally:
            self.use(before)

    def reset(self) -> None:
        """Empty what the test filled. A test that leaves a transaction open elsewhere fails here, on the lock."""
        if connections["default"].in_atomic_block or self.role != "web":
            self.use("web")
        self.administrator.execute("CALL testing.reset()")

    def arrange(self, make: Callable[[], T]) -> T:
        """What this makes: made the first time, as the role that acts then; from then on its rows are put back."""
        name = make.__name__
        if name in self.arranged:
            self.administrator.execute(sql.SQL("CALL testing.{}()").format(sql.Identifier(f"arrange_{name}")))
        else:
            self.administrator.execute("CALL testing.look()")
            made = make()
            self.administrator.execute("CALL testing.keep(%s)", [name])
            self.arranged[name] = copy.deepcopy(made)
        return copy.deepcopy(self.arranged[name])

    def remove(self) -> None:
        connections["default"].close()
        if hasattr(self, "administrator"):
            self.administrator.close()
        if self.server is not None:
            self.server.remove()
        else:
            with connect_to_maintenance(self.urls["owner"]) as server:
                server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self.name)))
        shutil.rmtree(self.folder, ignore_errors=True)


def arranged_once(make: Callable[[], T]) -> Callable[[], T]:
    """For what many tests begin with; `make` commits what it makes, and nothing it makes depends on the time."""

    @functools.wraps(make)
    def arranged() -> T:
        return Database.running.arrange(make)

    return arranged


def as_user(url: str, user: str, password: str) -> str:
    """The same database, as somebody else."""
    parts = urlsplit(url)
    place = f"{parts.hostname}:{parts.port or 5432}"
    return urlunsplit(parts._replace(netloc=f"{user}:{password}@{place}"))
