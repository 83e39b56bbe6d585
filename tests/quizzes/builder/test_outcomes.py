"""Marketers write outcomes beside the result page that customers would see; nobody overwrites another's words."""

from typing import Any

import pytest
from django.test import Client

from quizzes.models import Choice, Outcome, Quiz, QuizVersion, Run
from quizzes.services.drafting import definition_of
from recommendations.models import Category, Product

from .test_building import HTMX, staff

pytestmark = pytest.mark.usefixtures("care_quiz")


@pytest.fixture
def mira(db: object) -> Client:
    return staff("mira")


@pytest.fixture
def address(care_quiz: QuizVersion) -> str:
    return f"/admin/quizzes/quiz/{care_quiz.quiz_id}/build/outcomes/"


def pk(key: str) -> int:
    return Outcome.objects.get(key=key).pk


def fields(client: Client, address: str, key: str) -> tuple[str, dict[str, Any]]:
    """Where the editor of this outcome saves, and what it would send as it stands."""
    context = client.get(address, {"outcome": pk(key)}).context
    forms = [context["form"], context["steps"].management_form, *context["steps"].forms]
    sent: dict[str, Any] = {"token": context["token"], "revision": context["revision"]}
    for form in forms:
        for bound in form:
            widget, value = bound.field.widget, bound.value()
            if hasattr(widget, "decompress"):
                parts = zip(widget.widgets_names, widget.decompress(value), strict=True)
                sent |= {f"{bound.html_name}{name}": part for name, part in parts}
            elif value is not None:
                sent[bound.html_name] = value
    return f"{address}{pk(key)}/", sent


def save(client: Client, address: str, key: str, /, **changes: Any) -> Any:
    url, sent = fields(client, address, key)
    return client.post(url, sent | changes, headers=HTMX)


def keys() -> list[str]:
    return list(Quiz.objects.get().outcomes.values_list("key", flat=True))


def draft() -> dict[str, Any]:
    return definition_of(Quiz.objects.get())


def test_only_those_who_may_change_quizzes_see_it(address: str) -> None:
    assert staff("sam", "support").get(address).status_code == 403
    assert Client().get(address)["Location"].startswith("/admin/login/")


@pytest.mark.parametrize("key", ["plain", "rich", "light"])
def test_saving_what_is_there_changes_nothing(key: str, mira: Client, address: str) -> None:
    save(mira, address, key, do="add")
    before, revision = draft(), Quiz.objects.get().revision
    assert save(mira, address, key).status_code == 200
    assert (draft(), Quiz.objects.get().revision) == (before, revision)


def test_words_and_steps_are_kept(mira: Client, address: str) -> None:
    cream = Category.objects.create(slug="cream", name={"en": "Creams"})
    Product.objects.create(slug="balm", name={"en": "Night balm"}, category=cream)
    assert save(mira, address, "rich", do="add")["HX-Retarget"] == "#build-work"
    page = mira.get(address, {"outcome": pk("rich")}).content.decode()
    assert "Night balm" in page
    words = {"steps-0-title_en": "Wash", "steps-0-text_en": "With milk", "steps-0-product": "balm"}
    answer = save(mira, address, "rich", title_en="All in cream", **words)
    assert "All in cream" in answer.content.decode(), "the list says it too"
    rich = draft()["outcomes"][1]
    assert rich["title"]["en"] == "All in cream"
    assert rich["steps"] == [{"title": {"en": "Wash"}, "text": {"en": "With milk"}, "product": "balm"}]
    assert Quiz.objects.get().changed_by == "mira"


def test_a_product_that_has_gone_stays_named_until_somebody_chooses(mira: Client, address: str) -> None:
    save(mira, address, "rich", do="add")
    Outcome.objects.get(key="rich").steps.update(product="gone")
    assert "not in the catalogue" in mira.get(address, {"outcome": pk("rich")}).content.decode()
    save(mira, address, "rich", **{"steps-0-title_en": "Wash"})
    assert Outcome.objects.get(key="rich").steps.get().product == "gone"
    refused = save(mira, address, "rich", **{"steps-0-product": "<script>"})
    assert refused.status_code == 422


