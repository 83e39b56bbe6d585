"""Marketers bring pictures in: from the form by script, or on a page of their own."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from quizzes.models import Choice, Outcome, Picture, Quiz, QuizVersion

from .test_building import staff

pytestmark = pytest.mark.usefixtures("care_quiz")


@pytest.fixture
def mira(db: object) -> Client:
    return staff("mira")


@pytest.fixture
def build(care_quiz: QuizVersion) -> str:
    return f"/admin/quizzes/quiz/{care_quiz.quiz_id}/build/"


def upload(width: int = 2000, height: int = 1500) -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (width, height), (40, 90, 60)).save(out, "JPEG")
    return SimpleUploadedFile("../../leaf.jpg", out.getvalue(), "text/html")


def test_only_those_who_may_change_quizzes_bring_pictures(build: str) -> None:
    sam = staff("sam", "support")
    assert sam.post(f"{build}pictures/", {"picture": upload()}).status_code == 403
    assert sam.get(f"{build}pictures/library/").status_code == 403
    assert sam.post(f"{build}pictures/cover/", {"picture": upload()}).status_code == 403
    assert not Picture.objects.exists()


@pytest.mark.parametrize(("place", "width"), [("cover", 1600), ("outcome-1", 1600), ("choice-1", 960)])
def test_a_picture_comes_back_as_a_path(place: str, width: int, mira: Client, build: str) -> None:
    response = mira.post(f"{build}pictures/", {"picture": upload(), "place": place})
    kept = Picture.objects.get()
    assert response.status_code == 201
    assert response.json() == {"path": f"pictures/{kept.name}", "url": f"/pictures/{kept.name}"}
    assert (kept.width, kept.uploaded_by) == (width, "mira")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "HEIC"),
        (b"not a picture", "no picture we can read"),
        (b"\xff\xd8" + bytes(10_000_001), "10 MB"),
        (b"", "no picture we can read"),
    ],
    ids=range(5),
)
def test_what_is_no_picture_is_refused_in_words(content: bytes, words: str, mira: Client, build: str) -> None:
    file = SimpleUploadedFile("x.png", content, "image/png")
    response = mira.post(f"{build}pictures/", {"picture": file, "place": "cover"})
    assert response.status_code == 422
    assert words in response.json()["error"]
    page = mira.post(f"{build}pictures/cover/", {"picture": SimpleUploadedFile("x.png", content + b" ")})
    assert page.status_code == 422
    assert mira.post(f"{build}pictures/", {"picture": "just words"}).status_code == 422


def row(place: str) -> Any:
    kind, _dash, pk = place.partition("-")
    return {"cover": Quiz, "choice": Choice, "outcome": Outcome}[kind].objects.get(**({"pk": pk} if pk else {}))


@pytest.mark.parametrize(("kind", "field"), [("cover", "cover"), ("choice", "image"), ("outcome", "art")])
def test_without_a_script_it_has_a_page_of_its_own(kind: str, field: str, mira: Client, build: str) -> None:
    place = {
        "cover": "cover",
        "choice": f"choice-{Choice.objects.first().pk}",  # type: ignore[union-attr]
        "outcome": f"outcome-{Outcome.objects.first().pk}",  # type: ignore[union-attr]
    }[kind]
    address = f"{build}pictures/{place}/"
    assert mira.get(address).status_code == 200
    back = mira.post(address, {"picture": upload()})
    path = f"pictures/{Picture.objects.get().name}"
    assert getattr(row(place), field) == path
    assert mira.get(back["Location"]).status_code == 200
    assert Quiz.objects.get().changed_by == "mira"
    mira.post(address, {"path": "art/skin/cover.svg"})
    assert getattr(row(place), field) == "art/skin/cover.svg"
    assert mira.post(address, {"path": "art/../../etc/passwd"}).status_code == 422
    mira.post(address, {"path": ""})
    assert getattr(row(place), field) == ""


@pytest.mark.parametrize("place", ["nowhere", "choice-", "choice-999999", "choice-x", "outcome-9" + "9" * 30])
def test_other_places_are_not_found(place: str, mira: Client, build: str) -> None:
    assert mira.get(f"{build}pictures/{place}/").status_code == 404


def test_the_library_offers_what_is_there_with_the_words_said_of_it(mira: Client, build: str) -> None:
    mira.post(f"{build}pictures/", {"picture": upload(), "place": "cover"})
    path = f"pictures/{Picture.objects.get().name}"
    Quiz.objects.update(cover=path, cover_alt={"en": 'A "leaf" <b>'})
    page = mira.get(f"{build}pictures/library/").content.decode()
    assert f'data-path="{path}"' in page
    assert 'data-path="art/skin/cover.svg"' in page
    assert 'data-words-en="A &quot;leaf&quot; &lt;b&gt;"' in page


def test_the_form_shows_the_picture_and_where_to_send_another(mira: Client, build: str) -> None:
    Quiz.objects.update(cover="art/skin/cover.svg")
    page = mira.get(f"{build}start/").content.decode()
    assert 'src="/static/art/skin/cover.svg"' in page
    assert f'data-upload="{build}pictures/"' in page
    assert f'href="{build}pictures/cover/"' in page
    for odd in ("javascript:alert(1)", "https://evil.example/x.png", "../secret"):
        Quiz.objects.update(cover=odd)
        assert f'src="{odd}' not in mira.get(f"{build}start/").content.decode()
