"""Whoever's cookie it is, the transaction acts for them alone, however the database goes about finding them."""

import pytest
from django.db import connection, transaction

from preferences.access import identify
from tests.support.people import someone

PLANS = {
    "as it likes": "",
    "reading all customers first": "SET LOCAL enable_nestloop = off; SET LOCAL enable_mergejoin = off",
    "without indexes": "SET LOCAL enable_indexscan = off; SET LOCAL enable_bitmapscan = off",
    "merging": "SET LOCAL enable_nestloop = off; SET LOCAL enable_hashjoin = off",
}


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS.keys())
def test_identifying_someone_acts_for_no_one_else(db: None, plan: str):
    people = [someone() for _ in range(4)]
    for person in people:
        with transaction.atomic(), connection.cursor() as cursor:
            if plan:
                cursor.execute(plan)
            found = identify(person.token)
            cursor.execute("SELECT current_customer(), (SELECT array_agg(id) FROM preferences_customer)")
            assert (found and found.id, *cursor.fetchone()) == (person.id, person.id, [person.id])


def test_a_strangers_token_is_nobodys(db: None):
    person = someone()
    with transaction.atomic(), connection.cursor() as cursor:
        assert identify(person.token) is not None
        assert identify("made up") is None
        cursor.execute("SELECT current_customer(), (SELECT count(*) FROM preferences_customer)")
        assert cursor.fetchone() == (None, 0)
