"""What was decided in this very transaction."""

from django.contrib.postgres.functions import TransactionNow

from ..models import ConsentEvent


def decisions_now() -> list[int]:
    """The ledger entries this transaction of the current customer made, oldest first; not what their browser asks."""
    entries = ConsentEvent.objects.filter(at__gte=TransactionNow()).exclude(source="gpc")
    return list(entries.order_by("id").values_list("id", flat=True))
