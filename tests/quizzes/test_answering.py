"""What a form sends becomes an answer, or a kind word about why it can't."""

from datetime import date
from typing import Any

import pytest

from quizzes import answering
from quizzes.answering import moved, numbers_meant, read_answer
from quizzes.answers import Answer
from quizzes.definition import compile_definition
from quizzes.parts import Question

from .builders import choice, question, quiz, text

TODAY = date(2025, 11, 21)


def compiled(kind: str, **fields: Any) -> Question:
    return compile_definition(quiz(question("q", kind, **fields))).question("q")


def read(asked: Question, language: str = "en", **form: Any) -> Answer:
    fields = {name: [value] if isinstance(value, str) else value for name, value in form.items()}
    return read_answer(asked, fields, language=language, today=TODAY)


SENSITIVE: dict[str, Any] = {"sensitive": True, "consent": text("I agree."), "attribute": "health", "may_decline": True}
KG = {"min": 0.5, "max": 90}


@pytest.mark.parametrize(
    ("kind", "fields", "form", "value"),
    [
        ("single", {}, {"answer": "a"}, "a"),
        ("swatch", {"choices": [choice(v, color="#aabbcc") for v in "xy"]}, {"answer": "y"}, "y"),
        ("multiple", {}, {"answer": ["c", "a", "a"]}, ["a", "c"]),
        ("multiple", {"min_choices": 0}, {}, []),
        ("ranking", {}, {"answer": ["c", "a", "b"]}, ["c", "a", "b"]),
        ("slider", {"min": 0, "max": 10, "step": 0.5}, {"answer": "2.5"}, 2.5),
        ("slider", {"min": 0.2, "max": 90, "step": 0.1}, {"answer": "0.30000000000000004"}, 0.3),
        ("number", KG, {"answer": " 12 "}, 12),
        ("number", KG, {"answer": "4,2"}, 4.2),
        ("text", {}, {"answer": " Bella\x00\u202e "}, "Bella\u202e"),
        ("date", {}, {"answer": "2021-02-28"}, "2021-02-28"),
        ("date", {}, {"answer": "28/2/2021"}, "2021-02-28"),
        ("date", {}, {"answer": "28.02.2021"}, "2021-02-28"),
        ("date", {}, {"answer": "2/28/2021"}, "2021-02-28"),
        ("date", {"max": "today"}, {"answer": "2025-11-21"}, "2025-11-21"),
        ("boolean", {}, {"answer": "no"}, False),
        ("boolean", SENSITIVE, {"answer": "yes", "consent": "on"}, True),
    ],
)
def test_it_reads_each_kind(kind: str, fields: dict[str, Any], form: dict[str, Any], value: object) -> None:
    assert read(compiled(kind, **fields), **form) == Answer("given", value)


