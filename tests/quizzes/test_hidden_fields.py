"""What a link brings along decides branches, is kept on the run alone, and is never personal."""

from typing import Any

import psycopg
import pytest

from quizzes.definition import compile_definition
from quizzes.flow import progress, walk
from quizzes.hidden import brought_along
from quizzes.problems import DefinitionError

from .builders import given, is_, question, quiz
from .taking import Taker


def campaign(**fields: Any) -> dict[str, Any]:
    welcome = question("welcome", "boolean", show_if=is_("utm_source", "newsletter"))
    return quiz(question("first"), welcome, **{"hidden": ["utm_source", "ref"], "slug": "campaign"} | fields)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("newsletter", "newsletter"),
        (" spring sale 2026/a ", "spring sale 2026/a"),
        ("musim-semi", "musim-semi"),
        ("ada@example.com", None),
        ("ada%40example.com", None),
        ("+62 812 3456 7890", None),
        ("0812-3456-789", None),
        ("<script>", None),
        ("x" * 101, None),
        ("a\nb", None),
        ("", None),
    ],
)
def test_what_could_be_personal_is_not_kept(sent: str, kept: str | None) -> None:
    definition = compile_definition(campaign())
    found = brought_along(definition, {"utm_source": sent, "other": "x"})
    assert found == ({"utm_source": kept} if kept else {})


def test_it_is_an_operand() -> None:
    definition = compile_definition(campaign())
    assert walk(definition, given(first="a"), {"utm_source": "newsletter"}).next_key == "welcome"
    assert walk(definition, given(first="a"), {"utm_source": "other"}).next_key is None
    assert walk(definition, given(first="a")).next_key is None
    assert progress(definition, walk(definition, {}, {"utm_source": "newsletter"})).seconds_left == 15
    assert progress(definition, walk(definition, {})).seconds_left == 7


@pytest.mark.parametrize(
    ("raw", "path", "kind"),
    [
        (campaign(hidden=["Utm Source"]), "hidden", "bad_key"),
        (campaign(hidden=["utm_source"] * 2), "hidden", "too_many"),
        (campaign(hidden=["utm_source", "first"]), "hidden", "duplicate_key"),
        (campaign(hidden=[]), "questions[1].show_if", "unknown_question"),
        (
            quiz(
                question("a", show_if={"question": "ref", "op": "at_least", "value": 3}), question("b"), hidden=["ref"]
            ),
            "questions[0].show_if",
            "unfit_op",
        ),
        (quiz(question("a", title={"en": "{ref}", "id": "{ref}"}), hidden=["ref"]), "questions[0].title.en",
         "unknown_question"),
    ],
)  # fmt: skip
def test_a_fault_is_named_by_its_place(raw: Any, path: str, kind: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        compile_definition(raw)
    assert (path, kind) in {(each.path, each.kind) for each in caught.value.problems}


def test_it_comes_along_from_the_link_to_the_run(
    ada: Taker, published: Any, owner_connection: psycopg.Connection
) -> None:
    published(campaign())
    page = ada.get("/q/campaign/?utm_source=newsletter&utm_medium=mail&ref=ada@example.com").content.decode()
    assert '<input type="hidden" name="from-utm_source" value="newsletter">' in page
    assert "from-utm_medium" not in page
    assert "from-ref" not in page
    ada.start("campaign", **{"from-utm_source": "newsletter", "from-ref": "ada@example.com", "from-x": "y"})
    ada.answer(answer="a")
    assert ada.key == "welcome"
    assert owner_connection.execute("SELECT hidden FROM quizzes_run").fetchall() == [({"utm_source": "newsletter"},)]


def test_without_it_the_quiz_is_the_same_for_everybody(ada: Taker, published: Any) -> None:
    published(campaign())
    ada.start("campaign")
    ada.answer(answer="a")
    assert ada.key == "result"
