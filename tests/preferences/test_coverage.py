"""How far a grant reaches when marketers change what a purpose covers: no further than its notice did."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.db import connection

from preferences import selectors, services, tasks
from preferences.catalogue import publish_notice
from preferences.models import Attribute, Purpose
from tests.support.people import Person, acting, make_catalogue, someone

pytestmark = pytest.mark.django_db

AsRole = Callable[[str], AbstractContextManager[None]]
WORDS = {"en": "Letters"}


@pytest.fixture
def features(db: None) -> dict[str, int]:
    return make_catalogue()


@pytest.fixture
def ada(features: dict[str, int]) -> Person:
    return someone({"skin": "dry", "goal": ["calm"]}, ("letters",))


def permitted(person: Person) -> set[int]:
    with acting(person), connection.cursor() as cursor:
        cursor.execute("SELECT unnest(features) FROM preferences_permit")
        return {row[0] for row in cursor.fetchall()}


def cover(slug: str, *keys: str) -> Purpose:
    purpose = Purpose.objects.get(slug=slug)
    purpose.attributes.set(Attribute.objects.filter(key__in=keys))
    return purpose


def new_text(purpose: Purpose) -> None:
    publish_notice(purpose=purpose, title=WORDS, sentence=WORDS, benefit=WORDS, details={})


def test_covering_more_reaches_nobody_by_itself(ada: Person, features: dict[str, int]) -> None:
    new_text(cover("letters", "skin", "goal"))
    with acting(ada):
        services.correct(profile_id=ada.profile, attribute_key="skin", value="oily")
    assert permitted(ada) == {features["skin=oily"]}


def test_agreeing_to_the_new_text_reaches_as_far_as_it_says(ada: Person, features: dict[str, int]) -> None:
    new_text(cover("letters", "skin", "goal"))
    with acting(ada):
        (letters,) = [each for each in selectors.purposes(ada.id, "en") if each.slug == "letters"]
        assert letters.is_granted
        assert letters.is_outdated
        assert letters.allowed == {"skin"}
        services.grant(purpose_slug="letters", language="en", source="center")
        entries = [each.notice_version for each in selectors.events(ada.id, "en")]
    assert permitted(ada) == {features["skin=dry"], features["goal=calm"]}
    assert entries == [2, 1]


def test_covering_less_stops_the_use_at_once(ada: Person, features: dict[str, int], as_role: AsRole) -> None:
    both = someone({"skin": "dry", "weight": 4}, ("offers", "letters"))
    cover("offers", "weight", "goal")
    assert permitted(both) == {features["skin=dry"]}  # the letters' permit; the offers' was recalled
    with as_role("worker"):
        tasks.reissue()
    assert permitted(both) == {features["skin=dry"], features["weight=light"]}


@pytest.mark.parametrize("change", [{"is_active": False}, {"computes_offers": True}])
def test_switching_a_purpose_itself_recalls_its_permits(
    ada: Person, features: dict[str, int], as_role: AsRole, change: dict[str, bool]
) -> None:
    purpose = Purpose.objects.get(slug="letters")
    for name, value in change.items():
        setattr(purpose, name, value)
    purpose.save()
    assert permitted(ada) == set()
    with as_role("worker"):
        tasks.reissue()
    assert permitted(ada) == (set() if "is_active" in change else {features["skin=dry"]})
