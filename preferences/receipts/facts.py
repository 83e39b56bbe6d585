"""What a receipt is composed of."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Item:
    """Something that can be told; never what was told."""

    key: str
    label: str
    is_sensitive: bool


@dataclass(frozen=True, slots=True)
class Notice:
    """The words as they were shown: in this version, in this language. `is_shown` is false for an entry that came
    without words of its own (a correction, an exclusion): then they are those in force at that time."""

    version: int
    language: str
    title: str
    sentence: str
    benefit: str
    details: str
    published_at: datetime
    is_shown: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the ledger, with what its ids stand for. `covers`: what the use reached at that time."""

    id: int
    subject: str
    kind: str
    at: datetime
    source: str
    purpose: str
    basis: str
    is_shared: bool
    item: Item | None
    notice: Notice | None
    covers: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Controller:
    name: str
    email: str
    url: str


@dataclass(frozen=True, slots=True)
class Links:
    """Absolute addresses: of the receipt itself, of its schema, and of where everything can be taken back."""

    receipt: str
    shape: str
    withdraw: str
