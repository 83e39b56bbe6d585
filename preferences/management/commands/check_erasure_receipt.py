"""`manage.py check_erasure_receipt FILE`: whether what a receipt names was its holder's. Exits with 1 if not."""

import json
import sys
from datetime import UTC
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from preferences import receipts, selectors

MOST_BYTES = 1_000_000


class Command(BaseCommand):
    help = "Check the receipt of somebody who deleted everything: were these entries of the ledger theirs?"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="everything-deleted.json, or - for standard input")

    def handle(self, *args: Any, file: str, **options: Any) -> None:
        shown = _read(file)
        erased_at = selectors.erased_at(shown.subject, shown.key) if shown.fits else None
        if erased_at is None:
            self.stdout.write("No: we know of no erasure that this name and key open. Nothing was proven.")
            raise SystemExit(1)
        self.stdout.write(
            f"Yes: whoever holds this receipt is the person who was {shown.subject} in the ledger.\n"
            f"They deleted everything at {erased_at.isoformat(timespec='seconds')}."
        )
        if shown.said_at != erased_at.astimezone(UTC).isoformat():
            self.stdout.write("The time written on the receipt is another one: it was changed since.")


def _read(file: str) -> receipts.ShownErasure:
    try:
        text = sys.stdin.read(MOST_BYTES) if file == "-" else Path(file).read_text(encoding="utf-8")[:MOST_BYTES]
        return receipts.read_erasure(json.loads(text))
    except (OSError, ValueError) as error:
        raise CommandError(f"This is no receipt of an erasure: {error}", returncode=2) from error
