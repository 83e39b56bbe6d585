"""The project's own housekeeping."""

from celery import shared_task
from django.conf import settings
from django.db import connection

from config.broker import purge_delivered


@shared_task
def purge_broker() -> None:
    """Delivered messages do not linger: the embedded queue would keep them for ever."""
    purge_delivered(settings.BROKER_URL)


@shared_task
def purge_sessions() -> None:
    """Sessions past their time: some hold the address of somebody who asked for a code and never came back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT forget_sessions()")
