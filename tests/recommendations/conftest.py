from collections.abc import Callable
from contextlib import AbstractContextManager

import psycopg
import pytest

from recommendations import computing, passes
from tests.recommendations.shop import Person, Shop, open_shop, somebody

TAILORED = """
    SELECT offer.slug FROM recommendations_tailoredoffers tailored,
        unnest(tailored.offers) WITH ORDINALITY AS fit (offer_id, place)
    JOIN recommendations_offer offer ON offer.id = fit.offer_id
    WHERE tailored.profile_id = %s ORDER BY fit.place
"""


@pytest.fixture
def shop(db: None) -> Shop:
    return open_shop()


@pytest.fixture
def ada(shop: Shop) -> Person:
    return somebody().tells(skin="dry", goals=["calm", "glow"]).grants()


@pytest.fixture
def bo(shop: Shop) -> Person:
    return somebody().tells(skin="dry")


@pytest.fixture
def cy(shop: Shop) -> Person:
    return somebody().tells(skin="oily").grants().withdraws()


@pytest.fixture
def worker(as_role: Callable[[str], AbstractContextManager[None]]) -> Callable[..., int]:
    """`worker("compute_for_profile", id)`: what the offers process does, as its role. `compute_due` is a whole sweep,
    `compute_all` computes everybody as if nothing were known of what changed."""

    def work(task: str, *ids: int) -> int:
        with as_role("offers"):
            if task == "compute_due":
                return computing.compute_due(*ids) + passes.compute_due_ranges()
            if task == "compute_all":
                passes.reopen()
                return passes.compute_due_ranges()
            return getattr(computing, task)(*ids)

    return work


@pytest.fixture
def tailored(owner_connection: psycopg.Connection) -> Callable[[Person], list[str] | None]:
    """The slugs of a person's tailored offers, best first; None when there is no row at all."""

    def look(person: Person) -> list[str] | None:
        row = owner_connection.execute(
            "SELECT 1 FROM recommendations_tailoredoffers WHERE profile_id = %s", [person.profile_id]
        ).fetchone()
        return row and [slug for (slug,) in owner_connection.execute(TAILORED, [person.profile_id])]

    return look
