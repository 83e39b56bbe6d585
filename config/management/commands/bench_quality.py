"""`manage.py bench_quality FILE` (`make bench-quality SURVEY=…`): do fitted offers beat popular ones, and by how much?

It needs no database: the survey's people are predicted by the offer engine itself, in memory.
"""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.bench.figures import Figure, table
from config.bench.quality.report import quality
from config.replay.people import SurveyError, read_survey

WHERE_TO_GET_IT = (
    "It takes FiveThirtyEight's food survey as CSV (CC BY 4.0, not part of this project):\n"
    "  https://github.com/fivethirtyeight/data/tree/master/food-world-cup\n"
    "Then: make bench-quality SURVEY=path/to/food-world-cup.csv"
)


class Command(BaseCommand):
    help = "Predict what unseen people like from eight answers, with the offer engine, beside what everybody likes."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", help="The survey, as replay_people reads it.")

    def handle(self, *args: Any, file: Path | None, **options: Any) -> None:
        started_at = time.monotonic()
        if file is None or not file.is_file():
            raise CommandError(f"{f'There is no file {file}. ' if file else ''}{WHERE_TO_GET_IT}")
        figures: list[Figure] = []
        try:
            figures += quality(read_survey(file), say=self._say)
        except SurveyError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"\n{table(figures)}\n")
        self.stdout.write(f"Measured in {time.monotonic() - started_at:.0f} s. The protocol: config/bench/quality.")

    def _say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()
