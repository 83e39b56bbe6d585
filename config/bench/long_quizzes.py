"""A step of a quiz with 300 questions and 1,000 rules beside a step of one with 10, measured in turn."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from config.bench.figures import Figure
from config.bench.made_quizzes import quiz, rule_count, slug
from config.bench.stand import BenchError, Stand
from config.bench.steps import Cost
from config.bench.taker import Taker, is_question
from config.data_folder import PROJECT
from config.launcher.children import Child

SHORT, LONG = 10, 300
ROUNDS = 3
TAKERS = 1  # in each round through the long quiz; as many steps through the short one
RATIO_GOAL = 1.3


def long_quizzes(stand: Stand) -> Iterator[Figure]:
    for count in (SHORT, LONG):
        _publish(stand, quiz(count))
    with stand.process("web") as web:
        yield _compared(stand, web)


def _compared(stand: Stand, web: Child) -> Figure:
    found = {count: Cost() for count in (SHORT, LONG)}
    for number in range(ROUNDS + 1):
        for count, total in found.items():
            cost = _measure(stand, web, count)
            if number:  # the first round only warms everything up
                total.application += cost.application
                total.database += cost.database
                total.steps += cost.steps
    ratio = found[LONG].total_ms / found[SHORT].total_ms
    return Figure(
        f"CPU: htmx step of {LONG} questions, {rule_count(LONG):,} rules",
        f"{found[LONG]} = {ratio:.2f}×",
        f"{found[SHORT]}, {SHORT} questions",
        f"≤ {RATIO_GOAL}×",
        ratio <= RATIO_GOAL,
    )


def _measure(stand: Stand, web: Child, count: int) -> Cost:
    """Processor time of the steps alone, from the first question to the last."""
    cost = Cost()
    for _ in range(TAKERS * LONG // count):
        taker = Taker(stand.url)
        page = taker.start(slug(count))
        before = stand.cpu(web)
        for _ in range(count - 1):
            page = taker.step(page, htmx=True)
            assert is_question(page)
        after = stand.cpu(web)
        taker.close()
        cost.application += after[0] - before[0]
        cost.database += after[1] - before[1]
        cost.steps += count - 1
    return cost


def _publish(stand: Stand, raw: dict[str, Any]) -> None:
    environment = os.environ | stand.settings | {"PROFFER_PROCESS": "owner", "OWNER_DATABASE_URL": stand.urls["owner"]}
    done = subprocess.run(
        [sys.executable, "-m", "config.bench.publish_quiz"],
        cwd=PROJECT,
        env=environment,
        input=json.dumps(raw),
        text=True,
        capture_output=True,
    )
    if done.returncode:
        raise BenchError(f"The quiz could not be published:\n{done.stderr[-2000:]}")
