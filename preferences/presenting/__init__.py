"""The preference center in words: what its pages show."""

from .center import Center, center
from .history import event, months
from .items import sentence
from .receipts import ReceiptPage, receipt_page

__all__ = ["Center", "ReceiptPage", "center", "event", "months", "receipt_page", "sentence"]
