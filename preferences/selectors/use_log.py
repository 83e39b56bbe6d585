"""What a single thing was used for, day by day."""

from dataclasses import dataclass
from datetime import date

from ..models import UseLog


@dataclass(frozen=True, slots=True)
class UseDay:
    day: date
    purpose_id: int


def use_days(profile_id: int, attribute_id: int, since: date) -> list[UseDay]:
    """Every day since then on which a use used this, newest first, as that use wrote it down."""
    rows = UseLog.objects.filter(profile_id=profile_id, attributes__contains=[attribute_id], day__gte=since)
    return [UseDay(*row) for row in rows.order_by("-day", "purpose_id").values_list("day", "purpose_id")]
