"""When a quiz can be started: its times and its limit hold for every way in, and for nobody who has started."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import product

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from quizzes.errors import QuizClosedError
from quizzes.models import Quiz, QuizVersion, Tally
from quizzes.opening import OPEN, Opening
from quizzes.services.publishing import reopen, unpublish
from quizzes.services.running import start_run
from quizzes.views import intro
from tests.support.people import acting, someone

from .taking import Taker

HOUR = timedelta(hours=1)
ANSWERS = {"skin": "oily", "allergy": {"decline": "1"}, "order": ["price", "feel", "scent"], "words": "x"}
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def finished_by(taker: Taker) -> None:
    taker.start()
    taker.take(**ANSWERS)
    taker.answer()
    assert taker.key == "result"


@pytest.mark.parametrize(
    ("opening", "stage"),
    [
        (Opening(False), "closed"),
        (Opening(True), "open"),
        (Opening(True, opens_at=NOON), "open"),
        (Opening(True, opens_at=NOON + HOUR), "scheduled"),
        (Opening(True, closes_at=NOON), "over"),
        (Opening(True, closes_at=NOON + HOUR), "open"),
        (Opening(True, completion_limit=2, completed_count=1), "open"),
        (Opening(True, completion_limit=2, completed_count=2), "full"),
        (Opening(True, opens_at=NOON + HOUR, completion_limit=2, completed_count=3), "full"),
        (Opening(False, opens_at=NOON + HOUR), "closed"),
    ],
)
def test_what_stage_a_quiz_is_in(opening: Opening, stage: str) -> None:
    assert opening.stage(NOON) == stage


def test_the_database_and_the_words_agree_on_what_is_open(care_quiz: QuizVersion) -> None:
    now = timezone.now()
    moments = (None, now - HOUR, now + HOUR)
    for opens_at, closes_at, limit in product(moments, moments, (None, 3, 4)):
        if opens_at and closes_at and closes_at <= opens_at:
            continue
        Quiz.objects.update(opens_at=opens_at, closes_at=closes_at, completion_limit=limit)
        Tally.objects.update(completed_count=3)
        stage = Quiz.objects.get().opening.stage(timezone.now())
        assert Quiz.objects.open().exists() == (stage == OPEN), (opens_at, closes_at, limit)
        person = someone()
        with acting(person):
            try:
                start_run(customer_id=person.id, version_id=care_quiz.pk, language="en")
                was_started = True
            except QuizClosedError:
                was_started = False
                transaction.set_rollback(True)
        assert was_started == (stage == OPEN), (opens_at, closes_at, limit)


def test_before_it_opens_its_page_says_when_and_nothing_starts(ada: Taker, care_quiz: QuizVersion) -> None:
    Quiz.objects.update(opens_at=datetime(2099, 3, 2, 9, 30, tzinfo=timezone.get_default_timezone()))
    for response in (ada.client.get("/q/care/"), ada.client.post("/q/care/")):
        assert response.status_code == 200
        page = response.content.decode()
        assert "2 March 2099" in page
        assert "at 09:30" in page
        assert 'type="submit"' not in page.split("<main")[1].split("</main>")[0]
    assert "proffer" not in ada.client.cookies
    assert list(ada.client.get("/").context["quizzes"]) == []


def test_a_quiz_that_opens_later_is_no_secret_before_it_is_published(care_quiz: QuizVersion) -> None:
    Quiz.objects.create(slug="secret", title={"en": "Secret"}, opens_at=timezone.now() + HOUR)
    assert Client().get("/q/secret/").status_code == 404


def test_once_its_time_is_over_it_is_closed_and_offers_what_is_open(
    ada: Taker, bo: Taker, care_quiz: QuizVersion, pet_quiz: QuizVersion
) -> None:
    ada.start()
    Quiz.objects.filter(slug="care").update(closes_at=timezone.now() - HOUR)
    response = bo.client.get("/q/care/")
    assert response.status_code == 410
    assert 'href="/q/pet/"' in response.content.decode()
    assert bo.client.post("/q/care/").status_code == 410
    ada.take(**ANSWERS)
    ada.answer()
    assert ada.key == "result", "whoever has started finishes"


def test_at_its_limit_it_closes(ada: Taker, bo: Taker, care_quiz: QuizVersion) -> None:
    Quiz.objects.update(completion_limit=1)
    bo.start()
    finished_by(ada)
    assert Client().get("/q/care/").status_code == 410
    bo.take(**ANSWERS)
    bo.answer()
    assert bo.key == "result", "a limit turns nobody away who was let in"
    assert Tally.objects.get().completed_count == 2


def test_a_run_counts_once_however_often_it_ends(ada: Taker, care_quiz: QuizVersion) -> None:
    finished_by(ada)
    ada.get(f"{ada.run}uses/")
    ada.answer()
    ada.get(f"{ada.run}skin/")
    ada.answer(answer="dry")
    ada.take(goal="calm")
    ada.answer()
    assert ada.key == "result"
    assert Tally.objects.get().completed_count == 1
    finished_by(Taker(Client()))
    assert Tally.objects.get().completed_count == 2


def test_finishing_does_not_wait_for_whoever_edits_the_quiz(
    ada: Taker, care_quiz: QuizVersion, role_connection: Callable[[str], psycopg.Connection]
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '2s'")
    ada.start()
    ada.take(**ANSWERS)
    with role_connection("web").transaction() as editing:
        editing.connection.execute("SELECT 1 FROM quizzes_quiz FOR UPDATE")
        ada.answer()
    assert ada.key == "result"
    assert Tally.objects.get().completed_count == 1


def test_pressing_start_at_the_moment_it_closes_leads_to_the_closed_page(
    ada: Taker,
    care_quiz: QuizVersion,
    monkeypatch: pytest.MonkeyPatch,
    role_connection: Callable[[str], psycopg.Connection],
) -> None:
    def closing(slug: str) -> object:
        quiz = open_quiz(slug)
        role_connection("web").execute("UPDATE quizzes_quiz SET live_version_id = NULL")
        return quiz

    open_quiz = intro.open_quiz
    monkeypatch.setattr(intro, "open_quiz", closing)
    response = ada.client.post("/q/care/")
    assert response.status_code == 303
    assert ada.client.get(response["Location"]).status_code == 410
    assert "proffer" not in ada.client.cookies


def test_a_quiz_never_closes_before_it_opens(care_quiz: QuizVersion) -> None:
    now = timezone.now()
    for wrong in ({"opens_at": now, "closes_at": now}, {"completion_limit": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Quiz.objects.update(**wrong)


def test_a_closed_quiz_opens_again_as_it_was(care_quiz: QuizVersion) -> None:
    unpublish(quiz=Quiz.objects.get())
    Quiz.objects.update(minutes=9)
    assert reopen(quiz=Quiz.objects.get()) == care_quiz
    assert Client().get("/q/care/").status_code == 200
