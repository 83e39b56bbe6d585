"""The same offers as one would first compute them: customer by customer, by the ORM, as Python goes.

For comparison only: it knows of no condition, cap, diversity or lost race, and writes no use log.
"""

import heapq
import json
import os
import subprocess
import sys
import time
from collections import defaultdict

from config.bench.stand import BenchError, Stand
from config.data_folder import PROJECT

PROFILES = 300
OF_EACH = 5
TABLE = """
CREATE TABLE IF NOT EXISTS bench_naiveoffers (
    profile_id bigint PRIMARY KEY, offers integer[] NOT NULL, scores real[] NOT NULL, reasons integer[] NOT NULL);
GRANT INSERT ON bench_naiveoffers TO proffer_offers
"""


def rate(stand: Stand) -> float:
    """Profiles a second in one process."""
    with stand.owner() as owner:
        owner.execute(TABLE)
    environment = (
        os.environ | stand.settings | {"PROFFER_PROCESS": "offers", "OFFERS_DATABASE_URL": stand.urls["offers"]}
    )
    done = subprocess.run(
        [sys.executable, "-m", "config.bench.naive_offers"],
        cwd=PROJECT,
        env=environment,
        text=True,
        capture_output=True,
    )
    if done.returncode:
        raise BenchError(f"The loop did not run:\n{done.stderr[-2000:]}")
    return float(json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    import django
    from django.db import connection, transaction
    from django.utils import timezone

    django.setup()
    from recommendations.models import Offer, OfferWeight

    with connection.cursor() as cursor:
        cursor.execute("SELECT profile_id, features FROM preferences_permit ORDER BY profile_id LIMIT %s", [PROFILES])
        permits = cursor.fetchall()
    began_at = time.perf_counter()
    for profile_id, features in permits:
        parts: dict[int, dict[int, float]] = defaultdict(dict)
        for weight in OfferWeight.objects.filter(feature_id__in=features):
            parts[weight.offer_id][weight.feature_id] = weight.weight
        scores = {
            offer.pk: offer.prior + sum(parts[offer.pk].values())
            for offer in Offer.objects.open_at(timezone.now()).only("pk", "prior")
        }
        best = heapq.nlargest(OF_EACH, scores, key=lambda offer_id: scores[offer_id])
        reasons = [feature for offer_id in best for feature in heapq.nlargest(3, parts[offer_id])]
        with transaction.atomic(), connection.cursor() as cursor:
            row = [profile_id, best, [scores[offer_id] for offer_id in best], reasons]
            cursor.execute("INSERT INTO bench_naiveoffers VALUES (%s, %s, %s, %s)", row)
    print(json.dumps(len(permits) / (time.perf_counter() - began_at)))


if __name__ == "__main__":
    main()
