"""What is kept of a run, whose it is, and when it goes."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from preferences import access, registry, services
from preferences.registry import Change
from quizzes.models import Answer, Run
from quizzes.services.forgetting import forget_unconsented

from .taking import Taker

pytestmark = pytest.mark.usefixtures("care_quiz")
OILY = {"skin": "oily", "allergy": {"decline": "1"}, "order": ["price", "scent", "feel"], "words": "x"}
AsRole = Callable[[str], AbstractContextManager[None]]


def finish(taker: Taker, **uses: str) -> Taker:
    taker.start()
    taker.take(**OILY)
    taker.answer(**uses)
    return taker


def customer_of(taker: Taker) -> int:
    with transaction.atomic():
        return access.identify(taker.client.cookies["proffer"].value).id


def age(owner: psycopg.Connection, days: int) -> None:
    owner.execute(f"UPDATE quizzes_answer SET answered_at = now() - interval '{days} days'")
    owner.execute(
        f"UPDATE quizzes_run SET started_at = now() - interval '{days} days',"
        f" completed_at = now() - interval '{days} days'"
    )


def test_answers_that_only_serve_a_result_go_after_thirty_days(
    ada: Taker, bo: Taker, owner_connection: psycopg.Connection, as_role: AsRole
) -> None:
    finish(ada, purpose="offers")
    finish(bo)
    age(owner_connection, 29)
    with as_role("worker"):
        assert forget_unconsented(now=timezone.now()) == 0
    age(owner_connection, 31)
    with as_role("worker"):
        forget_unconsented(now=timezone.now())
        assert forget_unconsented(now=timezone.now()) == 0
    left = owner_connection.execute("SELECT question_key FROM quizzes_answer ORDER BY 1").fetchall()
    assert left == [("order",), ("skin",)]
    assert bo.get(bo.run + "result/").status_code == 404
    page = ada.get(ada.run + "result/")
    assert page.status_code == 200
    assert page.context["outcome"].key == "light"


def test_the_worker_reads_no_answer(ada: Taker, as_role: AsRole) -> None:
    finish(ada)
    for role in ("worker", "offers"):
        with as_role(role), pytest.raises(ProgrammingError, match="permission denied"):
            Answer.objects.count()


def test_a_customer_finds_only_their_own_rows(ada: Taker, bo: Taker) -> None:
    finish(ada)
    finish(bo)
    assert (Run.objects.count(), Answer.objects.count()) == (0, 0)  # nobody in particular
    with transaction.atomic():
        customer = access.identify(ada.client.cookies["proffer"].value)
        assert set(Run.objects.values_list("customer_id", flat=True)) == {customer.id}
        assert set(Answer.objects.values_list("customer_id", flat=True)) == {customer.id}
        other = (
            "INSERT INTO quizzes_answer (run_id, customer_id, question_key, attribute, state, is_abandoned,"
            " is_remembered, answered_at) SELECT run_id, customer_id + 1, 'x', '', 'skipped', false, false, now()"
        )
        with pytest.raises(ProgrammingError, match="row-level security"), connection.cursor() as cursor:
            cursor.execute(f"{other} FROM quizzes_answer LIMIT 1")
        transaction.set_rollback(True)


def test_erasing_takes_runs_and_answers_along(ada: Taker, bo: Taker, owner_connection: psycopg.Connection) -> None:
    finish(ada, purpose="offers")
    finish(bo)
    with transaction.atomic():
        access.identify(ada.client.cookies["proffer"].value)
        services.erase_customer()
    assert owner_connection.execute("SELECT count(*) FROM quizzes_run").fetchone() == (1,)
    assert owner_connection.execute("SELECT count(DISTINCT run_id) FROM quizzes_answer").fetchone() == (1,)


def test_the_center_is_told_what_is_held_and_until_when(ada: Taker) -> None:
    finish(ada, purpose="letters")
    customer = customer_of(ada)
    with transaction.atomic():
        access.identify(ada.client.cookies["proffer"].value)
        held = {item.label: item for item in registry.held(customer, "en")}
    assert {label: item.value for label, item in held.items()} == {
        "About order?": "Price, then Scent, then Feel",
        "About words?": "x",
    }
    until = held["About words?"].until_at
    assert timedelta(days=29, hours=23) < until - timezone.now() <= timedelta(days=30)


def test_what_a_change_would_take_away_is_counted(ada: Taker) -> None:
    finish(ada, purpose="offers")
    customer = customer_of(ada)
    with transaction.atomic():
        access.identify(ada.client.cookies["proffer"].value)
        (profile,) = Run.objects.values_list("profile_id", flat=True)
        texts = {
            kind: [
                loss.text
                for loss in registry.losses(
                    Change(kind, customer, profile_id=profile, purpose="offers", attribute="skin")
                )
                if "quiz" in loss.text
            ]
            for kind in ("erase", "forget", "withdraw")
        }
    assert texts == {
        "erase": ["1 quiz result"],
        "forget": ["1 answer in a quiz"],
        "withdraw": ["Your quiz results stay."],
    }


def test_export_has_every_answer(ada: Taker) -> None:
    finish(ada)
    customer = customer_of(ada)
    with transaction.atomic():
        access.identify(ada.client.cookies["proffer"].value)
        exported = {each.name: list(each.rows()) for each in registry.export(customer)}
    (run,) = exported["quiz_runs"]
    assert (run["quiz"], run["outcome"]) == ("care", "light")
    assert [(each["question"], each["state"]) for each in exported["quiz_answers"]] == [
        ("skin", "given"),
        ("allergy", "declined"),
        ("order", "given"),
        ("words", "given"),
    ]


def test_marketers_see_which_quiz_asks_for_an_attribute() -> None:
    assert registry.uses()["skin"][0] == "quiz “care”"


def test_runs_follow_a_merge(ada: Taker, bo: Taker, owner_connection: psycopg.Connection) -> None:
    finish(ada, purpose="offers")
    finish(bo)
    with transaction.atomic():
        access.identify(ada.client.cookies["proffer"].value)
        assert services.merge_device(token_hash=access.token_hash(bo.client.cookies["proffer"].value))
    (customer,) = owner_connection.execute("SELECT id FROM preferences_customer").fetchone()
    rows = owner_connection.execute("SELECT customer_id, profile_id IS NOT NULL FROM quizzes_run").fetchall()
    assert rows == [(customer, True), (customer, True)]
    assert owner_connection.execute("SELECT DISTINCT customer_id FROM quizzes_answer").fetchall() == [(customer,)]
    assert ada.get(bo.run + "result/").status_code == 200
