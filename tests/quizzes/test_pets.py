"""A quiz about a pet: a profile of its own, several of them, and change over time."""

import psycopg
import pytest

from .taking import Taker

pytestmark = pytest.mark.usefixtures("pet_quiz")


def take(taker: Taker, name: str, weight: str, *, purpose: str = "offers", **start: str) -> None:
    taker.start("pet", **start)
    taker.take(pet_name=name, pet_weight=weight)
    taker.answer(purpose=purpose)


def pets(owner: psycopg.Connection) -> list[str]:
    return [row[0] for row in owner.execute("SELECT name FROM preferences_profile WHERE kind = 'pet' ORDER BY id")]


def test_the_pet_gets_its_profile_when_something_is_allowed(ada: Taker, owner_connection: psycopg.Connection) -> None:
    ada.start("pet", profile="new")
    ada.take(pet_name="Bella", pet_weight="4,2")
    assert pets(owner_connection) == []
    ada.answer(purpose="offers")
    assert pets(owner_connection) == ["Bella"]
    assert ada.context["profile_name"] == "Bella"
    assert ada.context["outcome"].summary == "Bella weighs 4.2 kg."


def test_no_consent_means_no_profile_but_the_result(ada: Taker, owner_connection: psycopg.Connection) -> None:
    take(ada, "Bella", "4.2", purpose="")
    assert ada.context["outcome"].summary == "Bella weighs 4.2 kg."
    assert ada.context["profile_id"] is None
    assert pets(owner_connection) == []


def test_taken_again_for_the_same_pet_it_shows_the_change(ada: Taker, owner_connection: psycopg.Connection) -> None:
    take(ada, "Bella", "4.2")
    assert ada.context["trends"] == []
    (bella,) = ada.get("/q/pet/").context["pets"]
    ada.start("pet", profile=str(bella.id))
    assert ada.key == "pet_weight"  # the name is known
    ada.take(pet_weight="4.7")
    ada.answer(purpose="offers")
    (trend,) = ada.context["trends"]
    assert [value for _at, value in trend.points] == ["4.2", "4.7"]
    assert trend.sentence.startswith("Up 0.5 kg since")
    assert trend.polyline == "6.0,58.0 234.0,6.0"
    assert pets(owner_connection) == ["Bella"]


def test_several_pets_stay_apart(ada: Taker, owner_connection: psycopg.Connection) -> None:
    take(ada, "Bella", "4.2")
    take(ada, "Moro", "30", profile="new")
    assert pets(owner_connection) == ["Bella", "Moro"]
    weights = owner_connection.execute("SELECT count(DISTINCT profile_id) FROM preferences_preference").fetchone()
    assert weights == (2,)


def test_a_new_name_renames_the_pet(ada: Taker, owner_connection: psycopg.Connection) -> None:
    take(ada, "Bella", "4.2")
    ada.post(ada.run + "pet_name/", answer="Bellina")
    assert ada.key == "result"
    assert pets(owner_connection) == ["Bellina"]


def test_somebody_elses_pet_is_not_found(ada: Taker, bo: Taker, owner_connection: psycopg.Connection) -> None:
    take(ada, "Bella", "4.2")
    (pet,) = owner_connection.execute("SELECT id FROM preferences_profile WHERE kind = 'pet'").fetchone()
    assert bo.client.post("/q/pet/", {"profile": str(pet)}).status_code == 404
