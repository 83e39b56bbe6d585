"""Which question comes next, whatever was answered in whatever order."""

from typing import Any

import pytest
from hypothesis import given as given_any
from hypothesis import settings
from hypothesis import strategies as st

from quizzes.answers import Answer
from quizzes.definition import compile_definition
from quizzes.flow import following, is_shown, progress, walk
from quizzes.parts import Definition
from quizzes.remaining import longest_seconds

from .builders import given, is_, question, quiz, skin

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


def test_an_entangled_quiz_falls_back_on_the_sum() -> None:
    rest = [question("end_of_it", seconds=1, show_if={"all": [is_(f"q{n}", "a") for n in range(14)]})]
    definition = compile_definition(quiz(*[question(f"q{n}", "multiple", seconds=1) for n in range(14)], *rest))
    assert longest_seconds(definition, 0, {}) == 15


# ── any quiz, any answers ───────────────────────────────────────────────────────────────────────────────────────────

VALUES = {"single": ["a", "b", "c"], "boolean": [True, False], "number": [0, 1, 2, 2.5, 7]}
TESTS = {
    "single": [("is", "a"), ("is_not", "b"), ("in", ["a", "c"])],
    "boolean": [("is", True)],
    "number": [("at_least", 2)],
}


@st.composite
def conditions(draw: st.DrawFn, known: list[tuple[str, str]]) -> dict[str, Any]:
    def leaf() -> dict[str, Any]:
        key, kind = draw(st.sampled_from(known))
        op, value = draw(st.sampled_from([*TESTS[kind], ("answered", True)]))
        return {"question": key, "op": op, "value": value}

    shape = draw(st.sampled_from(["leaf", "leaf", "not", "all", "any"]))
    if shape == "leaf":
        return leaf()
    return {"not": leaf()} if shape == "not" else {shape: [leaf(), leaf()]}


@st.composite
def definitions(draw: st.DrawFn) -> Definition:
    count = draw(st.integers(1, 7))
    kinds = [draw(st.sampled_from(sorted(VALUES))) for _ in range(count)]
    questions = []
    for index, kind in enumerate(kinds):
        known = [(f"q{n}", kinds[n]) for n in range(index)]
        fields: dict[str, Any] = {"seconds": draw(st.integers(1, 30)), "required": False, "may_decline": True}
        if known and draw(st.booleans()):
            fields["show_if"] = draw(conditions(known))
        if draw(st.integers(0, 3)) == 0:
            target = draw(st.sampled_from([*(f"q{n}" for n in range(index + 1, count)), "end"]))
            fields["jumps"] = [{"if": draw(conditions([*known, (f"q{index}", kind)])), "to": target}]
        questions.append(question(f"q{index}", kind, **fields))
    return compile_definition(quiz(*questions))


@st.composite
def answered(draw: st.DrawFn) -> tuple[Definition, dict[str, Answer]]:
    definition = draw(definitions())
    answers = {}
    for each in definition.questions:
        state = draw(st.sampled_from(["given", "given", "declined", "skipped", "absent"]))
        if state != "absent":
            answers[each.key] = Answer(state, draw(st.sampled_from(VALUES[each.kind])) if state == "given" else None)
    return definition, answers


@given_any(answered())
@settings(max_examples=150, deadline=None)
def test_a_walk_ends_repeats_itself_and_shows_only_what_is_reachable(
    quizzed: tuple[Definition, dict[str, Answer]],
) -> None:
    definition, answers = quizzed
    path = walk(definition, answers)
    assert path == walk(definition, dict(reversed(answers.items())))
    positions = [definition.position[key] for key in path.keys]
    assert positions == sorted(set(positions))
    assert set(path.keys) | path.abandoned == set(answers)
    # What is off the path changes nothing.
    assert walk(definition, {key: answers[key] for key in path.keys}).next_key == path.next_key
    facts: dict[str, object] = {}
    reached = 0
    for key in path.keys:
        position = definition.position[key]
        assert position >= reached
        assert is_shown(definition.questions[position], facts)
        if key in path.facts:
            facts[key] = path.facts[key]
        reached = following(definition, definition.question(key), position, facts)


@given_any(definitions(), st.data())
@settings(max_examples=150, deadline=None)
def test_progress_never_falls_as_answers_are_added(definition: Definition, data: st.DataObject) -> None:
    answers: dict[str, Answer] = {}
    before = progress(definition, walk(definition, answers))
    while (key := walk(definition, answers).next_key) is not None:
        kind = definition.question(key).kind
        value = data.draw(st.sampled_from([*VALUES[kind], None]))
        answers[key] = Answer("given", value) if value is not None else Answer("declined")
        after = progress(definition, walk(definition, answers))
        assert before.percent <= after.percent <= 100
        assert after.seconds_left < before.seconds_left
        before = after
    assert before.percent == 100
