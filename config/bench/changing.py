"""Makes changes of consent as the site does and says how long each took: the process that `manage.py bench large` asks.

The site's role, its services, one transaction that is told whose it is, the wake-up for the workers; timed from before
the transaction until it has committed and that is sent. Kinds of change take turns, so that whatever else the machine
does meets all of them. Reads {kind: [customer, …]} and writes {kind: [seconds, …]}, as JSON.
"""

import json
import sys
import time
from collections.abc import Callable, Mapping

import django
from django.db import connection, transaction

from preferences.access import identify

SOURCE = "bench"
WARM_UP = 10

Change = Callable[[int], None]


def main() -> None:
    django.setup()
    changes = _changes()
    asked: Mapping[str, list[int]] = json.load(sys.stdin)
    found: dict[str, list[float]] = {kind: [] for kind in asked}
    for number in range(min(map(len, asked.values()))):
        for kind, customers in asked.items():
            seconds = _timed(customers[number], changes[kind])
            if number >= WARM_UP:
                found[kind].append(seconds)
    json.dump(found, sys.stdout)


def _timed(customer: int, change: Change) -> float:
    from config.simulation.people import token_of

    started_at = time.perf_counter()
    with transaction.atomic():
        known = identify(token_of(customer))
        assert known is not None
        change(customer)
    return time.perf_counter() - started_at


def _changes() -> dict[str, Change]:
    from config.bench.baseline import INSERT
    from config.simulation.people import USE, item_of, value_of
    from preferences import services

    def insert(_customer: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(INSERT, ["skin_type", '"dry"'])

    def withdraw(_customer: int) -> None:
        services.withdraw(purpose_slug=USE, source=SOURCE)

    def grant(_customer: int) -> None:
        services.grant(purpose_slug=USE, language="en", source=SOURCE)

    def exclude(customer: int) -> None:
        services.exclude(profile_id=customer, purpose_slug=USE, attribute_key=item_of(customer, 2), source=SOURCE)

    def correct(customer: int) -> None:
        value = value_of(customer, 1, changed=True)
        services.correct(profile_id=customer, attribute_key=item_of(customer, 1), value=value, source=SOURCE)

    return {"insert": insert, "withdraw": withdraw, "grant": grant, "exclude": exclude, "correct": correct}


if __name__ == "__main__":
    main()
