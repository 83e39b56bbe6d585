"""What strangers, attackers and the unlucky do to the builder: nothing breaks, and nothing is somebody else's."""

import json

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from quizzes.models import Choice, Outcome, Question, Quiz, QuizVersion
from quizzes.services.drafting import import_definition

from ..builders import care, question, quiz
from .test_building import HTMX, fields, staff

pytestmark = pytest.mark.usefixtures("care_quiz")
LONG = "9" * 5000  # more digits than Python reads as a number


@pytest.fixture
def mira(db: object) -> Client:
    return staff("mira")


@pytest.fixture
def address(care_quiz: QuizVersion) -> str:
    return f"/admin/quizzes/quiz/{care_quiz.quiz_id}/build/"


@pytest.mark.parametrize("to", ["²", "٣", LONG, "-1", "\0", "1e3"])
def test_what_is_no_place_in_a_list_is_its_end(to: str, mira: Client, address: str) -> None:
    skin = Question.objects.get(key="skin")
    assert mira.post(f"{address}{skin.pk}/move/", {"to": to}).status_code == 302
    assert Quiz.objects.get().questions.last() == skin
    rich = Outcome.objects.first()
    assert rich is not None
    assert mira.post(f"{address}outcomes/{rich.pk}/move/", {"to": to}).status_code == 302
    assert Quiz.objects.get().outcomes.last() == rich


@pytest.mark.parametrize("since", [LONG, "²", "-1", ""])
def test_whoever_asks_for_what_is_new_since_nonsense_hears_of_nothing(since: str, mira: Client, address: str) -> None:
    page = mira.get(f"{address}others/", {"since": since, "here": "https://evil.example/"})
    assert page.status_code == 200
    assert "evil" not in page.content.decode()


def test_the_largest_question_there_can_be_is_saved(mira: Client, address: str) -> None:
    made = Quiz.objects.get()
    Outcome.objects.bulk_create(Outcome(quiz=made, key=f"o{each}", title={"en": "O"}) for each in range(38))
    skin = made.questions.get(key="skin")
    Choice.objects.bulk_create(
        Choice(question=skin, value=f"c{each}", label={"en": "C"}, position=each + 9)
        for each in range(60 - skin.choices.count())
    )
    skin.choices.update(points=dict.fromkeys(made.outcomes.values_list("key", flat=True), 1))
    url, sent = fields(mira, address, "skin")
    assert len(sent) > 2400
    assert mira.post(url, sent | {"title_en": "Large"}, headers=HTMX).status_code == 200
    assert Question.objects.get(pk=skin.pk).title["en"] == "Large"


@pytest.mark.parametrize("said", ['"\\ud800"', LONG, "[" * 5000], ids=range(3))
@pytest.mark.parametrize("name", ["cells", "seen"])
def test_points_that_are_no_text_are_refused(said: str, name: str, mira: Client, address: str) -> None:
    place = f"{Choice.objects.get(value='dry').pk}-{Outcome.objects.get(key='rich').pk}"
    sent = {"cells": f'{{"{place}": "3"}}', "seen": "{}"} | {name: f'{{"{place}": {said}}}'}
    assert mira.post(f"{address}points/save/", sent).status_code == 400
    assert Choice.objects.get(value="dry").points.get("rich") == 2


@pytest.mark.parametrize("number", ["9" * 4000, "1e16", "NaN", "-Infinity"], ids=range(4))
def test_no_condition_compares_with_what_is_no_number(number: str, mira: Client, address: str) -> None:
    url, sent = fields(mira, address, "goal")
    condition = f'{{"question": "skin", "op": "at_least", "value": {number}}}'
    forged = {name: value for name, value in sent.items() if not name.startswith("show_if-")}
    forged |= {"show_if-join": "all", "show_if-0-kept": condition}
    assert mira.post(url, forged, headers=HTMX).status_code == 200
    assert Question.objects.get(key="goal").show_if is None
    assert mira.get(f"{address}map/").status_code == 200


def test_a_year_of_birth_that_is_tried_out_is_kept_nowhere(mira: Client) -> None:
    raw = quiz(question("age", "age_gate", min=16, by_year=True), question("more"), slug="by-year")
    build = f"/admin/quizzes/quiz/{import_definition(raw).pk}/build/"
    mira.get(f"{build}try/")
    assert mira.post(f"{build}try/age/", {"answer": "1987"}).status_code == 302
    assert "/try/more/" in mira.get(f"{build}try/next/")["Location"], "it was old enough"
    kept = [each.get_decoded() for each in Session.objects.all()]
    assert kept
    assert "1987" not in json.dumps(kept)


def test_undoing_a_restored_version_replaces_nobodys_words_unseen(mira: Client, address: str) -> None:
    Quiz.objects.update(minutes=3)
    page = mira.get(f"{address}publish/versions/1/")
    page = mira.post(f"{address}publish/versions/1/restore/", {"token": page.context["token"]}, follow=True)
    seen = {"token": page.context["token"]}
    Quiz.objects.update(tagline={"en": "Written by Sari"}, changed_by="sari")
    page = mira.post(f"{address}publish/undo/", seen)
    assert page.status_code == 409
    assert "Not undone: sari changed the draft" in page.content.decode()
    assert Quiz.objects.get().tagline == {"en": "Written by Sari"}
    assert mira.post(f"{address}publish/undo/", {"token": page.context["token"]}).status_code == 302
    assert Quiz.objects.get().minutes == 3


def test_a_file_that_says_null_about_whom_it_is_says_nothing(mira: Client) -> None:
    content = json.dumps(care() | {"slug": "nobody", "profile": None}).encode()
    page = mira.post("/admin/quizzes/quiz/add/file/", {"file": SimpleUploadedFile("quiz.json", content)})
    assert page.status_code == 200
