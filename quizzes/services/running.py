"""Taking a quiz: start, answer, change. Every answer is committed with its request, before the next page shows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

from django.db import IntegrityError, connection
from psycopg.errors import ForeignKeyViolation, RestrictViolation

from preferences import selectors as preferences
from preferences import services as consent
from preferences.selectors import ProfileRef

from ..answering import ConsentNeededError
from ..answers import Answer
from ..errors import NotOnPathError, NotYourProfileError, QuizClosedError, RunGoneError
from ..outcome import decide
from ..parts import Definition
from ..selectors import RunState, compiled

SOURCE = "quiz"
REUSE_SECONDS = 60

_START = """
    INSERT INTO quizzes_run (id, customer_id, profile_id, version_id, status, language, outcome_key, started_at, hidden)
    VALUES (%s, %s, %s, %s, 'running', %s, '', now(), %s::jsonb)
"""
# Pressing Start twice leads to the same run.
_JUST_STARTED = """
    SELECT id FROM quizzes_run run
     WHERE customer_id = %s AND version_id = %s AND profile_id IS NOT DISTINCT FROM %s AND status = 'running'
       AND started_at > now() - make_interval(secs => %s)
       AND NOT EXISTS (SELECT 1 FROM quizzes_answer answer WHERE answer.run_id = run.id AND answer.question_key <> %s)
     ORDER BY started_at DESC LIMIT 1
"""
# A run counts once, when it first ends, also of two tabs that end it at once: the second waits for the first's lock and
# then sees it ended. The tally is locked last in the request's transaction and nothing is locked after it, so finishing
# can't deadlock. Whoever edits the quiz locks the quiz's own row, which this leaves alone where there is a tally
# already: publishing makes one.
_FINISH = """
    WITH before AS (
        SELECT id, version_id, completed_at IS NULL AS is_first FROM quizzes_run WHERE id = %s FOR UPDATE
    ), finished AS (
        UPDATE quizzes_run run SET status = 'completed', outcome_key = %s, profile_id = %s,
               completed_at = coalesce(completed_at, now())
          FROM before WHERE run.id = before.id
    )
    INSERT INTO quizzes_tally AS tally (quiz_id, completed_count)
    SELECT version.quiz_id, 1 FROM before JOIN quizzes_quizversion version ON version.id = before.version_id
     WHERE before.is_first
    ON CONFLICT (quiz_id) DO UPDATE SET completed_count = tally.completed_count + 1
"""
_ANSWER = "SELECT store_answer(%s, %s, %s, %s, %s::jsonb, %s, %s)"


def start_run(
    *,
    customer_id: int,
    version_id: int,
    language: str,
    profile_id: int | None = None,
    hidden: Mapping[str, str] | None = None,
) -> UUID:
    """Begins a run of a version. `profile_id` None is the customer, or a pet or child that isn't known yet.

    `hidden`: what the link brought along, as `brought_along` leaves it.

    Raises NotYourProfileError, and QuizClosedError, after which the transaction can't be used any more.
    """
    definition = compiled(version_id)
    profile = _profile_for(customer_id, definition, profile_id)
    known = profile.id if profile else None
    naming = definition.naming_question or ""
    with connection.cursor() as cursor:
        cursor.execute(_JUST_STARTED, [customer_id, version_id, known, REUSE_SECONDS, naming])
        if row := cursor.fetchone():
            return UUID(str(row[0]))
        run_id = uuid4()
        try:
            cursor.execute(_START, [run_id, customer_id, known, version_id, language, json.dumps(dict(hidden or {}))])
        except IntegrityError as error:
            if isinstance(error.__cause__, RestrictViolation):
                raise QuizClosedError from error
            raise
        if profile and profile.name and naming:  # a pet we know is not asked its name again
            value = json.dumps(profile.name[: definition.question(naming).max_length])
            cursor.execute(_ANSWER, [run_id, customer_id, naming, "", value, "given", None])
    return run_id


def record_answer(*, run: RunState, key: str, answer: Answer, language: str, has_consent: bool = False) -> RunState:
    """Stores the answer and returns the run as it stands then; answers it leads away from are kept and marked.

    `has_consent`: a sensitive question's own box was ticked. Raises NotOnPathError, ConsentNeededError, RunGoneError.
    Race: two tabs that answer different questions at once each mark what is abandoned as they see it. The marks only
    inform; what decides is walked anew from the answers every time, and the next answer puts them right.
    """
    if key not in run.path:
        raise NotOnPathError(key)
    question = run.definition.question(key)
    if question.sensitive and answer.state == "given":
        if not has_consent:
            raise ConsentNeededError
        if question.attribute and run.answers.get(key) != answer:
            consent.consent_to_sensitive(attribute_key=question.attribute, language=language, source=SOURCE)
    after = run.with_answer(key, answer)
    value = json.dumps(answer.value) if answer.state == "given" else None
    abandoned = list(after.marked) if after.marked != run.marked - {key} else None
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                _ANSWER, [run.id, run.customer_id, key, question.attribute or "", value, answer.state, abandoned]
            )
    except IntegrityError as error:
        if isinstance(error.__cause__, ForeignKeyViolation):
            raise RunGoneError from error
        raise
    return _keep_in_step(after, key) if run.is_completed else after


def hear_age(*, said: Mapping[str, int], today: date) -> None:
    """What somebody said at an age gate counts for every use that needs consent, by the brand's own age of consent."""
    if said:
        consent.note_age(today=today, source=SOURCE, **said)


