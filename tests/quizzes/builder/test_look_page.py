"""The Look page: colours are seen, kept when they can be read, and refused with a better one when they can't."""

from typing import Any

import pytest
from django.test import Client

from quizzes.builder.look.pages import PRESETS
from quizzes.look import faults
from quizzes.models import Quiz, QuizVersion

from .test_building import HTMX, staff

pytestmark = pytest.mark.usefixtures("care_quiz")
GREEN = {"accent": "#1f4d3a", "ground": "#f4efe4", "corners": "sharp", "letters": "serif"}


@pytest.fixture
def mira(db: object) -> Client:
    return staff("mira")


@pytest.fixture
def address(care_quiz: QuizVersion) -> str:
    return f"/admin/quizzes/quiz/{care_quiz.quiz_id}/build/look/"


def seen(client: Client, address: str) -> dict[str, Any]:
    context = client.get(address).context
    return {"token": context["token"], "revision": context["revision"]}


def test_only_those_who_may_change_quizzes_get_there(address: str) -> None:
    for url in (address, f"{address}save/"):
        assert staff(f"sam{len(url)}", "support").get(url).status_code == 403


def test_a_readable_look_is_kept_and_signed(mira: Client, address: str) -> None:
    page = mira.post(f"{address}save/", seen(mira, address) | GREEN, headers=HTMX).content.decode()
    quiz = Quiz.objects.get()
    assert quiz.look == GREEN
    assert (quiz.revision, quiz.changed_by) == (1, "mira")
    assert "Saved at" in page
    assert 'id="look-contrast"' in page
    assert "✗" not in page


def test_saving_what_is_there_changes_nothing(mira: Client, address: str) -> None:
    mira.post(f"{address}save/", seen(mira, address), headers=HTMX)
    assert (Quiz.objects.get().look, Quiz.objects.get().revision) == ({}, 0)


def test_a_colour_is_understood_however_it_is_written(mira: Client, address: str) -> None:
    for typed, kept in (("1F4D3A", "#1f4d3a"), (" #036 ", "#003366")):
        mira.post(f"{address}save/", seen(mira, address) | {"accent": typed}, headers=HTMX)
        assert Quiz.objects.get().look == {"accent": kept}


@pytest.mark.parametrize(
    "wrong",
    [
        {"accent": "green"},
        {"accent": "#12345g"},
        {"accent": "#fff}*{x:y"},
        {"ground": "🌿" * 5},
        {"corners": "wavy"},
        {"letters": "comic"},
        {"accent": "x" * 5000},
    ],
)
def test_what_is_no_look_is_refused(wrong: dict[str, str], mira: Client, address: str) -> None:
    response = mira.post(f"{address}save/", seen(mira, address) | GREEN | wrong, headers=HTMX)
    assert response.status_code == 422
    assert Quiz.objects.get().look == {}


def test_unreadable_colours_are_refused_in_words_with_one_that_would_do(mira: Client, address: str) -> None:
    sent = seen(mira, address) | {"accent": "#ffe45c", "ground": "#ffffff"}
    response = mira.post(f"{address}save/", sent, headers=HTMX)
    page = response.content.decode()
    assert response.status_code == 422
    assert Quiz.objects.get().look == {}
    assert "Buttons and marks can&#x27;t be made out by day" in page
    assert "✗" in page
    proposal = page.split('value="accent:')[1][:7]
    mira.post(f"{address}save/", sent | {"use": f"accent:{proposal}"}, headers=HTMX)
    assert Quiz.objects.get().look == {"accent": proposal, "ground": "#ffffff"}


def test_every_look_to_start_from_can_be_read(mira: Client, address: str) -> None:
    for name, (_words, look) in PRESETS.items():
        assert faults(look) == []
        mira.post(f"{address}save/", seen(mira, address) | {"preset": name})
        assert Quiz.objects.get().look["accent"] == look.accent
    mira.post(f"{address}save/", seen(mira, address) | {"preset": "none"})
    assert Quiz.objects.get().look == {}


def test_without_javascript_the_page_says_the_same(mira: Client, address: str) -> None:
    assert mira.post(f"{address}save/", seen(mira, address) | GREEN).status_code == 302
    refused = mira.post(f"{address}save/", seen(mira, address) | {"accent": "#ffffff"})
    assert refused.status_code == 422
    assert 'value="#ffffff"' in refused.content.decode(), "what was typed is still there"


def test_two_who_choose_at_once_see_both(mira: Client, address: str) -> None:
    sari = staff("sari")
    mine, hers = seen(mira, address), seen(sari, address)
    sari.post(f"{address}save/", hers | GREEN, headers=HTMX)
    answer = mira.post(f"{address}save/", mine | {"accent": "#d6006e"}, headers=HTMX)
    assert answer.status_code == 409
    assert all(words in answer.content.decode() for words in ("sari", "#1f4d3a", "#d6006e"))
    assert Quiz.objects.get().look == GREEN
    again = mine | {"accent": "#d6006e", "anyway": answer.context["stored_token"]}
    assert mira.post(f"{address}save/", again, headers=HTMX).status_code == 200
    assert Quiz.objects.get().look == {"accent": "#d6006e"}


@pytest.mark.parametrize("shown", ["start", "question", "result", "nonsense"])
def test_the_phones_show_the_quizs_own_pages_in_its_look(shown: str, mira: Client, address: str) -> None:
    mira.post(f"{address}save/", seen(mira, address) | GREEN, headers=HTMX)
    preview = mira.get(address, {"show": shown}).context["preview_url"]
    response = mira.get(preview)
    assert response.status_code == 200
    assert "looks/1f4d3a-f4efe4-sharp-serif.css" in response.content.decode()
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
