"""Suggests what goes together, from what people who let purchases be used have bought. For the offers process.

Permits are all it reads: what somebody switched off, took back or that grew too old is not counted, this time or the
next. A suggestion waits for a marketer; see complements.suggestions for what becomes one.
"""

from django.db import connection, transaction

from preferences.coding import PURCHASES
from recommendations.complements import Edge, suggestions
from recommendations.models import Product
from recommendations.orders.shelf import branches, items, policy

# People's purchases as products' ids, each pair once. They are counted in the database: no one's purchases leave it.
COUNTED = """
    WITH known AS (
        SELECT feature.id AS feature, product.id AS product
        FROM preferences_feature feature
        JOIN preferences_attribute attribute ON attribute.id = feature.attribute_id AND attribute.key = %(key)s
        JOIN recommendations_product product ON product.slug = feature.code
    ), bought AS MATERIALIZED (
        SELECT DISTINCT permit.profile_id, known.product
        FROM preferences_permit permit, unnest(permit.features) AS told (feature)
        JOIN known ON known.feature = told.feature
        WHERE permit.features && (SELECT array_agg(feature) FROM known)
    )
    SELECT one.product, other.product, count(*) FROM bought one
    JOIN bought other ON other.profile_id = one.profile_id AND other.product > one.product
    GROUP BY 1, 2
    UNION ALL SELECT product, product, count(*) FROM bought GROUP BY 1
    UNION ALL SELECT 0, 0, count(DISTINCT profile_id) FROM bought
"""


def suggest_complements() -> tuple[list[Edge], int]:
    """Stores the suggestions of now; returns all of them, and how many are new."""
    known = list(items(Product.objects.values_list("id", "slug", "category_id")))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(COUNTED, {"key": PURCHASES})
        counted = cursor.fetchall()
        found = suggestions(
            together=[row for row in counted if row[0] != row[1]],
            bought={one: count for one, other, count in counted if one == other and one},
            people=next(count for one, _other, count in counted if not one),
            items=known,
            branches=branches(),
            distance=policy().distance,
        )
        edges = zip(*((each.product_id, each.suggested_id, each.weight) for each in found), strict=True)
        columns = [list(column) for column in edges] or [[], [], []]
        cursor.execute("SELECT suggest_complements(%s::bigint[], %s::bigint[], %s::float8[])", columns)
        (new,) = cursor.fetchone()
    return found, int(new)
