"""Changing an answer after the result: what was remembered follows, and nothing stale stays."""

import psycopg
import pytest

from quizzes.models import QuizVersion

from .taking import Taker

OILY = {"skin": "oily", "allergy": {"decline": "1"}, "order": ["price", "scent", "feel"], "words": "x"}


def told(owner: psycopg.Connection) -> dict[str, object]:
    rows = owner.execute(
        "SELECT a.key, p.value FROM preferences_preference p JOIN preferences_attribute a ON a.id = attribute_id"
        " WHERE ended_at IS NULL"
    )
    return dict(rows.fetchall())


def change(taker: Taker, key: str, **form: object) -> None:
    link = next(each.change_url for each in taker.context["answers"] if each.key == key)
    taker.get(link)
    taker.answer(**form)


@pytest.fixture
def done(ada: Taker, care_quiz: QuizVersion) -> Taker:
    ada.start()
    ada.take(**OILY)
    ada.answer(purpose="offers")
    return ada


def test_a_changed_answer_changes_result_and_preference(done: Taker, owner_connection: psycopg.Connection) -> None:
    assert done.context["outcome"].key == "light"
    change(done, "skin", answer="balanced")
    assert done.key == "result"
    assert done.context["outcome"].key == "plain"
    assert told(owner_connection) == {"skin": "balanced", "order": ["price", "scent", "feel"]}


def test_the_change_page_leads_back_to_the_result(done: Taker) -> None:
    done.get(next(each.change_url for each in done.context["reasons"]))
    assert done.context["back_url"] == done.run + "result/"


def test_a_change_that_opens_a_branch_asks_it_and_then_for_its_use(
    done: Taker, owner_connection: psycopg.Connection
) -> None:
    change(done, "skin", answer="dry")
    assert done.key == "goal"
    done.answer(answer="calm")
    assert done.key == "uses"
    offers = done.context["uses"][0]
    assert offers.is_on
    assert [item[2] for item in offers.items] == ["skin", "goal", "order"]
    assert "goal" not in told(owner_connection)
    done.answer(purpose="offers")
    assert done.context["outcome"].key == "rich"
    assert told(owner_connection)["goal"] == ["calm"]


def test_what_an_abandoned_branch_told_is_forgotten(done: Taker, owner_connection: psycopg.Connection) -> None:
    change(done, "skin", answer="dry")
    done.answer(answer="calm")
    done.answer(purpose="offers")
    change(done, "skin", answer="oily")
    assert done.key == "result"
    assert "goal" not in told(owner_connection)
    kept = owner_connection.execute(
        "SELECT is_abandoned, is_remembered FROM quizzes_answer WHERE question_key = 'goal'"
    )
    assert kept.fetchone() == (True, False)


def test_an_answer_taken_back_is_a_preference_taken_back(done: Taker, owner_connection: psycopg.Connection) -> None:
    change(done, "words", skip="1")
    assert done.key == "result"
    done.client.post(done.run + "skin/", {"answer": "oily"})
    assert set(told(owner_connection)) == {"skin", "order"}


def test_without_consent_a_change_goes_right_to_the_result(
    ada: Taker, care_quiz: QuizVersion, owner_connection: psycopg.Connection
) -> None:
    ada.start()
    ada.take(**OILY)
    ada.answer()
    change(ada, "skin", answer="balanced")
    assert ada.key == "result"
    assert told(owner_connection) == {}


def test_switching_off_at_the_uses_withdraws(done: Taker, owner_connection: psycopg.Connection) -> None:
    done.post(done.run + "uses/")
    assert not done.context["granted_any"]
    kinds = owner_connection.execute("SELECT kind FROM preferences_consentevent ORDER BY id").fetchall()
    assert kinds == [("granted",), ("withdrawn",)]


def test_what_is_forgotten_in_the_center_goes_from_the_answers_too(
    done: Taker, owner_connection: psycopg.Connection
) -> None:
    from django.db import transaction

    from preferences import access, services

    with transaction.atomic():
        access.identify(done.client.cookies["proffer"].value)
        (profile,) = owner_connection.execute("SELECT id FROM preferences_profile").fetchone()
        services.forget(profile_id=profile, attribute_key="skin")
    assert owner_connection.execute("SELECT 1 FROM quizzes_answer WHERE question_key = 'skin'").fetchone() is None
    page = done.get(done.run + "result/")
    assert page.status_code == 200
    assert page.context["outcome"].summary == "You said what you told us."
    assert [each.key for each in page.context["answers"]] == ["allergy", "order", "words"]
