"""Marketers write, publish and close quizzes; customers' runs and answers are not theirs to see."""

from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin.sites import site
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quizzes.models import Answer, Choice, Handoff, Quiz, QuizVersion, Run
from quizzes.services.drafting import import_definition
from quizzes.services.publishing import publish

from .builders import quiz

pytestmark = pytest.mark.usefixtures("care_quiz")


def staff(group: str) -> Client:
    user = get_user_model().objects.create_user(group, f"{group}@example.org", "a long password", is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def marketer(db: object) -> Client:
    return staff("marketer")


def form_of(client: Client, quiz: Quiz) -> dict[str, Any]:
    """What the change page's form would send as it stands."""
    page = client.get(f"/admin/quizzes/quiz/{quiz.pk}/change/")
    assert page.status_code == 200
    forms = [page.context["adminform"].form]
    for each in page.context["inline_admin_formsets"]:
        forms += [each.formset.management_form, *each.formset.initial_forms]
    sent: dict[str, Any] = {}
    for form in forms:
        for bound in form:
            widget = bound.field.widget
            value = bound.value()
            if hasattr(widget, "decompress"):
                parts = value if isinstance(value, list) else widget.decompress(value)
                sent |= {
                    f"{bound.html_name}{name}": part for name, part in zip(widget.widgets_names, parts, strict=True)
                }
            elif value is not None:
                sent[bound.html_name] = value
    return sent


def test_runs_and_answers_are_not_in_the_admin() -> None:
    assert not {Run, Answer, Handoff} & set(site._registry)


@pytest.mark.parametrize("model", ["quiz", "question", "outcome", "quizversion"])
def test_lists_and_pages_open(marketer: Client, model: str) -> None:
    assert marketer.get(f"/admin/quizzes/{model}/").status_code == 200
    pk = apps.get_model("quizzes", model).objects.first().pk
    assert marketer.get(f"/admin/quizzes/{model}/{pk}/change/").status_code == 200


def test_what_the_form_changes_is_signed_and_published_by_hand(marketer: Client, care_quiz: QuizVersion) -> None:
    quiz = Quiz.objects.get()
    sent = form_of(marketer, quiz) | {"hidden": '["utm_source"]'}
    response = marketer.post(f"/admin/quizzes/quiz/{quiz.pk}/change/", sent)
    assert response.status_code == 302, response.context["errors"]
    quiz.refresh_from_db()
    assert (quiz.hidden, quiz.changed_by, quiz.live_version) == (["utm_source"], "marketer", care_quiz)
    marketer.post("/admin/quizzes/quiz/", {"action": "publish_selected", "_selected_action": quiz.pk})
    quiz.refresh_from_db()
    assert quiz.live_version.number == care_quiz.number + 1
    assert quiz.live_version.published_by == "marketer"


def test_the_list_leads_into_the_builder_and_says_how_each_stands(marketer: Client, care_quiz: QuizVersion) -> None:
    Quiz.objects.update(completion_limit=5)
    page = marketer.get("/admin/quizzes/quiz/").content.decode()
    assert f'href="/admin/quizzes/quiz/{care_quiz.quiz_id}/build/"' in page
    assert "open · version 1 · 0 of 5 finished" in page
    assert (
        f'href="/admin/quizzes/quiz/{care_quiz.quiz_id}/change/'
        in staff("support").get("/admin/quizzes/quiz/").content.decode()
    )


def test_a_broken_draft_is_not_published_and_says_why(marketer: Client, care_quiz: QuizVersion) -> None:
    quiz = Quiz.objects.get()
    quiz.outcomes.filter(when__isnull=True).delete()
    page = marketer.post(
        "/admin/quizzes/quiz/", {"action": "publish_selected", "_selected_action": quiz.pk}, follow=True
    )
    assert "somebody could be left without a result" in page.content.decode()
    assert Quiz.objects.get().live_version == care_quiz


def test_closing_takes_it_from_the_home_page(marketer: Client) -> None:
    quiz = Quiz.objects.get()
    marketer.post("/admin/quizzes/quiz/", {"action": "close_selected", "_selected_action": quiz.pk})
    assert list(Client().get("/").context["quizzes"]) == []


@pytest.mark.parametrize("group", ["support", "privacy"])
def test_others_may_look_but_not_publish(group: str) -> None:
    client = staff(group)
    quiz = Quiz.objects.get()
    assert client.get(f"/admin/quizzes/quiz/{quiz.pk}/change/").status_code == 200
    client.post("/admin/quizzes/quiz/", {"action": "close_selected", "_selected_action": quiz.pk})
    assert Quiz.objects.get().live_version is not None


def test_a_version_has_no_button_to_change_it(marketer: Client, care_quiz: QuizVersion) -> None:
    page = marketer.get(f"/admin/quizzes/quizversion/{care_quiz.pk}/change/").content.decode()
    assert 'name="_save"' not in page
    assert marketer.post(f"/admin/quizzes/quizversion/{care_quiz.pk}/change/", {"number": 9}).status_code == 403
    assert marketer.get("/admin/quizzes/quizversion/add/").status_code == 403


def test_choices_are_edited_on_their_question(marketer: Client) -> None:
    question = Quiz.objects.get().questions.get(key="skin")
    page = marketer.get(f"/admin/quizzes/question/{question.pk}/change/").content.decode()
    assert 'name="choices-0-value"' in page
    assert 'value="dry"' in page


def test_more_quizzes_do_not_mean_more_queries(marketer: Client) -> None:
    def queries() -> int:
        marketer.get("/admin/quizzes/quiz/")
        with CaptureQueriesContext(connection) as asked:
            page = marketer.get("/admin/quizzes/quiz/").content.decode()
        assert "changed since" not in page
        return len(asked)

    few = queries()
    for number in range(4):
        publish(quiz=import_definition(quiz(slug=f"quiz-{number}")))
    assert queries() == few


def test_the_list_tells_a_changed_draft(marketer: Client) -> None:
    Choice.objects.filter(value="oily").update(label={"en": "Shiny", "id": "Mengilap"})
    assert "changed since" in marketer.get("/admin/quizzes/quiz/").content.decode()
