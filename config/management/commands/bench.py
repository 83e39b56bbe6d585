"""`manage.py bench` (`make bench`): every figure that the documentation claims, beside its baseline of the same run."""

import time
from collections.abc import Callable, Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.bench import computation, page_weight, steps, withdrawal
from config.bench.figures import Figure, table
from config.bench.machine import machine
from config.bench.stand import BenchError, Stand, stand
from config.bench.taker import UnexpectedPageError
from config.embedded.binaries import EmbeddedError
from config.launcher.installation import LaunchError


class Command(BaseCommand):
    help = "Measure steps, withdrawals, computations and the page's weight, on a database and a site made for it."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        started_at = time.monotonic()
        try:
            with stand() as built:
                self.stdout.write(machine(built))
                figures = list(self._measure(built))
        except (BenchError, UnexpectedPageError, LaunchError, EmbeddedError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"\n{table(figures)}\n")
        self.stdout.write("CPU: all processor time of the server a step, as total (application + PostgreSQL).")
        self.stdout.write(f"Measured in {time.monotonic() - started_at:.0f} s.")

    def _measure(self, built: Stand) -> Iterator[Figure]:
        with built.process("web") as web:
            for what, measure in self._on_the_site(built, web):
                self._say(what)
                yield from measure()
        self._say("queries")
        yield from steps.queries(built)
        self._say("computations")
        yield from computation.computations(built)

    def _on_the_site(self, built: Stand, web: Any) -> Iterator[tuple[str, Callable[[], Iterator[Figure]]]]:
        yield "processor time of the steps", lambda: steps.costs(built, web)
        yield "latencies", lambda: steps.latencies(built)
        yield "withdrawals", lambda: withdrawal.withdrawals(built)
        yield "the page's weight", lambda: page_weight.page_weight(built)

    def _say(self, what: str) -> None:
        self.stdout.write(f"Measuring {what} …")
        self.stdout.flush()
