"""`check_quiz`, `export_quiz` and `import_quiz`, as somebody at a terminal meets them."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from preferences.models import Purpose
from quizzes.models import Quiz
from quizzes.services.drafting import import_definition
from quizzes.services.publishing import publish
from tests.support.people import make_catalogue, open_demo_brand

from ..builders import care

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    make_catalogue()
    path = tmp_path / "care.json"
    path.write_text(json.dumps(care(), indent=2))
    return path


@pytest.mark.parametrize("slug", ["skin", "pet", "outerwear"])
def test_the_demo_quizzes_pass_and_come_back_as_they_went(slug: str, tmp_path: Path) -> None:
    open_demo_brand()
    said = run("check_quiz", slug)
    assert "Nothing to improve." in said
    assert "every walk counted" in said
    assert json.loads(run("check_quiz", slug, "--live", "--json"))["findings"] == []

    first = run("export_quiz", slug)
    path = tmp_path / "quiz.json"
    path.write_text(first)
    assert "nothing to change" in run("import_quiz", str(path))
    assert run("export_quiz", slug, "--version", "1") == first
    Quiz.objects.filter(slug=slug).update(live_version=None, title={"en": "Gone", "id": "Hilang"})
    assert "changed in" in run("import_quiz", str(path))
    assert run("export_quiz", slug) == first


def test_what_is_wrong_is_said_and_it_exits_with_one(file: Path) -> None:
    raw = care()
    raw["questions"][1]["show_if"] = {"question": "skin", "op": "answered", "value": False}
    import_definition(raw)
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("check_quiz", "care", stdout=out)
    assert ended.value.code == 1
    assert "ERROR    questions/goal  [unreachable_question]" in out.getvalue()
    assert "█" in out.getvalue()


def test_what_the_brand_does_not_know_is_an_error_too(file: Path) -> None:
    import_definition(care())
    Purpose.objects.filter(slug="letters").update(is_active=False)
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("check_quiz", "care", "--json", stdout=out)
    found = json.loads(out.getvalue())["findings"]
    assert ("unknown_purpose", "purposes/letters") in {(each["code"], each["place"]) for each in found}


def test_a_quiz_that_is_not_there_or_not_open(file: Path) -> None:
    with pytest.raises(CommandError, match="no quiz “nothing”"):
        run("check_quiz", "nothing")
    import_definition(care())
    with pytest.raises(CommandError, match="not open"):
        run("check_quiz", "care", "--live")
    with pytest.raises(CommandError, match="no version 7"):
        run("export_quiz", "care", "--version", "7")


def test_a_dry_run_says_what_it_would_do_and_does_nothing(file: Path) -> None:
    said = run("import_quiz", str(file), "--dry-run")
    assert "care would be a new draft. Nothing was written." in said
    assert not Quiz.objects.exists()
    assert "care is a new draft." in run("import_quiz", str(file))

    raw = care()
    raw["questions"][0]["title"]["en"] = "And your skin?"
    del raw["questions"][4]
    file.write_text(json.dumps(raw))
    said = run("import_quiz", str(file), "--dry-run")
    assert "~ questions/skin/title/en: About skin? → And your skin?" in said
    assert "- questions/words: About words?" in said
    assert Quiz.objects.get().questions.count() == 5


def test_importing_twice_is_importing_once(file: Path) -> None:
    run("import_quiz", str(file))
    rows = list(Quiz.objects.get().questions.values_list("pk", flat=True))
    assert "nothing to change" in run("import_quiz", str(file))
    assert list(Quiz.objects.get().questions.values_list("pk", flat=True)) == rows


def test_an_import_leaves_what_customers_take_as_it_is(file: Path) -> None:
    version = publish(quiz=import_definition(care()))
    raw = care() | {"minutes": 9}
    file.write_text(json.dumps(raw))
    run("import_quiz", str(file))
    quiz = Quiz.objects.get()
    assert (quiz.minutes, quiz.live_version) == (9, version)
    assert quiz.live_version.definition["minutes"] == 2


def test_an_unfinished_draft_is_imported_and_says_what_is_left(file: Path) -> None:
    raw = care()
    raw["questions"][0]["title"] = {"en": "Your skin?"}
    file.write_text(json.dumps(raw))
    said = run("import_quiz", str(file))
    assert "! questions[0].title (skin): not written in: id" in said
    assert "can't be published before 1 things" in said
    exported = run("export_quiz", "care")
    file.write_text(exported)
    run("import_quiz", str(file))
    assert run("export_quiz", "care") == exported


def broken(change: dict[str, Any]) -> str:
    raw = care()
    for path, value in change.items():
        *parents, last = path.split("/")
        here: Any = raw
        for each in parents:
            here = here[int(each) if isinstance(here, list) else each]
        here[int(last) if isinstance(here, list) else last] = value
    return json.dumps(raw, indent=2)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (broken({"questions/1/kind": "telepathy"}), r":\d+|line \d+, questions\[1\].kind"),
        (broken({"questions/1/show_if": [1]}), r"line \d\d+, questions\[1\].show_if: a condition is an object"),
        (broken({"questions/0/choices": {"a": 1}}), r"line \d+, questions\[0\].choices: a list"),
        (
            broken({"questions/0/attribute": "hair"}),
            r"line \d+, questions\[0\].attribute: there is no attribute “hair”",
        ),
        (broken({"purposes": ["spying"]}), r"line \d+, purposes\[0\]: there is no active use “spying”"),
        (broken({"slug": "../../etc"}), r"line 3, slug"),
        (broken({"schema": 2}), r"line 2, schema"),
        (broken({"minutes": 10**11}), r"line \d+, minutes"),
        (broken({"cover": "../../secret.svg"}), r"line \d+, cover"),
        (broken({"outcomes/0/key": None}), r"line \d+, outcomes\[0\].key"),
        (broken({"questions/3": None}), r"line \d+, questions\[3\]: an object"),
        ('{"slug": "a", "slug": "b"}', r"line 1, slug: “slug” is there twice"),
        ("{}", r"line 1, schema"),
    ],
)
def test_a_file_that_is_no_definition_is_refused_and_nothing_is_written(file: Path, text: str, says: str) -> None:
    run("import_quiz", str(file))
    before = run("export_quiz", "care")
    file.write_text(text)
    with pytest.raises(CommandError, match=says) as refused:
        run("import_quiz", str(file))
    assert "Nothing was written." in str(refused.value)
    assert run("export_quiz", "care") == before
    assert Quiz.objects.count() == 1


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        run("import_quiz", str(tmp_path / "nothing.json"))
