"""A quiz that listens: answers quoted later, a word after a choice, sections, random order, required-if."""

import re
from typing import Any

import pytest

from quizzes.presenting.piping import piped

from .builders import choice, is_, outcome, question, quiz, text
from .taking import Taker

HTMX = {"HX-Request": "true"}


@pytest.mark.parametrize(
    ("written", "name", "said"),
    [
        ("Nice to meet you, {name}.", "Ada", "Nice to meet you, Ada."),
        ("Nice to meet you, {name}.", "", "Nice to meet you."),
        ("{name}, how old are you?", "", "How old are you?"),
        ("And you, {name|friend}?", "", "And you, friend?"),
        ("And you, {name|friend}?", "Ada", "And you, Ada?"),
        ("{name|Friend}, {name|friend}", "", "Friend, friend"),
        ("No braces { here }", "", "No braces { here }"),
    ],
)
def test_an_answer_is_quoted_or_the_sentence_does_without(written: str, name: str, said: str) -> None:
    assert piped(written, lambda _key: name) == said


def talk() -> dict[str, Any]:
    return quiz(
        question("hello", "section", title=text("Hello"), help=text("A few words first.")),
        question("name", "text", required=False, max=40),
        question(
            "mood",
            title=text("How are you, {name|friend}?"),
            choices=[choice("good", feedback=text("Glad to hear it.")), choice("bad"), choice("so-so")],
        ),
        question("why", "text", required=False, required_if=is_("mood", "bad")),
        question("pick", "multiple", shuffle=True, choices=[choice(letter) for letter in "abcdefgh"]),
        slug="talk",
        outcomes=[outcome("plain", summary=text("Well, {name|friend}."))],
    )


@pytest.fixture
def talking(published: Any, ada: Taker) -> Taker:
    published(talk())
    ada.start("talk")
    return ada


def test_a_section_is_read_and_gone_past(talking: Taker) -> None:
    page = talking.page.content.decode()
    assert talking.key == "hello"
    assert "A few words first." in page
    assert 'name="answer"' not in page
    talking.answer()
    assert talking.key == "name"
    talking.take(name={"skip": "1"}, mood="good", why={"skip": "1"}, pick="a")
    assert talking.key == "result"
    assert "About hello" not in talking.page.content.decode()
    assert "Hello" not in talking.page.content.decode()


def test_the_name_is_in_the_next_question_and_escaped(talking: Taker) -> None:
    talking.answer()
    talking.answer(answer="<b>Ada</b>")
    page = talking.page.content.decode()
    assert "How are you, &lt;b&gt;Ada&lt;/b&gt;?" in page
    assert "<b>Ada" not in page


def test_without_a_name_a_neutral_word(talking: Taker) -> None:
    talking.answer()
    talking.answer(skip="1")
    assert "How are you, friend?" in talking.page.content.decode()


def test_nobody_reads_somebody_elses_name(talking: Taker, bo: Taker) -> None:
    """The page of a fresh question is kept for all; one that quotes an answer is not."""
    talking.answer()
    talking.client.post(talking.url, {"answer": "Ada"}, headers=HTMX)
    bo.start("talk")
    bo.answer()
    page = bo.client.post(bo.url, {"answer": "Bo"}, headers=HTMX).content.decode()
    assert "How are you, Bo?" in page
    assert "Ada" not in page


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_word_after_a_choice_and_only_after_that(talking: Taker, bo: Taker, headers: dict[str, str]) -> None:
    said = []
    bo.start("talk")
    for taker, mood in ((talking, "good"), (bo, "so-so")):
        taker.answer()
        taker.answer(answer="Ada")
        page = taker.client.post(taker.url, {"answer": mood}, headers=headers)
        page = taker.get(taker.run + "why/") if page.status_code == 303 else page
        said.append("Glad to hear it." in page.content.decode())
    assert said == [True, False]


def test_it_must_be_answered_where_its_condition_holds(talking: Taker) -> None:
    talking.answer()
    talking.take(name="Ada", mood="bad")
    assert talking.key == "why"
    assert 'name="skip"' not in talking.page.content.decode()
    assert talking.client.post(talking.url, {"skip": "1"}).status_code == 422
    assert talking.client.post(talking.url, {"answer": ""}).status_code == 422
    talking.post(talking.run + "mood/", answer="good")
    assert talking.key == "why"
    assert 'name="skip"' in talking.page.content.decode()


def test_choices_are_shuffled_the_same_way_each_time_for_one_run_and_differently_for_others(
    talking: Taker, bo: Taker
) -> None:
    orders = []
    for taker in (talking, bo):
        if taker is bo:
            bo.start("talk")
        taker.answer()
        taker.take(name="Ada", mood="good", why={"skip": "1"})
        once, again = (re.findall(r'value="([a-h])"', taker.get(taker.url).content.decode()) for _ in range(2))
        assert once == again
        assert sorted(once) == list("abcdefgh")
        orders.append(once)
    assert orders[0] != orders[1]  # once in 40,320 times they would be
