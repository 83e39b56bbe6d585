from celery import shared_task
from django.db import connection

from config.bench.baseline import INSERT


@shared_task
def insert(number: int) -> None:
    """The baseline of a computation: the same worker, the same queue, one row, durable."""
    with connection.cursor() as cursor:
        cursor.execute(INSERT, ["task", str(number)])
