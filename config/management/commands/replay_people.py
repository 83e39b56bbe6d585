"""`manage.py replay_people FILE`: real people's answers through the whole app, and whether all got theirs."""

import multiprocessing
import time
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any

import django
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection, transaction

from config.replay import cuisines
from config.replay.people import Person, Survey, SurveyError, read_survey
from config.replay.report import Outcome, ProgressBar, judge
from config.replay.stock import stock
from config.replay.walking import Walked, WalkError, offer_counts, walk
from quizzes.services.drafting import import_definition
from quizzes.services.publishing import publish

BATCH = 10
PATIENCE_SECONDS = 20  # without a single computation in this time, there is no worker
START_A_WORKER = (
    "No worker computes offers. Start everything with `make run`, or one worker with:\n"
    "  PROFFER_PROCESS=offers .venv/bin/celery --app config.celery:app worker --queues offers,ranges --pool solo\n"
    "What is due stays due: the offers come as soon as one runs and beat wakes it."
)


class Command(BaseCommand):
    help = (
        "Publish a quiz about cuisines and take the people of food-world-cup.csv through it, as the web would. "
        "Every run brings new customers: nothing is kept that would tell who they were before."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--limit", type=int, default=0, help="Only the first so many people.")
        parser.add_argument("--processes", type=int, default=2, help="How many take people through at the same time.")

    def handle(self, *args: Any, file: Path, limit: int, processes: int, **options: Any) -> None:
        if limit < 0 or processes < 1:
            raise CommandError("--limit must not be negative, and --processes at least 1.")
        started_at = time.monotonic()
        try:
            survey = read_survey(file)
            self._open_quiz(survey)
            people = survey.people[:limit] if limit else survey.people
            walked = self._walk(people, processes)
            walked_seconds = time.monotonic() - started_at
            self._wait_for_offers(walked)
            outcome = judge(walked, offer_counts(walked))
        except (SurveyError, WalkError) as error:
            raise CommandError(str(error)) from error
        except OperationalError as error:
            raise CommandError(f"The database does not answer: {error}") from error
        self._say(outcome, walked_seconds, time.monotonic() - started_at)

    @transaction.atomic
    def _open_quiz(self, survey: Survey) -> None:
        """As a marketer would: attributes, purpose, offers, a draft, publishing it. Doing it again changes nothing."""
        stock(survey)
        version = publish(quiz=import_definition(cuisines.definition(survey)), by="replay_people")
        self.stdout.write(f"The quiz is open at /q/{cuisines.SLUG}/ (version {version.number}).")

    def _walk(self, people: Sequence[Person], processes: int) -> list[Walked]:
        progress = ProgressBar("People:", len(people), self.stdout._out)
        walked: list[Walked] = []
        for batch in _walk_batches(people, processes):
            walked += batch
            progress.add(len(batch))
        return walked

    def _wait_for_offers(self, walked: Sequence[Walked]) -> None:
        """Until everyone who granted has offers, for as long as the worker makes headway."""
        waiting = [each for each in walked if each.has_granted and each.answer_count]
        progress = ProgressBar("Offers for:", len(waiting), self.stdout._out)
        moved_at = time.monotonic()
        while waiting:
            counts = offer_counts(waiting[:200])
            served = {person_id for person_id, count in counts.items() if count}
            if served:
                waiting = [each for each in waiting if each.person_id not in served]
                progress.add(len(served))
                moved_at = time.monotonic()
            elif time.monotonic() - moved_at > PATIENCE_SECONDS:
                raise CommandError(f"{len(waiting):,} people wait for their offers.\n{START_A_WORKER}")
            else:
                time.sleep(0.2)

    def _say(self, outcome: Outcome, walked_seconds: float, seconds: float) -> None:
        lines = {
            "people": f"{outcome.people_count:,}",
            "answers": f"{outcome.answer_count:,} given, {outcome.left_out_count:,} left out",
            "grants": f"{outcome.grant_count:,}",
            "offers": f"{outcome.offer_count:,}",
            "seconds": f"{seconds:.1f}, of which {walked_seconds:.1f} to take the people through",
        }
        for name, value in lines.items():
            self.stdout.write(f"{name:>8}  {value}")
        if outcome.problems:
            raise CommandError("\n".join(outcome.problems))
        self.stdout.write(
            self.style.SUCCESS("Everyone who granted has offers computed by the worker; nobody else has any.")
        )


def _walk_batches(people: Sequence[Person], processes: int) -> Iterator[list[Walked]]:
    batches = [people[first : first + BATCH] for first in range(0, len(people), BATCH)]
    if processes == 1:
        yield from map(walk, batches)
        return
    connection.close()
    fresh = multiprocessing.get_context("spawn")  # no connection, lock or pool is shared with us
    with ProcessPoolExecutor(processes, mp_context=fresh, initializer=django.setup) as pool:
        done = [pool.submit(walk, batch) for batch in batches]
        try:
            for each in as_completed(done):
                yield each.result()
        finally:
            pool.shutdown(cancel_futures=True)
