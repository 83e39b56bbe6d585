"""Going on on another device: a code that works once, for ten minutes, taken over by POST."""

from urllib.parse import urlsplit

import psycopg
import pytest

from .taking import Taker

pytestmark = pytest.mark.usefixtures("care_quiz")


@pytest.fixture
def link(ada: Taker) -> str:
    ada.start()
    ada.answer(answer="dry")
    page = ada.client.post(ada.run + "continue-elsewhere/")
    assert "<svg" in page.context["qr"]
    assert "style=" not in page.context["qr"]
    return urlsplit(page.context["link"]).path


def test_the_second_device_goes_on_where_the_first_was(ada: Taker, bo: Taker, link: str) -> None:
    assert bo.get(link).context["quiz"].title == "Skin"
    bo.post(link)
    assert (bo.key, bo.run) == ("goal", ada.run)
    bo.answer(answer="calm")
    ada.get(ada.run)
    assert ada.key == "allergy"


def test_looking_at_the_code_takes_nothing_over(bo: Taker, link: str) -> None:
    for _ in range(3):
        assert bo.get(link).status_code == 200
    assert "proffer" not in bo.client.cookies


@pytest.mark.parametrize(("keep", "status"), [("yes", 200), ("no", 404)])
def test_what_the_second_device_told_before_comes_along_or_goes(
    bo: Taker, link: str, owner_connection: psycopg.Connection, keep: str, status: int
) -> None:
    bo.start()
    bo.answer(answer="oily")
    before = bo.run
    bo.post(link, keep=keep)
    assert bo.key == "goal"
    assert owner_connection.execute("SELECT count(*) FROM preferences_customer").fetchone() == (1,)
    assert bo.get(before).status_code == status


def test_what_the_second_device_told_is_shown_to_nobody_unasked(bo: Taker, ada: Taker, link: str) -> None:
    """The code may be somebody else's, sent to see what the reader told."""
    bo.start()
    bo.answer(answer="oily")
    before = bo.run
    assert bo.post(link).context["has_answers"]
    assert ada.get(before).status_code == 404
    assert bo.get(before).status_code == 200


def test_it_works_once(bo: Taker, ada: Taker, link: str) -> None:
    bo.post(link)
    for response in (ada.client.get(link), ada.client.post(link)):
        assert response.status_code == 410
        assert "no longer works" in response.content.decode()


def test_it_ends_after_ten_minutes(bo: Taker, link: str, owner_connection: psycopg.Connection) -> None:
    left = owner_connection.execute("SELECT expires_at - now() FROM quizzes_handoff").fetchone()[0]
    assert 590 < left.total_seconds() <= 600
    owner_connection.execute("UPDATE quizzes_handoff SET expires_at = now()")
    assert bo.client.post(link).status_code == 410


def test_a_guess_opens_nothing(bo: Taker, link: str) -> None:
    assert bo.client.post("/continue/guessed/").status_code == 410


def test_a_link_checker_makes_no_code(ada: Taker, link: str, owner_connection: psycopg.Connection) -> None:
    assert ada.client.get(ada.run + "continue-elsewhere/").status_code == 200
    assert owner_connection.execute("SELECT count(*) FROM quizzes_handoff").fetchone() == (1,)


def test_only_its_hash_is_stored(link: str, owner_connection: psycopg.Connection) -> None:
    token = link.strip("/").split("/")[-1]
    (stored,) = owner_connection.execute("SELECT token_hash FROM quizzes_handoff").fetchone()
    assert token.encode() not in stored
    assert len(stored) == 32
