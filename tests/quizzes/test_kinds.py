"""The kinds beyond the choosing ones: what is typed to reach somebody, scales, a matrix, and the age gate."""

from datetime import date
from typing import Any

import psycopg
import pytest
from django.utils import timezone

from preferences.models import Attribute
from quizzes.answering import (
    AnswerError,
    MissingAnswerError,
    MissingRowError,
    NotAnEmailError,
    NotAPhoneError,
    NotAYearError,
    OutOfRangeError,
    TooLongError,
    TooYoungError,
    UnknownChoiceError,
    read_answer,
)
from quizzes.answers import Answer
from quizzes.definition import compile_definition
from quizzes.flow import walk
from quizzes.outcome import decide
from quizzes.parts import Question
from quizzes.presenting.wording import answer_in_words
from quizzes.services.publishing import TELLS

from .builders import choice, given, is_, outcome, question, quiz, text
from .taking import Taker

ROWS = [{"value": value, "label": text(value.title())} for value in ("shine", "flakes")]
SCALE = [choice("never"), choice("often", points={"rich": 1})]
FIELDS: dict[str, dict[str, Any]] = {"matrix": {"rows": ROWS, "choices": SCALE}, "age_gate": {"min": 16}}


def asked(kind: str, **fields: Any) -> Question:
    outcomes = [outcome("plain"), *([outcome("rich")] if kind == "matrix" else [])]
    return compile_definition(quiz(question("q", kind, **FIELDS.get(kind, {}), **fields), outcomes=outcomes)).question(
        "q"
    )


def read(question: Question, **form: Any) -> Answer:
    fields = {
        name.replace("answer_", "answer-"): [value] if isinstance(value, str) else value for name, value in form.items()
    }
    return read_answer(question, fields, language="en", today=date(2025, 11, 21))


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("long_text", " A\nstory ", "A\nstory"),
        ("email", " Ada.L+quiz@Example.COM ", "Ada.L+quiz@example.com"),
        ("email", "ada@bücher.example", "ada@bücher.example"),
        ("phone", "+62 812-3456-7890", "+6281234567890"),
        ("phone", "(021) 345 6789", "0213456789"),
        ("rating", "5", 5),
        ("nps", "0", 0),
        ("nps", "10", 10),
        ("age_gate", "yes", True),
    ],
)
def test_it_reads_what_was_typed(kind: str, typed: str, value: object) -> None:
    assert read(asked(kind), answer=typed) == Answer("given", value)


@pytest.mark.parametrize(
    ("kind", "typed", "error"),
    [
        ("long_text", "x" * 2001, TooLongError),
        ("email", "ada", NotAnEmailError),
        ("email", "ada@example", NotAnEmailError),
        ("email", "ada@exa mple.com", NotAnEmailError),
        ("email", "ada@@example.com", NotAnEmailError),
        ("email", "ada@.example.com", NotAnEmailError),
        ("email", "a..b@example.com", NotAnEmailError),
        ("email", "a\r\nBcc: x@example.com", NotAnEmailError),
        ("email", "x" * 250 + "@a.io", TooLongError),
        ("phone", "123", NotAPhoneError),
        ("phone", "call me maybe 0812345", NotAPhoneError),
        ("phone", "1" * 16, NotAPhoneError),
        ("rating", "0", OutOfRangeError),
        ("rating", "6", OutOfRangeError),
        ("nps", "11", OutOfRangeError),
        ("nps", "-1", OutOfRangeError),
        ("age_gate", "no", TooYoungError),
        ("age_gate", "perhaps", UnknownChoiceError),
    ],
)
def test_it_refuses_what_is_none(kind: str, typed: str, error: type[AnswerError]) -> None:
    with pytest.raises(error):
        read(asked(kind), answer=typed)


def test_a_matrix_places_every_row() -> None:
    question = asked("matrix")
    placed = {"shine": "often", "flakes": "never"}
    assert read(question, answer_shine="often", answer_flakes="never") == Answer("given", placed)
    with pytest.raises(MissingRowError):
        read(question, answer_shine="often")
    with pytest.raises(UnknownChoiceError):
        read(question, answer_shine="always", answer_flakes="never")


def test_a_matrix_that_may_be_skipped_takes_the_rows_that_were_placed() -> None:
    question = asked("matrix", required=False)
    assert read(question, answer_flakes="often") == Answer("given", {"flakes": "often"})
    assert read(question) == Answer("skipped")


