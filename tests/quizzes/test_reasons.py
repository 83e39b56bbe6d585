"""Why this result: each answer that counted, as one would read it aloud."""

from typing import Any

import pytest

from .builders import choice, outcome, question, quiz, text
from .conftest import Publish
from .taking import Taker

ORDER = ("feel", "looks", "work", "inside", "price")


def raw(count: int) -> dict[str, Any]:
    choices = [choice(value, points={"plain": 1}) for value in ORDER[:count]]
    return quiz(
        question("order", "ranking", title=text("Put these in your order"), choices=choices),
        question("scent", "boolean", title=text("Do you like a scent?")),
        outcomes=[outcome("plain")],
    )


def test_a_question_kept_for_its_result_reads_on_to_its_answer(published: Publish, ada: Taker) -> None:
    published(raw(3))
    ada.start("skin")
    ada.take(order=list(ORDER[:3]), scent="no")
    page = ada.get("/preferences/").content.decode()
    assert "Do you like a scent? <b>" in page
    assert "Put these in your order: <b>" in page


@pytest.mark.parametrize(
    ("count", "brief"),
    [(3, "Feel, then Looks, then Work"), (4, "Feel first, then Looks"), (5, "Feel first, then Looks")],
)
def test_a_long_order_is_a_reason_by_its_beginning_and_is_told_in_full(
    count: int, brief: str, published: Publish, ada: Taker
) -> None:
    published(raw(count))
    ada.start("skin")
    ada.take(order=list(ORDER[:count]), scent="no")
    if ada.key == "uses":
        ada.answer()
    assert ada.key == "result"
    (reason,) = ada.context["reasons"]
    assert (reason.lead, reason.in_brief) == ("Put these in your order:", brief)
    order, scent = ada.context["answers"]
    assert order.answer == ", then ".join(value.title() for value in ORDER[:count])
    assert (scent.lead, scent.answer) == ("Do you like a scent?", "No")
    page = ada.page.content.decode()
    assert f"<bdi>{brief}</bdi>" in page
    assert f"<bdi>{order.answer}</bdi>" in page
