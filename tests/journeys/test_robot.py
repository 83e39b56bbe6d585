"""Whole stories over HTTP without JavaScript, against everything `make run` starts."""

import re

import pytest

from tests.journeys.answers import SENSITIVE
from tests.support.robot import Fields, Form, Page, Robot, soon
from tests.support.stack import Stack

QUIZZES = ("skin", "pet", "outerwear")
TICKED_USE = re.compile(r'<input(?=[^>]*name="purpose")(?=[^>]*\bchecked)[^>]*>')


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("slug", QUIZZES)
def test_offers_come_with_reasons_and_go_at_the_next_request(live_stack: Stack, slug: str, language: str) -> None:
    robot = Robot(live_stack.url, seed=len(slug), language=language)
    uses = robot.take(slug)
    assert uses.html.count('name="purpose"') == 4
    assert not TICKED_USE.search(uses.html)
    result = robot.agree(uses, "offers")
    assert result.url.endswith("/result/")
    soon(lambda: robot.get("/offers/").offers)
    offers = robot.get("/offers/")
    assert 1 <= len(offers.offers) <= 5
    assert offers.reasons

    center = robot.get("/preferences/")
    switch = center.form_to("/preferences/uses/offers/")
    assert robot.send(switch).status == 200
    assert robot.get("/offers/").offers == []


@pytest.mark.parametrize("slug", QUIZZES)
def test_saying_no_to_everything_still_gives_the_full_result(live_stack: Stack, slug: str) -> None:
    giving, refusing = Robot(live_stack.url, seed=7), Robot(live_stack.url, seed=7)  # they answer the same
    with_uses = giving.agree(giving.take(slug), "offers", "letters", "range")
    without = refusing.agree(refusing.take(slug))
    assert without.status == 200
    assert without.url.endswith("/result/")
    assert what_to_do(without) == what_to_do(with_uses) != []
    assert without.offers == []
    assert refusing.get("/offers/").offers == []
    center = refusing.get("/preferences/").html
    assert set(re.findall(r'aria-checked="(\w+)"', center)) == {"false"}
    assert 'id="held"' in center  # the answers are kept for the result only, and that is said
    assert 'id="item-' not in center


def what_to_do(result: Page) -> list[str]:
    """The result's heading and the steps it advises."""
    answer = result.html.partition('aria-labelledby="for-you"')[0]
    return re.findall(r"<h[13][^>]*>([^<]*)", answer)


def test_a_ranking_moves_by_its_buttons_and_is_stored_as_shown(live_stack: Stack) -> None:
    seen: list[tuple[str, list[str]]] = []

    def answer(page: Page, form: Form) -> Fields:
        if not form.named("move"):
            return robot.answer(page, form)
        last = form.named("answer")[-1].value
        for _step in range(3):  # the last becomes the first
            page = robot.send(form, ("move", f"up:{last}"))
            form = page.form_to(form.action)
        order = [each.value for each in form.named("answer")]
        assert order[0] == last
        seen.append((form.action, order))
        return form.filled()

    robot = Robot(live_stack.url, seed=5)
    robot.take("skin", answer)
    ((action, order),) = seen
    assert [each.value for each in robot.get(action).form_to(action).named("answer")] == order


def test_a_sensitive_answer_needs_its_own_consent(live_stack: Stack) -> None:
    refused: list[Page] = []

    def answer(page: Page, form: Form) -> Fields:
        fields = robot.telling(SENSITIVE)(page, form)
        if form.named("consent"):
            assert "checked" not in form.named("consent")[0].attributes
            refused.append(robot.post(form.action, [pair for pair in fields if pair[0] != "consent"]))
        return fields

    robot = Robot(live_stack.url, seed=4)
    uses = robot.take("skin", answer)
    (page,) = refused
    assert page.status == 422
    assert re.search(r'id="problem"[^>]*>[^<]+', page.html)
    assert [each for each in page.form_to("/skin_reactions/").named("answer") if "checked" in each.attributes]
    assert robot.agree(uses).url.endswith("/result/")


def test_someone_elses_run_is_not_found(live_stack: Stack) -> None:
    mine, other = Robot(live_stack.url), Robot(live_stack.url)
    result = mine.agree(mine.take("skin"))
    assert other.get(result.url).status == 404
    assert other.get("/q/skin/00000000-0000-4000-8000-000000000000/result/").status == 404
