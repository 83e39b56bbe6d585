"""Which outcome, and why."""

from typing import Any

import pytest

from quizzes.answers import Answer
from quizzes.definition import compile_definition
from quizzes.flow import walk
from quizzes.outcome import decide

from .builders import choice, given, outcome, question, quiz, skin


def decided(raw: dict[str, Any], answers: dict[str, Answer]) -> tuple[str, float, tuple[str, ...]]:
    definition = compile_definition(raw)
    decision = decide(definition, walk(definition, answers), answers)
    return decision.outcome.key, decision.points, decision.reasons


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (given(skin_type="dry", flakes=True), ("rich", 2, ("skin_type",))),
        (given(skin_type="oily"), ("light", 2, ("skin_type",))),
        (given(skin_type="normal"), ("plain", 1, ("skin_type",))),
        ({"skin_type": Answer("declined")}, ("plain", 0, ())),
    ],
)
def test_points_and_conditions_decide(answers: dict[str, Answer], expected: tuple[str, float, tuple[str, ...]]) -> None:
    assert decided(skin(), answers) == expected


def test_of_two_with_as_many_points_the_earlier_wins() -> None:
    tie = [choice("a", points={"y": 1, "x": 1}), choice("b")]
    raw = quiz(question("first", choices=tie), outcomes=[outcome("x"), outcome("y")])
    assert decided(raw, given(first="a"))[0] == "x"


def test_several_choices_add_up_and_a_ranking_counts_its_first_place() -> None:
    choices = [choice("a", points={"x": 1}), choice("b", points={"x": 2}), choice("c", points={"y": 2.5})]
    outcomes = [outcome("x"), outcome("y")]
    assert decided(quiz(question("q", "multiple", choices=choices), outcomes=outcomes), given(q=["a", "b"]))[:2] == (
        "x",
        3,
    )
    assert (
        decided(quiz(question("q", "ranking", choices=choices), outcomes=outcomes), given(q=["c", "a", "b"]))[0] == "y"
    )


def test_an_abandoned_answer_gives_no_points() -> None:
    raw = skin()
    raw["questions"][3]["choices"][0]["points"] = {"plain": 50}
    assert decided(raw, given(skin_type="normal", shine=["a"], in_a_hurry=True)) == ("plain", 1, ("skin_type",))
