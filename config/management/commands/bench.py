"""`manage.py bench` (`make bench`): every figure that the documentation claims, beside its baseline of the same run."""

import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.bench import computation, everybody, large, long_quizzes, page_weight, steps, withdrawal
from config.bench.figures import Figure, table
from config.bench.machine import machine
from config.bench.stand import BenchError, Stand, stand
from config.bench.taker import UnexpectedPageError
from config.embedded.binaries import EmbeddedError
from config.launcher.installation import LaunchError
from config.simulation.people import SimulationError

PARTS: Mapping[str, Callable[[Stand], Iterable[Figure]]] = {
    "steps": steps.costs,
    "latencies": steps.latencies,
    "queries": steps.queries,
    "long": long_quizzes.long_quizzes,
    "withdrawals": withdrawal.withdrawals,
    "computations": computation.computations,
    "page": page_weight.page_weight,
}
# Only where they are asked for: they take many minutes, and disk.
LARGE, EVERYBODY = "large", "offers"


class Command(BaseCommand):
    help = "Measure steps, withdrawals, computations and the page's weight, on a database and a site made for it."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("parts", nargs="*", help=f"Only some of: {', '.join([*PARTS, LARGE, EVERYBODY])}.")
        parser.add_argument("--customers", type=int, default=large.MANY, help="How many customers these two have.")

    def handle(self, *args: Any, parts: list[str], customers: int, **options: Any) -> None:
        started_at = time.monotonic()
        known = {
            **PARTS,
            LARGE: partial(large.large, say=self._say, customers=customers),
            EVERYBODY: partial(everybody.everybody, say=self._say, customers=customers),
        }
        if unknown := set(parts) - set(known):
            raise CommandError(f"There is no part {', '.join(sorted(unknown))}; there are {', '.join(known)}.")
        figures: list[Figure] = []
        try:
            with stand() as built:
                self.stdout.write(machine(built))
                for name in parts or PARTS:
                    self._say(f"Measuring {name} …")
                    figures += known[name](built)
        except (BenchError, SimulationError, UnexpectedPageError, LaunchError, EmbeddedError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"\n{table(figures)}\n")
        self.stdout.write("CPU: all processor time of the server a step, as total (application + PostgreSQL).")
        self.stdout.write(f"Measured in {time.monotonic() - started_at:.0f} s.")

    def _say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()
