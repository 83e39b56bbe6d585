"""A Proffer of its own to measure: a temporary data folder and database, the demo brand, the site as `make run` has it.

Nothing of the user's installation is read or written. BENCH_OWNER_DATABASE_URL names another server's administrator
(its roles get passwords of ours, so let it be a server for tests), BENCH_BROKER_URL another queue; otherwise the
embedded PostgreSQL is used, and Redis where `redis-server` is installed.
"""

import contextlib
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from config.bench import baseline, naive
from config.bench.processes import cpu_seconds, postmaster_of
from config.database.prepare import connect_to_maintenance, with_database
from config.launcher.__main__ import Running, broker, databases, make_ready, start_server
from config.launcher.children import Child, stop_all
from config.launcher.installation import DATABASE_URLS, URL_OF, Installation
from config.launcher.processes import make_children, shared_environment

KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "VIRTUAL_ENV", "WEB_WORKERS", "WEB_THREADS", "OFFERS_WORKERS")
START_SECONDS = 60


class BenchError(Exception):
    """What keeps the benchmark from running, in words."""


class Stand:
    """What there is to measure. `urls` by process: web, worker, offers, owner."""

    def __init__(self, folder: Path, owner_url: str, broker_url: str) -> None:
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.redis: subprocess.Popen[bytes] | None = None
        self.running = Running()
        self.started: list[Child] = []
        os.environ |= {"PROFFER_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "config.bench.settings"}
        os.environ |= _given_urls(owner_url) if owner_url else {}
        os.environ |= {"BROKER_URL": broker_url} if broker_url else {}
        self.installation = Installation()
        self.urls: dict[str, str] = {}
        self.settings: dict[str, str] = {}

    def build(self) -> None:
        by_setting = databases(self.installation, self.running)
        self.urls = {process: by_setting[setting] for process, setting in URL_OF.items()}
        redis_url = os.environ.get("BROKER_URL") or self._start_redis()
        self.settings = shared_environment(self.installation)
        self.settings["BROKER_URL"] = redis_url or broker(self.installation, self.running.server)
        self._remember_commit_times()
        make_ready(self.installation, self.settings | by_setting)
        with self.owner() as connection:
            connection.execute("SET ROLE proffer_owner")
            connection.execute(baseline.TABLES)
            connection.execute(naive.TABLES)
            connection.execute(naive.FILL)

    def owner(self) -> psycopg.Connection:
        return psycopg.connect(self.urls["owner"], autocommit=True)

    def connect(self, process: str) -> psycopg.Connection:
        return psycopg.connect(self.urls[process], autocommit=True)

    @property
    def broker_name(self) -> str:
        return "the embedded queue" if self.settings["BROKER_URL"].startswith("sqla") else "Redis"

    def embedded_broker(self) -> str:
        """The address of a queue in the embedded server, made for it; "" when there is no such server."""
        if self.running.server is None:
            return ""
        before = os.environ.pop("BROKER_URL", None)
        try:
            return broker(self.installation, self.running.server)
        finally:
            if before is not None:
                os.environ["BROKER_URL"] = before

    @contextmanager
    def process(self, name: str, **settings: str) -> Iterator[Child]:
        """One of the launcher's processes (web, offers, worker), for as long as the block runs."""
        by_setting = {URL_OF[process]: url for process, url in self.urls.items()}
        told: Mapping[str, str] = self.settings | settings
        children = make_children(self.installation, dict(told), by_setting, host="127.0.0.1", port=self.port)
        child = next(each for each in children if each.name == name)
        child.start()
        self.started.append(child)
        try:
            if name == "web":
                self._wait_for_site(child)
            yield child
        finally:
            stop_all([child])
            self.started.remove(child)

    def postmaster(self) -> int | None:
        """The database server's process, when it runs on this machine."""
        if self.running.server is not None and self.running.server.process is not None:
            return self.running.server.process.pid
        with self.owner() as connection:
            return postmaster_of(connection.info.backend_pid)

    def cpu(self, child: Child) -> tuple[float, float]:
        """Processor seconds that this process's tree and the database server have used so far."""
        assert child.process is not None
        postmaster = self.postmaster()
        return cpu_seconds(child.process.pid), cpu_seconds(postmaster) if postmaster else 0.0

    def remove(self) -> None:
        stop_all(self.started)
        if self.redis is not None:
            self.redis.terminate()
            self.redis.wait()
        if self.running.server is not None:
            self.running.server.remove()
        elif self.urls:
            name = urlsplit(self.urls["owner"]).path.strip("/")
            with contextlib.suppress(psycopg.Error), connect_to_maintenance(self.urls["owner"]) as server:
                server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _remember_commit_times(self) -> None:
        """The server notes when each transaction committed: that is what computations are timed by. Needs a restart."""
        server = self.running.server
        if server is not None:
            with psycopg.connect(server.url(), autocommit=True) as connection:
                connection.execute("ALTER SYSTEM SET track_commit_timestamp = on")
            server.stop()
            start_server(server)

    def _start_redis(self) -> str:
        """A Redis for us alone, that keeps nothing on disk; "" where there is none installed."""
        program = shutil.which("redis-server")
        if program is None:
            return ""
        port = _free_port()
        command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self.redis = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                return f"redis://127.0.0.1:{port}/0"
            time.sleep(0.05)
        raise BenchError("redis-server was started but does not answer.")

    def _wait_for_site(self, child: Child) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if child.process is None or child.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=5):  # noqa: S310 - our own address
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise BenchError(f"The site did not start:\n{child.tail(20)}")


@contextmanager
def stand() -> Iterator[Stand]:
    """Builds it, and leaves nothing behind."""
    owner_url, broker_url = os.environ.get("BENCH_OWNER_DATABASE_URL", ""), os.environ.get("BENCH_BROKER_URL", "")
    before = dict(os.environ)
    for name in set(os.environ) - set(KEPT):
        del os.environ[name]
    folder = Path(tempfile.mkdtemp(prefix="proffer-bench-"))
    built: Stand | None = None
    try:
        built = Stand(folder, owner_url, broker_url)
        built.build()
        yield built
    finally:
        if built is not None:
            built.remove()
        shutil.rmtree(folder, ignore_errors=True)
        os.environ.clear()
        os.environ |= before


def _given_urls(administrator: str) -> dict[str, str]:
    """A database of its own on the given server, and a URL for each role with a password made up for it."""
    owner = with_database(administrator, f"proffer_bench_{os.getpid()}")
    parts = urlsplit(owner)
    place = f"{parts.hostname}:{parts.port or 5432}"
    urls = {"OWNER_DATABASE_URL": owner}
    for process in ("web", "worker", "offers"):
        user = f"proffer_{process}:{quote(secrets.token_urlsafe(16))}"
        urls[URL_OF[process]] = urlunsplit(parts._replace(netloc=f"{user}@{place}"))
    assert set(urls) == set(DATABASE_URLS)
    return urls


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
