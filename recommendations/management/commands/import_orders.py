"""`manage.py import_orders orders.csv`: what was bought becomes known, as the worker, and off until switched on."""

import json
import sys
from argparse import RawDescriptionHelpFormatter
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from preferences.services.orders import NoUseForPurchases
from recommendations.orders.importing import Reported, import_lines
from recommendations.orders.lines import UnreadableFile, read_orders

DESCRIPTION = """\
Import orders, so that offers may follow from purchases as far as each customer lets them.

The file is a table (comma, semicolon or tab; UTF-8) whose first line names its columns:
  order id       the shop's own; kept as a salted hash only
  customer       the e-mail address that an account has confirmed; not kept
  product slug   as in the admin
  bought_at      2026-11-03 or 2026-11-03T14:30+07:00
  quantity       if there is one: a whole number of at least 1

What is imported is left out of every use until its customer switches it on. Importing a file again changes nothing."""


class Command(BaseCommand):
    help = DESCRIPTION
    requires_system_checks = []

    def create_parser(self, *arguments: Any, **options: Any) -> CommandParser:
        return super().create_parser(*arguments, formatter_class=RawDescriptionHelpFormatter, **options)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="the table; - for standard input")
        parser.add_argument("--dry-run", action="store_true", help="say what would become of each line; keep nothing")
        parser.add_argument("--json", action="store_true", help="a JSON object a line, the last one with the counts")

    def handle(self, *args: Any, file: str, dry_run: bool, **options: Any) -> None:
        tell = self._as_json if options["json"] else self._as_text
        counts: Counter[str] = Counter()
        with _opened(file) as opened:
            try:
                lines = read_orders(opened, now=timezone.now(), zone=timezone.get_default_timezone())
                for reported in _counted(import_lines(lines, keep=not dry_run), counts):
                    tell(reported)
            except (UnreadableFile, NoUseForPurchases) as error:
                raise CommandError(_said(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps({"lines": counts.total(), "counts": dict(counts), "dry_run": dry_run}))
        else:
            listed = ", ".join(f"{count} {status}" for status, count in counts.most_common()) or "nothing in it"
            self.stdout.write(f"{counts.total()} lines: {listed}.{' Nothing was kept: a dry run.' if dry_run else ''}")

    def _as_text(self, reported: Reported) -> None:
        self.stdout.write(f"line {reported.line}: {reported.words}")

    def _as_json(self, reported: Reported) -> None:
        told = {"line": reported.line, "status": reported.status, "outcome": reported.outcome}
        self.stdout.write(json.dumps(told | ({"column": reported.column} if reported.column else {})))


def _counted(reports: Iterable[Reported], counts: Counter[str]) -> Iterator[Reported]:
    for reported in reports:
        counts[reported.status] += 1
        yield reported


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        with Path(name).open("rb") as opened:
            yield opened
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror}.") from error


def _said(error: Exception) -> str:
    if isinstance(error, NoUseForPurchases):
        return (
            "No use wants to know what was bought, so nothing may be kept. In the admin, add an attribute with the key "
            "“purchases” (any of several values) and cover it by a use that customers switch on, with a notice that "
            "says so."
        )
    return str(error)
