"""The clock's tasks exist, go to the right queue, and a silent queue never breaks a page."""

import importlib
import json
from collections.abc import Iterator

import pytest
from celery import Task
from django.db import transaction
from kombu.exceptions import OperationalError

from config import broker, celery
from config.celery import app
from config.tasks import purge_broker


@pytest.fixture(autouse=True)
def rested() -> Iterator[None]:
    celery._resting_until = 0.0
    yield
    celery._resting_until = 0.0


@pytest.mark.parametrize("entry", app.conf.beat_schedule.values(), ids=lambda entry: entry["task"])
def test_every_scheduled_task_exists(entry: dict) -> None:
    module, _, name = entry["task"].rpartition(".")
    task = getattr(importlib.import_module(module), name)
    assert isinstance(task, Task)
    assert task.name == entry["task"]
    queue = "offers" if entry["task"].startswith("recommendations.") else "work"
    assert app.amqp.router.route({}, entry["task"])["queue"].name == queue


def test_nothing_but_json_and_no_results() -> None:
    assert app.conf.accept_content == ["json"]
    assert app.conf.task_serializer == "json"
    assert app.conf.task_ignore_result
    assert json.dumps(app.conf.broker_transport_options)


@pytest.mark.django_db
def test_a_silent_queue_never_breaks_the_request(monkeypatch: pytest.MonkeyPatch) -> None:
    tries = []

    def silent(*args: object, **kwargs: object) -> None:
        tries.append(args)
        raise OperationalError("connection refused")

    monkeypatch.setattr(celery.WakeUp, "apply_async", silent)
    for _ in range(3):
        with transaction.atomic():
            purge_broker.delay_on_commit()
    assert len(tries) == 1, "after one failure it rests"


@pytest.mark.parametrize(
    "url", ["redis://127.0.0.1:1/0", "amqp://guest:guest@127.0.0.1:1//", "sqla+postgresql+psycopg://a:b@127.0.0.1:1/x"]
)
def test_every_kind_of_broker_is_tried_once(url: str) -> None:
    assert broker.transport_options(url)["max_retries"] == 0


def test_only_the_embedded_queue_needs_purging() -> None:
    assert broker.purge_delivered("redis://127.0.0.1:1/0") == 0
