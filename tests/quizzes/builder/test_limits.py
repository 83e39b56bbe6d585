"""A quiz can hold so much and no more: its buttons say so beforehand, and the server kindly afterwards."""

from typing import Any

import pytest
from django.test import Client

from quizzes.builder import limits
from quizzes.models import Choice, Outcome, Question, Quiz, QuizVersion

from .test_building import HTMX, fields, staff

pytestmark = pytest.mark.usefixtures("care_quiz")


@pytest.fixture
def mira(db: object) -> Client:
    return staff("mira")


@pytest.fixture
def address(care_quiz: QuizVersion) -> str:
    return f"/admin/quizzes/quiz/{care_quiz.quiz_id}/build/"


@pytest.fixture
def full(care_quiz: QuizVersion, monkeypatch: pytest.MonkeyPatch) -> None:
    """The quiz as it is has as much as it can have."""
    monkeypatch.setattr(limits, "MAX_QUESTIONS", 5)
    monkeypatch.setattr(limits, "MAX_OUTCOMES", 3)
    monkeypatch.setattr(limits, "MAX_CHOICES", 3)


def counts() -> tuple[int, int, int]:
    return Question.objects.count(), Outcome.objects.count(), Choice.objects.count()


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_no_question_or_outcome_is_added_beyond_the_most(headers: dict[str, str], mira: Client, address: str) -> None:
    before = counts()
    question, outcome = Question.objects.first(), Outcome.objects.first()
    assert question
    assert outcome
    for place, words in (
        ("add/", "5 questions are the most"),
        (f"{question.pk}/duplicate/", "5 questions are the most"),
        ("outcomes/add/", "3 outcomes are the most"),
        (f"outcomes/{outcome.pk}/duplicate/", "3 outcomes are the most"),
    ):
        answer: Any = mira.post(f"{address}{place}", {"kind": "boolean"}, headers=headers)
        assert (answer.status_code, words in answer.content.decode()) == (422, True), place
    assert counts() == before


@pytest.mark.usefixtures("full")
def test_no_choice_is_added_beyond_the_most(mira: Client, address: str) -> None:
    before = counts()
    url, sent = fields(mira, address, "skin")
    answer = mira.post(url, sent | {"do": "add"}, headers=HTMX)
    assert answer.status_code == 422
    assert "3 choices are the most a question can have." in answer.content.decode()
    mira.post(url, sent | {"do": "fill"}, headers=HTMX)
    assert counts() == before


@pytest.mark.usefixtures("full")
def test_there_is_a_sentence_instead_of_the_button(mira: Client, address: str) -> None:
    skin = Quiz.objects.get().questions.get(key="skin")
    page = mira.get(address, {"question": skin.pk}).content.decode()
    assert 'id="build-add"' not in page
    assert 'id="build-choice-add"' not in page
    assert "Take one out, and there is room again." in page
    assert 'id="build-add"' not in mira.get(f"{address}outcomes/").content.decode()


def test_words_in_a_language_that_no_form_shows_stay(mira: Client, address: str) -> None:
    Question.objects.filter(key="skin").update(title={"en": "Skin?", "id": "Kulit?", "tlh": "DIr?"})
    url, sent = fields(mira, address, "skin")
    assert mira.post(url, sent | {"title_en": "Your skin?"}, headers=HTMX).status_code == 200
    assert Question.objects.get(key="skin").title == {"en": "Your skin?", "id": "Kulit?", "tlh": "DIr?"}


def test_what_somebody_saved_in_the_same_instant_is_not_called_in_use(
    mira: Client, care_quiz: QuizVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two quizzes under one address: the check of the form has not seen the other yet, the database has."""
    other = Quiz.objects.create(slug="tea", title={"en": "Tea"})
    monkeypatch.setattr(Quiz, "validate_unique", lambda *_given, **_options: None)
    monkeypatch.setattr(Quiz, "validate_constraints", lambda *_given, **_options: None)
    url = f"/admin/quizzes/quiz/{other.pk}/change/"
    form = mira.get(url).context["adminform"].form
    sent = {name: form[name].value() for name in form.fields if isinstance(form[name].value(), str | int)}
    page = mira.post(url, sent | {"slug": care_quiz.quiz.slug, "title_en": "Tea"}, follow=True).content.decode()
    assert "under the same name or key" in page
    assert Quiz.objects.filter(slug=care_quiz.quiz.slug).count() == 1
