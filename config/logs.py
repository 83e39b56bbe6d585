"""Logs carry no personal data: no addresses of pages (they hold run ids and tokens), no values from the database."""

import logging
from types import TracebackType
from typing import Any

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class ImpersonalRequests(logging.Filter):
    """Replaces the address in Django's messages about a request by the route that matched it."""

    def filter(self, record: logging.LogRecord) -> bool:
        request: Any = getattr(record, "request", None)
        path = getattr(request, "path", None)
        if path and isinstance(record.args, tuple):
            match = getattr(request, "resolver_match", None)
            route = f"/{match.route}" if match else "(no route)"
            written = (path, path.encode("unicode_escape").decode("ascii"))  # Django escapes it for the log
            record.args = tuple(route if arg in written else arg for arg in record.args)
        return True


class ImpersonalFormatter(logging.Formatter):
    """Leaves out the lines in which PostgreSQL quotes values ("DETAIL: Key (email)=(…) already exists")."""

    def formatException(self, ei: ExcInfo) -> str:
        lines = super().formatException(ei).splitlines()
        return "\n".join(line for line in lines if not line.startswith(("DETAIL:", "CONTEXT:", "LINE ", "  ^")))