@pytest.mark.parametrize(
    ("kind", "fields", "form", "error"),
    [
        ("single", {}, {}, "MissingAnswerError"),
        ("single", {}, {"answer": ""}, "MissingAnswerError"),
        ("single", {}, {"answer": "z"}, "UnknownChoiceError"),
        ("single", {}, {"answer": ["a", "b"]}, "TooManyChoicesError"),
        ("single", {}, {"skip": "1"}, "MayNotSkipError"),
        ("single", {}, {"decline": "1"}, "MayNotDeclineError"),
        ("multiple", {"min_choices": 2}, {"answer": ["a"]}, "TooFewChoicesError"),
        ("multiple", {"max_choices": 2}, {"answer": ["a", "b", "c"]}, "TooManyChoicesError"),
        ("multiple", {}, {"answer": ["a", "z"]}, "UnknownChoiceError"),
        ("multiple", {}, {}, "MissingAnswerError"),
        ("ranking", {}, {"answer": ["a", "b"]}, "IncompleteRankingError"),
        ("ranking", {}, {"answer": ["a", "b", "b"]}, "IncompleteRankingError"),
        ("ranking", {}, {"answer": ["a", "b", "c", "a"]}, "IncompleteRankingError"),
        ("slider", {"min": 0, "max": 10}, {"answer": "11"}, "OutOfRangeError"),
        ("slider", {"min": 0, "max": 10, "step": 5}, {"answer": "3"}, "WrongStepError"),
        ("number", {}, {"answer": "a lot"}, "NotANumberError"),
        ("number", {}, {"answer": "nan"}, "NotANumberError"),
        ("number", {}, {"answer": "9" * 40}, "NotANumberError"),
        ("number", {}, {"answer": "1.2.3"}, "NotANumberError"),
        ("number", KG, {"answer": "-1"}, "OutOfRangeError"),
        ("text", {}, {"answer": "x" * 501}, "TooLongError"),
        ("text", {"max": 10}, {"answer": "x" * 11}, "TooLongError"),
        ("text", {}, {"answer": "x" * 1_000_000}, "TooLongError"),
        ("date", {}, {"answer": "2021-02-30"}, "NotADateError"),
        ("date", {}, {"answer": "soon"}, "NotADateError"),
        ("date", {"max": "today"}, {"answer": "2025-11-22"}, "DateOutOfRangeError"),
        ("date", {"min": "2020-01-01"}, {"answer": "2019-12-31"}, "DateOutOfRangeError"),
        ("boolean", {}, {"answer": "maybe"}, "UnknownChoiceError"),
        ("boolean", SENSITIVE, {"answer": "yes"}, "ConsentNeededError"),
    ],
)
def test_it_refuses_what_is_no_answer(kind: str, fields: dict[str, Any], form: dict[str, Any], error: str) -> None:
    with pytest.raises(getattr(answering, error)):
        read(compiled(kind, **fields), **form)


def test_what_may_be_skipped_or_declined_is_noted_as_such() -> None:
    asked = compiled("single", required=False, may_decline=True)
    assert read(asked) == read(asked, skip="1") == Answer("skipped")
    assert read(asked, answer="a", decline="1") == Answer("declined")
    assert read(compiled("boolean", **SENSITIVE), decline="1") == Answer("declined")


@pytest.mark.parametrize(
    ("typed", "language", "meant"),
    [
        ("1,250", "en", [1250, 1.25]),
        ("1.250", "en", [1.25]),
        ("1.250", "id", [1250, 1.25]),
        ("1.250,5", "id", [1250.5]),
        ("1,250.5", "id", [1250.5]),
        ("1 250,5", "id", [1250.5]),
        ("\u22123", "en", [-3]),
        ("4.2", "id", [4.2]),
        ("٤٢", "en", [42]),
        ("inf", "en", []),
    ],
)
def test_numbers_are_read_as_people_write_them(typed: str, language: str, meant: list[float]) -> None:
    assert [float(number) for number in numbers_meant(typed, language)] == meant


def test_of_two_readings_the_question_takes_the_one_in_range() -> None:
    assert read(compiled("number", min=0, max=20), language="id", answer="1.250").value == 1.25
    assert read(compiled("number", min=0, max=20_000), language="id", answer="1.250").value == 1250


@pytest.mark.parametrize(
    ("order", "move", "expected"),
    [
        (["a", "b", "c"], "up:c", ("a", "c", "b")),
        (["a", "b", "c"], "up:a", ("a", "b", "c")),
        (["c", "b", "a"], "down:c", ("b", "c", "a")),
        (["c", "z"], "down:z", ("c", "a", "b")),
        (["a", "b", "c"], "sideways:a", ("a", "b", "c")),
    ],
)
def test_a_ranking_is_moved_by_buttons(order: list[str], move: str, expected: tuple[str, ...]) -> None:
    assert moved(compiled("ranking"), {"answer": order, "move": [move]}) == expected


def test_without_a_move_button_nothing_moves() -> None:
    assert moved(compiled("ranking"), {"answer": ["a"]}) is None
