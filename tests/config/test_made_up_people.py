"""`make bench-large` measures with made-up customers: they must be as the site would have made them."""

import psycopg

from config.simulation import people
from preferences.access import token_hash
from tests.support.people import open_demo_brand

PEOPLE = 60


def test_made_up_customers_are_as_the_database_would_have_made_them(owner_connection: psycopg.Connection) -> None:
    open_demo_brand()
    with owner_connection.transaction(force_rollback=True):
        people.prepare(owner_connection)
        rows = people.fill(owner_connection, 1, PEOPLE)
        people.check(owner_connection, 1, PEOPLE)
        assert (rows["customers"], rows["preferences"]) == (PEOPLE, people.ITEMS + 10 * (PEOPLE - 1))
        assert min(rows.values()) > 0, rows
        known = owner_connection.execute("SELECT id FROM identify(%s)", [token_hash(people.token_of(7))]).fetchone()
        assert known == (7,)
        told = owner_connection.execute(
            "SELECT value FROM preferences_preference told JOIN preferences_attribute known ON known.id = attribute_id"
            " WHERE profile_id = 7 AND key = %s",
            [people.item_of(7, 1)],
        ).fetchall()
        assert told == [(people.value_of(7, 1),)]
        wanting = owner_connection.execute(
            "SELECT customer_id FROM preferences_grant JOIN preferences_purpose purpose ON purpose.id = purpose_id"
            " WHERE slug = %s",
            [people.USE],
        ).fetchall()
        assert not [each for (each,) in wanting if people.may_grant(each)]
        offered = owner_connection.execute("SELECT customer_id FROM recommendations_tailoredoffers").fetchall()
        assert sorted(each for (each,) in offered) == [n for n in range(1, PEOPLE + 1) if people.has_offers(n)]
