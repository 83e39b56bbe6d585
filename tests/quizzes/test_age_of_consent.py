"""What somebody says of their age in one quiz holds for every use that needs consent, in every quiz."""

from typing import Any

import psycopg
import pytest
from django.db import connection

from preferences import services
from tests.support.people import Person, acting

from .builders import outcome, question, quiz
from .taking import Taker

GRANTS = "SELECT count(*) FROM preferences_grant"


@pytest.fixture
def from_thirteen(published: Any) -> None:
    """Open from thirteen on; the brand asks for consent from sixteen on."""
    gate = question("age", "age_gate", min=13, by_year=True)
    published(quiz(gate, question("more"), slug="young", purposes=["offers"], outcomes=[outcome("plain")]))


def born(taker: Taker, year: int) -> str:
    taker.start("young")
    return taker.take(age=str(year), more="a").content.decode()


@pytest.mark.usefixtures("from_thirteen")
def test_who_may_take_a_quiz_and_is_too_young_to_consent_is_asked_for_nothing(
    ada: Taker, owner_connection: psycopg.Connection
) -> None:
    (year,) = owner_connection.execute("SELECT extract(year FROM now())::int").fetchone()  # type: ignore[misc]
    page = born(ada, year - 15)
    assert ada.key == "uses"
    assert "There is nothing we may ask you to allow." in page
    assert 'name="purpose"' not in page
    ada.post(ada.url, purpose="offers")
    assert ada.key == "result"
    assert owner_connection.execute(GRANTS).fetchone() == (0,)
    days = owner_connection.execute("SELECT of_age_on::text FROM preferences_standing").fetchall()
    assert days == [(f"{year + 2}-01-01",)]


@pytest.mark.usefixtures("from_thirteen")
def test_correcting_the_year_lets_them_choose(ada: Taker, owner_connection: psycopg.Connection) -> None:
    born(ada, 2011)
    ada.post(ada.run + "age/", answer="1990")
    page = ada.get(ada.run + "uses/").content.decode()
    assert 'name="purpose" value="offers"' in page
    assert owner_connection.execute("SELECT count(*) FROM preferences_standing").fetchone() == (0,)


@pytest.mark.usefixtures("from_thirteen")
def test_no_quiz_asks_for_a_use_that_somebody_objects_to(ada: Taker, owner_connection: psycopg.Connection) -> None:
    born(ada, 1990)
    (customer,) = owner_connection.execute("SELECT max(id) FROM preferences_customer").fetchone()  # type: ignore[misc]
    with acting(Person(customer, 0, ada.client.cookies["proffer"].value)):
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_customer()")
            assert cursor.fetchone() == (customer,)
        services.object_to(purpose_slug="offers", source="center")
    page = ada.get(ada.run + "uses/").content.decode()
    assert 'name="purpose"' not in page
    ada.post(ada.url, purpose="offers")
    assert owner_connection.execute(GRANTS).fetchone() == (0,)
