"""Takes one person through the quiz as a browser would: every step a transaction of its own, knowing only a cookie."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from config.replay import cuisines
from config.replay.people import Person
from preferences import access
from quizzes import selectors
from quizzes.answering import read_answer
from quizzes.selectors import OpenQuiz, RunState
from quizzes.services.consenting import settle_uses, uses_asked
from quizzes.services.running import record_answer, start_run

LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class Walked:
    """How a person came through. `token` is their cookie: the only key to what is theirs."""

    person_id: str
    token: str
    answer_count: int
    left_out_count: int
    has_granted: bool


class WalkError(Exception):
    """A person could not be taken to the end; the message says who and where."""


def walk(people: Sequence[Person]) -> list[Walked]:
    """Takes these people through, one after the other."""
    with translation.override(LANGUAGE):
        quiz = selectors.open_quiz(cuisines.SLUG)
        if quiz is None:
            raise WalkError(f"The quiz “{cuisines.SLUG}” is not open.")
        return [_walk(person, quiz) for person in people]


def _walk(person: Person, quiz: OpenQuiz) -> Walked:
    token, run_id = _start(quiz)
    key = quiz.definition.questions[0].key
    following: str | None = key
    while following is not None:
        with acting(token):
            following = _answer(person, _run(run_id), following)
    wanted = frozenset({cuisines.OFFERS} if person.grants else ())
    with acting(token):
        run = _run(run_id)
        run = settle_uses(run=run, wanted=wanted, language=LANGUAGE, uses=uses_asked(run, LANGUAGE, objects=False))
    if not run.is_completed or set(run.path.keys) != {question.key for question in quiz.definition.questions}:
        raise WalkError(f"Respondent {person.id} did not come to the end of the quiz.")
    given = sum(answer.state == "given" for answer in run.answers.values())
    return Walked(person.id, token, given, len(run.answers) - given, has_granted=bool(wanted))


def _start(quiz: OpenQuiz) -> tuple[str, UUID]:
    """A customer's first request: they get a cookie, and a run."""
    request, response = HttpRequest(), HttpResponse()
    with transaction.atomic():
        customer = access.begin_customer(request)
        run_id = start_run(customer_id=customer.id, version_id=quiz.version_id, language=LANGUAGE)
    access.set_cookie(request, response)
    return response.cookies[access.COOKIE].value, run_id


@contextmanager
def acting(token: str) -> Iterator[int]:
    """A request's transaction: the database knows whose cookie it is, until the commit. Gives the customer's id."""
    with transaction.atomic():
        customer = access.identify(token)
        if customer is None:
            raise WalkError("A customer's cookie is not known any more.")
        yield customer.id


def _run(run_id: UUID) -> RunState:
    run = selectors.run_state(run_id)
    if run is None:
        raise WalkError(f"The run {run_id} is gone.")
    return run


def _answer(person: Person, run: RunState, key: str) -> str | None:
    """Answers one question the way its form would, and returns the next one's key."""
    told = person.told.get(key)
    form = {"answer": [told]} if told is not None else {"skip": ["1"]}
    answer = read_answer(run.definition.question(key), form, language=LANGUAGE, today=datetime.now(tz=UTC).date())
    return record_answer(run=run, key=key, answer=answer, language=LANGUAGE).path.next_key


def offer_counts(walked: Sequence[Walked]) -> dict[str, int]:
    """By person: how many tailored offers they find. Asked as each of them, so that it is what they would see."""
    counts = {}
    for each in walked:
        with acting(each.token), connection.cursor() as cursor:
            cursor.execute("SELECT coalesce(sum(cardinality(offers)), 0) FROM recommendations_tailoredoffers")
            (counts[each.person_id],) = cursor.fetchone()
    return counts
