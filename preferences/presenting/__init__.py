"""The preference center in words: what its pages show."""

from .center import Center, center
from .history import event, months
from .items import sentence
from .looks import looks
from .mail import MailSummary, StillRight, mail_summary, still_right
from .receipts import ErasurePage, ReceiptPage, erasure_page, receipt_page
from .thing import ThingPage, thing
from .why import WhyPage, why

__all__ = [
    "Center",
    "ErasurePage",
    "MailSummary",
    "ReceiptPage",
    "StillRight",
    "ThingPage",
    "WhyPage",
    "center",
    "erasure_page",
    "event",
    "looks",
    "mail_summary",
    "months",
    "receipt_page",
    "sentence",
    "still_right",
    "thing",
    "why",
]
