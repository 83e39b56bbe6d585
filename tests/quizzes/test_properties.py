"""What holds for any quiz and any answers."""

import json
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preferences.conditions import decider, holds, parse, settled
from quizzes import remaining
from quizzes.answers import Answer
from quizzes.check import analyse
from quizzes.check.chance import simulate
from quizzes.check.walks import explore
from quizzes.definition import compile_definition
from quizzes.flow import as_asked, following, is_shown, progress, walk, walk_on
from quizzes.order import questions_in_order
from quizzes.outcome import decide
from quizzes.parts import Definition

from .random_quizzes import LINKS, answer_to, answers_to, conditions, quizzes

SEEDS = st.sampled_from(["", "run-1", "run-2", "run-3"])
LINK = st.sampled_from(LINKS)
Raw = dict[str, Any]


def forward(definition: Definition, data: st.DataObject, link: dict[str, str], seed: str) -> dict[str, Answer]:
    """The answers of somebody who goes from question to question to the end; what must be answered is."""
    told: dict[str, Answer] = {}
    while (key := (path := walk(definition, told, link, seed)).next_key) is not None:
        asked = as_asked(definition.question(key), path.facts)
        answer = data.draw(answer_to(asked.kind, key))
        if asked.required and asked.kind != "section":
            answer = data.draw(answer_to(asked.kind, key).filter(lambda each: each.state == "given"))
        told[key] = answer
    return told


@given(st.data(), quizzes(), LINK, SEEDS)
@settings(max_examples=60, deadline=None)
def test_a_walk_ends_and_comes_only_by_what_is_shown(
    data: st.DataObject, raw: Raw, link: dict[str, str], seed: str
) -> None:
    definition, answers = compile_definition(raw), data.draw(answers_to(raw))
    path = walk(definition, answers, link, seed)
    questions = questions_in_order(definition, seed)
    assert sorted(each.key for each in questions) == sorted(definition.position)
    places = {each.key: place for place, each in enumerate(questions)}
    facts: dict[str, object] = dict(link)
    place = 0
    for key in (*path.keys, *([path.next_key] if path.next_key else [])):
        passed = questions[place : places[key]]
        assert places[key] >= place
        assert not any(is_shown(each, facts) for each in passed)
        question = questions[places[key]]
        assert is_shown(question, facts)
        facts |= {name: fact for name, fact in path.facts.items() if name.partition(".")[0] == key}
        place = following(definition, question, places[key], facts)
    assert len(set(path.keys)) == len(path.keys)
    assert set(path.keys) | path.abandoned == set(answers)


@given(st.data(), quizzes(), LINK, SEEDS)
@settings(max_examples=60, deadline=None)
def test_the_same_answers_give_the_same_path_also_from_the_database(
    data: st.DataObject, raw: Raw, link: dict[str, str], seed: str
) -> None:
    answers = data.draw(answers_to(raw))
    path = walk(compile_definition(raw), answers, link, seed)
    stored = {key: Answer(*json.loads(json.dumps([each.state, each.value]))) for key, each in answers.items()}
    again = compile_definition(json.loads(json.dumps(raw)))
    assert walk(again, dict(reversed(stored.items())), dict(link), seed) == path


@given(st.data(), quizzes(), LINK, SEEDS)
@settings(max_examples=60, deadline=None)
def test_abandoned_answers_decide_nothing(data: st.DataObject, raw: Raw, link: dict[str, str], seed: str) -> None:
    definition = compile_definition(raw)
    answers = data.draw(answers_to(raw)) | forward(definition, data, link, seed)
    path = walk(definition, answers, link, seed)
    kept = {key: answers[key] for key in path.keys}
    without = walk(definition, kept, link, seed)
    assert (without.keys, without.next_key, without.facts) == (path.keys, path.next_key, path.facts)
    assert decide(definition, without, kept) == decide(definition, path, answers)


@pytest.mark.parametrize(("is_entangled", "ahead"), [(False, 60), (True, 60), (True, 2)])
@given(st.data(), quizzes(), LINK, SEEDS)
@settings(max_examples=60, deadline=None)
def test_going_on_is_walking_anew_and_progress_never_falls(
    is_entangled: bool, ahead: int, data: st.DataObject, raw: Raw, link: dict[str, str], seed: str
) -> None:
    with patch.object(remaining, "LOOKS_AHEAD", ahead):
        _go_through(is_entangled, data, raw, link, seed)


