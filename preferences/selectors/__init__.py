"""What customers and apps may know. The consent boundary is crossed here and nowhere else.

Everything comes back as frozen dataclasses, never as a QuerySet, so nobody can filter around the gate. Rows are the
current customer's only, by row security.
"""

from .catalogue import AttributeView, BrandView, attributes, brand
from .ledger import EventView, events
from .people import ProfileRef, current_customer_id, profiles, selves_first
from .told import Reusable, ToldItem, answers_to_reuse, history, told, told_item
from .uses import PurposeView, SwitchView, last_uses, purposes, shares_anything, switch

__all__ = [
    "AttributeView",
    "BrandView",
    "EventView",
    "ProfileRef",
    "PurposeView",
    "Reusable",
    "SwitchView",
    "ToldItem",
    "answers_to_reuse",
    "attributes",
    "brand",
    "current_customer_id",
    "events",
    "history",
    "last_uses",
    "profiles",
    "purposes",
    "selves_first",
    "shares_anything",
    "switch",
    "told",
    "told_item",
]
