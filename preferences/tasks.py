"""What time does to preferences."""

from celery import shared_task
from django.db import connection, transaction

from .signals import permits_changed

MOST_CUSTOMERS = 100


@shared_task(name="preferences.tasks.expire", ignore_result=True)
def expire() -> None:
    """Replaces the permits in which something has passed its shelf life. Nobody could use them any more."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT customer, profiles FROM expire_permits(%s)", [MOST_CUSTOMERS])
        for customer_id, profile_ids in cursor.fetchall():
            permits_changed.send(sender=None, customer_id=customer_id, profile_ids=tuple(profile_ids))
