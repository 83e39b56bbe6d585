"""A customer takes a quiz without JavaScript, from the first page to the result."""

import re

import psycopg
import pytest
from django.test import Client

from quizzes.models import QuizVersion

from .taking import Taker

pytestmark = pytest.mark.usefixtures("care_quiz")
ANSWERS = {
    "skin": "dry",
    "goal": ["glow", "calm"],
    "allergy": {"decline": "1"},
    "order": ["feel", "price", "scent"],
    "words": "None",
}


def test_home_and_intro_say_what_is_exchanged(ada: Taker) -> None:
    (card,) = ada.get("/").context["quizzes"]
    assert (card.get, card.ask, card.use, card.minutes, card.resume_url) == (
        "A routine",
        "Your skin",
        "Only as you allow",
        2,
        None,
    )
    assert ada.get(card.url).context["purposes"] == ["Offers", "Letters"]


def test_looking_around_makes_nobody_a_customer(ada: Taker, owner_connection: psycopg.Connection) -> None:
    ada.get("/")
    ada.get("/q/care/")
    assert "proffer" not in ada.client.cookies
    assert owner_connection.execute("SELECT count(*) FROM preferences_customer").fetchone() == (0,)


def test_whoever_has_been_here_finds_from_the_first_page_what_is_known(ada: Taker) -> None:
    words = "See what you told us, who uses it, and how to stop it"
    assert words not in ada.get("/").content.decode()
    ada.start()
    assert words in ada.get("/").content.decode()


def test_a_quiz_is_taken_to_its_result(ada: Taker, owner_connection: psycopg.Connection) -> None:
    ada.start()
    ada.take(**ANSWERS)
    assert ada.seen == ["skin", "goal", "allergy", "order", "words"]
    assert ada.key == "uses"
    offers, letters = ada.context["uses"]
    assert offers.items == (
        ("skin", "Dry", "skin"),
        ("goal", "Calm and Glow", "goal"),
        ("order", "Feel, then Price, then Scent", "order"),
    )
    assert letters.items == (("skin", "Dry", "skin"),)
    assert not offers.is_on
    ada.answer(purpose=["offers"])
    assert ada.key == "result"
    assert ada.context["outcome"].summary == "You said Dry and want Calm and Glow."
    assert [reason.key for reason in ada.context["reasons"]] == ["skin"]
    assert ada.context["granted_any"]
    told = owner_connection.execute(
        "SELECT a.key, p.value, p.question_key FROM preferences_preference p"
        " JOIN preferences_attribute a ON a.id = attribute_id ORDER BY 1"
    ).fetchall()
    assert told == [
        ("goal", ["calm", "glow"], "goal"),
        ("order", ["feel", "price", "scent"], "order"),
        ("skin", "dry", "skin"),
    ]


def test_saying_no_to_everything_still_gives_the_full_result(ada: Taker, owner_connection: psycopg.Connection) -> None:
    ada.start()
    ada.take(**ANSWERS)
    ada.answer()
    assert ada.key == "result"
    assert ada.context["outcome"].key == "rich"
    assert not ada.context["granted_any"]
    for table in ("preferences_preference", "preferences_grant", "preferences_permit"):
        assert owner_connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


def test_every_answer_is_stored_before_the_next_page(ada: Taker, owner_connection: psycopg.Connection) -> None:
    ada.start()
    ada.answer(answer="oily")
    assert ada.key == "allergy"
    stored = owner_connection.execute("SELECT question_key, value, state FROM quizzes_answer").fetchall()
    assert stored == [("skin", "oily", "given")]


def test_a_closed_tab_is_resumed_from_home_and_intro(ada: Taker) -> None:
    ada.start()
    ada.answer(answer="dry")
    (card,) = ada.get("/").context["quizzes"]
    ada.get(card.resume_url)
    assert ada.key == "goal"
    assert ada.get("/q/care/").context["resume_url"] == card.resume_url


def test_back_shows_what_was_answered_and_goes_forward_again(ada: Taker) -> None:
    ada.start()
    ada.take(skin="dry", goal=["calm"])
    ada.get(ada.context["back_url"])
    assert ada.key == "goal"
    assert [choice.value for choice in ada.context["question"].choices if choice.checked] == ["calm"]
    ada.get(ada.context["back_url"])
    assert ada.key == "skin"
    assert ada.context["back_url"] is None
    percent = ada.context["progress"].percent
    ada.answer(answer="dry")
    assert ada.key == "goal"
    assert ada.context["progress"].percent == percent


def test_going_back_leaves_no_stale_answer_deciding(ada: Taker, owner_connection: psycopg.Connection) -> None:
    ada.start()
    ada.take(skin="dry", goal=["calm"])
    ada.post(ada.run + "skin/", answer="oily")
    ada.take(**ANSWERS | {"skin": "oily"})
    assert [item[2] for item in ada.context["uses"][0].items] == ["skin", "order"]
    ada.answer(purpose="offers")
    assert ada.context["outcome"].key == "light"
    abandoned = owner_connection.execute(
        "SELECT question_key, is_abandoned, is_remembered FROM quizzes_answer ORDER BY 1"
    )
    assert abandoned.fetchall() == [
        ("allergy", False, False),
        ("goal", True, False),
        ("order", False, True),
        ("skin", False, True),
        ("words", False, False),
    ]


def test_coming_back_to_a_branch_finds_its_answers(ada: Taker, owner_connection: psycopg.Connection) -> None:
    ada.start()
    ada.take(skin="dry", goal=["calm"])
    ada.post(ada.run + "skin/", answer="oily")
    ada.post(ada.run + "skin/", answer="dry")
    assert ada.key == "goal"
    assert owner_connection.execute("SELECT bool_or(is_abandoned) FROM quizzes_answer").fetchone() == (False,)


