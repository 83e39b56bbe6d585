"""A browser that sends Global Privacy Control is not asked for leave to share."""

import pytest

from preferences.models import Purpose
from quizzes.models import QuizVersion
from tests.quizzes.taking import Taker

ANSWERS = {"skin": "oily", "allergy": {"decline": "1"}, "order": ["feel", "price", "scent"], "words": {"skip": "1"}}


@pytest.mark.parametrize(("signal", "asked"), [("1", ["offers"]), ("0", ["offers", "letters"])])
def test_only_what_may_be_asked_is_asked(signal: str, asked: list[str], ada: Taker, care_quiz: QuizVersion) -> None:
    Purpose.objects.filter(slug="letters").update(is_shared=True)
    ada.client.defaults["HTTP_SEC_GPC"] = signal
    ada.start()
    ada.take(**ANSWERS)
    assert [use.slug for use in ada.context["uses"]] == asked
    ada.answer(purpose=["offers", "letters"])
    assert ada.key == "result"
    page = ada.get("/preferences/").content.decode()
    assert ('data-purpose="letters"' in page) == ("letters" in asked)
