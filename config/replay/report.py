"""What the replay says while it runs and when it is done."""

import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TextIO

from config.replay.walking import Walked

WIDTH = 40


class ProgressBar:
    """One line that fills up; where the output is no terminal, a line for each tenth."""

    def __init__(self, label: str, total: int, out: TextIO = sys.stdout) -> None:
        self.label, self.total, self.out = label, max(total, 1), out
        self.done = 0
        self.started_at = time.monotonic()
        self._tenth = 0

    def add(self, count: int) -> None:
        self.done += count
        seconds = time.monotonic() - self.started_at
        words = f"{self.label} {self.done:,} of {self.total:,}, {seconds:.0f} s"
        if self.out.isatty():
            filled = WIDTH * self.done // self.total
            end = "\n" if self.done >= self.total else ""
            self.out.write(f"\r[{'█' * filled}{'·' * (WIDTH - filled)}] {words} {end}")
        elif self.done * 10 // self.total > self._tenth:
            self._tenth = self.done * 10 // self.total
            self.out.write(f"{words}\n")
        self.out.flush()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it. `problems` are in words; none means that it is as it must be."""

    people_count: int
    answer_count: int
    left_out_count: int
    grant_count: int
    offer_count: int
    problems: tuple[str, ...]


def judge(walked: Sequence[Walked], offers: Mapping[str, int]) -> Outcome:
    """Everyone who granted and told anything has offers, everyone else has none."""
    missing = [
        each.person_id for each in walked if each.has_granted and each.answer_count and not offers[each.person_id]
    ]
    wrongly = [
        each.person_id for each in walked if offers[each.person_id] and not (each.has_granted and each.answer_count)
    ]
    problems = []
    if missing:
        problems.append(f"{len(missing):,} who granted have no offers, such as respondent {missing[0]}.")
    if wrongly:
        problems.append(f"{len(wrongly):,} who granted nothing have offers, such as respondent {wrongly[0]}.")
    return Outcome(
        people_count=len(walked),
        answer_count=sum(each.answer_count for each in walked),
        left_out_count=sum(each.left_out_count for each in walked),
        grant_count=sum(each.has_granted for each in walked),
        offer_count=sum(offers.values()),
        problems=tuple(problems),
    )
