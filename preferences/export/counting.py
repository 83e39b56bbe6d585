"""How much is held of a customer, table by table, for the receipt of its erasure."""

from __future__ import annotations

from .own import sections

KEPT = "consent_history"


def counts(customer_id: int, language: str) -> tuple[list[tuple[str, int]], int]:
    """(title, rows) of each table of the export that is not empty and goes, and how many entries of the ledger stay."""
    found = [(each.name, each.title, sum(1 for _row in each.rows())) for each in sections(customer_id, language)]
    gone = [(title, count) for name, title, count in found if count and name != KEPT]
    return gone, sum(count for name, _title, count in found if name == KEPT)
