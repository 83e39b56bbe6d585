"""Taking back what was just decided: for thirty seconds, once, by a signed token. The database holds both rules too."""

from django.core import signing

from ..selectors.decisions import decisions_now
from .acting import announce, call

SECONDS = 30
SALT = "preferences.undo"


def undo_token(*, profile_id: int | None = None) -> str:
    """For what this transaction has decided so far; empty when that was nothing. Holds numbers of ledger entries, and
    of the profile where it was about an item, which say nothing to anybody else."""
    decided = decisions_now()
    if not decided:
        return ""
    return signing.TimestampSigner(salt=SALT).sign_object([decided, profile_id])


def undo(*, token: str) -> bool:
    """Restores what was before. False when it is too late, was done already, or anything was decided since."""
    try:
        events, profile_id = signing.TimestampSigner(salt=SALT).unsign_object(token, max_age=SECONDS)
    except (signing.BadSignature, TypeError, ValueError):
        return False
    if not call("undo_decision", events, profile_id):
        return False
    announce()
    return True
