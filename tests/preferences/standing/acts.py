"""What is done and looked at in the tests of all uses at once."""

from collections.abc import Callable

import psycopg
from django.contrib.auth import get_user_model
from django.db import connection
from django.utils import timezone

from preferences import selectors, services
from preferences.access import token_hash
from preferences.selectors import PurposeView, Standing
from tests.support.people import Person, acting

NOTHING = Standing(None, False, False, frozenset())
TODAY = timezone.localdate()
HOLD: dict[str, tuple[Callable[[], None], Callable[[], None]]] = {
    "pause": (lambda: services.pause(days=30, source="center"), lambda: services.resume(source="center")),
    "restrict": (lambda: services.restrict(source="center"), lambda: services.lift_restriction(source="center")),
}


def act(person: Person, *changes: Callable[[], object]) -> None:
    for change in changes:
        with acting(person):
            change()


def permits(person: Person) -> set[str]:
    with acting(person), connection.cursor() as cursor:
        cursor.execute("SELECT slug FROM preferences_permit JOIN preferences_purpose p ON p.id = purpose_id")
        return {slug for (slug,) in cursor.fetchall()}


def filled_in(person: Person) -> set[str]:
    with acting(person):
        return set(selectors.answers_to_reuse(person.profile, ["skin", "goal"]))


def standing(person: Person) -> Standing:
    with acting(person):
        return selectors.standing(person.id)


def use(person: Person, slug: str) -> PurposeView:
    with acting(person):
        (found,) = [each for each in selectors.purposes(person.id, "en") if each.slug == slug]
    return found


def ledger(person: Person) -> list[str]:
    with acting(person), connection.cursor() as cursor:
        cursor.execute("SELECT kind || ' ' || source FROM preferences_consentevent ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def grant(slug: str, source: str = "center") -> None:
    services.grant(purpose_slug=slug, language="en", source=source)


def account(person: Person) -> Person:
    user = get_user_model().objects.create_user(username=person.token[:20])
    with acting(person), connection.cursor() as cursor:
        cursor.execute("SELECT attach_account(%s)", [user.pk])
    return person


def merge(mine: Person, device: Person) -> None:
    with acting(mine):
        assert services.merge_device(token_hash=token_hash(device.token))


def over(owner_connection: psycopg.Connection) -> None:
    owner_connection.execute("UPDATE preferences_standing SET paused_until = now() - interval '1 second'")
