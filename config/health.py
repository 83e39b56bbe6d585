"""Probes. /healthz says this process answers; /readyz says it can work: database, migrations and broker.

They are answered by a middleware before anything else, so that neither a host name, nor HTTPS, nor the database's
transaction stands between the prober and the answer. No details are told to strangers beyond which part fails.
"""

import time
from collections.abc import Callable
from threading import Lock

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from kombu import Connection
from kombu.exceptions import OperationalError

from config.celery import app

HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}


class ProbesMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info == "/healthz":
            return HttpResponse("ok\n", content_type="text/plain", headers=HEADERS)
        if request.path_info == "/readyz":
            parts = readiness()
            return JsonResponse(parts, status=200 if set(parts.values()) == {"ok"} else 503, headers=HEADERS)
        return self.get_response(request)


_migrated = False
_broker_state: tuple[float, str] = (0.0, "")
_broker_lock = Lock()


def readiness() -> dict[str, str]:
    """What this process needs, each "ok" or what is wrong with it in a word or two."""
    database = _database()
    return {"database": database, "migrations": _migrations() if database == "ok" else "unknown", "broker": _broker()}


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return "unreachable"
    return "ok"


def _migrations() -> str:
    """Asked until it is true once: migrations are only applied, never taken back, while a process of theirs runs."""
    global _migrated
    if not _migrated:
        try:
            executor = MigrationExecutor(connection)
            _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        except Error:
            return "unknown"
    return "ok" if _migrated else "missing"


def _broker() -> str:
    """Asked at most every other second, since each question opens a connection."""
    global _broker_state
    with _broker_lock:
        asked_at, state = _broker_state
        if time.monotonic() - asked_at > 2 or not state:
            link = app.connection_for_write(connect_timeout=2)
            try:
                _connect(link)
                state = "ok"
            except (OperationalError, OSError, *link.connection_errors):
                state = "unreachable"
            finally:
                link.release()
            _broker_state = (time.monotonic(), state)
    return state


def _connect(link: Connection) -> None:
    if settings.BROKER_URL.startswith("sqla"):
        with link.channel() as channel:  # opening the connection asks the server nothing: open the queue's table
            channel._size("offers")
    else:
        link.ensure_connection(max_retries=1, interval_start=0, timeout=2)
