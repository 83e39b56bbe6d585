"""A quiz begins from a template, from nothing, as a copy or from a file; nothing is added that was not announced."""

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from preferences.models import Attribute, Feature
from quizzes.models import Quiz, QuizVersion
from quizzes.services import gallery
from quizzes.services.drafting import definition_of
from quizzes.services.files import written
from quizzes.services.publishing import publish

from ..builders import care, choice, question, quiz, text
from .test_building import staff

pytestmark = pytest.mark.usefixtures("care_quiz")
ADD = "/admin/quizzes/quiz/add/"


@pytest.fixture
def mira(db: object) -> Client:
    return staff("mira")


def attribute(key: str, *values: str, **fields: Any) -> dict[str, Any]:
    return {
        "key": key,
        "kind": "choice",
        "label": text(key.title()),
        "sentence": text("you like {value}"),
        "group": text("My taste"),
        "profile_kind": "self",
        "is_sensitive": False,
        "shelf_life_days": 365,
        "keeps_history": False,
        "unit": None,
        "bins": [],
        "ranking_first": None,
        "values": [{"value": each, "label": text(each.title())} for each in values],
        **fields,
    }


@pytest.fixture
def tea(monkeypatch: pytest.MonkeyPatch) -> Mapping[str, Any]:
    """The gallery with one template. Of its attributes one is new, one lacks a value here, one means something else."""
    raw = quiz(
        question("roast", attribute="roast", choices=[choice("light"), choice("dark")]),
        question("skin", attribute="skin", choices=[choice("dry"), choice("rough")]),
        question("order", attribute="order", choices=[choice("price"), choice("scent")]),
        slug="care",
        title=text("Which tea?"),
        purposes=["letters", "espionage"],
    )
    attributes = (
        attribute("roast", "light", "dark"),
        attribute("skin", "dry", "rough"),
        attribute("order", "price", "scent"),
    )
    template = gallery.Template("tea", text("Tea finder"), text("Finds a tea."), "", attributes, raw)
    monkeypatch.setattr("quizzes.builder.beginning.pages.templates", lambda: {"tea": template})
    return raw


def send(client: Client, content: str | bytes, name: str = "quiz.json") -> Any:
    data = content.encode() if isinstance(content, str) else content
    return client.post(f"{ADD}file/", {"file": SimpleUploadedFile(name, data)})


def test_the_gallery_is_where_a_new_quiz_begins(mira: Client) -> None:
    page = mira.get(ADD).content.decode()
    for slug in gallery.templates():
        assert f'href="{ADD}{slug}/"' in page
    assert mira.get(f"{ADD}nonsense/").status_code == 404
    assert staff("sam", "support").get(ADD).status_code == 403


@pytest.mark.parametrize("slug", sorted(gallery.templates()))
def test_every_template_can_be_used_at_once_and_published(slug: str, mira: Client) -> None:
    assert mira.get(f"{ADD}{slug}/?language=id").status_code == 200
    mira.post(f"{ADD}{slug}/")
    made = Quiz.objects.exclude(slug="care").get()
    assert publish(quiz=made).number == 1
    assert made.changed_by == "mira"


def test_what_a_template_adds_is_told_before_and_done_after(mira: Client, tea: Mapping[str, Any]) -> None:
    page = mira.get(f"{ADD}tea/").content.decode()
    assert "1 attribute is added" in page
    assert "Roast" in page
    assert "Rough" in page
    assert "order (ranking of values): the template’s question will only serve the result" in page
    assert "espionage" in page
    assert not Attribute.objects.filter(key="roast").exists(), "looking adds nothing"
    mira.post(f"{ADD}tea/")
    made = Quiz.objects.get(slug="care-2")
    asked = {each.key: each.attribute and each.attribute.key for each in made.questions.select_related("attribute")}
    assert asked == {"roast": "roast", "skin": "skin", "order": None}
    assert [each.purpose.slug for each in made.asked_purposes.all()] == ["letters"]
    assert set(Feature.objects.filter(attribute__key="roast").values_list("code", flat=True)) == {"light", "dark"}
    assert Feature.objects.filter(attribute__key="skin", code="rough").exists()
    assert Attribute.objects.get(key="order").kind == "ranking"
    assert Quiz.objects.get(slug="care").title == care()["title"], "the quiz that had the address is left alone"


def test_a_template_needs_leave_to_add_attributes(tea: Mapping[str, Any]) -> None:
    client = staff("ed")
    group = client.get(ADD).wsgi_request.user.groups.get()
    group.permissions.remove(*group.permissions.filter(codename="add_attribute"))
    assert "ask somebody who may" in client.get(f"{ADD}tea/").content.decode()
    assert client.post(f"{ADD}tea/").status_code == 403
    assert not Quiz.objects.filter(slug="care-2").exists()


@pytest.mark.parametrize(
    ("title", "slug"),
    [("Which tea?", "which-tea"), ("Care", "care-2"), ("❤ ️", "quiz"), ("أي شاي؟", "quiz"), ("x" * 200, "x" * 50)],
)
def test_from_nothing_needs_a_title_only(title: str, slug: str, mira: Client) -> None:
    response = mira.post(f"{ADD}blank/", {"title_en": title, "languages": ["en", "id"]}, follow=True)
    assert response.status_code == 200
    made = Quiz.objects.get(slug=slug)
    assert (made.title, made.languages, made.live_version) == ({"en": title.strip()}, ["en", "id"], None)
    assert f"/quiz/{made.pk}/build/" in response.redirect_chain[-1][0]


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"languages": ["en"]}, "Write a title"),
        ({"title_id": "Teh", "languages": ["en"]}, "Write a title"),
        ({"title_en": "Tea"}, "Choose at least one language"),
        ({"title_en": "Tea", "languages": ["tlh"]}, "tlh"),
        ({"title_en": "x" * 201, "languages": ["en"]}, "At most 200"),
    ],
)
def test_what_is_missing_is_said(sent: dict[str, Any], words: str, mira: Client) -> None:
    response = mira.post(f"{ADD}blank/", sent)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert Quiz.objects.count() == 1