def test_each_row_of_a_matrix_gives_its_points() -> None:
    raw = quiz(question("q", "matrix", **FIELDS["matrix"]), outcomes=[outcome("plain"), outcome("rich")])
    definition = compile_definition(raw)
    answers = given(q={"shine": "often", "flakes": "often"})
    decision = decide(definition, walk(definition, answers), answers)
    assert (decision.outcome.key, decision.points, decision.reasons) == ("rich", 2, ("q",))


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("long_text", "A story", "A story"),
        ("email", "ada@example.com", "ada@example.com"),
        ("rating", 4, "4 of 5"),
        ("nps", 0, "0 of 10"),
        ("matrix", {"shine": "often", "flakes": "never"}, "Shine: Often; Flakes: Never"),
        ("age_gate", True, "I am 16 or older"),
    ],
)
def test_answers_are_said_in_words(kind: str, value: Any, words: str) -> None:
    assert answer_in_words(asked(kind), Answer("given", value), "en") == words


def test_scales_decide_and_what_is_typed_is_known_to_be_there() -> None:
    raw = quiz(
        question("stars", "rating"),
        question("sorry", "long_text", show_if={"question": "stars", "op": "at_most", "value": 2}),
        question("mail", "email", required=False),
        question("often", show_if={"question": "mail", "op": "answered", "value": True}),
    )
    definition = compile_definition(raw)
    assert walk(definition, given(stars=2)).next_key == "sorry"
    assert walk(definition, given(stars=3)).next_key == "mail"
    assert walk(definition, given(stars=3, mail="ada@example.com")).next_key == "often"
    assert walk(definition, given(stars=3) | {"mail": Answer("skipped")}).next_key is None


def test_what_reaches_somebody_never_becomes_a_feature() -> None:
    assert {TELLS[kind] for kind in ("text", "long_text", "email", "phone")} == {"text"}
    assert not {"matrix", "age_gate"} & TELLS.keys()


WAY = {
    "age": "yes",
    "stars": "4",
    "nps": "9",
    "habits": {"answer-shine": "often", "answer-flakes": "never"},
    "mail": "ada@example.com",
    "phone": {"skip": "1"},
    "story": "Once upon a time",
}


def all_kinds() -> dict[str, Any]:
    return quiz(
        question("age", "age_gate", min=16),
        question("stars", "rating"),
        question("nps", "nps", low=text("No"), high=text("Yes")),
        question("habits", "matrix", rows=ROWS, choices=[choice("never"), choice("often")]),
        question("mail", "email", attribute="note"),
        question("phone", "phone", required=False),
        question("story", "long_text"),
        slug="kinds",
        purposes=["offers"],
        outcomes=[outcome("plain", summary=text("{habits}. {stars}."))],
    )


@pytest.fixture
def kinds(published: Any) -> None:
    published(all_kinds())


@pytest.mark.usefixtures("kinds")
def test_a_run_through_every_kind(ada: Taker) -> None:
    ada.start("kinds")
    page = ada.take(**WAY)
    assert "ada@example.com" in page.content.decode()
    page = ada.post(ada.url, purpose="offers").content.decode()
    assert "Shine: Often; Flakes: Never. 4 of 5." in page
    for key in WAY:
        page = ada.get(f"{ada.run}{key}/")
        assert page.status_code == 200
    page = ada.get(f"{ada.run}habits/").content.decode()
    assert 'name="answer-shine" value="often" checked' in page
    assert 'name="answer-flakes" value="never" checked' in page
    assert 'value="4" checked' in ada.get(f"{ada.run}stars/").content.decode()
    assert 'value="yes" checked' in ada.get(f"{ada.run}age/").content.decode()


@pytest.mark.usefixtures("kinds")
def test_a_matrix_keeps_the_rows_that_were_placed_when_one_is_missing(ada: Taker) -> None:
    ada.start("kinds")
    ada.take(**{key: WAY[key] for key in ("age", "stars", "nps")})
    page = ada.client.post(ada.url, {"answer-shine": "often"})
    assert page.status_code == 422
    assert "one answer in every row" in page.content.decode()
    assert 'name="answer-shine" value="often" checked' in page.content.decode()


@pytest.mark.usefixtures("kinds")
def test_who_is_too_young_meets_a_friendly_end_and_nothing_is_kept(
    ada: Taker, owner_connection: psycopg.Connection
) -> None:
    ada.start("kinds")
    page = ada.client.post(ada.url, {"answer": "no"})
    assert page.status_code == 200
    assert "16 or older" in page.content.decode()
    assert owner_connection.execute("SELECT count(*) FROM quizzes_answer").fetchone() == (0,)
    assert ada.get(ada.run + "stars/").status_code == 200
    assert ada.key == "age"
    ada.get(ada.run + "uses/")
    assert ada.key == "age"


