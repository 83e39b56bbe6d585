"""A made-up catalogue of offers for made-up people, drawn from a seed: the same ones every time.

Offer n is for a product of one of 40 categories, with weights for 24 of the 800 answers. One in five is only for people
with certain answers, one in ten never for those with another, one in thirteen has not begun or is sold out. One profile
in twenty has dismissed an offer. What there was of offers before is gone.
"""

import json
from collections.abc import Iterator, Sequence

import numpy as np
import psycopg
from psycopg.sql import SQL, Identifier

from config.simulation.people import ITEMS, USE, VALUES

SEED = 5
CATEGORIES = 40
WEIGHTS_EACH = 24

_FEATURES = """
    SELECT feature.id FROM preferences_feature feature JOIN preferences_attribute attribute
        ON attribute.id = feature.attribute_id WHERE attribute.key LIKE 'item-%' ORDER BY attribute.id, feature.code
"""
_GONE = ("tailoredoffers", "suppression", "exposure", "claim", "offerweight", "offer", "product_traits", "product")
_DISMISSED = """
    INSERT INTO recommendations_suppression (profile_id, customer_id, offer_id, reason, times, noted_at,
                                             until_at, is_over)
    SELECT id, customer_id, %(first)s + id %% %(count)s, 'not_for_me', 1, now(), now() + interval '30 days', false
    FROM preferences_profile WHERE id %% 20 = 11
"""


def fill(connection: psycopg.Connection, count: int) -> None:
    """`count` offers instead of those that there are. After `people.prepare`, by the same session."""
    draw = np.random.default_rng(SEED)
    features = [row[0] for row in connection.execute(_FEATURES)]
    purpose = connection.execute("SELECT id FROM preferences_purpose WHERE slug = %s", [USE]).fetchone()
    assert purpose is not None
    for table in _GONE:
        connection.execute(SQL("DELETE FROM {}").format(Identifier(f"recommendations_{table}")))
    categories = _copied(
        connection,
        "category",
        ("slug", "name", "is_sensitive"),
        [(f"made-up-{n}", _words("Category", n), False) for n in range(CATEGORIES)],
    )
    products = _copied(
        connection,
        "product",
        ("slug", "name", "description", "category_id", "price_currency", "art", "alt"),
        [
            (f"made-up-{n}", _words("Product", n), "{}", categories[n % CATEGORIES], "EUR", "", "{}")
            for n in range(count)
        ],
    )
    columns = ("slug", "title", "text", "product_id", "benefit_kind", "benefit", "code", "purpose_id", "prior")
    rules = ("priority", "eligibility", "veto", "is_sensitive", "is_active", "starts_at", "stock")
    offers = _copied(
        connection,
        "offer",
        (*columns, *rules),
        [
            (
                *(f"made-up-{n}", _words("Offer", n), "{}", products[n], "sample", "{}", f"CODE{n}", purpose[0]),
                *(round(float(draw.uniform(0, 1)), 3), int(draw.integers(0, 5)), *_rules(n, draw)),
                *(False, True, "2100-01-01" if n % 20 == 7 else None, 0 if n % 40 == 3 else None),
            )
            for n in range(count)
        ],
    )
    weights = (
        (offer, features[int(place)], round(min(max(draw.normal(0.3, 1.5), -9), 9), 3))
        for offer in offers
        for place in draw.choice(len(features), WEIGHTS_EACH, replace=False)
    )
    _copied(connection, "offerweight", ("offer_id", "feature_id", "weight"), weights)
    connection.execute(_DISMISSED, {"first": offers[0], "count": count})
    connection.execute("SELECT note_change(NULL)")
    for table in ("offer", "offerweight", "product", "category", "suppression"):
        connection.execute(SQL("VACUUM ANALYZE {}").format(Identifier(f"recommendations_{table}")))


def _rules(number: int, draw: np.random.Generator) -> tuple[str | None, str | None]:
    """Whom the offer is only for, and whom it is never for."""

    def condition(op: str, value: object) -> str:
        return json.dumps({"attribute": f"item-{int(draw.integers(0, ITEMS))}", "op": op, "value": value})

    only = condition("in", list(VALUES[:2])) if number % 5 == 1 else None
    never = condition("is", VALUES[3]) if number % 10 == 4 else None
    return only, never


def _words(what: str, number: int) -> str:
    return json.dumps({"en": f"{what} {number}"})


def _copied(
    connection: psycopg.Connection, table: str, columns: Sequence[str], rows: Sequence[object] | Iterator[object]
) -> list[int]:
    """Writes rows, and returns the ids of all that the table then has, in the order written."""
    name, listed = Identifier(f"recommendations_{table}"), SQL(", ").join(map(Identifier, columns))
    with connection.transaction(), connection.cursor() as cursor:
        (before,) = cursor.execute(SQL("SELECT coalesce(max(id), 0) FROM {}").format(name)).fetchone() or (0,)
        with cursor.copy(SQL("COPY {} ({}) FROM STDIN").format(name, listed)) as copy:
            for row in rows:
                copy.write_row(row)  # type: ignore[arg-type]
        cursor.execute(SQL("SELECT id FROM {} WHERE id > %s ORDER BY id").format(name), [before])
        return [row[0] for row in cursor]
