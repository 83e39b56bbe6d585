"""How much a step asks of the database, whatever the length of the quiz and the answers so far."""

import re
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from preferences.access import COOKIE, identify
from quizzes.selectors import RunState, compiled, run_state

from .builders import question, quiz
from .taking import Taker

FRAME = re.compile(r"^(BEGIN|COMMIT|SET|ROLLBACK|SAVEPOINT|RELEASE)")
HTMX = {"HX-Request": "true"}


def queries(call: Any) -> list[str]:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        call()
    return [each["sql"] for each in captured if not FRAME.match(each["sql"])]


def run_of(taker: Taker) -> RunState:
    """The run as a step reads it."""
    with transaction.atomic():
        identify(taker.client.cookies[COOKIE].value)
        run = run_state(UUID(taker.run.split("/")[3]))
    assert run
    return run


@pytest.fixture
def long_quiz(ada: Taker, published: Any) -> Taker:
    published(quiz(*[question(f"q{n}") for n in range(30)], slug="long"))
    ada.start("long")
    ada.answer(answer="a")  # the frame and the version are known to the process from here on
    return ada


def test_a_step_asks_three_queries(long_quiz: Taker) -> None:
    asked = queries(lambda: long_quiz.client.post(long_quiz.url, {"answer": "b"}, headers=HTMX))
    assert len(asked) <= 3, asked


def test_without_javascript_a_step_asks_five_in_two_requests(long_quiz: Taker) -> None:
    asked = queries(lambda: long_quiz.answer(answer="b"))
    assert len(asked) <= 5, asked


def test_more_answers_do_not_mean_more_queries(long_quiz: Taker) -> None:
    early = len(queries(lambda: long_quiz.answer(answer="b")))
    for _ in range(20):
        long_quiz.answer(answer="a")
    assert len(queries(lambda: long_quiz.answer(answer="c"))) == early


def test_what_a_step_reads_is_what_was_answered_changed_and_left_out(ada: Taker, published: Any) -> None:
    asked = [
        question("q0"),
        question("q1", required=False),
        question("q2", may_decline=True),
        question("q3", "boolean"),
    ]
    asked[3]["jumps"] = [{"if": {"question": "q0", "op": "is", "value": "b"}, "to": "q5"}]
    published(quiz(*asked, question("q4"), question("q5"), slug="mixed"))
    ada.start("mixed")
    first = ada.url
    for fields in ({"answer": "a"}, {"skip": "1"}, {"decline": "1"}, {"answer": "no"}, {"answer": "c"}):
        ada.answer(**fields)
    ada.post(first, answer="b")
    run = run_of(ada)
    assert run.answers == {
        "q0": ("given", "b"), "q1": ("skipped", None), "q2": ("declined", None), "q3": ("given", False),
        "q4": ("given", "c"),
    }  # fmt: skip
    assert (run.marked, run.remembered, run.path.next_key) == ({"q4"}, frozenset(), "q5")


def test_a_refused_answer_writes_nothing(long_quiz: Taker) -> None:
    asked = queries(lambda: long_quiz.client.post(long_quiz.url, {"answer": "zzz"}, headers=HTMX))
    assert not [each for each in asked if "INSERT" in each]


def test_a_new_process_reads_the_version_once(long_quiz: Taker) -> None:
    compiled.cache_clear()
    asked = queries(lambda: long_quiz.client.post(long_quiz.url, {"answer": "b"}, headers=HTMX))
    assert len(asked) == 4


def test_more_quizzes_cost_the_home_page_no_more_queries(ada: Taker, published: Any) -> None:
    published(quiz(slug="one"))
    ada.get("/")
    few = len(queries(lambda: Client().get("/")))
    for n in range(5):
        published(quiz(slug=f"quiz-{n}"))
    Client().get("/")
    assert len(queries(lambda: Client().get("/"))) == few
