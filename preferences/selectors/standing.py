"""What holds for all of a customer's uses at once, as it is at this moment."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

_STANDING = """
    SELECT CASE WHEN standing.paused_until > clock_timestamp() THEN standing.paused_until END,
           standing.restricted_at IS NOT NULL,
           coalesce(standing.is_minor AND (standing.of_age_on IS NULL OR standing.of_age_on > utc_today()), false),
           ARRAY(SELECT purpose.slug FROM preferences_objection objection
                   JOIN preferences_purpose purpose ON purpose.id = objection.purpose_id
                  WHERE objection.customer_id = asked.id)
      FROM (VALUES (%s::bigint)) asked (id)
      LEFT JOIN preferences_standing standing ON standing.customer_id = asked.id
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """`paused_until`: None unless everything is paused now. `objected`: slugs of the uses that they object to."""

    paused_until: datetime | None
    is_restricted: bool
    is_minor: bool
    objected: frozenset[str]


def standing(customer_id: int) -> Standing:
    """How the customer stands; for whoever asked for nothing, nothing holds."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, [customer_id])
        paused_until, is_restricted, is_minor, objected = cursor.fetchone()
    return Standing(paused_until, is_restricted, is_minor, frozenset(objected))
