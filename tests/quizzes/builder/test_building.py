"""Marketers build a quiz on one page; what they type is kept, and nobody overwrites another's words."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client

from quizzes.builder.logic.rules import RulesForm
from quizzes.models import Quiz, QuizVersion, Run
from quizzes.services.drafting import definition_of

from .test_conditions import drawn

pytestmark = pytest.mark.usefixtures("care_quiz")
HTMX = {"HX-Request": "true"}


def staff(name: str, group: str = "marketer") -> Client:
    user = get_user_model().objects.create_user(name, f"{name}@example.org", "a long password", is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def mira(db: object) -> Client:
    return staff("mira")


@pytest.fixture
def address(care_quiz: QuizVersion) -> str:
    return f"/admin/quizzes/quiz/{care_quiz.quiz_id}/build/"


def fields(client: Client, address: str, key: str) -> tuple[str, dict[str, Any]]:
    """Where the editor of this question saves, and what it would send as it stands."""
    question = Quiz.objects.get().questions.get(key=key)
    context = client.get(address, {"question": question.pk}).context
    forms = [context["form"]]
    for formset in filter(None, (context["formset"], context["rows"])):
        forms += [formset.management_form, *formset.forms]
    sent: dict[str, Any] = {"token": context["token"], "revision": context["revision"]}
    sent |= rules_sent(context["rules"])
    for form in forms:
        for bound in form:
            widget, value = bound.field.widget, bound.value()
            if hasattr(widget, "decompress"):
                parts = zip(widget.widgets_names, widget.decompress(value), strict=True)
                sent |= {f"{bound.html_name}{name}": part for name, part in parts}
            elif value not in (None, False):
                sent[bound.html_name] = value
    return f"{address}{question.pk}/", sent


def rules_sent(rules: RulesForm) -> dict[str, Any]:
    sent: dict[str, Any] = {"rules": "1", "jump-count": len(rules.jumps.forms)}
    for condition in (rules.show_if, rules.required_if, *(each.condition for each in rules.jumps.forms)):
        sent |= drawn(condition)
    return sent | {jump.name: jump.to for jump in rules.jumps.forms}


def keys() -> list[str]:
    return list(Quiz.objects.get().questions.values_list("key", flat=True))


@pytest.mark.parametrize("group", ["support", "privacy"])
def test_only_those_who_may_change_quizzes_build_them(group: str, address: str) -> None:
    assert staff("sam", group).get(address).status_code == 403
    assert Client().get(address)["Location"].startswith("/admin/login/")


def test_the_quiz_links_to_its_builder(mira: Client, address: str) -> None:
    page = mira.get(address.replace("build/", "change/")).content.decode()
    assert "/builder" in page
    assert mira.get(address.replace("build/", "builder"), follow=True).redirect_chain[-1][0] == address


@pytest.mark.parametrize("key", ["skin", "goal", "allergy", "order", "words"])
def test_saving_what_is_there_changes_nothing(key: str, mira: Client, address: str) -> None:
    before = definition_of(Quiz.objects.get())
    url, sent = fields(mira, address, key)
    assert mira.post(url, sent, headers=HTMX).status_code == 200
    assert definition_of(Quiz.objects.get()) == before
    assert Quiz.objects.get().revision == 0


def test_words_and_points_are_kept(mira: Client, address: str) -> None:
    url, sent = fields(mira, address, "skin")
    sent |= {"title_en": "How is your skin?", "choices-0-label_en": "Tight", "choices-0-points-light": "-3.5"}
    page = mira.post(url, sent, headers=HTMX).content.decode()
    assert "Saved at" in page
    assert "How is your skin?" in page, "the list says it too"
    skin = definition_of(Quiz.objects.get())["questions"][0]
    assert (skin["title"]["en"], skin["choices"][0]["label"]["en"]) == ("How is your skin?", "Tight")
    assert skin["choices"][0]["points"] == {"rich": 2, "light": -3.5}
    assert (Quiz.objects.get().revision, Quiz.objects.get().changed_by) == (1, "mira")


def test_without_javascript_the_button_saves_and_shows_the_page_again(mira: Client, address: str) -> None:
    url, sent = fields(mira, address, "words")
    response = mira.post(url, sent | {"title_en": "Anything else?"}, follow=True)
    assert "Anything else?" in response.content.decode()
    refused = mira.post(url, fields(mira, address, "words")[1] | {"key": "Not A Key", "why_en": "Typed"})
    assert refused.status_code == 422
    assert "Typed" in refused.content.decode(), "what was typed is still there"


def test_what_cannot_be_stored_is_refused_by_name(mira: Client, address: str) -> None:
    url, sent = fields(mira, address, "skin")
    for wrong in ({"key": "goal"}, {"choices-1-value": "dry"}, {"choices-0-points-light": "11"}):
        response = mira.post(url, sent | wrong, headers=HTMX)
        assert response.status_code == 422
    assert Quiz.objects.get().revision == 0


def test_two_who_edit_the_same_question_see_both_texts(mira: Client, address: str) -> None:
    sari = staff("sari")
    url, mine = fields(mira, address, "skin")
    _url, hers = fields(sari, address, "skin")
    sari.post(url, hers | {"title_en": "By Sari"}, headers=HTMX)
    answer = mira.post(url, mine | {"title_en": "By Mira"}, headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert all(words in page for words in ("sari", "By Sari", "By Mira"))
    assert Quiz.objects.get().questions.get(key="skin").title["en"] == "By Sari"
    token = answer.context["stored_token"]
    assert mira.post(url, mine | {"title_en": "By Mira", "anyway": token}, headers=HTMX).status_code == 200
    assert Quiz.objects.get().questions.get(key="skin").title["en"] == "By Mira"


def test_another_question_may_be_edited_meanwhile_and_one_hears_of_it(mira: Client, address: str) -> None:
    sari = staff("sari")
    url, mine = fields(mira, address, "skin")
    other, hers = fields(sari, address, "words")
    sari.post(other, hers | {"title_en": "By Sari"}, headers=HTMX)
    assert "sari changed this quiz" in mira.get(f"{address}others/?since=0", headers=HTMX).content.decode()
    page = mira.post(url, mine | {"title_en": "By Mira"}, headers=HTMX).content.decode()
    assert "sari changed this quiz" in page
    assert Quiz.objects.get().questions.get(key="skin").title["en"] == "By Mira"


def test_questions_are_added_moved_copied_deleted_and_brought_back(mira: Client, address: str) -> None:
    ids = dict(Quiz.objects.get().questions.values_list("key", "pk"))
    mira.post(f"{address}add/", {"kind": "single"})
    assert keys() == ["skin", "goal", "allergy", "order", "words", "question_1"]
    mira.post(f"{address}{ids['words']}/move/", {"to": "up"})
    mira.post(f"{address}{ids['skin']}/move/", {"to": str(ids["words"])})
    assert keys() == ["goal", "allergy", "skin", "words", "order", "question_1"]
    mira.post(f"{address}{ids['goal']}/duplicate/")
    assert keys()[:3] == ["goal", "goal_2", "allergy"]
    copy = definition_of(Quiz.objects.get())["questions"][:2]
    assert copy[0] | {"key": ""} == copy[1] | {"key": ""}
    before = definition_of(Quiz.objects.get())
    page = mira.post(f"{address}{ids['skin']}/delete/", follow=True).content.decode()
    assert "skin" not in keys()
    assert "is deleted" in page
    mira.post(f"{address}undo/")
    assert definition_of(Quiz.objects.get()) == before


def test_choices_are_added_moved_and_removed(mira: Client, address: str) -> None:
    url, sent = fields(mira, address, "skin")
    page = mira.post(url, sent | {"do": "add"}, headers=HTMX)
    assert page["HX-Retarget"] == "#build-work"
    values = Quiz.objects.get().questions.get(key="skin").choices.values_list
    assert list(values("value", flat=True)) == ["dry", "oily", "balanced", "choice_1"]
    ids = dict(values("value", "pk"))
    mira.post(url, fields(mira, address, "skin")[1] | {"do": f"up:{ids['choice_1']}"}, headers=HTMX)
    mira.post(url, fields(mira, address, "skin")[1] | {"do": f"remove:{ids['dry']}"}, headers=HTMX)
    assert list(values("value", flat=True)) == ["oily", "choice_1", "balanced"]


def test_nobody_reaches_the_questions_of_another_quiz(mira: Client, address: str) -> None:
    url, sent = fields(mira, address, "skin")
    other = Quiz.objects.create(slug="other", title={"en": "Other"})
    elsewhere = url.replace(address, f"/admin/quizzes/quiz/{other.pk}/build/")
    for verb in ("move", "duplicate", "delete"):
        assert mira.post(f"{elsewhere}{verb}/", {"to": "up"}).status_code == 404
    assert mira.get(f"{elsewhere}preview/").status_code == 404
    assert mira.post(elsewhere, sent, headers=HTMX).status_code == 409
    assert mira.get(f"/admin/quizzes/quiz/{other.pk}/build/").status_code == 200


@pytest.mark.parametrize("key", ["skin", "goal", "allergy", "order", "words"])
def test_the_preview_is_the_real_page_and_keeps_nothing(key: str, mira: Client, address: str) -> None:
    question = Quiz.objects.get().questions.get(key=key)
    response = mira.get(f"{address}{question.pk}/preview/?language=id")
    page = response.content.decode()
    assert f"About {key}? (id)" in page
    assert 'class="ask"' in page
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert mira.post(f"{address}{question.pk}/preview/", {"answer": "nonsense" * 40}).status_code == 422
    assert not Run.objects.exists()


def test_a_question_that_is_not_written_yet_has_a_preview_too(mira: Client, address: str) -> None:
    mira.post(f"{address}add/", {"kind": "single"})
    pk = Quiz.objects.get().questions.last().pk
    assert "…" in mira.get(f"{address}{pk}/preview/").content.decode()
    Quiz.objects.get().questions.last().choices.all().delete()
    assert "Not to be seen yet" in mira.get(f"{address}{pk}/preview/").content.decode()
