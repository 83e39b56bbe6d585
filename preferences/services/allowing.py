"""Uses switched on and off, whole or for a single item."""

from ..models import PurposeNotice
from .acting import UnknownItem, announce, call


def grant(*, purpose_slug: str, language: str, source: str) -> None:
    """Switches a use on, under the notice that is shown now. Raises BelowAge and ObjectedTo.

    While everything is paused or restricted it is on as the others are: it counts afterwards.
    """
    notice = PurposeNotice.objects.filter(purpose__slug=purpose_slug).order_by("-version").first()
    if notice is None:
        raise UnknownItem(purpose_slug)
    call("grant_purpose", purpose_slug, notice.pk, language, source)
    announce()


def withdraw(*, purpose_slug: str, source: str) -> None:
    """Switches a use off; what was computed from it is gone when this returns."""
    call("withdraw_purpose", purpose_slug, source)
    announce()


def object_to(*, purpose_slug: str, source: str) -> None:
    """Switches a use off, and no quiz asks for it again until the customer switches it on in the preference center."""
    call("object_to", purpose_slug, source)
    announce()


def object_to_sharing() -> None:
    """What Global Privacy Control asks for: uses that share with others are off, and stay off in this transaction."""
    if call("object_to_sharing"):
        announce()


def exclude(*, profile_id: int, purpose_slug: str, attribute_key: str, source: str) -> None:
    """Takes one item out of a use."""
    call("set_exclusion", profile_id, purpose_slug, attribute_key, True, source)
    announce((profile_id,))


def include(*, profile_id: int, purpose_slug: str, attribute_key: str, source: str) -> None:
    """Puts an excluded item back."""
    call("set_exclusion", profile_id, purpose_slug, attribute_key, False, source)
    announce((profile_id,))


def consent_to_sensitive(*, attribute_key: str, language: str, source: str) -> None:
    """Notes the separate consent of a sensitive question, given before its answer is stored."""
    call("note_sensitive_consent", attribute_key, language, source)
