"""Conditions are edited as rows and groups, and nothing that was typed is lost."""

import json
from typing import Any

import pytest

from preferences.conditions import parse
from quizzes.builder.logic import ConditionForm, askable
from quizzes.builder.logic.operands import Operand
from quizzes.builder.logic.tree import Group, Row, write
from quizzes.checks import FITTING, ROW_FITTING

from ..builders import choice, is_, question, quiz, text

RAW = quiz(
    question("skin", title=text("Your skin"), choices=[choice("dry"), choice("oily"), choice("normal")]),
    question("age", "number", title=text("Your age")),
    question("goals", "multiple", title=text("Your goals")),
    question("order", "ranking", title=text("What matters")),
    question("born", "date", title=text("Your birthday")),
    question("milk", "boolean", title=text("With milk?")),
    question("pause", "section", title=text("Now to you")),
    question("signs", "matrix", title=text("Signs"), choices=[choice("never"), choice("often")],
             rows=[{"value": "itch", "label": text("Itching")}]),
    question("last", title=text("Last")),
    hidden=["utm_source"],
)  # fmt: skip


def asks(key: str, op: str, value: object = None) -> dict[str, Any]:
    return {"question": key, "op": op, "value": value}


def drawn(form: ConditionForm) -> dict[str, Any]:
    """What the browser would send of it as it stands."""
    sent: dict[str, Any] = {}

    def draw(part: Any) -> None:
        if getattr(part, "is_kept", False):
            sent[f"{part.name}-kept"] = part.json
        elif getattr(part, "is_row", False):
            sent[f"{part.name}-was"] = sent[f"{part.name}-of"] = part.of
            if part.ops:
                sent[f"{part.name}-op"] = next(each.value for each in part.ops if each.is_chosen)
            if part.input in ("checks", "one"):
                sent[f"{part.name}-value"] = [each.value for each in part.options if each.is_chosen]
            elif part.input:
                sent[f"{part.name}-value"] = part.value
        else:
            sent[f"{part.name}-join"] = next((each.value for each in part.joins if each.is_chosen), "all")
            for each in part.parts:
                draw(each)

    if form.shown:
        draw(form.shown)
    return sent


def form_of(stored: Any, data: dict[str, Any] | None = None, **where: Any) -> ConditionForm:
    return ConditionForm("when", stored=stored, operands=askable(RAW, **where), data=data)


STORED: list[Any] = [
    None,
    is_("skin", "dry"),
    {"all": [is_("skin", "dry"), asks("age", "at_least", 30)]},
    {"any": [asks("skin", "in", ["oily", "dry"]), asks("goals", "includes", ["a", "b"]), asks("goals", "is", "a")]},
    {"not": {"any": [is_("milk", True), asks("born", "before", "2000-01-31")]}},
    {"not": is_("order", "b")},
    {"all": [asks("age", "in", [3, 4.5]), asks("utm_source", "not_in", ["mail", "shop"]), is_("signs.itch", "often")]},
    {"all": [asks("skin", "answered", False), asks("utm_source", "answered", True)]},
    {"all": [{"any": [{"all": [{"any": [is_("skin", "dry"), is_("milk", False)]}]}]}]},
    {"all": [is_("gone", 3), is_("skin", "green"), asks("age", "before", "2000-01-01")]},
    {"all": [asks("", "", ""), asks("skin", "in", []), {"question": 3}, "nonsense", {"any": "x"}]},
]


@pytest.mark.parametrize("stored", STORED, ids=str)
def test_what_is_sent_as_it_was_drawn_changes_nothing(stored: Any) -> None:
    form = form_of(stored, drawn(form_of(stored)))
    assert not form.has_changed
    assert not form.needs_redrawing
    assert form.raw == stored


WRITTEN: list[tuple[str, str, Any, dict[str, Any]]] = [
    ("skin", "is", ["dry"], is_("skin", "dry")),
    ("skin", "is", ["dry", "oily"], asks("skin", "in", ["dry", "oily"])),
    ("skin", "is_not", ["dry", "oily"], asks("skin", "not_in", ["dry", "oily"])),
    ("age", "at_least", "30", asks("age", "at_least", 30)),
    ("age", "at_most", "1.5", asks("age", "at_most", 1.5)),
    ("age", "in", "3, 4", asks("age", "in", [3, 4])),
    ("goals", "includes", ["a", "b"], asks("goals", "includes", ["a", "b"])),
    ("goals", "excludes", ["a"], asks("goals", "excludes", "a")),
    ("goals", "is", ["b"], is_("goals", "b")),
    ("order", "is", ["c"], is_("order", "c")),
    ("born", "after", "2001-02-03", asks("born", "after", "2001-02-03")),
    ("milk", "is", "false", is_("milk", False)),
    ("signs.itch", "is", ["often"], is_("signs.itch", "often")),
    ("utm_source", "in", "mail, shop", asks("utm_source", "in", ["mail", "shop"])),
    ("skin", "unanswered", None, asks("skin", "answered", False)),
]


