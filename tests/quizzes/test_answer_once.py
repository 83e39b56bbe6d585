"""A question that was answered before comes with its answer filled in, while the customer allows that; never else."""

from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from preferences.catalogue import publish_notice
from preferences.models import Attribute, Purpose

from .builders import choice, question, quiz, text
from .taking import Taker
from .test_steps import FRAME

HTMX = {"HX-Request": "true"}
SKIN = [choice("dry"), choice("oily"), choice("balanced")]
WORDS = {"en": "Ask me once"}


@pytest.fixture(autouse=True)
def once(published: Any) -> Purpose:
    purpose = Purpose.objects.create(slug="once", answers_once=True, position=9)
    purpose.attributes.set(Attribute.objects.exclude(key="allergy"))
    publish_notice(purpose=purpose, title=WORDS, sentence=WORDS, benefit=WORDS, details={})
    published(
        quiz(
            question("skin", attribute="skin", choices=SKIN),
            question("goal", "multiple", attribute="goal", choices=[choice("calm"), choice("glow")]),
            question("age", "number", attribute="weight", min=0, max=100),
            question("wish", "text", attribute="note", required=False),
            slug="first",
            purposes=["once", "offers"],
        )
    )
    published(
        quiz(
            question("hello"),
            question("your_skin", attribute="skin", choices=SKIN),
            question("your_goal", "multiple", attribute="goal", choices=[choice("glow"), choice("even")]),
            question("your_age", "slider", attribute="weight", min=0, max=30),
            question("your_wish", "text", attribute="note", required=False),
            slug="second",
            purposes=["once"],
        )
    )
    return purpose


def tell(taker: Taker, *purposes: str, goal: str = "glow", age: str = "17") -> None:
    taker.start("first")
    taker.take(skin="dry", goal=goal, age=age, wish="Soft, please")
    taker.answer(purpose=list(purposes))
    assert taker.key == "result"


def checked(taker: Taker) -> list[str]:
    return [each.value for each in taker.context["question"].choices if each.checked]


def page(taker: Taker) -> str:
    return taker.page.content.decode()


def asked_skin(taker: Taker) -> None:
    taker.start("second")
    taker.answer(answer="a")
    assert taker.key == "your_skin"


def test_a_known_answer_is_filled_in_and_says_when_it_was_told(ada: Taker) -> None:
    tell(ada, "once")
    asked_skin(ada)
    month = timezone.localdate().strftime("%B")
    assert f"You told us <bdi>Dry</bdi> in {month}. Still right?" in page(ada)
    assert "Still right</span>" in page(ada)
    assert checked(ada) == ["dry"]


def test_in_indonesian_too(ada: Taker) -> None:
    tell(ada, "once")
    ada.client.cookies["django_language"] = "id"
    asked_skin(ada)
    assert "<bdi>Dry (id)</bdi>" in page(ada)


def test_told_in_another_year_it_says_which(ada: Taker, owner_connection: psycopg.Connection) -> None:
    tell(ada, "once")
    owner_connection.execute("UPDATE preferences_preference SET told_at = '2025-03-12', expires_at = '2100-01-01'")
    asked_skin(ada)
    assert "in March 2025. Still right?" in page(ada)


def test_nothing_is_stored_before_they_confirm_and_then_it_is_an_answer_like_any(
    ada: Taker, owner_connection: psycopg.Connection
) -> None:
    tell(ada, "once")
    asked_skin(ada)
    answers = "SELECT value FROM quizzes_answer WHERE question_key = 'your_skin'"
    assert owner_connection.execute(answers).fetchall() == []
    ada.answer(answer="dry")
    assert owner_connection.execute(answers).fetchall() == [("dry",)]
    assert ada.key == "your_goal"
    ada.get(ada.run + "your_skin/")
    assert "Still right" not in page(ada), "it is this quiz's answer now"


def test_every_kind_of_question_takes_what_still_fits(ada: Taker) -> None:
    tell(ada, "once")
    asked_skin(ada)
    ada.answer(answer="dry")
    assert checked(ada) == ["glow"]
    ada.answer(answer="glow")
    assert ada.context["question"].value == "17"
    ada.answer(answer="17")
    assert ada.context["question"].value == "Soft, please"
    assert "This is what you told us in" in page(ada)