def turn_away(*, run: RunState, key: str, language: str) -> None:
    """Somebody is below the age of the quiz's gate. No answer is stored, and no use that needs consent stays on.

    Had they said otherwise before, that is taken back, and with it what later answers told.
    """
    for use in preferences.purposes(run.customer_id, language):
        if use.basis == "consent" and use.is_granted:
            consent.withdraw(purpose_slug=use.slug, source=SOURCE)
    if key in run.answers:
        record_answer(run=run, key=key, answer=Answer("declined"), language=language)


def finish(*, run: RunState, profile_id: int | None) -> RunState:
    """Notes the outcome of a run whose path has come to its end."""
    outcome = decide(run.definition, run.path, run.answers).outcome.key
    with connection.cursor() as cursor:
        cursor.execute(_FINISH, [run.id, outcome, profile_id])
    return replace(run, is_completed=True, outcome_key=outcome, profile_id=profile_id)


def take_back_abandoned(*, run: RunState) -> RunState:
    """Forgets the preferences told by answers that no longer count: no stale answer decides anything, nor any offer.

    The answers are kept; they are marked first, since what is marked as remembered goes with its preference.
    """
    told_by_path = {
        run.definition.question(key).attribute for key in run.path.keys if run.answers[key].state == "given"
    }
    gone = frozenset(key for key in run.remembered if key in run.path.abandoned or run.answers[key].state != "given")
    mark_remembered(run=run, keys=run.remembered - gone)
    for attribute in sorted({run.definition.question(key).attribute or "" for key in gone} - told_by_path):
        if run.profile_id is not None:
            consent.forget(profile_id=run.profile_id, attribute_key=attribute, source=SOURCE)
    return replace(run, remembered=run.remembered - gone) if gone else run


def mark_remembered(*, run: RunState, keys: frozenset[str]) -> None:
    """Notes whose answers are preferences now; the others only serve the result and go after their time."""
    if keys != run.remembered:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE quizzes_answer SET is_remembered = (question_key = ANY(%s)) WHERE run_id = %s",
                [list(keys), run.id],
            )


def told_by(run: RunState, keys: frozenset[str]) -> list[consent.Told]:
    """What the given answers to these questions tell, one value an attribute: the later question's."""
    told = {}
    for key in run.path.keys:
        attribute = run.definition.question(key).attribute
        if key in keys and attribute and run.answers[key].state == "given":
            told[attribute] = consent.Told(attribute, run.answers[key].value, key)
    return list(told.values())


def _profile_for(customer_id: int, definition: Definition, profile_id: int | None) -> ProfileRef | None:
    if profile_id is None and definition.profile != "self":
        return None
    for profile in preferences.profiles(customer_id):
        if profile.kind == definition.profile and profile_id in (profile.id, None):
            return profile
    raise NotYourProfileError


def _keep_in_step(run: RunState, key: str) -> RunState:
    """After a change to a finished run: what was remembered follows, and the result is decided anew.

    When the change leads to questions not answered yet, the run is open again and ends as it did the first time.
    """
    if run.path.next_key is not None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE quizzes_run SET status = 'running' WHERE id = %s", [run.id])
        run = replace(run, is_completed=False)
    if run.profile_id is not None and run.remembered:
        if key in run.remembered and (told := told_by(run, frozenset({key}))):
            label = dict(run.definition.title)
            consent.remember(profile_id=run.profile_id, items=told, source=SOURCE, source_label=label)
        run = take_back_abandoned(run=run)
        name_profile(run=run, changed=key)
    return finish(run=run, profile_id=run.profile_id) if run.is_completed else run


def name_profile(*, run: RunState, changed: str) -> None:
    answer = run.answers.get(changed)
    if changed == run.definition.naming_question and answer and answer.state == "given" and run.profile_id:
        consent.rename_profile(profile_id=run.profile_id, name=str(answer.value)[:80])
