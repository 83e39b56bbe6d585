"""A receipt for each entry of the ledger: what was decided, under which words, and how to take it back.

Pure: no Django, no clock. `docs/receipts.md` says what each part means and what the fingerprint proves.
"""

from .composing import compose
from .erasing import ERASURE_FORMAT, ShownErasure, compose_erasure, read_erasure
from .facts import Controller, Entry, Item, Links, Notice
from .fingerprint import canonical, fingerprint, seal, statement
from .shape import FORMAT, shape

__all__ = [
    "ERASURE_FORMAT",
    "FORMAT",
    "Controller",
    "Entry",
    "Item",
    "Links",
    "Notice",
    "ShownErasure",
    "canonical",
    "compose",
    "compose_erasure",
    "fingerprint",
    "read_erasure",
    "seal",
    "shape",
    "statement",
]
