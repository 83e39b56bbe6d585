"""The loop that `manage.py bench offers` compares with: customer by customer, by the ORM, as one would first write it.

It knows of no condition, cap, diversity or lost race, and writes no use log. Prints profiles a second, as JSON.
"""

import heapq
import json
import time
from collections import defaultdict

PROFILES = 300
OF_EACH = 5
TABLE = """
CREATE TABLE IF NOT EXISTS bench_naiveoffers (
    profile_id bigint PRIMARY KEY, offers integer[] NOT NULL, scores real[] NOT NULL, reasons integer[] NOT NULL);
GRANT INSERT ON bench_naiveoffers TO proffer_offers
"""


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
