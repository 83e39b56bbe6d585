"""Questions asked, and choices offered, in an order drawn for each run."""

import re
from collections import Counter
from itertools import pairwise, permutations
from typing import Any
from uuid import uuid4

import pytest

from quizzes.answers import Answer
from quizzes.check.walks import explore
from quizzes.definition import compile_definition
from quizzes.flow import progress, walk
from quizzes.outcome import decide
from quizzes.parts import Definition
from quizzes.problems import DefinitionError

from .builders import choice, given, is_, outcome, question, quiz, text
from .taking import Taker

HTMX = {"HX-Request": "true"}
MIDDLE = ("b", "c", "d")


def mixed(**fields: dict[str, Any]) -> dict[str, Any]:
    """a, then b, c and d in any order, then e; a decides whether c is asked, and b, c and d who gets what."""
    raw = quiz(
        question("a", seconds=1),
        question("b", seconds=2, shuffle_group="middle", choices=[choice("a", points={"rich": 2}), choice("b")]),
        question("c", seconds=4, shuffle_group="middle", show_if={"question": "a", "op": "is_not", "value": "c"}),
        question("d", seconds=8, shuffle_group="middle", choices=[choice("a", points={"rich": 1}), choice("b")]),
        question("e", seconds=16, show_if=is_("d", "a")),
        slug="mixed",
        outcomes=[outcome("plain"), outcome("rich", summary=text("You said {d}."))],
    )
    for each in raw["questions"]:
        each.update(fields.get(each["key"], {}))
    return raw


def asked(definition: Definition, answers: dict[str, Answer], seed: str) -> list[str]:
    """The questions as one is asked them, one after the other."""
    told: dict[str, Answer] = {}
    while (key := walk(definition, told, None, seed).next_key) is not None:
        told[key] = answers[key]
    return list(told)


ANSWERS = given(a="a", b="a", c="b", d="a", e="c")
SEEDS = [f"run-{number}" for number in range(600)]


def test_every_order_is_as_likely_and_the_rest_keeps_its_place() -> None:
    definition = compile_definition(mixed())
    orders = Counter("".join(asked(definition, ANSWERS, seed)) for seed in SEEDS)
    assert set(orders) == {f"a{''.join(middle)}e" for middle in permutations(MIDDLE)}
    assert all(60 < times < 140 for times in orders.values())  # 100 each, give or take four standard deviations


def test_a_run_keeps_its_order_for_ever() -> None:
    """Whatever Python release it goes on with: these orders are written down."""
    definition = compile_definition(mixed())
    assert ["".join(asked(definition, ANSWERS, seed)) for seed in SEEDS[:4]] == ORDERS


ORDERS = ["acdbe", "adcbe", "acdbe", "adbce"]


def test_without_a_seed_the_order_is_the_authors() -> None:
    assert asked(compile_definition(mixed()), ANSWERS, "") == list("abcde")


@pytest.mark.parametrize("first", ["a", "b", "c"])
def test_whatever_the_order_the_end_is_the_same(first: str) -> None:
    definition = compile_definition(mixed())
    answers = ANSWERS | given(a=first)
    written = walk(definition, answers)
    for seed in SEEDS[:50]:
        path = walk(definition, answers, None, seed)
        assert sorted(path.keys) == sorted(written.keys)
        assert (path.next_key, path.facts) == (None, written.facts)
        assert decide(definition, path, answers).outcome == decide(definition, written, answers).outcome


def test_progress_counts_what_is_left_of_the_group_and_never_falls() -> None:
    definition = compile_definition(mixed())
    for seed in SEEDS[:50]:
        told: dict[str, Answer] = {}
        before, left = -1, 31
        while (key := (path := walk(definition, told, None, seed)).next_key) is not None:
            now = progress(definition, path)
            assert (now.seconds_left, now.percent) >= (left, before)
            assert now.seconds_left == left
            before = now.percent
            told[key] = ANSWERS[key]
            left -= definition.question(key).seconds
        assert left == 0


def test_what_was_answered_of_a_group_is_not_guessed_again() -> None:
    """Whoever was asked d first and did not say “a” will not be asked e: the time left knows."""
    definition = compile_definition(mixed())
    seed = next(each for each in SEEDS if asked(definition, ANSWERS, each)[1] == "d")
    path = walk(definition, given(a="a", d="b"), None, seed)
    assert progress(definition, path).seconds_left == 6
    path = walk(definition, given(a="a") | {"d": Answer("declined")}, None, seed)
    assert progress(definition, path).seconds_left == 6


def test_the_shares_are_those_of_the_written_order() -> None:
    """Explored in the order written. By hand: rich needs b or d to be “a”, each by half."""
    definition = compile_definition(mixed())
    assert explore(definition, with_points=True).shares == pytest.approx({"plain": 0.25, "rich": 0.75})


