"""A quiz that is not written in the page's language says which it speaks; mixed directions stay apart."""

from typing import Any

import pytest

from quizzes.presenting.piping import piped
from quizzes.presenting.tongue import spoken_on

from .builders import question, quiz
from .taking import Taker


@pytest.mark.parametrize(
    ("languages", "page", "spoken"),
    [
        (("en", "id"), "id", "id"),
        (("en", "id"), "ar", "en"),
        (("en", "ar"), "ar-eg", "ar"),
        (("he", "id"), "ar", "he"),
        ((), "ar", ""),
    ],
)
def test_it_speaks_the_pages_language_or_the_nearest_it_has(languages: tuple[str, ...], page: str, spoken: str) -> None:
    assert spoken_on(languages, page) == spoken


def test_an_english_quiz_on_an_arabic_page_is_english(ada: Taker, published: Any, settings: Any) -> None:
    settings.LANGUAGES = [("en", "English"), ("id", "Bahasa Indonesia"), ("ar", "العربيّة")]
    published(quiz(question("first"), slug="plain"))
    ada.client.cookies["django_language"] = "ar"
    ada.start("plain")
    page = ada.page.content.decode()
    assert '<html lang="ar" dir="rtl">' in page
    assert '<form class="ask" lang="en" dir="ltr"' in page
    ada.client.cookies["django_language"] = "id"
    ada.get(ada.url)
    assert '<form class="ask" method' in ada.page.content.decode()


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        ("Nice to meet you, {name}.", "Bella", "Nice to meet you, Bella."),
        ("Nice to meet you, {name}.", "ليلى", "Nice to meet you, \u2068ليلى\u2069."),
        ("أهلا يا {name}!", "Bella", "أهلا يا \u2068Bella\u2069!"),
        ("أهلا يا {name}!", "ليلى", "أهلا يا ليلى!"),
    ],
)
def test_a_name_that_runs_the_other_way_does_not_pull_the_sentence_along(text: str, name: str, said: str) -> None:
    assert piped(text, lambda _key: name) == said
