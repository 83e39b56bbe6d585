"""What the offers worker is asked to do. Ids only; may run twice: what is due is asked of the database."""

from celery import shared_task

from recommendations import computing, passes, passing_time
from recommendations.orders import suggesting

# What no worker has begun by then, the next sweep asks for again.
RANGE_EXPIRES_SECONDS = 30
MOST_RANGES = 1000  # of ten million profiles; the next sweep asks for more


@shared_task
def compute_offers(profile_id: int) -> None:
    computing.compute_for_profile(profile_id)


@shared_task
def compute_range(purpose_id: int, first_id: int) -> None:
    passes.compute_range(purpose_id, first_id)


@shared_task
def sweep_due() -> None:
    """Whatever is due, however it came to be: a lost wake-up, a changed catalogue, an offer that opened or sold out.

    Ranges are tasks of their own, so that all workers share them and single customers are served in between.
    """
    passing_time.end_suppressions()
    computing.compute_due()
    for due in passes.due_ranges()[:MOST_RANGES]:
        compute_range.apply_async((due.purpose_id, due.first_id), expires=RANGE_EXPIRES_SECONDS)


@shared_task
def forget_exposures() -> None:
    """Forgets what customers were shown and sent longer ago than any cap counts."""
    passing_time.forget_exposures()


@shared_task
def suggest_complements() -> None:
    """What people bought together by now, for marketers to look at."""
    suggesting.suggest_complements()
