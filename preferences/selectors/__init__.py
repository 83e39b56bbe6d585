"""What customers and apps may know. The consent boundary is crossed here and nowhere else.

Everything comes back as frozen dataclasses, never as a QuerySet, so nobody can filter around the gate. Rows are the
current customer's only, by row security.
"""

from .catalogue import AttributeView, BrandView, age_of_consent, attributes, brand
from .ledger import (
    NO_USE,
    EventsPage,
    EventView,
    entry,
    event_rows,
    events,
    events_page,
    has_entries_about_no_use,
    subject_and_salt,
    uses_in_ledger,
)
from .people import ProfileRef, current_customer_id, profiles, selves_first
from .standing import Standing, standing
from .told import Reusable, ToldItem, answers_to_reuse, history, told, told_item
from .uses import PurposeView, SwitchView, last_uses, purposes, shares_anything, switch

__all__ = [
    "NO_USE",
    "AttributeView",
    "BrandView",
    "EventView",
    "EventsPage",
    "ProfileRef",
    "PurposeView",
    "Reusable",
    "Standing",
    "SwitchView",
    "ToldItem",
    "age_of_consent",
    "answers_to_reuse",
    "attributes",
    "brand",
    "current_customer_id",
    "entry",
    "event_rows",
    "events",
    "events_page",
    "has_entries_about_no_use",
    "history",
    "last_uses",
    "profiles",
    "purposes",
    "selves_first",
    "shares_anything",
    "standing",
    "subject_and_salt",
    "switch",
    "told",
    "told_item",
    "uses_in_ledger",
]
