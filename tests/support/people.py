"""A small catalogue of things to tell, and the cast: Ada consented to everything, Bo to nothing, Cy withdrew."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from config.demo_loader import load_demo
from preferences import services
from preferences.access import token_hash
from preferences.catalogue import sync_features
from preferences.models import Attribute, AttributeValue, Purpose, PurposeNotice
from preferences.services import Told
from tests.support.database import arranged_once

VALUES = {"skin": ("dry", "oily", "balanced"), "goal": ("calm", "glow", "even"), "order": ("price", "scent", "feel")}


@arranged_once
def open_demo_brand() -> None:
    """The brand that `make run` shows, with its quizzes and offers."""
    load_demo()


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    profile: int
    token: str


@arranged_once
def make_catalogue() -> dict[str, int]:
    """Attributes skin (choice), goal (multi), order (ranking), weight (number, keeps its history), allergy (sensitive)
    and note (free text); purposes offers, which covers all but allergy, and letters, which covers skin. Returns the
    feature ids by "attribute=code".
    """

    def attribute(key: str, kind: str, **options: object) -> Attribute:
        texts = {"label": {"en": key}, "sentence": {"en": f"your {key} is {{value}}"}, "group": {"en": "Me"}}
        made = Attribute.objects.create(key=key, kind=kind, **texts, **options)
        for position, value in enumerate(VALUES.get(key, ())):
            AttributeValue.objects.create(attribute=made, value=value, label={"en": value}, position=position)
        sync_features(made)
        return made

    bins = [{"code": "light", "below": 5}, {"code": "heavy"}]
    made = [
        attribute("skin", "choice"),
        attribute("goal", "multi"),
        attribute("order", "ranking", ranking_first=2),
        attribute("weight", "number", bins=bins, keeps_history=True, unit={"en": "kg"}),
        attribute("note", "text"),
    ]
    attribute("allergy", "boolean", is_sensitive=True)
    for position, (slug, covered) in enumerate({"offers": made, "letters": made[:1]}.items()):
        purpose = Purpose.objects.create(slug=slug, position=position, computes_offers=slug == "offers")
        purpose.attributes.set(covered)
        words = {"en": slug.capitalize()}
        PurposeNotice.objects.create(
            purpose=purpose, version=1, title=words, sentence=words, benefit=words, published_at=timezone.now()
        )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.key, f.code, f.id FROM preferences_feature f JOIN preferences_attribute a ON a.id = attribute_id"
        )
        return {f"{key}={code}": feature for key, code, feature in cursor.fetchall()}


def someone(told: dict[str, object] | None = None, granted: tuple[str, ...] = ()) -> Person:
    """A new anonymous customer who told and granted this."""
    token = secrets.token_urlsafe(32)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT begin_customer(%s, 'en')", [token_hash(token)])
        (customer,) = cursor.fetchone()
        cursor.execute("SELECT id FROM preferences_profile")
        (profile,) = cursor.fetchone()
        if told:
            services.remember(profile_id=profile, items=[Told(key, value) for key, value in told.items()])
        for slug in granted:
            services.grant(purpose_slug=slug, language="en", source="quiz")
    return Person(customer, profile, token)


@contextmanager
def acting(person: Person) -> Iterator[None]:
    """A transaction in which the database takes us for this person, as in a request of theirs."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT identify(%s)", [token_hash(person.token)])
        yield