@pytest.mark.usefixtures("kinds")
def test_who_was_old_enough_at_first_is_taken_at_their_later_word(
    ada: Taker, owner_connection: psycopg.Connection
) -> None:
    ada.start("kinds")
    ada.take(**WAY)
    ada.post(ada.url, purpose="offers")
    rows = "SELECT count(*) FROM preferences_preference", "SELECT count(*) FROM preferences_grant"
    assert [owner_connection.execute(each).fetchone() for each in rows] == [(1,), (1,)]
    page = ada.client.post(ada.run + "age/", {"answer": "no"})
    assert page.status_code == 200
    assert [owner_connection.execute(each).fetchone() for each in rows] == [(0,), (0,)]
    ada.get(ada.run + "result/")
    assert ada.key == "age"


def test_an_address_is_told_as_text(db: None, published: Any) -> None:
    published(all_kinds())
    assert Attribute.objects.get(key="note").kind == "text"


# ── an age gate by year of birth ──


@pytest.mark.parametrize("year", ["2008", "1950", " 1985 ", "١٩٨٥", "1905"])
def test_a_year_that_is_surely_old_enough_opens_the_gate_and_is_not_the_answer(year: str) -> None:
    assert read(asked("age_gate", by_year=True), answer=year) == Answer("given", True)


@pytest.mark.parametrize("year", ["2009", "2010", "2025"])
def test_whoever_turns_sixteen_this_year_may_not_have_had_their_birthday(year: str) -> None:
    with pytest.raises(TooYoungError):
        read(asked("age_gate", by_year=True), answer=year)


@pytest.mark.parametrize(
    "typed",
    ["yes", "85", "0000", "1904", "2026", "19850", "1985-01-01", "²⁰⁰¹", "-198", "1 98", "1e3", "👵👵👵👵", "x" * 9999],
)
def test_what_is_no_year_is_said_to_be_none(typed: str) -> None:
    with pytest.raises(NotAYearError):
        read(asked("age_gate", by_year=True), answer=typed)


def test_a_gate_by_year_must_be_answered() -> None:
    with pytest.raises(MissingAnswerError):
        read(asked("age_gate", by_year=True), answer=" ")


def test_only_a_gate_asks_for_a_year() -> None:
    with pytest.raises(ValueError, match="does not ask for a year"):
        compile_definition(quiz(question("a", by_year=True)))


@pytest.fixture
def by_year(published: Any) -> None:
    published(quiz(question("age", "age_gate", min=16, by_year=True), question("more"), slug="by-year"))


@pytest.mark.usefixtures("by_year")
def test_of_a_year_nothing_is_kept_but_that_it_was_early_enough(
    ada: Taker, owner_connection: psycopg.Connection
) -> None:
    ada.start("by-year")
    page = ada.page.content.decode()
    assert 'autocomplete="bday-year"' in page
    assert 'inputmode="numeric"' in page
    assert "the year after you turn 16" in page
    ada.answer(answer="1971")
    assert ada.key == "more"
    rows = owner_connection.execute("SELECT to_jsonb(each) FROM quizzes_answer each").fetchall()
    assert [row["value"] for (row,) in rows] == [True]
    ada.get(ada.run + "age/")
    assert "1971" not in ada.page.content.decode()
    ada.get(ada.run + "more/")
    ada.answer(answer="a")
    assert ada.key == "result"
    assert "1971" not in ada.page.content.decode()
    tables = owner_connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    for (table,) in tables:
        (count,) = owner_connection.execute(
            f"SELECT count(*) FROM {table} AS each WHERE each::text ~ '1971'"
        ).fetchone()  # type: ignore[misc]
        assert count == 0, table


@pytest.mark.usefixtures("by_year")
def test_a_slip_in_the_year_is_said_and_kept_in_its_field(ada: Taker) -> None:
    ada.start("by-year")
    page = ada.client.post(ada.url, {"answer": "19855"})
    assert page.status_code == 422
    assert "with four digits" in page.content.decode()
    assert 'value="19855"' in page.content.decode()
    page = ada.client.post(ada.url, {"answer": "yes"})
    assert page.status_code == 422


@pytest.mark.usefixtures("by_year")
def test_a_late_year_ends_it_kindly_and_keeps_nothing(ada: Taker, owner_connection: psycopg.Connection) -> None:
    ada.start("by-year")
    page = ada.client.post(ada.url, {"answer": str(timezone.localdate().year - 16)})
    assert page.status_code == 200
    assert "16 or older" in page.content.decode()
    assert owner_connection.execute("SELECT count(*) FROM quizzes_answer").fetchone() == (0,)


def test_a_gate_is_no_operand() -> None:
    definition = compile_definition(quiz(question("age", "age_gate", min=16), question("b")))
    assert walk(definition, {"age": Answer("declined")}).next_key == "age"
    with pytest.raises(ValueError, match="does not fit"):
        compile_definition(quiz(question("age", "age_gate", min=16), question("b", show_if=is_("age", True))))
