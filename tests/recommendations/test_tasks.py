"""What wakes the worker, and that a lost wake-up loses nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from kombu.exceptions import OperationalError

from preferences import access
from recommendations import tasks
from tests.recommendations.shop import Person, Shop


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """The arguments of every wake-up."""
    calls: list[tuple[Any, ...]] = []
    monkeypatch.setattr(tasks.compute_offers, "delay", lambda *ids: calls.append(ids))
    return calls


def test_a_change_of_permits_wakes_the_worker_after_commit_with_ids_only(bo: Person, sent: list[tuple[Any, ...]]):
    bo.does(lambda: None)
    assert sent == []
    bo.grants()
    assert sent == [(bo.profile_id,)]


def test_a_dead_broker_loses_a_wake_up_but_not_the_offers(
    bo: Person,
    worker: Callable[..., int],
    tailored: Callable[[Person], list[str] | None],
    monkeypatch: pytest.MonkeyPatch,
):
    def fails(*_ids: int) -> None:
        raise OperationalError("nobody there")

    monkeypatch.setattr(tasks.compute_offers, "delay", fails)
    monkeypatch.setattr("config.celery._resting_until", 0.0)
    client = Client()
    client.cookies[access.COOKIE] = bo.token
    response = client.post("/preferences/uses/offers/", {"to": "on"})
    assert response.status_code in (200, 302)
    assert tailored(bo) is None
    assert worker("compute_due") == 1
    assert tailored(bo)


def test_tasks_are_named_after_their_module_and_take_ids(
    shop: Shop, ada: Person, as_role: Callable[[str], Any], tailored: Callable[[Person], list[str] | None]
):
    assert tasks.compute_offers.name == "recommendations.tasks.compute_offers"
    with as_role("offers"):
        for _twice in range(2):
            assert tasks.compute_offers(ada.profile_id) is None
            tasks.compute_range(shop.purpose.pk, 0)
            tasks.sweep_due()
        tasks.compute_offers(10**12)
    assert tailored(ada)
