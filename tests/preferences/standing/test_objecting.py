"""Uses somebody objects to."""

import pytest

from preferences import services
from preferences.services import ObjectedTo
from tests.support.people import Person

from .acts import act, grant, ledger, permits, standing, use

pytestmark = pytest.mark.django_db


def test_objecting_switches_a_use_off_and_nobody_asks_again(ada: Person) -> None:
    act(ada, *[lambda: services.object_to(purpose_slug="offers", source="center")] * 2)
    assert permits(ada) == {"letters"}
    offers = use(ada, "offers")
    assert (offers.is_granted, offers.is_objected, offers.may_be_asked) == (False, True, False)
    assert use(ada, "letters").may_be_asked
    assert ledger(ada)[2:] == ["withdrawn center", "objected center"]
    with pytest.raises(ObjectedTo):
        act(ada, lambda: grant("offers", "quiz"))
    assert standing(ada).objected == {"offers"}


def test_switching_it_on_in_the_center_lifts_an_objection(ada: Person) -> None:
    act(ada, lambda: services.object_to(purpose_slug="offers", source="staff"), lambda: grant("offers", "center"))
    assert permits(ada) == {"offers", "letters"}
    assert standing(ada).objected == frozenset()
    act(
        ada,
        lambda: services.withdraw(purpose_slug="offers", source="center"),
        lambda: grant("offers", "quiz"),
    )
    assert permits(ada) == {"offers", "letters"}


def test_what_is_not_there_cannot_be_objected_to(ada: Person) -> None:
    with pytest.raises(services.UnknownItem):
        act(ada, lambda: services.object_to(purpose_slug="nothing", source="center"))
