"""`manage.py compute_offers --all`: everybody's offers anew, by all the workers there are, with a progress bar.

What is still to do is a fact in the database, so it may be stopped and started again, and goes on without this command.
"""

import time
from argparse import ArgumentParser
from typing import Any

import click
from django.core.management.base import BaseCommand, CommandError

from recommendations import computing, passes, tasks

LOOKS_EVERY_SECONDS = 0.25
ASKS_AGAIN_SECONDS = 10.0
PATIENCE_SECONDS = 90.0


class Command(BaseCommand):
    help = "Compute the offers of everybody for whom they may have changed; with --all, of everybody."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="As if nothing were known of what has changed.")
        parser.add_argument("--here", action="store_true", help="In this process, without the queue and its workers.")

    def handle(self, *args: Any, all: bool, here: bool, **options: Any) -> None:
        began_at = time.monotonic()
        if all:
            passes.reopen()
        due = passes.due_ranges()
        label = f"Computing offers in {len(due)} ranges" if due else "All offers are up to date"
        with click.progressbar(length=len(due), label=label, file=self.stderr) as bar:
            if here:
                for each in due:
                    passes.compute_range(each.purpose_id, each.first_id)
                    bar.update(1)
            else:
                self._wait(due, bar)
        computing.compute_due()
        self.stdout.write(f"Done in {time.monotonic() - began_at:.1f} s.")

    def _wait(self, due: list[passes.Due], bar: Any) -> None:
        """Asks the workers, and asks again for what was lost on the way."""
        asked_at = moved_at = time.monotonic()
        self._ask(due)
        left = len(due)
        while left:
            time.sleep(LOOKS_EVERY_SECONDS)
            due, now = passes.due_ranges(), time.monotonic()
            if len(due) < left:
                bar.update(left - len(due))
                left, moved_at = len(due), now
            if now - moved_at > PATIENCE_SECONDS:
                raise CommandError(
                    "No worker computes them. Start one (celery … worker --queues ranges), or add --here. What is done "
                    "is done; the next time goes on from there."
                )
            if due and now - asked_at > ASKS_AGAIN_SECONDS:
                self._ask(due)
                asked_at = now

    def _ask(self, due: list[passes.Due]) -> None:
        for each in due:
            tasks.compute_range.apply_async((each.purpose_id, each.first_id), expires=tasks.RANGE_EXPIRES_SECONDS)
