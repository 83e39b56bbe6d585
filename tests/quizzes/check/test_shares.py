"""The shares are right: by hand on small quizzes, and as random walks have them on any quiz."""

from typing import Any

import pytest
from hypothesis import given as given_any
from hypothesis import settings
from hypothesis import strategies as st

from quizzes.answers import Answer
from quizzes.check import analyse
from quizzes.check.answer_space import ranges, ways_of
from quizzes.check.chance import simulate
from quizzes.check.walks import TooManyWalksError, explore
from quizzes.definition import compile_definition
from quizzes.flow import walk
from quizzes.outcome import decide
from quizzes.parts import Definition

from ..builders import choice, is_, outcome, question, quiz

OUTCOMES = ("plain", "rich", "light")


def compiled(*questions: dict[str, Any], **fields: Any) -> Definition:
    return compile_definition(quiz(*questions, **fields))


def shares(definition: Definition) -> dict[str, float]:
    return dict(explore(definition, with_points=True).shares)


def test_each_choice_is_as_likely() -> None:
    definition = compiled(
        question("skin", choices=[choice("a", points={"rich": 1}), choice("b"), choice("c"), choice("d")]),
        outcomes=[outcome("plain"), outcome("rich")],
    )
    assert shares(definition) == pytest.approx({"plain": 0.75, "rich": 0.25})


def test_each_set_of_choices_is_as_likely() -> None:
    """Of a, b, c one or two may be chosen: six sets, of which three have a."""
    definition = compiled(
        question("goals", "multiple", max_choices=2),
        question("more", choices=[choice("a", points={"rich": 1}), choice("b")]),
        outcomes=[outcome("plain"), outcome("rich", when={"question": "goals", "op": "includes", "value": "a"})],
    )
    assert explore(definition, with_points=False).held["when", "rich", 0] == pytest.approx(0.5)


def test_a_tie_goes_to_the_earlier_outcome() -> None:
    definition = compiled(
        question("skin", choices=[choice("a", points={"rich": 1, "plain": 1}), choice("b", points={"rich": 1})]),
        outcomes=[outcome("plain"), outcome("rich")],
    )
    report = analyse(definition)
    assert report.shares == pytest.approx({"plain": 0.5, "rich": 0.5})
    assert report.ties == pytest.approx(0.5)
    assert list(report.tied) == [("plain", "rich")]


def test_what_a_link_brings_along_counts_as_there_another_or_absent() -> None:
    definition = compiled(
        question("skin", show_if=is_("utm_source", "mail")),
        question("more", choices=[choice("a", points={"rich": 1}), choice("b", points={"plain": 1})]),
        outcomes=[outcome("plain"), outcome("rich")],
        hidden=["utm_source", "utm_medium"],
    )
    exact, drawn = explore(definition, with_points=True), simulate(definition, walks=2000)
    assert exact.asked["skin"] == pytest.approx(1 / 3)
    assert drawn.asked["skin"] == pytest.approx(1 / 3, abs=5 * drawn.error)
    assert [each.code for each in analyse(definition).findings] == ["pays_for_nothing", "shorter_than_stated"]


def test_one_in_ten_leaves_out_what_may_be_left_out() -> None:
    definition = compiled(
        question("skin", required=False),
        question("more", choices=[choice("a", points={"rich": 1}), choice("b")]),
        outcomes=[outcome("plain"), outcome("rich", when={"question": "skin", "op": "answered", "value": False})],
    )
    assert explore(definition, with_points=False).held["when", "rich", 0] == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("fields", "condition", "share"),
    [
        ({"min": 0, "max": 10, "step": 1}, {"op": "at_least", "value": 3}, 8 / 11),
        ({"min": 0, "max": 10, "step": 1}, {"op": "is", "value": 10}, 1 / 11),
        ({"min": 0, "max": 10, "step": 5}, {"op": "at_most", "value": 7}, 2 / 3),
        ({"min": 0.5, "max": 1}, {"op": "is", "value": 0.6}, 1 / 6),
        ({"min": 1, "max": 1_000_000_000}, {"op": "at_most", "value": 500_000_000}, 0.5),
        ({}, {"op": "at_least", "value": 5}, 2 / 3),
    ],
)
def test_numbers_count_by_how_many_there_are(fields: dict[str, Any], condition: dict[str, Any], share: float) -> None:
    definition = compile_definition(_with_when(fields, condition))
    assert explore(definition, with_points=False).held["when", "rich", 0] == pytest.approx(share)