BETWEEN = {"show_if": is_("b", "a")}
FAULTS: list[tuple[str, str, dict[str, Any]]] = [
    ("scattered_group", "questions[3].shuffle_group", {"c": {"shuffle_group": ""}}),
    ("jump_from_group", "questions[2].jumps[0]", {"c": {"jumps": [{"if": is_("c", "a"), "to": "e"}]}}),
    ("jump_into_group", "questions[0].jumps[0].to", {"a": {"jumps": [{"if": is_("a", "a"), "to": "c"}]}}),
    ("group_order", "questions[2].show_if", {"c": BETWEEN}),
    ("group_order", "questions[3].required_if", {"d": {"required_if": is_("b", "a")}}),
    ("group_order", "questions[3].title.en", {"d": {"title": text("And with {b}?")}}),
    ("unfit_field", "questions[2].shuffle_group", {"c": {"kind": "section", "choices": [], "show_if": None}}),
]


@pytest.mark.parametrize(("kind", "path", "fields"), FAULTS, ids=[f"{kind} {path}" for kind, path, _ in FAULTS])
def test_what_needs_an_order_is_refused(kind: str, path: str, fields: dict[str, Any]) -> None:
    with pytest.raises(DefinitionError) as refused:
        compile_definition(mixed(**fields))
    assert (path, kind) in {(each.path, each.kind) for each in refused.value.problems}


def test_a_jump_leads_to_a_group_or_past_it() -> None:
    for target in ("b", "e"):
        raw = mixed(a={"jumps": [{"if": is_("a", "b"), "to": target}]}, e={"show_if": None})
        answers = ANSWERS | given(a="b")
        for seed in SEEDS[:20]:
            path = asked(compile_definition(raw), answers, seed)
            assert sorted(path) == (list("abcde") if target == "b" else list("ae"))


# ── taken ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def take(taker: Taker, *, htmx: bool) -> list[str]:
    """Answers “a” until the result, and returns the questions in the order they came."""
    taker.start("mixed")
    seen = []
    while taker.key != "result":
        seen.append(taker.key)
        if htmx:
            response = taker.client.post(taker.url, {"answer": "a"}, headers=HTMX)
            taker.url = response.get("HX-Push-Url") or response["Location"]
        else:
            taker.answer(answer="a")
    return seen


@pytest.mark.parametrize("htmx", [False, True])
def test_runs_are_asked_in_orders_of_their_own_and_go_back_by_them(ada: Taker, published: Any, htmx: bool) -> None:
    published(mixed())
    orders = set()
    for _ in range(12):
        bo = Taker(type(ada.client)())
        seen = take(bo, htmx=htmx)
        orders.add(tuple(seen))
        assert (seen[0], seen[-1], sorted(seen)) == ("a", "e", list("abcde"))
        assert "You said A." in bo.get(bo.url).content.decode()
    assert len(orders) > 1  # by chance, once in 360 million times


def test_back_leads_to_the_question_before_in_this_runs_order(ada: Taker, published: Any) -> None:
    published(mixed())
    ada.start("mixed")
    seen = []
    for _ in range(4):
        seen.append(ada.key)
        page = ada.client.post(ada.url, {"answer": "a"}, headers=HTMX)
        ada.url = page["HX-Push-Url"]
        (back,) = set(re.findall(r'class="button line back" href="([^"]+)"', page.content.decode()))
        assert back.rstrip("/").endswith(f"/{seen[-1]}")
        assert f'action="{ada.url}"' in page.content.decode()


def test_a_question_of_the_group_that_is_not_reached_yet_is_not_shown(ada: Taker, published: Any) -> None:
    published(mixed())
    ada.start("mixed")
    ada.answer(answer="a")
    for key in set(MIDDLE) - {ada.key}:
        here = ada.url
        ada.get(f"{ada.run}{key}/")
        assert ada.url == here
        assert ada.client.post(f"{ada.run}{key}/", {"answer": "a"}).status_code == 409


def test_a_change_after_the_end_keeps_the_order(ada: Taker, published: Any) -> None:
    published(mixed())
    order = take(ada, htmx=False)
    ada.post(f"{ada.run}a/", answer="c")  # c is asked no more
    ada.post(f"{ada.run}a/", answer="b")
    assert ada.key == "result"
    for before, after in pairwise(order):
        ada.post(f"{ada.run}{before}/", answer="a")
        assert ada.key == "result", after


def test_choices_that_stay_last_do_in_their_order(ada: Taker, published: Any) -> None:
    letters = [choice(letter) for letter in "abcdefgh"]
    last = [choice("none", last=True), choice("other", last=True)]
    published(quiz(question("pick", shuffle=True, choices=[last[0], *letters, last[1]]), slug="pick"))
    orders = []
    for _ in range(3):
        bo = Taker(type(ada.client)())
        bo.start("pick")
        orders.append(re.findall(r'name="answer" value="([a-z]+)"', bo.page.content.decode()))
    for order in orders:
        assert order[-2:] == ["none", "other"]
        assert sorted(order[:-2]) == list("abcdefgh")
    assert len({tuple(order) for order in orders}) > 1


def test_every_run_has_a_seed_of_its_own() -> None:
    definition = compile_definition(mixed())
    assert len({"".join(asked(definition, ANSWERS, str(uuid4()))) for _ in range(60)}) == 6
