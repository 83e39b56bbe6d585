"""What tests of restraint have in common: looking, dismissing, caps, and time that passes."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import psycopg

from recommendations import passing_time, selectors, services
from recommendations.models import Cap, Offer
from tests.recommendations.shop import Person

AsRole = Callable[[str], AbstractContextManager[None]]
Worker = Callable[..., int]


def seen(person: Person) -> list[str]:
    """What a page shows, which counts."""
    served = person.does(lambda: selectors.show([person.profile_id]))
    return [each.offer.slug for each in served[person.profile_id].offers]


def dismiss(person: Person, slug: str, **more: object) -> None:
    person.does(lambda: services.dismiss(profile_id=person.profile_id, slug=slug, **more))


def days_pass(owner: psycopg.Connection, days: int) -> None:
    """As if all that was noted had been so many days ago."""
    owner.execute(
        "UPDATE recommendations_suppression SET noted_at = noted_at - %(d)s, until_at = until_at - %(d)s",
        {"d": timedelta(days=days)},
    )
    owner.execute("UPDATE recommendations_exposure SET day = day - %s", [days])
    owner.execute("UPDATE recommendations_offerreach SET day = day - %s", [days])


def end_periods(as_role: Callable) -> None:
    with as_role("offers"):
        passing_time.end_suppressions()


def cap(counts: str, most: int, *, days: int = 7, offer: str = "", channel: str = "any") -> Cap:
    return Cap.objects.create(
        counts=counts, most=most, days=days, channel=channel, offer=Offer.objects.get(slug=offer) if offer else None
    )
