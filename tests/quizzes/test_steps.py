"""How much a step asks of the database, whatever the length of the quiz and the answers so far."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quizzes.selectors import compiled

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
