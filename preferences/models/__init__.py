"""Who our customers are, what they told us, and what we may do with it."""

from .attributes import Attribute, AttributeValue, Feature
from .brand import Brand
from .consent import (
    ComputationDue,
    ConsentEvent,
    Exclusion,
    Grant,
    LedgerSubject,
    Objection,
    Permit,
    ReissueDue,
    Standing,
    UseLog,
)
from .people import Customer, Device, Profile
from .purposes import Purpose, PurposeNotice
from .told import Preference

__all__ = [
    "Attribute",
    "AttributeValue",
    "Brand",
    "ComputationDue",
    "ConsentEvent",
    "Customer",
    "Device",
    "Exclusion",
    "Feature",
    "Grant",
    "LedgerSubject",
    "Objection",
    "Permit",
    "Preference",
    "Profile",
    "Purpose",
    "PurposeNotice",
    "ReissueDue",
    "Standing",
    "UseLog",
]
