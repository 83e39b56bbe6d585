"""What the offers worker is asked to do. Ids only; may run twice: what is due is asked of the database."""

from celery import shared_task

from recommendations import computing


@shared_task
def compute_offers(profile_id: int) -> None:
    computing.compute_for_profile(profile_id)


@shared_task
def compute_range(lowest_id: int, highest_id: int) -> None:
    computing.compute_range(lowest_id, highest_id)


@shared_task
def sweep_due() -> None:
    """Whatever is due, however it came to be: a lost wake-up, a changed catalogue, an offer that opened or sold out."""
    computing.compute_due()