def test_steps_are_moved_and_removed_and_brought_back(mira: Client, address: str) -> None:
    for name in ("One", "Two"):
        save(mira, address, "rich", do="add")
        number = Outcome.objects.get(key="rich").steps.count() - 1
        save(mira, address, "rich", **{f"steps-{number}-title_en": name})
    second = Outcome.objects.get(key="rich").steps.last().pk
    save(mira, address, "rich", do=f"up:{second}")
    assert [step["title"]["en"] for step in draft()["outcomes"][1]["steps"]] == ["Two", "One"]
    before = draft()
    save(mira, address, "rich", do=f"remove:{second}")
    assert [step["title"]["en"] for step in draft()["outcomes"][1]["steps"]] == ["One"]
    mira.post(f"{address}undo/")
    assert draft() == before


def test_the_key_follows_the_title_until_it_is_published(mira: Client, address: str) -> None:
    mira.post(f"{address}add/")
    Choice.objects.filter(value="dry").update(points={"outcome_1": 4})
    answer = save(mira, address, "outcome_1", title_en="Très calme")
    assert 'value="tres_calme"' in answer.content.decode(), "the field says it at once"
    assert Choice.objects.get(value="dry").points == {"tres_calme": 4}, "points go with it"
    save(mira, address, "tres_calme", key="calm")
    save(mira, address, "calm", title_en="Something else")
    assert keys()[-1] == "calm", "what somebody chose stays"
    save(mira, address, "rich", title_en="Creamy", key="other")
    assert "rich" in keys(), "a version knows it by this key"


def test_a_title_that_is_taken_gives_another_key(mira: Client, address: str) -> None:
    mira.post(f"{address}add/")
    save(mira, address, "outcome_1", title_en="Rich")
    assert keys()[-1] == "rich_2"
    save(mira, address, "rich_2", title_en="كريم")
    assert keys()[-1] == "rich_2", "of letters that a key can't have, none is made"


@pytest.mark.parametrize("wrong", [{"key": "Not a key"}, {"key": "rich"}, {"art": "../../etc/passwd"}])
def test_what_cannot_be_stored_is_refused_by_name(wrong: dict[str, str], mira: Client, address: str) -> None:
    mira.post(f"{address}add/")
    before = draft()
    answer = save(mira, address, "outcome_1", title_en="", **wrong)
    assert answer.status_code == 422
    assert f'data-wrong="id_{next(iter(wrong))}' in answer.content.decode()
    assert draft() == before


def test_a_condition_is_written_and_taken_away(mira: Client, address: str) -> None:
    answer = save(mira, address, "plain", rules="1", do="rule-add:when")
    assert "when-0" in answer.content.decode()
    row = {"when-join": "all", "when-0-of": "skin", "when-0-op": "is", "when-0-value": "oily"}
    answer = save(mira, address, "plain", rules="1", **row)
    assert "if “About skin?” is “Oily”" in answer.content.decode(), "the list says it in words"
    assert Outcome.objects.get(key="plain").when == {"all": [{"question": "skin", "op": "is", "value": "oily"}]}
    save(mira, address, "plain", title_en="Plainer")
    assert Outcome.objects.get(key="plain").when is not None, "a form without rules says nothing about them"
    save(mira, address, "plain", rules="1", do="rule-remove:when-0", **row)
    assert Outcome.objects.get(key="plain").when is None


def test_without_a_fallback_it_says_so(mira: Client, address: str) -> None:
    assert "would get no result" not in mira.get(address).content.decode()
    Outcome.objects.update(when={"question": "skin", "op": "is", "value": "dry"})
    assert "would get no result" in mira.get(address).content.decode()


