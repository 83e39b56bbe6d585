from celery import shared_task
from django.utils import timezone

from .services import forgetting


@shared_task
def forget_unconsented() -> None:
    forgetting.forget_unconsented(now=timezone.now())
