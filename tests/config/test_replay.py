"""The survey's file as it is, files that are broken, and a handful of people taken through the whole app."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command

from config.management.commands import replay_people
from config.replay import cuisines
from config.replay.people import Person, SurveyError, parse_survey, read_survey
from config.replay.report import judge
from config.replay.stock import stock
from config.replay.walking import Walked, offer_counts, walk
from quizzes.definition import compile_definition
from quizzes.services.drafting import import_definition
from quizzes.services.publishing import publish
from recommendations import computing

HEADER = (
    'RespondentID,"Generally speaking, how would you rate your level of knowledge\xa0of cuisines from '
    'different parts of the world?",Please rate how much you like the traditional cuisine of\xa0Australia.,'
    "Please rate how much you like the traditional cuisine of the Netherlands.,Gender\n"
)
PEOPLE = "1,Novice,5,N/A,Female\n2,Expert\xa0,1,2,\n3,Advanced,N/A,N/A,Male\n5,Intermediate,3,4,Female\n"
SURVEY = parse_survey(HEADER + PEOPLE)


def test_what_people_told_is_read_and_what_they_left_out_is_not():
    assert [column.key for column in SURVEY.columns] == [
        "cuisine_knowledge",
        "likes_australia",
        "likes_netherlands",
        "gender",
    ]
    assert SURVEY.people[0] == Person("1", {"cuisine_knowledge": "novice", "likes_australia": "5", "gender": "female"})
    assert SURVEY.people[2].told == {"cuisine_knowledge": "advanced", "gender": "male"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "mac-roman"])
def test_the_file_may_be_in_any_encoding_it_is_found_in(tmp_path: Path, encoding: str):
    file = tmp_path / "survey.csv"
    file.write_bytes((HEADER + PEOPLE).encode(encoding))
    assert read_survey(file) == SURVEY


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "line 1: the first column must be"),
        ("name,age\nAda,36\n", "line 1: the first column must be"),
        ("RespondentID,Shoe size\n1,44\n", "line 1: nothing is known of the question “Shoe size”"),
        (HEADER, "nobody's answers"),
        (HEADER + "1,Novice,5,4\n", "line 2: 4 values, but 5 columns"),
        (HEADER + "1,Novice,5,4,Male\n\n2,Novice,6,4,Male\n", "line 4: “6” is no answer to “Australia”"),
        (HEADER + "one,Novice,5,4,Male\n", "line 2: “one” is not a respondent's number"),
        (HEADER + PEOPLE + "2,Novice,5,4,Male\n", "line 6: respondent 2 was on line 3 already"),
        (HEADER + '1,"Novice,5,4,Male\n', "line 2: 2 values, but 5 columns"),
    ],
)
def test_a_broken_file_is_refused_with_its_line(text: str, complaint: str):
    with pytest.raises(SurveyError, match=complaint.replace(".", r"\.")):
        parse_survey(text)


def test_a_missing_file_is_told(tmp_path: Path):
    with pytest.raises(SurveyError, match="cannot be read: No such file"):
        read_survey(tmp_path / "none.csv")


def test_about_seven_of_ten_grant_and_always_the_same():
    granting = [Person(str(number), {}).grants for number in range(3_308_000_000, 3_308_002_000)]
    assert 0.67 < sum(granting) / len(granting) < 0.73
    assert granting[:5] == [Person(str(number), {}).grants for number in range(3_308_000_000, 3_308_000_005)]


def test_the_quiz_is_one_that_can_be_published_and_its_weights_are_of_answers_it_asks_for():
    definition = compile_definition(cuisines.definition(SURVEY))
    answers = {(question.key, choice.value) for question in definition.questions for choice in question.choices}
    for column in cuisines.cuisines(SURVEY):
        assert {(key, code) for key, code, _weight in cuisines.weights(SURVEY, column)} <= answers


def test_only_who_granted_and_told_something_may_have_offers():
    walked = [Walked("1", "a", 3, 0, has_granted=True), Walked("2", "b", 3, 0, has_granted=False)]
    assert judge(walked, {"1": 5, "2": 0}).problems == ()
    assert judge(walked, {"1": 0, "2": 2}).problems == (
        "1 who granted have no offers, such as respondent 1.",
        "1 who granted nothing have offers, such as respondent 2.",
    )


def test_people_come_through_and_the_worker_serves_those_who_granted(
    db: None, as_role: Callable[[str], AbstractContextManager[None]], owner_connection: psycopg.Connection
):
    def open_quiz() -> tuple[int, tuple[object, ...] | None]:
        stock(SURVEY)
        version = publish(quiz=import_definition(cuisines.definition(SURVEY)))
        return version.number, owner_connection.execute("SELECT version FROM recommendations_catalogue").fetchone()

    assert open_quiz() == open_quiz(), "doing it again changes nothing"
    walked = walk(SURVEY.people)
    assert [(each.answer_count, each.left_out_count) for each in walked] == [(3, 1), (3, 1), (2, 2), (4, 0)]
    assert {each.has_granted for each in walked} == {True, False}
    assert set(offer_counts(walked).values()) == {0}
    with as_role("offers"):
        computing.compute_due()
    outcome = judge(walked, offer_counts(walked))
    assert outcome.problems == ()
    assert outcome.offer_count == 3 * outcome.grant_count  # two kitchens, and the one for everyone


def test_without_a_worker_the_command_says_how_to_start_one(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(replay_people, "PATIENCE_SECONDS", 0.1)
    file = tmp_path / "survey.csv"
    file.write_text(HEADER + PEOPLE)
    with pytest.raises(CommandError, match="No worker computes offers"):
        call_command("replay_people", file, "--processes", "1", stdout=StringIO())
