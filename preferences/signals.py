"""What the apps above may want to follow. Sent inside the transaction that made the change."""

from django.dispatch import Signal

# customer_id: int, profile_ids: tuple[int, ...]: their permits were replaced; what was computed from the old is gone.
permits_changed = Signal()

# customer_id: int, profile_id: int: something was taken back; whoever holds copies of it lets go of them.
forgotten = Signal()

# customer_id: int: `merged_into_id` of the merged customers is this one until the transaction's merge is finished.
merging = Signal()

# customer_id: int: their rows are about to be deleted.
erasing = Signal()
