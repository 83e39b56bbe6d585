"""What time does to preferences."""

from celery import shared_task
from django.db import connection, transaction
from django.utils import timezone

from .letters import sending
from .services import requests
from .signals import permits_changed

MOST_CUSTOMERS = 100


@shared_task(name="preferences.tasks.expire", ignore_result=True)
def expire() -> None:
    """Replaces the permits in which something has passed its shelf life. Nobody could use them any more.

    Of what was bought only the oldest goes, before the whole would.
    """
    _replace_permits("age_purchases")
    _replace_permits("expire_permits")


@shared_task(name="preferences.tasks.reissue", ignore_result=True)
def reissue() -> None:
    """Issues permits anew after marketers changed what a purpose may use, until nobody waits."""
    while _replace_permits("reissue_due") == MOST_CUSTOMERS:
        pass


@shared_task(name="preferences.tasks.end_standings", ignore_result=True)
def end_standings() -> None:
    """Issues the permits of those whose pause is over, and forgets the age of who is old enough by now."""
    while _replace_permits("end_standings") == MOST_CUSTOMERS:
        pass


@shared_task(name="preferences.tasks.send_confirmations", ignore_result=True)
def send_confirmations() -> None:
    """Sends the links by which people confirm an address."""
    sending.send_confirmations(timezone.now())


@shared_task(name="preferences.tasks.send_letters", ignore_result=True)
def send_letters() -> None:
    """Sends the letters that are due, and the links that did not go out."""
    sending.send_confirmations(timezone.now())
    sending.send_due(timezone.now(), sending.LETTERS)


@shared_task(name="preferences.tasks.ask_again", ignore_result=True)
def ask_again() -> None:
    """Asks whoever wants that whether their old answers are still right; forgets what mail need not know any more."""
    sending.send_due(timezone.now(), sending.REASKS)
    sending.tidy(timezone.now())


def _replace_permits(function: str) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT customer, profiles FROM {function}(%s)", [MOST_CUSTOMERS])  # noqa: S608
        customers = cursor.fetchall()
        for customer_id, profile_ids in customers:
            permits_changed.send(sender=None, customer_id=customer_id, profile_ids=tuple(profile_ids))
    return len(customers)


@shared_task(name="preferences.tasks.remind_of_requests", ignore_result=True)
def remind_of_requests() -> None:
    """Tells the privacy staff of requests that are nearly due, and of those that are overdue, once each."""
    requests.remind_staff()


@shared_task(name="preferences.tasks.forget_requests", ignore_result=True)
def forget_requests() -> None:
    """Forgets who made the requests that were closed long ago."""
    requests.forget_old_requests()
