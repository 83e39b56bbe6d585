"""A definition file brings its uploaded pictures along, and nothing else comes in that way."""

import base64
import json
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command

from quizzes.check.files import FileError, read_document
from quizzes.models import Picture, Quiz
from quizzes.pictures import COVER_SIDE
from quizzes.services.drafting import definition_of, import_definition
from quizzes.services.files import import_document, written
from quizzes.services.picturing import take_picture
from quizzes.services.publishing import problems_of

from ..builders import choice, question, quiz, text
from ..test_pictures import drawn, file

pytestmark = pytest.mark.django_db


@pytest.fixture
def pictured(db: object) -> str:
    """The file of a quiz with an uploaded cover that a choice shows too."""
    name = f"pictures/{take_picture(file(drawn()), side=COVER_SIDE, by='mira').name}"
    choices = [choice("a", image=name, alt=text("A red field")), choice("b")]
    made = import_definition(quiz(question("first", choices=choices), cover=name, cover_alt=text("Red over blue")))
    return written(definition_of(made))


def empty(owner_connection: psycopg.Connection) -> None:
    """As on another site: the site itself deletes no picture, since versions may show it."""
    Quiz.objects.all().delete()
    owner_connection.execute("DELETE FROM quizzes_picture")


def test_pictures_come_along_to_where_there_are_none(pictured: str, owner_connection: psycopg.Connection) -> None:
    empty(owner_connection)
    document = read_document(pictured.encode())
    planned = import_document(document, is_kept=False)
    assert (planned.picture_count, planned.unfinished, Picture.objects.count()) == (1, (), 0)

    import_document(document, by="noor")
    (kept,) = Picture.objects.all()
    raw = definition_of(Quiz.objects.get())
    assert {raw["cover"], raw["questions"][0]["choices"][0]["image"]} == {f"pictures/{kept.name}"}
    assert raw["cover_alt"] == text("Red over blue")
    assert kept.uploaded_by == "noor"
    assert problems_of(raw) == ()
    assert import_document(document).differences == (), "the same file changes nothing a second time"


def with_pictures(pictured: str, pictures: Any) -> bytes:
    return json.dumps(json.loads(pictured) | {"pictures": pictures}).encode()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "a drawing in SVG"),
        (b"GIF89a and no more", "not a picture"),
        (file(drawn(4, 4)), "too small"),
        (file(drawn(6000, 4000), "PNG"), "more pixels"),
        ("no base64 at all", "written in base64"),
        (7, "not a picture"),
    ],
)
def test_what_is_no_fit_picture_is_refused_by_its_line_and_nothing_is_written(
    content: Any, why: str, pictured: str, tmp_path: Path, owner_connection: psycopg.Connection
) -> None:
    name = next(iter(json.loads(pictured)["pictures"]))
    text_of = base64.b64encode(content).decode() if isinstance(content, bytes) else content
    path = tmp_path / "skin.json"
    path.write_bytes(with_pictures(pictured, {name: text_of}))
    empty(owner_connection)
    with pytest.raises(CommandError, match=f"line \\d+, pictures.{name}: .*{why}"):
        call_command("import_quiz", str(path), stdout=StringIO())
    assert (Quiz.objects.count(), Picture.objects.count()) == (0, 0)


@pytest.mark.parametrize("pictures", [{"pictures/other.webp": ""}, [1], {f"pictures/{n}.webp": "" for n in range(201)}])
def test_pictures_that_nothing_shows_are_refused(pictures: Any, pictured: str) -> None:
    with pytest.raises(Exception, match=r"line \d+, pictures"):
        import_document(read_document(with_pictures(pictured, pictures)))


def test_room_for_pictures_is_no_room_for_a_larger_definition() -> None:
    with pytest.raises(FileError, match="larger than 1 MB"):
        read_document(json.dumps({"pictures": {"a": "x"}, "more": "x" * 1_000_000}).encode())
    with pytest.raises(FileError, match="larger than 8 MB"):
        read_document(json.dumps({"pictures": {"a": "x" * 8_000_000}}).encode())