def test_a_copy_is_chosen_from_the_list(mira: Client, care_quiz: QuizVersion) -> None:
    mira.post(f"{ADD}copy/", {"quiz": care_quiz.quiz_id})
    assert Quiz.objects.filter(slug="care-2", live_version=None).exists()
    for nonsense in ("", "x", "9" * 30, "0"):
        assert mira.post(f"{ADD}copy/", {"quiz": nonsense}).status_code == 404


def test_a_file_is_shown_before_it_is_kept(mira: Client) -> None:
    raw = care() | {"minutes": 3}
    page = send(mira, written(raw)).content.decode()
    assert "What it would change in the draft of “care”" in page
    assert "Minutes" in page
    assert definition_of(Quiz.objects.get())["minutes"] == 2, "nothing is written yet"
    mira.post(f"{ADD}file/keep/", {"as": "new"})
    assert definition_of(Quiz.objects.get(slug="care-2"))["minutes"] == 3
    assert definition_of(Quiz.objects.get(slug="care"))["minutes"] == 2
    assert mira.post(f"{ADD}file/keep/", {"as": "new"}).status_code == 409, "once"


def test_a_file_kept_over_a_draft_can_be_undone(mira: Client) -> None:
    page = send(mira, written(care() | {"minutes": 3}))
    page = mira.post(f"{ADD}file/keep/", {"as": "draft", "token": page.context["token"]}, follow=True)
    assert "what the file says" in page.content.decode()
    assert definition_of(Quiz.objects.get())["minutes"] == 3
    token = page.context["token"]
    mira.post(f"/admin/quizzes/quiz/{Quiz.objects.get().pk}/build/publish/undo/", {"token": token})
    assert definition_of(Quiz.objects.get())["minutes"] == 2


def test_a_file_is_not_kept_over_what_changed_since_it_was_read(mira: Client) -> None:
    page = send(mira, written(care() | {"minutes": 3}))
    Quiz.objects.update(tagline={"en": "By Sari"})
    again = mira.post(f"{ADD}file/keep/", {"as": "draft", "token": page.context["token"]})
    assert again.status_code == 409
    assert "By Sari" in again.content.decode()
    assert Quiz.objects.get().tagline == {"en": "By Sari"}


def test_an_unfinished_file_says_what_is_left_to_do(mira: Client) -> None:
    raw = care() | {"slug": "fresh", "outcomes": []}
    page = send(mira, written(raw)).content.decode()
    assert "It would become a new quiz" in page
    assert "Still to do before it can be published" in page


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "A name in double quotes is expected"),
        ("[]", "A definition is an object: {…}"),
        ('{"slug": "a", "slug": "b"}', "there twice"),
        (b"\xff\xfe{}", "not UTF-8"),
        ("{}" + " " * 1_000_001, "larger than 1 MB"),
        ("[" * 5000, "levels deep"),
        ('{"slug": "<script>alert(1)</script>"}', "small letters"),
        (json.dumps(care() | {"purposes": ["espionage"]}), "espionage"),
        (json.dumps(care() | {"ignored": True}), "no such field"),
        ("", "The file ends too early"),
    ],
    ids=["cut", "list", "twice", "encoding", "huge", "deep", "script", "unknown use", "unknown field", "empty"],
)
def test_what_cannot_be_read_is_refused_by_its_line(content: str | bytes, words: str, mira: Client) -> None:
    page = send(mira, content, "<b>my.json")
    assert page.status_code == 422
    said = page.content.decode()
    assert words in said
    assert "<script>alert" not in said
    assert "<b>my.json" not in said
    assert Quiz.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "words", "is_english"),
    [
        ("{", "Di sini seharusnya ada nama dalam tanda kutip ganda", False),
        ("[" * 5000, "Bertingkat lebih dari 24 lapis", False),
        ('{"slug": "a", "slug": "b"}', "“slug” ada dua kali", False),
        (json.dumps(care() | {"purposes": ["espionage"]}), "espionage", False),
        (json.dumps(care() | {"minutes": 5000}), "Di sini hanya bisa ada angka dari 1 sampai", False),
        (json.dumps(care() | {"schema": 9}), "schema", True),
    ],
    ids=["cut", "deep", "twice", "unknown use", "out of range", "schema"],
)
def test_what_is_wrong_is_said_in_the_marketers_language(
    content: str, words: str, *, is_english: bool, mira: Client
) -> None:
    mira.cookies["django_language"] = "id"
    page = send(mira, content, "my.json")
    assert page.status_code == 422
    (said,) = re.findall(r"<ol>(.*?)</ol>", page.content.decode())
    assert words in said
    assert ('lang="en"' in said) is is_english


def test_a_page_without_a_file_says_so(mira: Client) -> None:
    assert "Choose a file first" in mira.post(f"{ADD}file/").content.decode()


def test_a_draft_that_was_never_published_can_be_deleted(mira: Client) -> None:
    mira.post(f"{ADD}blank/", {"title_en": "Tea", "languages": ["en"]})
    made = Quiz.objects.get(slug="tea")
    mira.post(f"/admin/quizzes/quiz/{made.pk}/delete/", {"post": "yes"})
    assert not Quiz.objects.filter(slug="tea").exists()