def test_a_day_that_no_calendar_has_room_for_does_not_stop_it() -> None:
    raw = quiz(question("born", "date", min="0001-01-01", max="9999-12-31"))
    raw["questions"][0]["jumps"] = [{"if": {"question": "born", "op": "before", "value": "0001-01-01"}, "to": "end"}]
    definition = compile_definition(raw)
    assert sum(span.count for span in ranges(definition.questions[0], [], None)) == 3_652_059
    assert {each.code for each in analyse(raw).findings} >= {"impossible_value", "never_true"}


def test_sets_of_sixty_choices_are_counted_not_listed() -> None:
    definition = compiled(question("many", "multiple", choices=[choice(f"c{n}") for n in range(60)]))
    (way,) = ways_of(definition.questions[0], [], ())
    assert way.share == 1


def test_forty_questions_are_checked_and_too_entangled_ones_by_random_walks() -> None:
    questions = [
        question(
            f"q{n}",
            choices=[choice(key, points={key: (n * 7 + m) % 11}) for m, key in enumerate(OUTCOMES)],
            **(
                {"show_if": {"any": [is_(f"q{n - 1}", "plain"), is_(f"q{n - 3}", "rich")]}}
                if n % 3 == 0 and n > 3
                else {}
            ),
        )
        for n in range(40)
    ]
    report = analyse(quiz(*questions, outcomes=[outcome(key) for key in OUTCOMES], minutes=5))
    assert sum(report.shares.values()) == pytest.approx(1)
    assert all(report.shares.values())
    assert (report.walks == 0) is (report.error == 0)


def _with_when(fields: dict[str, Any], condition: dict[str, Any]) -> dict[str, Any]:
    skin = question("skin", choices=[choice("a", points={"rich": 1}), choice("b")])
    raw = quiz(question("hours", "number", **fields), skin)
    raw["outcomes"] = [outcome("plain"), outcome("rich", when={"question": "hours", **condition})]
    return raw


# ── any quiz ────────────────────────────────────────────────────────────────────────────────────────────────────────

POINTS = st.dictionaries(st.sampled_from(OUTCOMES), st.integers(-2, 3), max_size=2)
TESTS = {
    "single": [("is", "a"), ("is_not", "b"), ("in", ["a", "c"])],
    "multiple": [("includes", "a"), ("is", "b"), ("excludes", ["a", "b"])],
    "ranking": [("is", "a")],
    "boolean": [("is", True)],
    "slider": [("at_least", 2), ("is", 4), ("at_most", 0)],
    "rating": [("at_least", 4)],
}
VALUES: dict[str, list[Any]] = {
    "single": ["a", "d"],
    "multiple": [["a"], ["b"], ["d"]],
    "ranking": [["a", "b", "c", "d"], ["d", "c", "b", "a"]],
    "boolean": [True, False],
    "slider": [0, 2, 4, 5],
    "rating": [1, 4],
    "last": ["plain"],
}


