"""A use that changed is off until it is agreed to anew; one that is worded anew stays on."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.db import connection

from preferences import services, tasks
from preferences.catalogue import publish_notice
from preferences.models import Purpose
from tests.support.people import Person, acting, someone

from .acts import act, filled_in, grant, ledger, permits, use

pytestmark = pytest.mark.django_db

AsRole = Callable[[str], AbstractContextManager[None]]
WORDS = {"en": "Letters"}


def publish(slug: str, *, is_material: bool) -> None:
    purpose = Purpose.objects.get(slug=slug)
    publish_notice(purpose=purpose, title=WORDS, sentence=WORDS, benefit=WORDS, details={}, is_material=is_material)


def test_a_changed_use_is_off_at_once_until_it_is_agreed_to_anew(ada: Person, as_role: AsRole) -> None:
    publish("letters", is_material=True)
    assert (permits(ada), filled_in(ada)) == ({"offers"}, set())
    letters = use(ada, "letters")
    assert (letters.is_granted, letters.needs_renewal, letters.allowed) == (True, True, frozenset())
    assert letters.agreed == letters.attributes == {"skin"}  # so that nothing is called new that was agreed to before
    act(ada, lambda: services.correct(profile_id=ada.profile, attribute_key="skin", value="oily"))
    for _twice in range(2):
        with as_role("worker"):
            tasks.reissue()
        publish("letters", is_material=True)
    with as_role("worker"):
        tasks.reissue()
    assert permits(ada) == {"offers"}
    assert ledger(ada).count("superseded notice") == 1
    act(ada, lambda: grant("letters"))
    assert (permits(ada), filled_in(ada)) == ({"offers", "letters"}, {"skin"})
    assert not use(ada, "letters").needs_renewal
    publish("letters", is_material=True)
    with as_role("worker"):
        tasks.reissue()
    assert ledger(ada).count("superseded notice") == 2


def test_a_change_of_wording_changes_nothing(ada: Person, as_role: AsRole) -> None:
    publish("letters", is_material=False)
    assert permits(ada) == {"offers", "letters"}
    letters = use(ada, "letters")
    assert (letters.is_outdated, letters.needs_renewal, letters.allowed) == (True, False, {"skin"})
    publish("letters", is_material=True)
    publish("letters", is_material=False)
    assert permits(ada) == {"offers"}
    assert use(ada, "letters").needs_renewal


def test_who_agrees_to_the_old_words_while_they_change_has_agreed_to_nothing(ada: Person) -> None:
    bo = someone({"skin": "dry"})
    with acting(bo), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM preferences_purposenotice n WHERE purpose_id = %s", [use(ada, "letters").id])
        (before,) = cursor.fetchone()
    publish("letters", is_material=True)
    with acting(bo), connection.cursor() as cursor:
        cursor.execute("SELECT grant_purpose('letters', %s, 'en', 'center')", [before])
    assert permits(bo) == set()
    assert use(bo, "letters").needs_renewal
