"""What mail providers tell us afterwards: an address takes no mail, or its owner complained."""

from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType, tracking
from django.dispatch import receiver

from ..services import note_bounce

NO_USE = {EventType.BOUNCED, EventType.REJECTED, EventType.COMPLAINED, EventType.UNSUBSCRIBED}
COMPLAINTS = {EventType.COMPLAINED, EventType.UNSUBSCRIBED}


@receiver(tracking, dispatch_uid="preferences.letters.bounces")
def hear(event: AnymailTrackingEvent, **_signal: Any) -> None:
    """Nothing goes there any more; a complaint ends all mail to whoever reads it."""
    if event.event_type in NO_USE and event.recipient:
        note_bounce(address=event.recipient, is_complaint=event.event_type in COMPLAINTS)
