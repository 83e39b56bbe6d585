"""Whatever is sent, the answer is a kind page with the right status, and nothing is lost or duplicated."""

import threading
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test import Client

from .taking import Taker

pytestmark = pytest.mark.usefixtures("care_quiz")


def at(taker: Taker, key: str) -> None:
    taker.start()
    taker.take(
        **dict(list({"skin": "oily", "allergy": {"decline": "1"}, "order": ["price", "scent", "feel"]}.items())[
            : ["skin", "allergy", "order", "words"].index(key)
        ])
    )  # fmt: skip
    assert taker.key == key


@pytest.mark.parametrize(
    ("key", "form", "status", "words"),
    [
        ("skin", {}, 422, "Choose or write an answer"),
        ("skin", {"answer": "purple"}, 422, "not one of the answers"),
        ("skin", {"answer": ["dry", "oily"]}, 422, "at most 1"),
        ("skin", {"answer": "dry\x00"}, 303, ""),
        ("skin", {"skip": "1"}, 422, "be skipped"),
        ("skin", {"decline": "1"}, 422, "needs an answer"),
        ("skin", {"move": "up:dry"}, 422, "Choose or write"),
        ("allergy", {"answer": "yes"}, 422, "Tick the box"),
        ("allergy", {"answer": "perhaps", "consent": "on"}, 422, "not one of the answers"),
        ("order", {"answer": ["price", "price", "feel"]}, 422, "place of its own"),
        ("order", {"answer": ["price"]}, 422, "place of its own"),
        ("words", {"answer": "x" * 41}, 422, "40 characters at most"),
        ("words", {"answer": "x" * 30_000}, 422, "characters at most"),
        ("words", {"answer": "x" * 1_000_000}, 413, "more than we can take"),
        ("words", {"answer": "\x00\x01"}, 303, ""),
        ("words", {"answer": "<script>alert(1)</script>"}, 303, ""),
    ],
)
def test_what_is_sent_gets_the_right_answer(
    ada: Taker, key: str, form: dict[str, Any], status: int, words: str
) -> None:
    at(ada, key)
    response = ada.client.post(ada.url, form)
    assert response.status_code == status
    if words:
        assert words in response.content.decode()


def test_what_was_typed_is_still_there(ada: Taker) -> None:
    at(ada, "words")
    page = ada.client.post(ada.url, {"answer": "A long story " * 10})
    assert "A long story A long story" in page.content.decode()
    assert page.context["error"]


def test_an_answer_to_another_question_leads_to_where_they_are(
    ada: Taker, owner_connection: psycopg.Connection
) -> None:
    at(ada, "allergy")
    for key in ("goal", "words", "nothing-like-it"):
        response = ada.client.post(f"{ada.run}{key}/", {"answer": "calm"})
        assert response.status_code == 409
        assert response.context["action_url"] == f"{ada.run}allergy/"
    assert owner_connection.execute("SELECT count(*) FROM quizzes_answer").fetchone() == (1,)


@pytest.mark.parametrize("page", ["", "skin/", "uses/", "result/", "continue-elsewhere/"])
def test_a_forged_run_is_not_found(ada: Taker, page: str) -> None:
    ada.start()
    forged = f"/q/care/00000000-0000-4000-8000-000000000000/{page}"
    assert ada.client.get(forged).status_code == 404
    assert Client().get(forged).status_code == 404
    assert ada.client.get(ada.run.replace("/care/", "/other/") + page).status_code == 404
    assert ada.client.get(f"/q/care/not-a-uuid/{page}").status_code == 404


def test_a_lost_cookie_is_explained_and_leads_to_a_new_start(ada: Taker) -> None:
    ada.start()
    ada.client.cookies.clear()
    for response in (ada.client.get(ada.url), ada.client.post(ada.url, {"answer": "dry"})):
        assert response.status_code == 404
        assert response.context["action_url"] == "/q/care/"
        assert "know this browser" in response.content.decode()


def test_an_unknown_cookie_is_nobody(ada: Taker) -> None:
    ada.start()
    ada.client.cookies["proffer"] = "forged"
    assert ada.client.get(ada.url).status_code == 404
    assert ada.client.get("/").status_code == 200