def test_two_who_edit_the_same_outcome_see_both_texts(mira: Client, address: str) -> None:
    sari = staff("sari")
    url, mine = fields(mira, address, "rich")
    save(sari, address, "rich", title_en="By Sari", do="add")
    answer = mira.post(url, mine | {"title_en": "By Mira"}, headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert all(words in page for words in ("sari", "By Sari", "By Mira", "1 of them"))
    assert Outcome.objects.get(key="rich").title["en"] == "By Sari"
    url, mine = fields(mira, address, "rich")
    sent = mine | {"title_en": "By Mira", "token": "old", "anyway": answer.context["stored_token"]}
    assert mira.post(url, sent, headers=HTMX).status_code == 200
    assert Outcome.objects.get(key="rich").title["en"] == "By Mira"


def test_without_javascript_the_button_saves_and_shows_the_page_again(mira: Client, address: str) -> None:
    url, sent = fields(mira, address, "rich")
    assert "By hand" in mira.post(url, sent | {"title_en": "By hand"}, follow=True).content.decode()
    refused = mira.post(url, fields(mira, address, "rich")[1] | {"art": "a b", "summary_en": "Typed"})
    assert refused.status_code == 422
    assert "Typed" in refused.content.decode(), "what was typed is still there"


def test_outcomes_are_added_moved_copied_deleted_and_brought_back(mira: Client, address: str) -> None:
    mira.post(f"{address}add/")
    mira.post(f"{address}{pk('outcome_1')}/move/", {"to": str(pk("rich"))})
    assert keys() == ["plain", "outcome_1", "rich", "light"]
    save(mira, address, "rich", do="add")
    mira.post(f"{address}{pk('rich')}/duplicate/")
    assert keys() == ["plain", "outcome_1", "rich", "rich_2", "light"]
    assert draft()["outcomes"][2] | {"key": ""} == draft()["outcomes"][3] | {"key": ""}
    assert Choice.objects.get(value="dry").points == {"rich": 2, "rich_2": 2}
    before = draft()
    page = mira.post(f"{address}{pk('rich')}/delete/", follow=True).content.decode()
    assert "“Rich” is deleted" in page
    assert Choice.objects.get(value="dry").points == {"rich_2": 2}, "its points go with it"
    mira.post(f"{address}undo/")
    assert draft() == before
    assert mira.post(f"{address}undo/").status_code == 404


def test_nobody_reaches_the_outcomes_of_another_quiz(mira: Client, address: str) -> None:
    url, sent = fields(mira, address, "rich")
    other = Quiz.objects.create(slug="other", title={"en": "Other"})
    elsewhere = url.replace(address, f"/admin/quizzes/quiz/{other.pk}/build/outcomes/")
    for verb in ("move", "duplicate", "delete"):
        assert mira.post(f"{elsewhere}{verb}/", {"to": "up"}).status_code == 404
    assert mira.get(f"{elsewhere}preview/").status_code == 404
    assert mira.post(elsewhere, sent, headers=HTMX).status_code == 409
    assert "No outcome yet" in mira.get(f"/admin/quizzes/quiz/{other.pk}/build/outcomes/").content.decode()


def test_the_preview_is_the_result_of_somebody_who_would_get_it_and_keeps_nothing(mira: Client, address: str) -> None:
    response = mira.get(f"{address}{pk('rich')}/preview/?language=en")
    page = response.content.decode()
    assert "You said Dry and want" in page
    assert "About skin?" in page, "the reason for it"
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert "unsafe" not in response["Content-Security-Policy"]
    assert "You said Oily" in mira.get(f"{address}{pk('light')}/preview/").content.decode()
    assert not Run.objects.exists()


def test_an_outcome_of_a_quiz_that_is_not_finished_has_a_preview_too(mira: Client, address: str) -> None:
    mira.post(f"{address}add/")
    assert "…" in mira.get(f"{address}{pk('outcome_1')}/preview/").content.decode()
    quiz = Quiz.objects.get()
    quiz.questions.get(key="goal").choices.all().delete()
    Outcome.objects.update(when={"question": "nobody", "op": "is", "value": "x"})
    assert "and want …." in mira.get(f"{address}{pk('rich')}/preview/?language=en").content.decode()
    save(mira, address, "rich", summary_en="You said {goals}.")
    assert "“goals”" in mira.get(f"{address}{pk('rich')}/preview/?language=en").content.decode()
    quiz.questions.all().delete()
    save(mira, address, "rich", summary_en="Simply this.", summary_id="")
    assert "Simply this." in mira.get(f"{address}{pk('rich')}/preview/?language=en").content.decode()


def test_who_gets_what_is_told_by_walking_through(mira: Client, address: str) -> None:
    page = mira.get(f"{address}shares/", {"outcome": pk("rich")})
    assert {share.title: round(share.share, 2) for share in page.context["shares"]} == {
        "Plain": 0.33, "Rich": 0.33, "Light": 0.33,
    }  # fmt: skip
    Quiz.objects.get().questions.all().delete()
    assert "as soon as" in mira.get(f"{address}shares/").content.decode()


def test_the_queries_do_not_grow_with_the_outcomes(
    mira: Client, address: str, django_assert_max_num_queries: Any
) -> None:
    for _number in range(6):
        mira.post(f"{address}add/")
    with django_assert_max_num_queries(60):
        mira.get(address, {"outcome": pk("rich")})
