"""How many people: counts for marketers, made in the database, rounded there, and never of few.

The rule is in migrations/sql/14_audience.sql: fewer than 20 are not told, each question's count has a number of its own
added, and the rest is rounded. What arrives here names nobody and may be shown.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection

from preferences.conditions import All, AnyOf, Condition, Not, Test, to_json

FEWEST = 20
MOST_AT_A_TIME = 100


@dataclass(frozen=True, slots=True)
class Question:
    """Whom an offer is for: only for these, never for those. None: everybody, nobody."""

    only: Condition | None
    never: Condition | None


@dataclass(frozen=True, slots=True)
class Audience:
    """About so many customers, of about so many. None: too few to say. `margin`: how far a sample may be off, or 0."""

    customers: int | None
    of_customers: int | None
    margin: int


def audiences(*, user_id: int, purpose_id: int, questions: Sequence[Question]) -> list[Audience]:
    """One for each question, in one look. Raises ProgrammingError for whoever may not change offers."""
    found: list[Audience] = []
    for first in range(0, len(questions), MOST_AT_A_TIME):
        asked = [
            {
                "only": to_json(canonical(each.only)) if each.only else None,
                "never": to_json(canonical(each.never)) if each.never else None,
            }
            for each in questions[first : first + MOST_AT_A_TIME]
        ]
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT customers, of_customers, margin FROM audiences(%s, %s, %s) ORDER BY place",
                [user_id, purpose_id, json.dumps(asked)],
            )
            found += [Audience(*row) for row in cursor.fetchall()]
    return found


def holders(*, user_id: int, offer_ids: Collection[int]) -> Mapping[int, int | None]:
    """How many customers have each offer among their five."""
    return _counted("offer_holders", user_id, offer_ids)


def claims(*, user_id: int, offer_ids: Collection[int]) -> Mapping[int, int | None]:
    """How many customers took each offer in the seven days before today."""
    return _counted("offer_claims", user_id, offer_ids)


def canonical(condition: Condition) -> Condition:
    """The same condition however it was put together: parts in one order, once each, no group of one, no double not."""
    match condition:
        case Test():
            return condition
        case Not(Not(part)):
            return canonical(part)
        case Not(part):
            return Not(canonical(part))
        case All(parts) | AnyOf(parts):
            join = type(condition)
            flat: list[Condition] = []
            for part in map(canonical, parts):
                flat += part.parts if isinstance(part, join) else [part]
            once = sorted(dict.fromkeys(flat), key=repr)
            return once[0] if len(once) == 1 else join(tuple(once))


def _counted(function: str, user_id: int, offer_ids: Collection[int]) -> Mapping[int, int | None]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {function}(%s, %s)", [user_id, sorted(offer_ids)])  # noqa: S608 (one of ours)
        return dict(cursor.fetchall())