def _go_through(is_entangled: bool, data: st.DataObject, raw: Raw, link: dict[str, str], seed: str) -> None:
    definition = compile_definition(raw)
    progress(definition, walk(definition, {}, link, seed))
    definition.scratch["ways"].is_entangled |= is_entangled
    told: dict[str, Answer] = {}
    path = walk(definition, told, link, seed)
    before = progress(definition, path)
    for key, answer in forward(definition, data, link, seed).items():
        assert key == path.next_key
        told[key] = answer
        path = walk_on(definition, told, seed, path)
        assert path == walk(definition, told, link, seed)
        after = progress(definition, path)
        assert before.percent <= after.percent <= 100
        assert after.seconds_left <= before.seconds_left - definition.question(key).seconds
        before = after
    assert (path.next_key, before.percent, before.seconds_left) == (None, 100, 0)


@given(quizzes())
@settings(max_examples=40, deadline=None)
def test_measuring_in_one_pass_promises_no_less_time_than_trying_everything(raw: Raw) -> None:
    definition = compile_definition(raw)
    tried = remaining.longest_seconds(definition, 0, {})
    definition.scratch["ways"].is_entangled = True
    assert tried <= remaining.longest_seconds(definition, 0, {}) <= sum(each.seconds for each in definition.questions)


@given(st.data(), quizzes(), LINK, SEEDS)
@settings(max_examples=60, deadline=None)
def test_the_order_of_a_group_decides_nothing(data: st.DataObject, raw: Raw, link: dict[str, str], seed: str) -> None:
    definition = compile_definition(raw)
    told = forward(definition, data, link, seed)
    written = walk(definition, told, link)
    path = walk(definition, told, link, seed)
    assert (sorted(path.keys), path.next_key, path.facts) == (sorted(written.keys), None, written.facts)
    assert decide(definition, path, told).outcome == decide(definition, written, told).outcome


@given(st.data(), quizzes(), LINK)
@settings(max_examples=50, deadline=None)
def test_what_decides_fast_decides_as_what_reads_the_tree(data: st.DataObject, raw: Raw, link: dict[str, str]) -> None:
    definition = compile_definition(raw)
    facts = dict(walk(definition, forward(definition, data, link, ""), link).facts)
    known = [("utm", "hidden"), *((each.key, each.kind) for each in definition.questions[:-1])]
    condition = parse(data.draw(conditions(known)), operand="question")
    expected = holds(condition, facts) is True
    assert decider(condition)(facts) is expected
    for key in {"utm", *(each.key for each in definition.questions)}:
        left = settled(condition, key, facts.get(key))
        assert (left if isinstance(left, bool) else decider(left)(facts)) is expected


@given(quizzes(most=6))
@settings(max_examples=25, deadline=None)
def test_counting_agrees_with_random_walks(raw: Raw) -> None:
    """Within five standard errors, and what is certain is certain: what nobody meets, no random walk meets."""
    definition = compile_definition(raw)
    exact, drawn = explore(definition, with_points=True), simulate(definition, walks=400)
    within = 5 * drawn.error
    assert sum(exact.shares.values()) == pytest.approx(1)
    for key in definition.outcome_by_key:
        assert exact.shares[key] == pytest.approx(drawn.shares[key], abs=within)
        assert exact.shares[key] or not drawn.shares[key]
    for each in definition.questions:
        assert exact.asked[each.key] == pytest.approx(drawn.asked[each.key], abs=within)
        assert exact.asked[each.key] or not drawn.asked[each.key]
    assert exact.ties == pytest.approx(drawn.ties, abs=within)
    assert set(drawn.tied) <= set(exact.tied)
    for rule, share in drawn.held.items():
        assert exact.held[rule] == pytest.approx(share, abs=within)
    pathwise = explore(definition, with_points=False)
    assert all(pathwise.asked[each.key] == pytest.approx(exact.asked[each.key]) for each in definition.questions)


@given(st.data(), quizzes(), LINK, SEEDS)
@settings(max_examples=40, deadline=None)
def test_nobody_comes_by_what_is_called_unreachable(
    data: st.DataObject, raw: Raw, link: dict[str, str], seed: str
) -> None:
    definition = compile_definition(raw)
    told = forward(definition, data, link, seed)
    counted = explore(definition, with_points=True)
    assert all(counted.asked[key] > 0 for key in told)
    assert counted.shares[decide(definition, walk(definition, told, link, seed), told).outcome.key] > 0


@given(quizzes(most=4))
@settings(max_examples=10, deadline=None)
def test_the_same_quiz_always_gets_the_same_figures(raw: Raw) -> None:
    assert analyse(raw) == analyse(raw)
    definition = compile_definition(raw)
    assert simulate(definition, walks=50).shares == simulate(definition, walks=50).shares
