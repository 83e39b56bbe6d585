"""The queue's transport, by BROKER_URL: Redis or RabbitMQ in production, a database of the embedded server otherwise.

Whatever it is, a queue that does not answer must not hold up a page: connecting is tried once, for a second or two.
"""

from typing import Any
from urllib.parse import urlsplit

import psycopg

CONNECT_SECONDS = 2
# How often a waiting worker asks the embedded queue; the median from publishing to running is about this.
POLLING_SECONDS = 0.05


def transport_options(url: str) -> dict[str, Any]:
    """Celery's broker_transport_options for this kind of broker."""
    options: dict[str, Any] = {"max_retries": 0, "interval_start": 0, "interval_step": 0, "interval_max": 0}
    scheme = urlsplit(url).scheme
    if scheme.startswith("sqla"):
        return options | {"pool_pre_ping": True, "connect_args": {"connect_timeout": CONNECT_SECONDS}}
    if scheme in {"redis", "rediss"}:
        return options | {"socket_connect_timeout": CONNECT_SECONDS, "socket_timeout": 10, "retry_on_timeout": False}
    return options


def poll_often() -> None:
    """The embedded queue is polled; how often is an attribute of the transport's class, not one of its options."""
    from kombu.transport.sqlalchemy import Transport

    Transport.polling_interval = POLLING_SECONDS


def purge_delivered(url: str) -> int:
    """Delete the messages that the SQL transport keeps after delivery. Returns how many; 0 for other brokers."""
    scheme, _, rest = url.partition("://")
    if not scheme.startswith("sqla"):
        return 0
    with psycopg.connect(f"postgresql://{rest}", connect_timeout=CONNECT_SECONDS) as connection:
        return connection.execute("DELETE FROM kombu_message WHERE NOT visible").rowcount
