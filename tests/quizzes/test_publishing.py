"""A published version is for ever; the draft may change, and runs stay on the version they began with."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from preferences.models import Attribute
from quizzes.definition import compile_definition
from quizzes.errors import NotPublishableError
from quizzes.models import Quiz, QuizVersion
from quizzes.services.drafting import definition_of, import_definition
from quizzes.services.publishing import publish, unpublish
from tests.support.people import make_catalogue

from .builders import care, choice, outcome, question, quiz, skin, text
from .taking import Taker
from .test_definition import EVERY_KIND


@pytest.mark.parametrize("raw", [skin(), EVERY_KIND, care()], ids=["skin", "every kind", "care"])
def test_what_is_imported_comes_out_the_same(db: object, raw: dict[str, Any]) -> None:
    make_catalogue()
    for key in ("skin_type", "flakes", "health"):
        Attribute.objects.create(key=key, kind="choice", label=text(key), sentence=text("{value}"), group=text("x"))
    assert compile_definition(definition_of(import_definition(raw))) == compile_definition(raw)
    assert compile_definition(definition_of(import_definition(raw))) == compile_definition(raw)  # over the draft


def test_publishing_again_without_a_change_makes_no_new_version(care_quiz: QuizVersion) -> None:
    assert publish(quiz=Quiz.objects.get()) == care_quiz
    assert QuizVersion.objects.count() == 1


def test_a_change_makes_the_next_version(care_quiz: QuizVersion) -> None:
    Quiz.objects.update(minutes=9)
    version = publish(quiz=Quiz.objects.get(), by="mia")
    assert (version.number, version.published_by) == (2, "mia")
    assert version.content_hash != care_quiz.content_hash
    assert Quiz.objects.get().live_version == version


@pytest.mark.parametrize("statement", ["UPDATE quizzes_quizversion SET number = 9", "DELETE FROM quizzes_quizversion"])
@pytest.mark.parametrize("role", ["web", "worker", "offers"])
def test_no_process_may_change_a_version(
    care_quiz: QuizVersion, role_connection: Callable[[str], psycopg.Connection], role: str, statement: str
) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        role_connection(role).execute(statement)


def test_not_even_an_administrator_changes_a_version(
    care_quiz: QuizVersion, owner_connection: psycopg.Connection
) -> None:
    with pytest.raises(psycopg.errors.RestrictViolation, match="never changed"):
        owner_connection.execute("UPDATE quizzes_quizversion SET definition = '{}'")


@pytest.mark.parametrize(
    ("raw", "path", "kind"),
    [
        (
            quiz(outcomes=[outcome("x", when={"question": "first", "op": "is", "value": "a"})]),
            "outcomes",
            "no_fallback",
        ),
        (quiz(question("q", attribute="skin")), "questions[0].attribute", "unknown_value"),
        (quiz(question("q", "number", attribute="skin")), "questions[0].attribute", "unfit_attribute"),
        (quiz(question("q", "text", attribute="note"), profile="pet"), "questions[0].attribute", "unfit_profile"),
        (quiz(question("q", "boolean", attribute="allergy")), "questions[0].attribute", "not_sensitive"),
        (quiz(question("q", attribute="shoe_size")), "questions", "unknown_attribute"),
        (quiz(purposes=["espionage"]), "purposes", "unknown_purpose"),
    ],
)
def test_what_cannot_be_published_is_refused_by_its_place(
    db: object, raw: dict[str, Any], path: str, kind: str
) -> None:
    make_catalogue()
    with pytest.raises(NotPublishableError) as caught:
        publish(quiz=import_definition(raw))
    assert (path, kind) in {(problem.path, problem.kind) for problem in caught.value.problems}
    assert not QuizVersion.objects.exists()


def test_a_run_survives_a_new_version(ada: Taker, published: Callable[[dict[str, Any]], QuizVersion]) -> None:
    published(care())
    ada.start()
    ada.answer(answer="dry")
    changed = care()
    changed["questions"] = [question("skin", attribute="skin", choices=[choice("dry"), choice("oily")])]
    changed["outcomes"] = [outcome("other")]
    published(changed)
    assert ada.get(ada.url).status_code == 200
    ada.take(goal="calm", allergy={"decline": "1"}, order=["price", "feel", "scent"], words="x")
    ada.answer()
    assert ada.context["outcome"].key == "rich"
    ada.start()
    ada.take(skin="dry")
    assert ada.key == "uses"


def test_a_closed_quiz_takes_no_new_start_but_lets_others_finish(ada: Taker, bo: Taker, care_quiz: QuizVersion) -> None:
    ada.start()
    unpublish(quiz=Quiz.objects.get())
    for response in (bo.client.get("/q/care/"), bo.client.post("/q/care/")):
        assert response.status_code == 410
        assert "closed" in response.content.decode()
    assert "proffer" not in bo.client.cookies
    ada.take(skin="oily", allergy={"decline": "1"}, order=["price", "feel", "scent"], words="x")
    ada.answer()
    assert ada.key == "result"


def test_the_site_can_insert_versions_of_its_own(care_quiz: QuizVersion) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE quizzes_quizversion CASCADE")


@pytest.mark.parametrize(
    ("place", "path", "kind"),
    [
        (("title",), "title", "unknown_question"),
        (("steps", 0, "text"), "steps[0].text", "unknown_question"),
        (("steps", 0, "when_to_use"), "steps[0].when_to_use", None),
    ],
)
def test_a_result_quotes_only_what_is_asked(
    place: tuple[Any, ...], path: str, kind: str | None, published: Callable[[dict[str, Any]], QuizVersion]
) -> None:
    raw = quiz(outcomes=[outcome("plain", steps=[{"title": text("Wash"), "text": text("Gently")}])])
    here: Any = raw["outcomes"][0]
    for step in place[:-1]:
        here = here[step]
    here[place[-1]] = text("As {nobody} said")
    if kind is None:  # braces that quote nothing are words
        published(raw)
        return
    with pytest.raises(NotPublishableError) as caught:
        published(raw)
    assert {(each.path, each.kind) for each in caught.value.problems} == {
        (f"outcomes[0].{path}.{language}", kind) for language in ("en", "id")
    }


def test_an_answer_is_not_quoted_where_nothing_fills_it_in(
    published: Callable[[dict[str, Any]], QuizVersion],
) -> None:
    raw = quiz(question("first"), question("second", why=text("You said {first}")))
    with pytest.raises(NotPublishableError) as caught:
        published(raw)
    assert {(each.path, each.kind) for each in caught.value.problems} == {
        (f"questions[1].why.{language}", "unfit_quote") for language in ("en", "id")
    }