@pytest.mark.parametrize(("of", "op", "value", "raw"), WRITTEN, ids=[f"{row[0]} {row[1]}" for row in WRITTEN])
def test_a_row_becomes_a_condition_that_can_be_published(of: str, op: str, value: Any, raw: dict[str, Any]) -> None:
    sent = {"when-join": "all", "when-0-of": of, "when-0-was": of, "when-0-op": op, "when-0-value": value}
    form = form_of(None, sent)
    assert form.raw == {"all": [raw]}
    parse(form.raw, operand="question")


def test_groups_are_added_filled_and_removed() -> None:
    form = form_of(None, {})
    assert form.press("rule-add:when")
    assert form.needs_redrawing
    form = form_of(form.raw, drawn(form) | {"when-0-of": "skin"})
    assert form.raw == {"all": [asks("skin", "in", [])]}, "another question starts without a value"
    form = form_of(form.raw, drawn(form_of(form.raw)) | {"when-0-value": ["dry"]})
    form.press("rule-group:when")
    form = form_of(form.raw, drawn(form) | {"when-1-0-of": "milk"})
    form = form_of(form.raw, drawn(form) | {"when-1-0-value": "true", "when-1-join": "none"})
    assert form.raw == {"all": [is_("skin", "dry"), {"not": {"any": [is_("milk", True)]}}]}
    assert form.sentence == "“Your skin” is “Dry”, and (none of this: “With milk?” is “Yes”)"
    form.press("rule-remove:when-1-0")
    assert form.raw == {"all": [is_("skin", "dry")]}, "a group in which nothing is left goes too"
    form.press("rule-remove:when-0")
    assert form.raw is None


def test_three_levels_are_edited_and_deeper_ones_kept_in_words() -> None:
    form = form_of(STORED[8])
    form.press("rule-group:when-0-0")
    assert form.raw == STORED[8]
    assert "“Your skin” is “Dry”" in str(form.shown)
    changed = form_of(STORED[8], drawn(form) | {"when-join": "any"})
    assert changed.raw == {"any": STORED[8]["all"]}


def test_only_what_comes_before_is_offered() -> None:
    offered = [each.key for each in askable(RAW, before="order").offered]
    assert offered == ["skin", "age", "goals", "utm_source"]
    assert [each.key for each in askable(RAW, before="order", itself=True).offered][3] == "order"
    assert [each.key for each in askable(RAW).offered][-4:] == ["signs", "signs.itch", "last", "utm_source"]
    mixed = quiz(question("a"), question("b", shuffle_group="x"), question("c", shuffle_group="x"))
    assert [each.key for each in askable(mixed, before="c").offered] == ["a"], "neighbours come in any order"


def test_a_comparison_that_does_not_fit_stays_until_it_is_changed() -> None:
    words = str(form_of(STORED[9]).shown)
    assert "no such question" in words
    assert "green (no such choice)" in words
    assert "does not fit" in words


@pytest.mark.parametrize("kind", [*sorted(FITTING), "row"])
def test_only_comparisons_that_can_be_published_are_offered(kind: str) -> None:
    allowed = ROW_FITTING if kind == "row" else FITTING[kind]
    for op, _words in Operand("x", "X", kind).ops:
        for values in (("1",), ("1", "2")):
            raw = write(Group("all", (Row("x", op, values),)), lambda _key: kind)
            assert raw is not None
            assert raw["all"][0]["op"] in allowed | {"answered"}


HOSTILE: list[dict[str, Any]] = [
    {"when-join": "x" * 9999, "when-0-of": "\0", "when-0-op": "\0", "when-0-value": ["\0"] * 999},
    {"when-0-of": "age", "when-0-op": "is", "when-0-value": "1e999"},
    {"when-0-of": "age", "when-0-op": "in", "when-0-value": ",;,,"},
    {"when-0-of": "😀" * 999, "when-0-op": "is", "when-0-value": "مرحبا"},
    {"when-0-kept": "[" * 99_999},
    {"when-0-kept": '{"question": "skin", "op": "is", "value": "\\u0000"}'},
    {"when-0-kept": '{"question": "skin", "op": "is", "value": "\\ud800"}'},
    {f"when-{'0-' * 50}of": "skin", "when-0-join": "all"},
    {f"when-{index}-of": "skin" for index in range(500)},
]


@pytest.mark.parametrize("sent", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_is_sent_can_be_stored_and_shown(sent: dict[str, Any]) -> None:
    form = form_of(None, sent)
    for pressed in (
        "rule-add:when",
        "rule-remove:when-7",
        "rule-add:when-0-0",
        "rule-group:when-99",
        "rule-add:whe",
        "",
    ):
        form.press(pressed)
    assert b"\\u0000" not in json.dumps(form.raw).encode()
    assert len(json.dumps(form.raw, ensure_ascii=False).encode()) < 50_000
    assert isinstance(form.sentence, str)
    assert form.shown is not None