@st.composite
def definitions(draw: st.DrawFn) -> Definition:
    kinds = draw(st.lists(st.sampled_from(sorted(TESTS)), min_size=1, max_size=6))

    def leaf(before: int) -> dict[str, Any]:
        index = draw(st.integers(0, before - 1))
        op, value = draw(st.sampled_from([*TESTS[kinds[index]], ("answered", True)]))
        return {"question": f"q{index}", "op": op, "value": value}

    def condition(before: int) -> dict[str, Any]:
        shape = draw(st.sampled_from(["leaf", "not", "all", "any"]))
        if shape == "leaf":
            return leaf(before)
        return {"not": leaf(before)} if shape == "not" else {shape: [leaf(before), leaf(before)]}

    questions = []
    for index, kind in enumerate(kinds):
        fields: dict[str, Any] = {"required": draw(st.booleans())}
        if kind in ("single", "multiple", "ranking"):
            fields["choices"] = [choice(value, points=draw(POINTS)) for value in "abcd"]
        if kind == "multiple":
            fields["max_choices"] = draw(st.integers(1, 4))
        if kind == "slider":
            fields |= {"min": 0, "max": 5, "step": 1}
        if index and draw(st.booleans()):
            fields["show_if"] = condition(index)
        if draw(st.integers(0, 3)) == 0:
            to = draw(st.sampled_from([*(f"q{n}" for n in range(index + 1, len(kinds))), "end"]))
            fields["jumps"] = [{"if": condition(index + 1), "to": to}]
        questions.append(question(f"q{index}", kind, **fields))
    questions.append(question("last", choices=[choice(key, points={key: 1}) for key in OUTCOMES]))
    outcomes = [outcome("plain"), outcome("rich"), outcome("light", when=condition(len(kinds)))]
    return compile_definition(quiz(*questions, outcomes=outcomes))


@given_any(definitions())
@settings(max_examples=40, deadline=None)
def test_counting_agrees_with_random_walks(definition: Definition) -> None:
    """Within five standard errors, and what is certain is certain: what nobody meets, no random walk meets."""
    exact = explore(definition, with_points=True)
    drawn = simulate(definition, walks=1500)
    within = 5 * drawn.error
    assert sum(exact.shares.values()) == pytest.approx(1)
    for key in OUTCOMES:
        assert exact.shares[key] == pytest.approx(drawn.shares[key], abs=within)
        assert exact.shares[key] or not drawn.shares[key]
    for each in definition.questions:
        assert exact.asked[each.key] == pytest.approx(drawn.asked[each.key], abs=within)
    assert exact.ties == pytest.approx(drawn.ties, abs=within)
    assert set(drawn.tied) <= set(exact.tied)
    for rule, share in drawn.held.items():
        assert exact.held[rule] == pytest.approx(share, abs=within)
    pathwise = explore(definition, with_points=False)
    assert all(pathwise.asked[each.key] == pytest.approx(exact.asked[each.key]) for each in definition.questions)


@given_any(definitions(), st.data())
@settings(max_examples=40, deadline=None)
def test_a_walk_ends_and_never_comes_by_what_is_called_unreachable(definition: Definition, data: st.DataObject) -> None:
    answers: dict[str, Answer] = {}
    asked = explore(definition, with_points=False).asked
    while (key := walk(definition, answers).next_key) is not None:
        assert asked[key] > 0
        each = definition.question(key)
        value = data.draw(st.sampled_from(VALUES[each.kind if key != "last" else "last"]))
        answers[key] = Answer("given", value) if each.required or data.draw(st.booleans()) else Answer("skipped")
    assert len(answers) <= len(definition.questions)
    winner = decide(definition, walk(definition, answers), answers).outcome.key
    assert explore(definition, with_points=True).shares[winner] > 0


@given_any(definitions())
@settings(max_examples=20, deadline=None)
def test_the_same_quiz_always_gets_the_same_figures(definition: Definition) -> None:
    assert analyse(definition) == analyse(definition)
    assert simulate(definition, walks=50).shares == simulate(definition, walks=50).shares


def test_too_many_walks_are_given_up() -> None:
    definition = compiled(*(question(f"q{n}") for n in range(9)))
    with pytest.raises(TooManyWalksError):
        explore(definition, with_points=True, budget=5)
