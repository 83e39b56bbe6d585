"""A broken definition is refused by the place of its fault; a sound one compiles."""

import json
from pathlib import Path
from typing import Any

import pytest

from quizzes import definition as definition_module
from quizzes.definition import compile_definition
from quizzes.parts import KINDS, PROFILE_KINDS
from quizzes.problems import DefinitionError

from .builders import choice, is_, outcome, question, quiz, skin, text

ROW = {"value": "shine", "label": text("Shine")}
EVERY_KIND = quiz(
    question("age_gate", "age_gate", min=16),
    question("single"),
    question("multiple", "multiple", min_choices=1, max_choices=2),
    question("image", "image", choices=[choice(v, image=f"art/{v}.svg", alt=text(v)) for v in ("x", "y")]),
    question("swatch", "swatch", choices=[choice("light", color="#ffeeaa"), choice("deep", color="#332211")]),
    question("slider", "slider", min=0, max=10, low=text("little"), high=text("much")),
    question("number", "number", min=0.5, max=90, unit=text("kg")),
    question("text", "text", max=200),
    question("ranking", "ranking"),
    question("date", "date", max="today"),
    question("long_text", "long_text", max=900),
    question("part_two", "section", help=text("Now about you.")),
    question("email", "email", title=text("{text|Friend}, where may we write?")),
    question("phone", "phone", required=False),
    question("rating", "rating", max=5, low=text("Poor"), high=text("Great")),
    question("nps", "nps", low=text("No"), high=text("Yes")),
    question(
        "matrix",
        "matrix",
        choices=[choice("never"), choice("often")],
        rows=[ROW],
    ),
    question("boolean", "boolean", may_decline=True, sensitive=True, consent=text("I agree."), attribute="health"),
)


def test_every_kind_compiles() -> None:
    compiled = compile_definition(EVERY_KIND)
    assert [each.kind for each in compiled.questions] == [each["kind"] for each in EVERY_KIND["questions"]]
    assert {each.kind for each in compiled.questions} == set(KINDS)
    assert compiled.languages == ("en", "id")


def broken(**fields: Any) -> dict[str, Any]:
    return quiz(question("first", **fields), question("second"))


