"""What is open, what a run says so far. Row security shows only the customer's own; frozen dataclasses come back.

A version never changes, so its compiled definition is kept per process: a step asks one query, for run and answers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property, lru_cache
from uuid import UUID

from django.db import connection

from .answers import Answer
from .definition import compile_definition
from .flow import Path, walk, walk_on
from .models import Quiz, QuizVersion, Run
from .opening import SCHEDULED
from .parts import Definition

KEPT_VERSIONS = 200


@dataclass(frozen=True)
class RunState:
    """A run as it stands. `was_completed`: finished once, though a change may have opened it again.

    `marked` are the questions whose answers are stored as abandoned, `remembered` those whose became preferences.
    `may_reuse`: whether the customer has a use switched on that fills in answers told before.
    """

    id: UUID
    customer_id: int
    profile_id: int | None
    version_id: int
    is_completed: bool
    was_completed: bool
    language: str
    outcome_key: str
    definition: Definition
    answers: Mapping[str, Answer]
    marked: frozenset[str] = frozenset()
    remembered: frozenset[str] = frozenset()
    hidden: Mapping[str, str] = field(default_factory=dict)
    may_reuse: bool = False

    @property
    def seed(self) -> str:
        """What everything random about the run is drawn from."""
        return str(self.id)

    @cached_property
    def path(self) -> Path:
        return walk(self.definition, self.answers, self.hidden, self.seed)

    def with_answer(self, key: str, answer: Answer) -> RunState:
        """The run as it is once this is answered, the answers that are then off its path marked."""
        answers = {**self.answers, key: answer}
        if key == self.path.next_key:
            path = walk_on(self.definition, answers, self.seed, self.path)
        else:
            path = walk(self.definition, answers, self.hidden, self.seed)
        after = replace(self, answers=answers, marked=path.abandoned)
        after.__dict__["path"] = path  # walked already
        return after


@dataclass(frozen=True, slots=True)
class OpenQuiz:
    slug: str
    version_id: int
    definition: Definition


@dataclass(frozen=True, slots=True)
class ClosedQuiz:
    """`opens_at`: from when it can be started, where that is known."""

    definition: Definition
    opens_at: datetime | None


@lru_cache(maxsize=KEPT_VERSIONS)
def compiled(version_id: int) -> Definition:
    """The definition of a published version. Raises QuizVersion.DoesNotExist."""
    return compile_definition(QuizVersion.objects.values_list("definition", flat=True).get(pk=version_id))


def open_quizzes() -> list[OpenQuiz]:
    """The quizzes that customers can start now, in the brand's order."""
    rows = Quiz.objects.open().values_list("slug", "live_version_id")
    return [OpenQuiz(slug, version_id, compiled(version_id)) for slug, version_id in rows]


def open_quiz(slug: str) -> OpenQuiz | None:
    """The quiz as it can be started now; None when it is closed or there is none."""
    version_id = Quiz.objects.open().filter(slug=slug).values_list("live_version_id", flat=True).first()
    return OpenQuiz(slug, version_id, compiled(version_id)) if version_id else None


def closed_quiz(slug: str, now: datetime) -> ClosedQuiz | None:
    """A quiz that was published but can't be started now; None when there is none."""
    version = QuizVersion.objects.filter(quiz__slug=slug).select_related("quiz__tally").order_by("-number").first()
    if version is None:
        return None
    opening = version.quiz.opening
    opens_at = opening.opens_at if opening.stage(now) == SCHEDULED else None
    return ClosedQuiz(compiled(version.quiz.live_version_id or version.pk), opens_at)


def run_state(run_id: UUID) -> RunState | None:
    """The current customer's run with its answers, in one query; None when it isn't theirs or there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM run_with_answers(%s)", [run_id])
        row = cursor.fetchone()
    customer_id, profile_id, version_id, is_completed, was_completed, language, outcome_key, hidden, *rest = row
    may_reuse, values, exceptions = rest
    if customer_id is None:
        return None
    answers = {key: Answer("given", value) for key, value in json.loads(values or "{}").items()}
    marked, remembered = [], []
    for key, state, is_abandoned, is_remembered in json.loads(exceptions or "[]"):
        answers[key] = Answer(state, answers[key].value)
        if is_abandoned:
            marked.append(key)
        if is_remembered:
            remembered.append(key)
    return RunState(
        id=run_id,
        customer_id=customer_id,
        profile_id=profile_id,
        version_id=version_id,
        is_completed=is_completed,
        was_completed=was_completed,
        language=language,
        outcome_key=outcome_key,
        definition=compiled(version_id),
        answers=answers,
        marked=frozenset(marked),
        remembered=frozenset(remembered),
        hidden=json.loads(hidden) if hidden else {},
        may_reuse=may_reuse,
    )


def unfinished_runs(customer_id: int) -> dict[str, UUID]:
    """Quiz slug → the customer's latest run that isn't finished."""
    rows = (
        Run.objects.filter(customer_id=customer_id, status=Run.Status.RUNNING)
        .order_by("started_at")
        .values_list("version_id", "id")
    )
    return {compiled(version_id).slug: run_id for version_id, run_id in rows}
