"""What we follow: permits that changed are computed anew; claims and what is not wanted move along in a merge."""

from typing import Any

from django.db import connection
from django.dispatch import receiver

from preferences import signals
from recommendations import tasks


@receiver(signals.permits_changed)
def compute_again(profile_ids: tuple[int, ...], **_kwargs: Any) -> None:
    """Wakes the worker after commit. A lost wake-up loses nothing: due is a fact in the database, and swept."""
    for profile_id in profile_ids:
        tasks.compute_offers.delay_on_commit(profile_id)


@receiver(signals.merging)
def keep_what_they_did(**_kwargs: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT merge_claims(), merge_restraint()")
