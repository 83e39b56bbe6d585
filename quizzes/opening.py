"""When can customers start a quiz? Decided by whether it is published, its times, and how often it was finished."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

CLOSED, SCHEDULED, OPEN, OVER, FULL = "closed", "scheduled", "open", "over", "full"


@dataclass(frozen=True, slots=True)
class Opening:
    """These are live: they hold for every version, and changing them publishes nothing."""

    is_published: bool
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    completion_limit: int | None = None
    completed_count: int = 0

    def stage(self, now: datetime) -> str:
        """CLOSED by hand or not published yet, SCHEDULED to open, OPEN, OVER since its time ended, or FULL."""
        if not self.is_published:
            return CLOSED
        if self.closes_at is not None and self.closes_at <= now:
            return OVER
        if self.completion_limit is not None and self.completed_count >= self.completion_limit:
            return FULL
        return SCHEDULED if self.opens_at is not None and self.opens_at > now else OPEN
