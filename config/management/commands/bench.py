"""`manage.py bench` (`make bench`): every figure that the documentation claims, beside its baseline of the same run."""

import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.bench import computation, long_quizzes, page_weight, steps, withdrawal
from config.bench.figures import Figure, table
from config.bench.machine import machine
from config.bench.stand import BenchError, Stand, stand
from config.bench.taker import UnexpectedPageError
from config.embedded.binaries import EmbeddedError
from config.launcher.installation import LaunchError

PARTS: Mapping[str, Callable[[Stand], Iterable[Figure]]] = {
    "steps": steps.costs,
    "latencies": steps.latencies,
    "queries": steps.queries,
    "long": long_quizzes.long_quizzes,
    "withdrawals": withdrawal.withdrawals,
    "computations": computation.computations,
    "page": page_weight.page_weight,
}


class Command(BaseCommand):
    help = "Measure steps, withdrawals, computations and the page's weight, on a database and a site made for it."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("parts", nargs="*", help=f"Only some of: {', '.join(PARTS)}.")

    def handle(self, *args: Any, parts: list[str], **options: Any) -> None:
        started_at = time.monotonic()
        if unknown := set(parts) - set(PARTS):
            raise CommandError(f"There is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}.")
        figures: list[Figure] = []
        try:
            with stand() as built:
                self.stdout.write(machine(built))
                for name in parts or PARTS:
                    self.stdout.write(f"Measuring {name} …")
                    self.stdout.flush()
                    figures += PARTS[name](built)
        except (BenchError, UnexpectedPageError, LaunchError, EmbeddedError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"\n{table(figures)}\n")
        self.stdout.write("CPU: all processor time of the server a step, as total (application + PostgreSQL).")
        self.stdout.write(f"Measured in {time.monotonic() - started_at:.0f} s.")