def test_refreshing_sends_nothing_twice(ada: Taker, owner_connection: psycopg.Connection) -> None:
    ada.start()
    response = ada.post(ada.url, follow=False, answer="dry")
    assert response.status_code == 303
    ada.get(response["Location"])
    ada.get(response["Location"])
    assert owner_connection.execute("SELECT count(*) FROM quizzes_answer").fetchone() == (1,)


def test_pressing_start_twice_is_one_run(ada: Taker, owner_connection: psycopg.Connection) -> None:
    ada.start()
    first = ada.run
    ada.start()
    assert ada.run == first
    assert owner_connection.execute("SELECT count(*) FROM quizzes_run").fetchone() == (1,)


def test_starting_again_after_an_answer_is_a_new_run(ada: Taker) -> None:
    ada.start()
    first = ada.run
    ada.answer(answer="dry")
    ada.start()
    assert ada.run != first


def test_a_sensitive_answer_waits_for_its_own_consent(ada: Taker, owner_connection: psycopg.Connection) -> None:
    ada.start()
    ada.take(skin="oily")
    assert ada.context["question"].consent == "Yes, use this for my result."
    assert not ada.context["question"].consent_given
    ada.answer(answer="yes")
    assert ada.page.status_code == 422
    assert ada.context["question"].value == "yes"
    count = "SELECT count(*) FROM quizzes_answer WHERE question_key = 'allergy'"
    assert owner_connection.execute(count).fetchone() == (0,)
    events = (
        "SELECT e.kind, a.key FROM preferences_consentevent e LEFT JOIN preferences_attribute a ON a.id = attribute_id"
    )
    assert owner_connection.execute(events).fetchall() == []
    ada.answer(answer="yes", consent="on")
    assert ada.key == "order"
    assert owner_connection.execute(count).fetchone() == (1,)
    assert owner_connection.execute(events).fetchall() == [("granted", "allergy")]


def test_a_ranking_is_made_with_buttons_alone(ada: Taker, owner_connection: psycopg.Connection) -> None:
    ada.start()
    ada.take(skin="oily", allergy={"decline": "1"})
    ada.answer(answer=["price", "scent", "feel"], move="up:feel")
    assert ada.page.status_code == 200
    assert [choice.value for choice in ada.context["question"].choices] == ["price", "feel", "scent"]
    assert owner_connection.execute("SELECT 1 FROM quizzes_answer WHERE question_key = 'order'").fetchone() is None
    ada.answer(answer=["price", "feel", "scent"])
    assert ada.key == "words"


def test_skipping_is_offered_where_nothing_is_required(ada: Taker) -> None:
    ada.start()
    ada.take(**ANSWERS | {"words": {"skip": "1"}})
    assert ada.key == "uses"


def test_the_result_waits_for_the_end(ada: Taker) -> None:
    ada.start()
    ada.answer(answer="dry")
    ada.get(ada.run + "result/")
    assert ada.key == "goal"
    ada.get(ada.run + "uses/")
    assert ada.key == "goal"
    ada.get(ada.run + "order/")
    assert ada.key == "goal"
    ada.get(ada.run + "nothing/")
    assert ada.key == "goal"


def test_htmx_gets_the_next_question_at_once(ada: Taker) -> None:
    ada.start()
    response = ada.client.post(ada.url, {"answer": "dry"}, headers={"HX-Request": "true"})
    assert response.status_code == 200
    assert response["HX-Push-Url"] == ada.run + "goal/"
    assert response.context["question"].key == "goal"
    assert b"<html" not in response.content
    refused = ada.client.post(ada.run + "goal/", {"answer": "zzz"}, headers={"HX-Request": "true"})
    assert (refused.status_code, refused["HX-Push-Url"]) == (422, "false")


def test_pages_are_in_the_customers_language(ada: Taker) -> None:
    ada.client.cookies["django_language"] = "id"
    ada.start()
    assert ada.context["question"].title == "About skin? (id)"


def test_another_customer_sees_no_run_of_ours(ada: Taker, bo: Taker) -> None:
    ada.start()
    bo.start()
    assert bo.get(ada.url).status_code == 404
    assert bo.client.post(ada.url, {"answer": "dry"}).status_code == 404
    assert Client().get(ada.url).status_code == 404


def test_a_quiz_without_uses_goes_right_to_its_result(ada: Taker, published: object, care_quiz: QuizVersion) -> None:
    from .builders import quiz

    published(quiz(slug="plain"))
    ada.start("plain")
    ada.take(first="a", second="b")
    assert ada.key == "result"


def test_the_fragment_kept_for_everybody_is_the_page_of_each(ada: Taker, bo: Taker) -> None:
    """Bo's comes from what was rendered for Ada; it is what the template would have made for him."""
    htmx = {"headers": {"HX-Request": "true"}}
    for taker, skin in ((ada, "dry"), (bo, "dry"), (bo, "oily")):
        taker.start()
        response = taker.client.post(taker.run + "skin/", {"answer": skin}, **htmx)
        kept, made = response.content.decode(), taker.client.get(response["HX-Push-Url"], **htmx).content.decode()
        token = re.compile('value="[A-Za-z0-9]{64}"')
        assert len(token.findall(kept)) == 1
        assert token.sub("", kept) == token.sub("", made)
        assert taker.run in kept
        assert "GoesHere" not in kept
