"""A quiz of every kind there is, taken to its result without JavaScript."""

from typing import Any
from urllib.request import Request

import pytest
from django.test import Client

from quizzes.models import Answer
from quizzes.parts import KINDS
from tests.support.robot import Page, Robot

from .builders import choice, is_, outcome, question, quiz, text

LETTERS = [choice("a"), choice("b"), choice("c")]
FIELDS: dict[str, dict[str, Any]] = {
    "age_gate": {"min": 16, "by_year": True},
    "multiple": {"choices": LETTERS, "min_choices": 3},
    "image": {"choices": [each | {"image": "art/brand/hero.svg", "alt": text("A picture")} for each in LETTERS]},
    "swatch": {"choices": [each | {"color": "#123456"} for each in LETTERS]},
    "slider": {"min": 0, "max": 10, "step": 5},
    "number": {"min": 1, "max": 3},
    "matrix": {"choices": LETTERS, "rows": [{"value": value, "label": text(value)} for value in ("x", "y")]},
    "nps": {"shuffle_group": "scales"},
    "rating": {"shuffle_group": "scales"},
    "email": {"show_if": {"question": "matrix", "op": "answered", "value": True}},
    "phone": {"show_if": {"question": "matrix.y", "op": "in", "value": ["a", "b", "c"]}},
}


def everything() -> dict[str, Any]:
    kinds = sorted(KINDS, key=lambda kind: (kind != "age_gate", kind not in FIELDS, kind not in ("nps", "rating")))
    kinds.sort(key=lambda kind: (kind != "age_gate", kind in ("email", "phone")))
    questions = [question(kind, kind, **FIELDS.get(kind, {})) for kind in kinds]
    few = question("few", "multiple", max_choices=1, show_if=is_("boolean", True))
    return quiz(*questions, few, slug="everything", outcomes=[outcome("plain", summary=text("You said {matrix}."))])


class ClientRobot(Robot):
    """The robot at Django's own test client instead of a running site."""

    def __init__(self, client: Client, seed: int) -> None:
        super().__init__("http://testserver", seed)
        self.client = client

    def _open(self, request: Request) -> Page:
        url = request.full_url
        if request.data is None:
            response = self.client.get(url)
        else:
            response = self.client.post(url, request.data, content_type="application/x-www-form-urlencoded")
        while response.status_code in (302, 303):
            url = response["Location"]
            response = self.client.get(url)
        return Page(url, response.status_code, response.content.decode())


@pytest.mark.parametrize("seed", [1, 2])
def test_a_quiz_of_every_kind_is_taken_to_its_result(
    client: Client, published: Any, seed: int, owner_connection: Any
) -> None:
    published(everything())
    result = ClientRobot(client, seed).take("everything")
    assert result.url.endswith("/result/")
    assert "You said x: " in result.html
    stored = dict(owner_connection.execute("SELECT question_key, state FROM quizzes_answer").fetchall())
    assert set(KINDS) <= set(stored)
    assert {key for key, state in stored.items() if state != Answer.State.GIVEN} == {"section"}