def test_what_no_longer_fits_is_asked_as_if_new(ada: Taker) -> None:
    tell(ada, "once", goal="calm", age="80")
    asked_skin(ada)
    ada.answer(answer="dry")
    assert (ada.key, checked(ada)) == ("your_goal", [])
    assert "Still right" not in page(ada)
    ada.answer(answer="even")
    assert (ada.key, ada.context["question"].value) == ("your_age", "")


@pytest.mark.parametrize("allowed", [(), ("offers",)])
def test_without_that_use_nothing_is_filled_in(ada: Taker, allowed: tuple[str, ...]) -> None:
    tell(ada, *allowed)
    asked_skin(ada)
    assert checked(ada) == []
    assert "Still right" not in page(ada)


def test_switched_off_in_the_middle_the_page_on_screen_comes_empty(ada: Taker) -> None:
    tell(ada, "once")
    asked_skin(ada)
    ada.client.post("/preferences/uses/once/", {"to": "off"})
    ada.get(ada.url)
    assert checked(ada) == []


def test_one_item_taken_out_is_asked_anew(ada: Taker, owner_connection: psycopg.Connection) -> None:
    tell(ada, "once")
    (profile,) = owner_connection.execute("SELECT id FROM preferences_profile").fetchone()
    ada.client.post(f"/preferences/{profile}/skin/uses/once/", {"to": "off"})
    asked_skin(ada)
    assert checked(ada) == []
    ada.answer(answer="dry")
    assert checked(ada) == ["glow"]


def test_nobody_gets_anothers_answers_from_the_kept_page(ada: Taker, bo: Taker) -> None:
    """Whoever comes first, with or without something told, leaves nothing of theirs for the next."""
    tell(ada, "once")
    for taker, told in ((bo, False), (ada, True), (Taker(Client()), False), (ada, True)):
        taker.start("second")
        answer = taker.client.post(taker.url, {"answer": "a"}, headers=HTMX).content.decode()
        assert ("Still right" in answer, "checked" in answer) == (told, told)


def test_a_sensitive_answer_is_filled_in_without_its_consent(ada: Taker, published: Any, once: Purpose) -> None:
    once.attributes.add(Attribute.objects.get(key="allergy"))
    publish_notice(purpose=once, title=WORDS, sentence=WORDS, benefit=WORDS, details={}, is_material=True)
    asked = {"attribute": "allergy", "sensitive": True, "consent": text("Yes, use this."), "may_decline": True}
    for slug in ("one", "two"):
        published(quiz(question("allergy", "boolean", **asked), slug=slug, purposes=["once"]))
    ada.start("one")
    ada.answer(answer="yes", consent="on")
    ada.answer(purpose="once")
    ada.start("two")
    assert ada.context["question"].value == "yes"
    assert ada.context["question"].consent_given is False
    assert ada.client.post(ada.url, {"answer": "yes"}).status_code == 422


def test_a_pet_is_known_by_its_own_answers_only(ada: Taker, published: Any) -> None:
    Attribute.objects.filter(key="weight").update(profile_kind="pet")
    asked = question("pet_weight", "number", attribute="weight", min=0.5, max=90)
    named = question("pet_name", "text", names_profile=True, max=40)
    published(quiz(named, asked, slug="pet", profile="pet", purposes=["once"]))
    for name, weight in (("Bella", "4.2"), ("Moro", "30")):
        ada.start("pet", profile="new")
        ada.answer(answer=name)
        assert ada.context["question"].value == "", "nobody knows this one yet"
        ada.answer(answer=weight)
        ada.answer(purpose="once")
    for each in ada.get("/q/pet/").context["pets"]:
        ada.start("pet", profile=str(each.id))
        assert ada.context["question"].value == {"Bella": "4.2", "Moro": "30"}[each.name]


@pytest.mark.parametrize(("allowed", "most"), [((), 3), (("offers",), 3), (("once",), 4)])
def test_who_does_not_allow_it_pays_nothing_for_it(ada: Taker, allowed: tuple[str, ...], most: int) -> None:
    tell(ada, *allowed)
    for _warm in range(2):
        ada.start("second")
        with CaptureQueriesContext(connection) as captured:
            ada.client.post(ada.url, {"answer": "a"}, headers=HTMX)
    asked = [each["sql"] for each in captured if not FRAME.match(each["sql"])]
    assert len(asked) == most, asked
