"""What customers and apps may know. The consent boundary is crossed here and nowhere else.

Everything comes back as frozen dataclasses, never as a QuerySet, so nobody can filter around the gate. Rows are the
current customer's only, by row security.
"""

from .catalogue import AttributeView, BrandView, age_of_consent, attributes, brand
from .decisions import decisions_now
from .ledger import (
    NO_USE,
    EventsPage,
    EventView,
    entry,
    erased_at,
    event_rows,
    events,
    events_page,
    has_entries_about_no_use,
    subject_and_salt,
    uses_in_ledger,
)
from .people import ProfileRef, current_customer_id, profiles, selves_first
from .requests import Look, Step, clock, is_privacy_staff, looks, trail
from .standing import Standing, standing
from .told import Reusable, ToldItem, answers_to_reuse, history, told, told_item
from .use_log import UseDay, use_days
from .uses import PurposeView, SwitchView, last_uses, purposes, shares_anything, switch

__all__ = [
    "NO_USE",
    "AttributeView",
    "BrandView",
    "EventView",
    "EventsPage",
    "Look",
    "ProfileRef",
    "PurposeView",
    "Reusable",
    "Standing",
    "Step",
    "SwitchView",
    "ToldItem",
    "UseDay",
    "age_of_consent",
    "answers_to_reuse",
    "attributes",
    "brand",
    "clock",
    "current_customer_id",
    "decisions_now",
    "entry",
    "erased_at",
    "event_rows",
    "events",
    "events_page",
    "has_entries_about_no_use",
    "history",
    "is_privacy_staff",
    "last_uses",
    "looks",
    "profiles",
    "purposes",
    "selves_first",
    "shares_anything",
    "standing",
    "subject_and_salt",
    "switch",
    "told",
    "told_item",
    "trail",
    "use_days",
    "uses_in_ledger",
]