@pytest.mark.parametrize(
    ("raw", "path", "kind"),
    [
        ([], "", "not_an_object"),
        (quiz() | {"schema": 2}, "schema", "unknown_schema"),
        (quiz() | {"slug": "Skin Quiz"}, "slug", "bad_key"),
        (quiz() | {"qestions": []}, "qestions", "unknown_field"),
        (quiz() | {"profile": "neighbour"}, "profile", "not_allowed"),
        (quiz() | {"purposes": ["offers", "offers"]}, "purposes", "duplicate"),
        (quiz() | {"cover": "../secret.svg", "cover_alt": text("x")}, "cover", "bad_path"),
        (quiz() | {"cover": "art/x.svg"}, "cover_alt", "missing_alt"),
        (quiz() | {"questions": []}, "questions", "no_questions"),
        (quiz() | {"title": {"en": "Skin", "id": " "}}, "title", "untranslated"),
        (quiz() | {"languages": ["en", "id", "de"]}, "title", "untranslated"),
        (quiz(question("a"), question("a")), "questions[1].key", "duplicate_key"),
        (quiz(question("result")), "questions[0].key", "reserved_key"),
        (broken(kind="oracle"), "questions[0].kind", "not_allowed"),
        (broken(title={}), "questions[0].title", "missing_text"),
        (broken(why={"en": "Only English"}), "questions[0].why", "untranslated"),
        (broken(title={"en": "x" * 201, "id": "y"}), "questions[0].title.en", "not_a_text"),
        (broken(required="yes"), "questions[0].required", "not_a_flag"),
        (broken(choices=[choice("a")]), "questions[0].choices", "too_few_choices"),
        (broken(choices=[choice("a"), choice("a")]), "questions[0].choices", "duplicate_choice"),
        (broken(choices=[choice("a b"), choice("a")]), "questions[0].choices[0].value", "bad_key"),
        (broken(choices=[choice("a", image="art/a.svg"), choice("b")]), "questions[0].choices[0].alt", "missing_alt"),
        (broken(kind="image", choices=[choice("a"), choice("b")]), "questions[0].choices[0].image", "missing_image"),
        (broken(kind="swatch", choices=[choice("a"), choice("b")]), "questions[0].choices[0].color", "missing_color"),
        (broken(choices=[choice("a", color="red"), choice("b")]), "questions[0].choices[0].color", "bad_color"),
        (
            broken(choices=[choice("a", points={"x": 1}), choice("b")]),
            "questions[0].choices[0].points.x", "unknown_outcome",
        ),
        (
            broken(choices=[choice("a", points={"plain": 999}), choice("b")]),
            "questions[0].choices[0].points.plain", "out_of_range",
        ),
        (broken(kind="multiple", min_choices=3, max_choices=2), "questions[0].max_choices", "empty_range"),
        (broken(kind="multiple", max_choices=9), "questions[0].max_choices", "empty_range"),
        (broken(kind="slider", choices=[]), "questions[0].min", "missing_bound"),
        (broken(kind="slider", choices=[], min=5, max=5), "questions[0].max", "empty_range"),
        (broken(kind="number", choices=[], step=0), "questions[0].step", "out_of_range"),
        (broken(kind="number", choices=[], min=0, max=1, step=2), "questions[0].step", "out_of_range"),
        (broken(kind="number", choices=[choice("a")]), "questions[0].choices", "unfit_field"),
        (broken(min=3), "questions[0].min", "unfit_field"),
        (broken(kind="date", choices=[], min="yesterday"), "questions[0].min", "not_a_date"),
        (broken(kind="date", choices=[], min="2025-01-01", max="2024-01-01"), "questions[0].max", "empty_range"),
        (broken(kind="text", choices=[], max=100_000), "questions[0].max", "out_of_range"),
        (broken(kind="long_text", choices=[], max=100_000), "questions[0].max", "out_of_range"),
        (broken(kind="rating", choices=[], max=20), "questions[0].max", "out_of_range"),
        (broken(kind="rating", choices=[], min=2), "questions[0].min", "unfit_field"),
        (broken(kind="nps", choices=[], max=5), "questions[0].max", "unfit_field"),
        (broken(kind="matrix"), "questions[0].rows", "no_rows"),
        (broken(kind="matrix", rows=[ROW, ROW]), "questions[0].rows", "duplicate_row"),
        (broken(kind="matrix", rows=[ROW], choices=[]), "questions[0].choices", "too_few_choices"),
        (broken(rows=[ROW]), "questions[0].rows", "unfit_field"),
        (broken(title=text("Hello {nobody}")), "questions[0].title.en", "unknown_question"),
        (broken(title=text("Hello {second}")), "questions[0].title.en", "unknown_question"),
        (broken(required_if=is_("second", "a")), "questions[0].required_if", "unknown_question"),
        (broken(kind="text", choices=[], shuffle=True), "questions[0].shuffle", "unfit_field"),
        (broken(kind="section", choices=[], attribute="x"), "questions[0]", "unfit_field"),
        (
            broken(kind="matrix", rows=[ROW], choices=[choice("a", feedback=text("Oh")), choice("b")]),
            "questions[0].choices[0].feedback", "unfit_field",
        ),
        (
            quiz(question("gate", "age_gate", min=16), question("b", help=text("{gate}"))),
            "questions[1].help.en", "unfit_quote",
        ),
        (broken(kind="age_gate", choices=[]), "questions[0].min", "missing_bound"),
        (broken(kind="age_gate", choices=[], min=16, required=False), "questions[0]", "unfit_field"),
        (quiz(question("a"), question("gate", "age_gate", min=16)), "questions[1]", "late_gate"),
        (
            quiz(question("mail", "email"), question("b", show_if=is_("mail", "ada@example.com"))),
            "questions[1].show_if", "unfit_op",
        ),
        (broken(sensitive=True, attribute="x", may_decline=True), "questions[0].consent", "missing_consent"),
        (
            broken(sensitive=True, consent=text("I agree"), may_decline=True),
            "questions[0].attribute", "missing_attribute",
        ),
        (broken(sensitive=True, attribute="x", consent=text("I agree")), "questions[0].may_decline", "no_way_out"),
        (broken(names_profile=True), "questions[0].names_profile", "unfit_field"),
        (broken(show_if=is_("second", "a")), "questions[0].show_if", "unknown_question"),
        (broken(show_if=is_("first", "a")), "questions[0].show_if", "unknown_question"),
        (broken(show_if={"question": "x"}), "questions[0].show_if.op", "unknown_op"),
        (broken(jumps=[{"to": "end"}]), "questions[0].jumps[0].if", "missing_condition"),
        (broken(jumps=[{"if": is_("first", "a"), "to": "third"}]), "questions[0].jumps[0].to", "unknown_question"),
        (broken(jumps=[{"if": is_("first", "a"), "to": "first"}]), "questions[0].jumps[0].to", "backward_jump"),
        (broken(jumps=[{"if": is_("first", "z"), "to": "end"}]), "questions[0].jumps[0].if", "unfit_value"),
        (
            broken(jumps=[{"if": {"question": "first", "op": "at_least", "value": 3}, "to": "end"}]),
            "questions[0].jumps[0].if",
            "unfit_op",
        ),
        (quiz(outcomes=[outcome("x", when=is_("first", "a"))]), "outcomes", "no_fallback"),
        (quiz(outcomes=[]), "outcomes", "no_fallback"),
        (quiz(outcomes=[outcome("x"), outcome("y")]), "outcomes[1]", "unreachable_outcome"),
        (
            quiz(outcomes=[outcome("x", summary=text("You said {nothing}."))]),
            "outcomes[0].summary.en", "unknown_question",
        ),
        (quiz(outcomes=[outcome("x", steps=[{"title": text("Wash")}])]), "outcomes[0].steps[0].text", "missing_text"),
        (quiz(outcomes=[outcome("x", art="art/x.svg")]), "outcomes[0].art_alt", "missing_alt"),
        (quiz(*[question(f"q{n}") for n in range(301)]), "questions", "too_many"),
    ],
)  # fmt: skip
def test_a_fault_is_named_by_its_place(raw: object, path: str, kind: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        compile_definition(raw)
    assert (path, kind) in {(problem.path, problem.kind) for problem in caught.value.problems}, str(caught.value)


def test_all_faults_are_named_at_once() -> None:
    with pytest.raises(DefinitionError) as caught:
        compile_definition(quiz(question("Bad Key", title={}), question("second", kind="x")))
    assert len(caught.value.problems) >= 3


def test_a_definition_has_a_size_limit() -> None:
    with pytest.raises(DefinitionError, match="1 MB"):
        compile_definition(quiz() | {"tagline": {"en": "x" * 1_100_000}})


def published_schema() -> dict[str, Any]:
    return json.loads((Path(definition_module.__file__).parent / "schema.json").read_text(encoding="utf-8"))


def test_the_published_schema_says_what_the_compiler_reads() -> None:
    """The schema is written by hand for other tools; this keeps its words those of the compiler."""
    schema = published_schema()
    parts = schema["$defs"]
    assert schema["properties"]["schema"]["const"] == definition_module.SCHEMA
    assert tuple(schema["properties"]["profile"]["enum"]) == PROFILE_KINDS
    assert tuple(parts["question"]["properties"]["kind"]["enum"]) == KINDS
    for raw, fields in (
        (EVERY_KIND | skin(), schema["properties"]),
        *((each, parts["question"]["properties"]) for each in EVERY_KIND["questions"] + skin()["questions"]),
        *((row, parts["row"]["properties"]) for each in EVERY_KIND["questions"] for row in each.get("rows", ())),
        *((row, parts["choice"]["properties"]) for each in EVERY_KIND["questions"] for row in each.get("choices", ())),
        *((each, parts["outcome"]["properties"]) for each in skin()["outcomes"]),
    ):
        assert set(raw) <= set(fields)


@pytest.mark.parametrize(
    ("part", "wrap"),
    [
        ("quiz", lambda extra: quiz() | extra),
        ("question", lambda extra: quiz(question("first") | extra)),
        ("choice", lambda extra: quiz(question("first", choices=[choice("a") | extra, choice("b")]))),
        ("row", lambda extra: quiz(question("first", rows=[{"value": "x", "label": text("X")} | extra]))),
        ("outcome", lambda extra: quiz(outcomes=[outcome("x") | extra])),
        ("step", lambda extra: quiz(outcomes=[outcome("x", steps=[extra])])),
        ("jump", lambda extra: quiz(question("first", jumps=[extra]))),
    ],
)
def test_the_compiler_knows_every_field_of_the_schema(part: str, wrap: Any) -> None:
    schema = published_schema()
    fields = set((schema if part == "quiz" else schema["$defs"][part])["properties"]) - {"pictures"}  # of files alone
    with pytest.raises(DefinitionError) as caught:
        compile_definition(wrap(dict.fromkeys([*fields, "nonsense"])))
    assert [p.path.rpartition(".")[2] for p in caught.value.problems if p.kind == "unknown_field"] == ["nonsense"]
