"""The shares are right: by hand on small quizzes, and as random walks have them on any quiz."""

from typing import Any

import pytest

from quizzes.check import analyse
from quizzes.check.answer_space import ranges, ways_of
from quizzes.check.chance import simulate
from quizzes.check.walks import TooManyWalksError, explore
from quizzes.definition import compile_definition
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


def test_too_many_walks_are_given_up() -> None:
    definition = compiled(*(question(f"q{n}") for n in range(9)))
    with pytest.raises(TooManyWalksError):
        explore(definition, with_points=True, budget=5)


def test_what_no_later_rule_tells_apart_is_followed_together() -> None:
    """Five questions whose answers all matter, but soon only by whether they were one certain choice."""
    choices = [choice(value) for value in "abcdefghij"]
    early = [question(f"q{n}", choices=choices, required_if=is_(f"q{n - 1}", "b")) for n in range(1, 5)]
    late = question("late", show_if={"all": [is_(f"q{n}", "a") for n in range(5)]})
    definition = compile_definition(quiz(question("q0", choices=choices), *early, late))
    exact = explore(definition, with_points=False, budget=2000)
    assert exact.asked["late"] == pytest.approx(0.1 * 0.09**4)  # one in ten leaves out what need not be answered
