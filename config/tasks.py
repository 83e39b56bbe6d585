"""The project's own housekeeping."""

from celery import shared_task
from django.conf import settings

from config.broker import purge_delivered


@shared_task
def purge_broker() -> None:
    """Delivered messages do not linger: the embedded queue would keep them for ever."""
    purge_delivered(settings.BROKER_URL)
