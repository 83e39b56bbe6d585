"""Celery: three queues, and a clock. A queue is only a wake-up: what is due is a fact in the database, swept by beat.

`offers` is served by the process that computes offers (role proffer_offers), and so is `ranges`, where everybody's are
computed: a queue of its own, so that a single customer waits for one range at most. `work` is served by the process
that expires, forgets and sends (proffer_worker). Messages are JSON and carry ids only; results are not kept.
"""

import functools
import logging
import os
import sys
import time
from typing import Any

from celery import Celery, signals
from celery.contrib.django.task import DjangoTask
from celery.schedules import crontab
from django.conf import settings
from django.db import close_old_connections, transaction
from kombu import Queue
from kombu.exceptions import OperationalError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from config import broker

logger = logging.getLogger(__name__)

# After a failed wake-up no other is tried for this long: the sweep finds what is due anyway.
REST_SECONDS = 5.0
_resting_until = 0.0


class WakeUp(DjangoTask):
    """A task whose `delay_on_commit` never fails a request: a lost wake-up is made good by the sweep."""

    def delay_on_commit(self, *args: Any, **kwargs: Any) -> None:
        transaction.on_commit(functools.partial(self._wake, *args, **kwargs))

    def _wake(self, *args: Any, **kwargs: Any) -> None:
        global _resting_until
        if time.monotonic() < _resting_until:
            return
        try:
            self.delay(*args, **kwargs)
        except OperationalError as error:
            _resting_until = time.monotonic() + REST_SECONDS
            logger.warning("The queue does not answer (%s); %s waits for the sweep.", type(error).__name__, self.name)


app = Celery("proffer", task_cls=WakeUp)
app.conf.update(
    broker_url=settings.BROKER_URL,
    broker_transport_options=broker.transport_options(settings.BROKER_URL),
    broker_connection_timeout=broker.CONNECT_SECONDS,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    task_publish_retry=False,
    task_ignore_result=True,
    task_store_errors_even_if_ignored=False,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    worker_send_task_events=False,
    task_serializer="json",
    accept_content=["json"],
    timezone="UTC",
    CELERY_DB_REUSE_MAX=sys.maxsize,  # or Celery connects anew for every task; see look_after_connection
    task_default_queue="work",
    task_queues=[Queue("work"), Queue("offers"), Queue("ranges")],
    task_routes={
        "recommendations.tasks.compute_range": {"queue": "ranges"},
        "recommendations.tasks.*": {"queue": "offers"},
    },
    beat_schedule={
        "sweep-due": {
            "task": "recommendations.tasks.sweep_due",
            "schedule": 5.0,
            "options": {"queue": "offers", "expires": 10},
        },
        "forget-exposures": {
            "task": "recommendations.tasks.forget_exposures",
            "schedule": 3600.0,
            "options": {"queue": "offers", "expires": 7200},
        },
        "suggest-complements": {
            "task": "recommendations.tasks.suggest_complements",
            "schedule": crontab(hour=3, minute=40),
            "options": {"queue": "offers", "expires": 3600},
        },
        "remind-of-requests": {
            "task": "preferences.tasks.remind_of_requests",
            "schedule": 300.0,
            "options": {"expires": 600},
        },
        "forget-requests": {
            "task": "preferences.tasks.forget_requests",
            "schedule": 3600.0,
            "options": {"expires": 7200},
        },
        "reissue": {"task": "preferences.tasks.reissue", "schedule": 10.0, "options": {"expires": 20}},
        "end-standings": {"task": "preferences.tasks.end_standings", "schedule": 60.0, "options": {"expires": 120}},
        "expire": {"task": "preferences.tasks.expire", "schedule": 60.0, "options": {"expires": 120}},
        "send-letters": {"task": "preferences.tasks.send_letters", "schedule": 60.0, "options": {"expires": 120}},
        "ask-again": {"task": "preferences.tasks.ask_again", "schedule": 3600.0, "options": {"expires": 7200}},
        "forget-unconsented": {
            "task": "quizzes.tasks.forget_unconsented",
            "schedule": 3600.0,
            "options": {"expires": 7200},
        },
        "purge-sessions": {"task": "config.tasks.purge_sessions", "schedule": 600.0, "options": {"expires": 1200}},
        "purge-broker": {"task": "config.tasks.purge_broker", "schedule": 600.0, "options": {"expires": 1200}},
    },
)
app.autodiscover_tasks()


@signals.task_prerun.connect
def look_after_connection(**_kwargs: Any) -> None:
    """One connection for many tasks, as CONN_MAX_AGE says: renewed when it is old, or died with the server.

    A new one for every task costs more than the task: a password exchange, a process, and caches to be filled.
    """
    close_old_connections()


if settings.BROKER_URL.startswith("sqla"):
    broker.poll_often()
