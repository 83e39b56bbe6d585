"""Which question comes next, whatever was answered in whatever order."""

import pytest

from quizzes.answers import Answer
from quizzes.definition import compile_definition
from quizzes.flow import progress, walk
from quizzes.remaining import longest_seconds

from .builders import choice, given, is_, question, quiz, skin

SKIN = compile_definition(skin())


@pytest.mark.parametrize(
    ("answers", "keys", "next_key"),
    [
        ({}, "", "skin_type"),
        (given(skin_type="dry"), "skin_type", "flakes"),
        (given(skin_type="oily"), "skin_type", "shine"),
        (given(skin_type="normal"), "skin_type", "in_a_hurry"),
        (given(skin_type="normal", in_a_hurry=True), "skin_type in_a_hurry", None),
        (given(skin_type="normal", in_a_hurry=False), "skin_type in_a_hurry", "wishes"),
        (given(skin_type="oily", in_a_hurry=True), "skin_type", "shine"),
    ],
)
def test_answers_lead_to_the_next_question(answers: dict[str, Answer], keys: str, next_key: str | None) -> None:
    path = walk(SKIN, answers)
    assert (" ".join(path.keys), path.next_key) == (keys, next_key)


def test_a_changed_answer_abandons_the_branch_it_led_to() -> None:
    path = walk(SKIN, given(skin_type="oily", flakes=True, tightness=3, shine=["a"], in_a_hurry=True))
    assert path.keys == ("skin_type", "shine", "in_a_hurry")
    assert path.abandoned == {"flakes", "tightness"}
    assert "flakes" not in path.facts


def test_declining_says_nothing_so_it_opens_no_branch() -> None:
    path = walk(SKIN, {"skin_type": Answer("declined")})
    assert path.next_key == "in_a_hurry"


def test_neighbours_on_the_path() -> None:
    path = walk(SKIN, given(skin_type="dry", flakes=True))
    assert (path.before("skin_type"), path.before("tightness")) == (None, "flakes")
    assert (path.after("skin_type"), path.after("flakes")) == ("flakes", "tightness")


def test_time_left_counts_one_branch_not_all() -> None:
    # The longest way: skin type 10, dry branch 20, hurry 10, wishes 20.
    assert progress(SKIN, walk(SKIN, {})).seconds_left == 60
    assert progress(SKIN, walk(SKIN, given(skin_type="normal"))).seconds_left == 30


def test_of_an_entangled_quiz_what_is_ruled_out_counts_no_more() -> None:
    """Too many ways to try them all: whatever can still be asked counts, until an answer says that it won't be."""
    tangle = [question(f"q{n}", "multiple", seconds=1) for n in range(14)]
    tangled = {"any": [{"question": f"q{n}", "op": "includes", "value": "a"} for n in range(14)]}
    rest = [
        question("flakes", seconds=20, show_if=is_("skin", "dry")),
        question("shine", seconds=30, show_if={"not": is_("skin", "dry")}),
        question("end_of_it", seconds=1, show_if=tangled),
        question("skipped", seconds=40),
    ]
    rest[2]["jumps"] = [{"if": {"question": "end_of_it", "op": "answered", "value": True}, "to": "end"}]
    definition = compile_definition(quiz(question("skin", choices=[choice("dry"), choice("oily")]), *tangle, *rest))
    assert longest_seconds(definition, 0, {}) == 7 + 14 + 20 + 30 + 1 + 40
    assert longest_seconds(definition, 1, {"skin": "dry"}) == 14 + 20 + 1 + 40
    assert longest_seconds(definition, 1, {"skin": "oily"}) == 14 + 30 + 1 + 40
    assert longest_seconds(definition, 1, {}) == 14 + 1 + 40  # they would not say, so neither is asked
    assert longest_seconds(definition, 17, {"skin": "dry"}) == 40  # nothing with “a” among what was said: not shown
    assert longest_seconds(definition, 17, {"skin": "dry", "q3": ["a"]}) == 41
