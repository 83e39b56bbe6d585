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
from .erasure import AccountSession, Erasure
from .mail import (
    AddressAsked,
    Channel,
    Frequency,
    Letter,
    MailAddress,
    MailConfirmation,
    MailLink,
    Sending,
    Topic,
    TopicChoice,
)
from .people import Customer, Device, Profile
from .purposes import Purpose, PurposeNotice
from .requests import Jurisdiction, Look, PrivacyRequest, RequestClock, RequestKind, RequestStep
from .told import Preference

__all__ = [
    "AccountSession",
    "AddressAsked",
    "Attribute",
    "AttributeValue",
    "Brand",
    "Channel",
    "ComputationDue",
    "ConsentEvent",
    "Customer",
    "Device",
    "Erasure",
    "Exclusion",
    "Feature",
    "Frequency",
    "Grant",
    "Jurisdiction",
    "LedgerSubject",
    "Letter",
    "Look",
    "MailAddress",
    "MailConfirmation",
    "MailLink",
    "Objection",
    "Permit",
    "Preference",
    "PrivacyRequest",
    "Profile",
    "Purpose",
    "PurposeNotice",
    "ReissueDue",
    "RequestClock",
    "RequestKind",
    "RequestStep",
    "Sending",
    "Standing",
    "Topic",
    "TopicChoice",
    "UseLog",
]
