"""What customers do with what they told us, each a sentence. All act for the transaction's current customer.

Grants, exclusions, values and permits are changed by the database's own functions only (migrations/sql); what they
derive, they derive there, in the caller's transaction. Afterwards `permits_changed` tells the apps above.
"""

from .acting import BelowAge, InvalidValue, ObjectedTo, PreferencesError, UnknownItem
from .allowing import consent_to_sensitive, exclude, grant, include, object_to, object_to_sharing, withdraw
from .mail import (
    NoticeChanged,
    TooManyAddresses,
    ask_address,
    choose_topic,
    confirm_address,
    forget_address,
    guess_time_zone,
    leave_topic,
    note_bounce,
    set_time_zone,
    set_topic,
    snooze_topic,
    stop_all_mail,
    use_link,
)
from .people import add_profile, erase_customer, forget_profile, merge_device, rename_profile
from .standing import PAUSE_DAYS, lift_restriction, note_age, note_minor, pause, restrict, resume
from .telling import Told, correct, forget, remember
from .undoing import SECONDS as UNDO_SECONDS
from .undoing import undo, undo_token

__all__ = [
    "PAUSE_DAYS",
    "UNDO_SECONDS",
    "BelowAge",
    "InvalidValue",
    "NoticeChanged",
    "ObjectedTo",
    "PreferencesError",
    "Told",
    "TooManyAddresses",
    "UnknownItem",
    "add_profile",
    "ask_address",
    "choose_topic",
    "confirm_address",
    "consent_to_sensitive",
    "correct",
    "erase_customer",
    "exclude",
    "forget",
    "forget_address",
    "forget_profile",
    "grant",
    "guess_time_zone",
    "include",
    "leave_topic",
    "lift_restriction",
    "merge_device",
    "note_age",
    "note_bounce",
    "note_minor",
    "object_to",
    "object_to_sharing",
    "pause",
    "remember",
    "rename_profile",
    "restrict",
    "resume",
    "set_time_zone",
    "set_topic",
    "snooze_topic",
    "stop_all_mail",
    "undo",
    "undo_token",
    "use_link",
    "withdraw",
]
