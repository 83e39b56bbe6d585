"""Marketers try their draft to its real result; it is nobody's run, and survives every change of the draft."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client

from preferences.models import Customer
from quizzes.models import Choice, Question, Quiz, QuizVersion, Run
from quizzes.services.drafting import import_definition
from tests.quizzes.builders import question, quiz
from tests.quizzes.taking import Taker


@pytest.fixture
def mira(db: object) -> Taker:
    user = get_user_model().objects.create_user("mira", "mira@example.org", "a long password", is_staff=True)
    user.groups.add(Group.objects.get(name="marketer"))
    client = Client()
    client.force_login(user)
    return Taker(client)


@pytest.fixture
def begins(mira: Taker, care_quiz: QuizVersion) -> str:
    """Where trying begins; mira stands at the first question."""
    address = f"/admin/quizzes/quiz/{care_quiz.quiz_id}/build/try/"
    mira.get(address)
    return address


def taken_to_the_uses(mira: Taker) -> None:
    mira.take(skin="dry", goal=["calm"], allergy={"decline": "1"}, order=["feel", "price", "scent"], words="Tea")


def test_the_answers_decide_the_way_and_the_result(mira: Taker, begins: str) -> None:
    taken_to_the_uses(mira)
    assert mira.seen == ["skin", "goal", "allergy", "order", "words"]
    assert mira.key == "uses"
    mira.answer(purpose="offers")
    assert mira.key == "result"
    assert mira.context["outcome"].key == "rich"
    assert mira.context["outcome"].summary == "You said Dry and want Calm."
    assert mira.context["granted_any"] is True


def test_another_answer_takes_another_way(mira: Taker, begins: str) -> None:
    mira.take(skin="oily", allergy={"decline": "1"}, order=["feel", "price", "scent"], words={"skip": "1"})
    assert "goal" not in mira.seen
    mira.answer()
    assert mira.context["outcome"].key == "light"


def test_an_answer_changed_from_the_result_leads_back_to_it(mira: Taker, begins: str) -> None:
    taken_to_the_uses(mira)
    mira.answer()
    change = next(each.change_url for each in mira.context["answers"] if each.key == "skin")
    mira.get(change)
    mira.answer(answer="oily")
    assert mira.key == "result"
    assert mira.context["outcome"].key == "light"


def test_nobody_has_a_run_of_it(mira: Taker, begins: str) -> None:
    taken_to_the_uses(mira)
    mira.answer(purpose=["offers", "letters"])
    assert not Run.objects.exists()
    assert not Customer.objects.exists()
    assert "proffer" not in mira.client.cookies


def test_a_changed_draft_asks_again_only_what_no_longer_fits(mira: Taker, begins: str) -> None:
    mira.take(skin="dry", goal=["calm"], allergy={"decline": "1"})
    Choice.objects.filter(question__key="goal", value="calm").delete()
    Question.objects.filter(key="order").delete()
    mira.get(f"{begins}next/")
    assert mira.key == "goal"
    mira.take(goal=["glow"], allergy={"decline": "1"})
    assert mira.key == "words"


def test_what_is_unfinished_can_be_tried_as_far_as_it_goes(mira: Taker, begins: str) -> None:
    question = Question.objects.get(key="skin")
    question.title, question.why = {}, {}
    question.save()
    mira.get(begins)
    assert mira.key == "skin"
    assert mira.context["question"].title == "…"
    Quiz.objects.get().outcomes.all().delete()
    assert "Not to be seen yet" in mira.get(begins).content.decode()


def test_a_wrong_answer_is_refused_as_customers_are(mira: Taker, begins: str) -> None:
    page = mira.answer(answer="purple")
    assert page.status_code == 422
    assert mira.key == "skin"


def test_nobody_jumps_ahead(mira: Taker, begins: str) -> None:
    for place in ("order", "uses", "result", "nothing-of-the-sort"):
        mira.get(f"{begins}{place}/")
        assert mira.key == "skin"


def test_starting_again_forgets_what_was_tried(mira: Taker, begins: str) -> None:
    mira.take(skin="dry")
    mira.get(begins)
    assert mira.key == "skin"
    assert not any(choice.checked for choice in mira.context["question"].choices)


def test_it_is_tried_in_the_language_asked_for(mira: Taker, begins: str) -> None:
    assert mira.get(f"{begins}?language=id").context["question"].title == "About skin? (id)"


def test_each_quiz_is_tried_by_itself(mira: Taker, begins: str) -> None:
    mira.take(skin="dry")
    other = import_definition(quiz(question("tea"), slug="drinks"))
    mira.get(f"/admin/quizzes/quiz/{other.pk}/build/try/skin/")
    assert mira.key == "tea"


def test_only_those_who_may_change_quizzes_try_them(begins: str) -> None:
    assert Client().get(begins)["Location"].startswith("/admin/login/")
