"""Rules that ask about one row of a matrix."""

from typing import Any

import pytest

from quizzes.answering import MissingRowError, read_answer
from quizzes.answers import Answer
from quizzes.check import analyse
from quizzes.check.chance import simulate
from quizzes.check.walks import explore
from quizzes.definition import compile_definition
from quizzes.flow import as_asked, progress, walk
from quizzes.outcome import decide

from .builders import choice, given, is_, outcome, question, quiz, text
from .taking import Taker

SCALE = [choice("never"), choice("sometimes"), choice("often", points={"rich": 1})]
ROWS = [{"value": value, "label": text(value.title())} for value in ("dryness", "shine")]


def needs(*questions: dict[str, Any], outcomes: list[dict[str, Any]] | None = None, **fields: Any) -> dict[str, Any]:
    matrix = question("needs", "matrix", rows=ROWS, choices=SCALE, seconds=10, **fields)
    return quiz(matrix, *questions, slug="needs", outcomes=outcomes or [outcome("plain"), outcome("rich")])


def test_a_row_opens_a_branch() -> None:
    definition = compile_definition(needs(question("cream", show_if=is_("needs.dryness", "often"))))
    assert walk(definition, given(needs={"dryness": "often", "shine": "never"})).next_key == "cream"
    assert walk(definition, given(needs={"dryness": "never", "shine": "often"})).next_key is None
    assert walk(definition, {"needs": Answer("skipped")}).next_key is None


def test_a_row_left_out_is_not_known() -> None:
    rule = {"question": "needs.shine", "op": "is_not", "value": "often"}
    asked = {"question": "needs.shine", "op": "answered", "value": False}
    definition = compile_definition(
        needs(question("matt", show_if=rule), question("why", show_if=asked), required=False)
    )
    path = walk(definition, given(needs={"dryness": "often"}))
    assert path.next_key == "why"


def test_a_row_jumps_and_requires() -> None:
    raw = needs(
        question(
            "cream", required=False, required_if={"question": "needs.dryness", "op": "not_in", "value": ["never"]}
        ),
        question("matt"),
    )
    raw["questions"][0]["jumps"] = [{"if": is_("needs.shine", "never"), "to": "matt"}]
    definition = compile_definition(raw)
    answers = given(needs={"dryness": "often", "shine": "never"}, matt="a")
    path = walk(definition, answers)
    assert path.keys == ("needs", "matt")
    answers = given(needs={"dryness": "often", "shine": "often"})
    assert as_asked(definition.question("cream"), walk(definition, answers).facts).required
    answers["needs"] = Answer("given", {"dryness": "never", "shine": "often"})
    assert not as_asked(definition.question("cream"), walk(definition, answers).facts).required


def test_an_outcome_that_asks_about_a_row_gives_the_matrix_as_its_reason() -> None:
    raw = needs(outcomes=[outcome("dry", when=is_("needs.dryness", "often")), outcome("plain")])
    raw["questions"][0]["choices"] = [{**each, "points": {}} for each in SCALE]
    definition = compile_definition(raw)
    answers = given(needs={"dryness": "often", "shine": "never"})
    decision = decide(definition, walk(definition, answers), answers)
    assert (decision.outcome.key, decision.reasons) == ("dry", ("needs",))


def test_the_time_left_knows_that_one_row_has_one_place() -> None:
    definition = compile_definition(
        needs(
            question("cream", show_if=is_("needs.dryness", "often"), seconds=20),
            question("oil", show_if=is_("needs.dryness", "never"), seconds=30),
            question("powder", show_if=is_("needs.shine", "often"), seconds=5),
        )
    )
    assert progress(definition, walk(definition, {})).seconds_left == 45
    assert (
        progress(definition, walk(definition, given(needs={"dryness": "often", "shine": "never"}))).seconds_left == 20
    )


@pytest.mark.parametrize(
    ("required", "dry", "unknown"),
    [
        (True, 1 / 3, 0.0),
        # Of 4 × 4 placings one leaves both out, which is skipping; one in ten skips.
        (False, 0.9 * 4 / 15, 0.1 + 0.9 * 3 / 15),
    ],
)
def test_the_check_counts_every_row(required: bool, dry: float, unknown: float) -> None:
    asked = {"question": "needs.dryness", "op": "answered", "value": False}
    raw = needs(
        question("cream", show_if=is_("needs.dryness", "often")), question("why", show_if=asked), required=required
    )
    definition = compile_definition(raw)
    exact, drawn = explore(definition, with_points=True), simulate(definition, walks=4000)
    assert exact.asked["cream"] == pytest.approx(dry)
    assert exact.asked["why"] == pytest.approx(unknown)
    for key in ("cream", "why"):
        assert drawn.asked[key] == pytest.approx(exact.asked[key], abs=5 * drawn.error)
    assert exact.shares["rich"] == pytest.approx(drawn.shares["rich"], abs=5 * drawn.error)


def test_what_is_required_under_a_condition_is_not_skipped_where_it_holds() -> None:
    raw = quiz(
        question("skin", choices=[choice("dry"), choice("oily")]),
        question("goal", required=False, required_if=is_("skin", "dry")),
        question("why", show_if={"question": "goal", "op": "answered", "value": False}),
    )
    definition = compile_definition(raw)
    assert explore(definition, with_points=False).asked["why"] == pytest.approx(0.05)
    drawn = simulate(definition, walks=4000)
    assert drawn.asked["why"] == pytest.approx(0.05, abs=5 * drawn.error)


def test_a_matrix_that_only_a_rule_uses_pays() -> None:
    raw = needs(question("cream", show_if=is_("needs.dryness", "often")))
    raw["questions"][0]["choices"] = [{**each, "points": {}} for each in SCALE]
    assert ("pays_for_nothing", "questions/needs") not in {(each.code, each.place) for each in analyse(raw).findings}


def test_a_row_decides_for_whoever_takes_it(ada: Taker, bo: Taker, published: Any) -> None:
    published(needs(question("cream", show_if=is_("needs.dryness", "often")), question("end-of-it")))
    for taker, placed, following in ((ada, "often", "cream"), (bo, "never", "end-of-it")):
        taker.start("needs")
        taker.answer(**{"answer-dryness": placed, "answer-shine": "sometimes"})
        assert taker.key == following


def test_a_row_that_must_be_placed_is_asked_for_where_its_rule_holds() -> None:
    raw = quiz(question("skin"), question("needs", "matrix", rows=ROWS, choices=SCALE, required_if=is_("skin", "a")))
    raw["outcomes"].append(outcome("rich"))
    definition = compile_definition(raw)
    asked = as_asked(definition.question("needs"), {"skin": "a"})
    with pytest.raises(MissingRowError):
        read_answer(asked, {"answer-shine": ["never"]}, language="en", today=None)  # type: ignore[arg-type]