def test_an_unknown_profile_is_refused(ada: Taker) -> None:
    for profile in ("12345", "-1", "9" * 30, "x"):
        assert ada.client.post("/q/care/", {"profile": profile}).status_code == 404


def test_there_is_no_such_quiz(ada: Taker) -> None:
    assert ada.client.get("/q/nothing/").status_code == 404
    assert ada.client.post("/q/nothing/").status_code == 404


def test_methods_that_make_no_sense(ada: Taker) -> None:
    ada.start()
    assert ada.client.put(ada.url).status_code == 405
    assert ada.client.post(ada.run + "result/").status_code == 405


def simultaneously(*tasks: Any) -> list[Any]:
    """Runs them in threads that start together; returns their results in order."""
    barrier = threading.Barrier(len(tasks))
    results: list[Any] = [None] * len(tasks)

    def work(index: int) -> None:
        barrier.wait()
        try:
            results[index] = tasks[index]()
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(index,)) for index in range(len(tasks))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def twin(taker: Taker) -> Client:
    """Another tab of the same browser."""
    client = Client()
    client.cookies = taker.client.cookies.copy()
    return client


def test_a_double_submit_is_one_answer(ada: Taker, owner_connection: psycopg.Connection) -> None:
    ada.start()
    url = ada.url
    tabs = [twin(ada) for _ in range(6)]
    responses = simultaneously(*[lambda tab=tab: tab.post(url, {"answer": "dry"}) for tab in tabs])
    assert {response.status_code for response in responses} == {303}
    assert owner_connection.execute("SELECT question_key, value FROM quizzes_answer").fetchall() == [("skin", "dry")]


def test_two_tabs_racing_lose_nothing_and_the_last_word_counts(
    ada: Taker, owner_connection: psycopg.Connection
) -> None:
    at(ada, "order")
    run = ada.run
    for _ in range(5):
        first, second = twin(ada), twin(ada)
        responses = simultaneously(
            lambda tab=first: tab.post(run + "skin/", {"answer": "balanced"}),
            lambda tab=second: tab.post(run + "order/", {"answer": ["feel", "price", "scent"]}),
        )
        assert {response.status_code for response in responses} == {303}
    rows = dict(owner_connection.execute("SELECT question_key, value FROM quizzes_answer").fetchall())
    assert rows == {"skin": "balanced", "allergy": None, "order": ["feel", "price", "scent"]}


def test_finishing_twice_at_once_grants_once(ada: Taker, owner_connection: psycopg.Connection) -> None:
    at(ada, "words")
    ada.answer(answer="none")
    url = ada.url
    tabs = [twin(ada) for _ in range(4)]
    responses = simultaneously(*[lambda tab=tab: tab.post(url, {"purpose": ["offers", "letters"]}) for tab in tabs])
    assert {response.status_code for response in responses} == {303}
    events = owner_connection.execute("SELECT kind, count(*) FROM preferences_consentevent GROUP BY 1").fetchall()
    assert events == [("granted", 2)]
    assert owner_connection.execute("SELECT count(*) FROM preferences_preference").fetchone() == (2,)


def test_answering_while_everything_is_erased_is_no_error(ada: Taker, owner_connection: psycopg.Connection) -> None:
    """The erasure holds the customer's row when the answer arrives, so the answer finds its run gone."""
    ada.start()
    url = ada.url
    with psycopg.connect(owner_connection.info.dsn, password=owner_connection.info.password) as erasing:
        erasing.execute("DELETE FROM preferences_customer")
        tab, found = twin(ada), []

        def answer() -> None:
            try:
                found.append(tab.post(url, {"answer": "dry"}))
            finally:
                connection.close()

        answering = threading.Thread(target=answer)
        answering.start()
        answering.join(0.5)
        assert not found
    answering.join()
    assert (found[0].status_code, found[0]["Location"]) == (303, "/")
    assert owner_connection.execute("SELECT count(*) FROM quizzes_answer").fetchone() == (0,)
