"""Before publishing one reads what would change; afterwards any version can be read and taken back."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from preferences.models import Attribute
from quizzes.models import Quiz, QuizVersion
from quizzes.services.drafting import definition_of, import_definition
from quizzes.services.publishing import publish

from ..builders import care, choice, is_, outcome
from .test_building import staff

pytestmark = pytest.mark.usefixtures("care_quiz")


@pytest.fixture
def mira(db: object) -> Client:
    return staff("mira")


@pytest.fixture
def address(care_quiz: QuizVersion) -> str:
    return f"/admin/quizzes/quiz/{care_quiz.quiz_id}/build/publish/"


def changes(page: Any, name: str = "groups") -> list[tuple[str, str]]:
    """(where, what) of each line, what is out in brackets and what is in between plus signs."""
    marks = {"kept": "{}", "out": "[{}]", "in": "+{}+"}
    return [
        (
            f"{group.title} / {line.words} {line.tongue}".strip(),
            "".join(marks[p.kind].format(p.text) for p in line.pieces),
        )
        for group in page.context[name]
        for line in group.lines
    ]


def quiz() -> Quiz:
    return Quiz.objects.get(slug="care")


def token(client: Client, address: str) -> dict[str, str]:
    return {"token": client.get(address).context["token"]}


def test_what_would_change_is_said_in_words(mira: Client, address: str) -> None:
    raw = care()
    raw["title"]["en"] = "Skin care"
    raw["minutes"] = 3
    raw["purposes"] = ["letters"]
    skin, goal, allergy, order, _words = raw["questions"]
    skin["title"]["en"] = "About your skin?"
    skin["choices"] = [skin["choices"][1], skin["choices"][0], choice("mixed")]
    skin["choices"][0]["points"] = {"light": 5}
    skin["jumps"] = [{"if": is_("skin", "oily"), "to": "order"}]
    del goal["show_if"]
    goal["required"] = False
    raw["questions"] = [skin, allergy, goal, order]
    raw["outcomes"].append(outcome("new"))
    import_definition(raw)
    page = mira.get(address)
    assert changes(page) == [
        ("The quiz itself / title English", "Skin+ care+"),
        ("The quiz itself / minutes", "[2]+3+"),
        ("The quiz itself / Use asked about removed", "[Offers]"),
        ("The quiz itself / Order of the questions", "“About allergy?” now comes after “About your skin?”"),
        ("Question “About your skin?” / question English", "About+ your+ skin?"),
        ("Question “About your skin?” / Choice “Oily”: points for “Light”", "[2]+5+"),
        ("Question “About your skin?” / Choice “Balanced”: removed", ""),
        ("Question “About your skin?” / Choice “Mixed”: added", ""),
        ("Question “About your skin?” / Order of the choices", "“Oily” now comes first"),
        ("Question “About your skin?” / Rule added", "+If “About your skin?” is “Oily”, go to “About order?”+"),
        ("Question “About goal?” / shown if", "[“About skin?” is “Dry”]"),
        ("Question “About goal?” / must be answered", "[yes]+no+"),
        ("Question “About words?” / Removed", ""),
        ("Outcome “New” / Added", ""),
    ]
    said = page.content.decode()
    assert "they finish the version they started" in said
    assert '<del><span class="build-unseen">was: </span>2</del>' in said


def test_publishing_and_everything_about_it_is_on_one_page(mira: Client, address: str) -> None:
    Quiz.objects.update(minutes=3)
    page = mira.post(address, token(mira, address), follow=True)
    said = page.content.decode()
    assert "Customers now see version 2." in said
    assert quiz().live_version.published_by == "mira"
    assert [(each.version.number, each.changed, each.is_live) for each in page.context["editions"]] == [
        (2, ("The quiz itself",), True),
        (1, (), False),
    ]
    assert 'href="http://testserver/q/care/"' in said
    assert "<svg" in page.context["square"]
    assert LogEntry.objects.filter(change_message__contains="version 2").exists()


def test_nobody_publishes_what_they_have_not_seen(mira: Client, address: str) -> None:
    seen = token(mira, address)
    Quiz.objects.update(minutes=3, changed_by="sari")
    page = mira.post(address, seen)
    assert page.status_code == 409
    assert "sari changed the draft" in page.content.decode()
    assert ("The quiz itself / minutes", "[2]+3+") in changes(page)
    assert quiz().versions.count() == 1


def test_what_is_missing_is_listed_with_its_place(mira: Client, address: str) -> None:
    quiz().questions.filter(key="skin").update(title={"en": "Skin?"})
    page = mira.get(address)
    said = page.content.decode()
    assert "Question “Skin?”" in said
    assert "Bahasa Indonesia" in said
    assert 'id="publish-do"' not in said
    assert mira.post(address, token(mira, address)).status_code == 422
    assert quiz().versions.count() == 1


def test_the_first_publication_says_so(mira: Client) -> None:
    other = import_definition(care() | {"slug": "other"})
    page = mira.get(f"/admin/quizzes/quiz/{other.pk}/build/publish/").content.decode()
    assert "Customers have not seen this quiz yet" in page
    assert "Publish version 1" in page
    assert "/q/other/" not in page


def test_closing_and_opening_again(mira: Client, address: str) -> None:
    Quiz.objects.update(minutes=3)
    assert 'id="publish-reopen"' not in mira.get(address).content.decode()
    page = mira.post(f"{address}close/", follow=True).content.decode()
    assert "It is closed" in page
    assert Client().get("/q/care/").status_code == 410
    page = mira.post(f"{address}reopen/", follow=True).content.decode()
    assert "Customers now see version 1" in page, "the draft's changes are not published on the way"
    assert Client().get("/q/care/").context["quiz"].minutes == 2


def test_who_may_change_but_not_publish_only_reads(address: str) -> None:
    client = staff("ed")
    client_user = client.get(address).wsgi_request.user
    group = client_user.groups.get()
    group.permissions.remove(*group.permissions.filter(codename="publish_quiz"))
    Quiz.objects.update(minutes=3)
    page = client.get(address)
    assert page.status_code == 200
    assert 'id="publish-do"' not in page.content.decode()
    for verb in ("", "close/", "reopen/", "opening/"):
        assert client.post(f"{address}{verb}", {"token": page.context["token"]}).status_code == 403
    assert quiz().live_version.number == 1
    assert staff("sam", "support").get(address).status_code == 403


def opening(client: Client, address: str, **fields: str) -> Any:
    form = {
        "token": client.get(address).context["opening_token"],
        "opens_at": "",
        "closes_at": "",
        "completion_limit": "",
    }
    return client.post(f"{address}opening/", form | fields, follow=True)


def test_when_it_is_open_is_set_in_the_sites_time(mira: Client, address: str, settings: Any) -> None:
    settings.TIME_ZONE = "Asia/Jakarta"
    page = opening(mira, address, opens_at="2099-01-02T09:00", closes_at="2099-02-01T00:00", completion_limit="300")
    assert quiz().opens_at.isoformat() == "2099-01-02T02:00:00+00:00"
    said = page.content.decode()
    assert "Asia/Jakarta" in said
    assert 'value="2099-01-02T09:00"' in said
    assert "opens 01/02/2099 9 a.m." in said.lower()
    assert quiz().versions.count() == 1
    assert Client().get("/q/care/").status_code == 200


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"opens_at": "2099-02-01T00:00", "closes_at": "2099-01-01T00:00"}, "close after it opens"),
        ({"closes_at": "2020-01-01T00:00"}, "in the past"),
        ({"opens_at": "soon"}, "Write a date and a time"),
        ({"opens_at": "0001-01-01T00:00"}, "Write a date and a time"),
        ({"closes_at": "9999-12-31T23:59"}, "Write a date and a time"),
        ({"completion_limit": "0"}, "At least one"),
        ({"completion_limit": "-4"}, "greater than or equal to 0"),
        ({"completion_limit": "9" * 30}, "less than or equal to"),
        ({"completion_limit": "❤"}, "whole number"),
    ],
)
def test_what_makes_no_sense_is_refused_and_kept_to_be_corrected(
    fields: dict[str, str], words: str, mira: Client, address: str
) -> None:
    page = opening(mira, address, **fields)
    assert page.status_code == 422
    assert words in page.content.decode()
    assert next(iter(fields.values())) in page.content.decode()
    assert quiz().opening.stage(timezone.now()) == "open"


def test_a_closing_time_that_has_passed_does_not_keep_the_rest_from_being_saved(mira: Client, address: str) -> None:
    Quiz.objects.update(closes_at=timezone.now().replace(second=0, microsecond=0) - timedelta(days=2))
    page = mira.get(address)
    stored = page.context["form"]["closes_at"].value().strftime("%Y-%m-%dT%H:%M")
    assert opening(mira, address, closes_at=stored, completion_limit="7").status_code == 200
    assert quiz().completion_limit == 7


def test_two_who_change_the_opening_do_not_overwrite_each_other(mira: Client, address: str) -> None:
    seen = mira.get(address).context["opening_token"]
    opening(staff("sari"), address, completion_limit="10")
    page = mira.post(f"{address}opening/", {"token": seen, "completion_limit": "20"})
    assert page.status_code == 409
    assert "sari changed this" in page.content.decode()
    assert quiz().completion_limit == 10
    again = {"token": page.context["opening_token"], "completion_limit": "20"}
    assert mira.post(f"{address}opening/", again).status_code == 302
    assert quiz().completion_limit == 20


def test_a_version_is_there_to_read(mira: Client, address: str) -> None:
    said = mira.get(f"{address}versions/1/").content.decode()
    for words in (
        "About skin?",
        "Dry",
        "+2 Rich",
        "Asked if “About skin?” is “Dry”",
        "Only if “About skin?” is “Oily”",
    ):
        assert words in said
    assert "About skin? (id)" in mira.get(f"{address}versions/1/?language=id").content.decode()
    assert mira.get(f"{address}versions/9/").status_code == 404


def test_a_version_is_restored_and_the_draft_before_is_not_lost(mira: Client, address: str) -> None:
    before = definition_of(quiz())
    Quiz.objects.update(minutes=3, title={"en": "Never published"})
    unpublished = definition_of(quiz())
    page = mira.get(f"{address}versions/1/")
    assert "never published. Restoring replaces them" in page.content.decode()
    page = mira.post(f"{address}versions/1/restore/", {"token": page.context["token"]}, follow=True)
    assert "The draft is now version 1" in page.content.decode()
    assert definition_of(quiz()) == before
    assert (quiz().revision, quiz().changed_by) == (1, "mira")
    page = mira.post(f"{address}undo/", token(mira, address), follow=True)
    assert "as it was before" in page.content.decode()
    assert definition_of(quiz()) == unpublished
    mira.post(f"{address}undo/", token(mira, address))
    assert definition_of(quiz()) == before, "undoing can be undone"
    assert staff("sari").post(f"{address}undo/").status_code == 404


def test_a_draft_that_is_in_the_history_is_replaced_without_alarm(mira: Client, address: str) -> None:
    Quiz.objects.update(minutes=3)
    publish(quiz=quiz())
    assert "nothing is lost" in mira.get(f"{address}versions/1/").content.decode()
    assert "already says exactly this" in mira.get(f"{address}versions/2/").content.decode()


def test_nothing_is_restored_over_what_somebody_has_just_written(mira: Client, address: str) -> None:
    Quiz.objects.update(minutes=3)
    seen = mira.get(f"{address}versions/1/").context["token"]
    Quiz.objects.update(minutes=4, changed_by="sari")
    page = mira.post(f"{address}versions/1/restore/", {"token": seen})
    assert page.status_code == 409
    assert "sari changed the draft" in page.content.decode()
    assert quiz().minutes == 4


def test_a_version_whose_attribute_is_gone_is_not_restored(mira: Client, address: str) -> None:
    quiz().questions.exclude(key="words").delete()
    Attribute.objects.filter(key="allergy").update(key="allergy_gone")
    page = mira.get(f"{address}versions/1/")
    page = mira.post(f"{address}versions/1/restore/", {"token": page.context["token"]}, follow=True)
    assert "something it needs is gone: there is no “allergy”" in page.content.decode()
    assert [each.key for each in quiz().questions.all()] == ["words"]


def test_the_draft_and_any_version_come_as_files(mira: Client, address: str) -> None:
    Quiz.objects.update(minutes=3)
    build = address.removesuffix("publish/")
    draft = mira.get(f"{build}export/")
    assert draft["Content-Disposition"] == 'attachment; filename="care.json"'
    assert json.loads(draft.content)["minutes"] == 3
    assert json.loads(mira.get(f"{build}export/?version=1").content)["minutes"] == 2
    for nonsense in ("9", "x", "9" * 40, "-1"):
        assert mira.get(f"{build}export/", {"version": nonsense}).status_code == 404


def test_a_copy_is_a_quiz_of_its_own(mira: Client, address: str) -> None:
    Quiz.objects.update(opens_at=timezone.now(), completion_limit=3)
    build = address.removesuffix("publish/")
    page = mira.post(f"{build}copy/", follow=True)
    copied = Quiz.objects.get(slug="care-2")
    assert page.redirect_chain[-1][0] == f"/admin/quizzes/quiz/{copied.pk}/build/"
    expected = definition_of(quiz()) | {"slug": "care-2", "title": {"en": "Copy of Skin", "id": "Copy of Skin (id)"}}
    assert {**definition_of(copied), "title": {}} == {**expected, "title": {}}
    assert copied.title["en"] == "Copy of Skin"
    assert (copied.live_version, copied.opens_at, copied.completion_limit) == (None, None, None)
    mira.post(f"{build}copy/")
    assert Quiz.objects.filter(slug="care-3").exists()


def test_a_long_history_costs_no_more_queries(mira: Client, address: str, django_assert_max_num_queries: Any) -> None:
    mira.get(address)
    for minutes in range(3, 18):
        Quiz.objects.update(minutes=minutes)
        publish(quiz=quiz())
    with django_assert_max_num_queries(45):
        page = mira.get(address)
    assert len(page.context["editions"]) == 10
    assert len(mira.get(address, {"all": "1"}).context["editions"]) == 16
