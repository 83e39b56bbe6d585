"""Rules read as sentences, finished or not."""

from typing import Any

import pytest

from preferences.conditions import parse
from quizzes.builder.sentences import jump_sentence, sentence

from ..builders import choice, is_, question, quiz, text

RAW = quiz(
    question("skin", title=text("Your skin"), choices=[choice("dry"), choice("oily")]),
    question("age", "number", title=text("Your age")),
    question("goals", "multiple", title=text("Your goals")),
    question("order", "ranking", title=text("What matters")),
    question("born", "date", title=text("Your birthday")),
    question("milk", "boolean", title=text("With milk, {skin|friend}?")),
    question("signs", "matrix", title=text("Signs"), choices=[choice("never"), choice("often")],
             rows=[{"value": "itch", "label": text("Itching")}]),
    question("long", title=text("A question that goes on and on, far longer than one would like to read in a rule")),
    hidden=["utm_source"],
)  # fmt: skip


def asks(key: str, op: str, value: object = None) -> dict[str, Any]:
    return {"question": key, "op": op, "value": value}


SAID = [
    (is_("skin", "dry"), "“Your skin” is “Dry”"),
    (asks("skin", "in", ["dry", "oily"]), "“Your skin” is “Dry” or “Oily”"),
    (asks("skin", "not_in", ["dry", "oily"]), "“Your skin” is none of “Dry”, “Oily”"),
    (asks("age", "at_least", 30), "“Your age” is at least 30"),
    (asks("age", "at_most", 7.5), "“Your age” is at most 7.5"),
    (asks("goals", "includes", ["a", "b"]), "“Your goals” includes “A” or “B”"),
    (asks("goals", "is", "a"), "“Your goals” is only “A”"),
    (asks("goals", "excludes", "a"), "“Your goals” includes none of “A”"),
    (asks("order", "is", "b"), "“What matters” has “B” in first place"),
    (asks("born", "before", "2000-01-31"), "“Your birthday” is before Jan. 31, 2000"),
    (is_("milk", True), "“With milk, …?” is “Yes”"),
    (is_("signs.itch", "often"), "“Itching” in “Signs” is “Often”"),
    (asks("skin", "answered", False), "“Your skin” is not answered"),
    (asks("utm_source", "is", "mail"), "the link’s “utm_source” is “mail”"),
    (asks("utm_source", "answered", True), "the link’s “utm_source” is there"),
    (is_("long", "a"), "“A question that goes on and on, far longer than one would…” is “A”"),
    ({"all": [is_("skin", "dry"), asks("age", "at_least", 30)]},
     "“Your skin” is “Dry”, and “Your age” is at least 30"),
    ({"all": [is_("milk", False), {"any": [is_("skin", "dry"), is_("skin", "oily")]}]},
     "“With milk, …?” is “No”, and (“Your skin” is “Dry”, or “Your skin” is “Oily”)"),
    ({"not": {"any": [is_("skin", "dry"), is_("milk", True)]}},
     "none of this: “Your skin” is “Dry”; “With milk, …?” is “Yes”"),
    ({"any": [{"all": [is_("skin", "dry")]}]}, "“Your skin” is “Dry”"),
]  # fmt: skip


@pytest.mark.parametrize(("condition", "words"), SAID, ids=[words for _condition, words in SAID])
def test_a_condition_reads_as_a_sentence(condition: dict[str, Any], words: str) -> None:
    said = sentence(condition, RAW, "en")
    assert said == words
    assert sentence(parse(condition, operand="question"), RAW, "en") == said


UNFINISHED: list[Any] = [
    None, {}, [], "x", 7, {"all": []}, {"all": None}, {"any": [None, 3]}, {"not": None}, {"not": []},
    {"question": "skin"}, {"question": None, "op": "is"}, {"question": ["x"], "op": ["is"], "value": {"a": 1}},
    asks("nothing", "is", "x"), asks("skin", "is", "green"), asks("skin", "in", []), asks("age", "zzz", 1),
    asks("born", "before", "soon"), asks("signs.none", "is", "often"),
]  # fmt: skip


@pytest.mark.parametrize("condition", UNFINISHED, ids=repr)
@pytest.mark.parametrize("definition", [RAW, {}, {"questions": [None, {"key": 3}], "hidden": "x"}])
def test_nothing_unfinished_is_refused(condition: Any, definition: dict[str, Any]) -> None:
    assert isinstance(sentence(condition, definition), str)
    assert "…" in jump_sentence({"if": condition}, definition)


def test_what_does_not_exist_is_named() -> None:
    assert sentence(is_("gone", "x"), RAW) == "“gone” (no such question) is “x”"
    assert sentence(is_("skin", "green"), RAW) == "“Your skin” is “green” (no such choice)"


def test_a_thousand_levels_are_not_followed() -> None:
    deep: dict[str, Any] = is_("skin", "dry")
    for _level in range(1000):
        deep = {"not": deep}
    assert len(sentence(deep, RAW)) < 500


def test_a_jump_says_where_it_leads() -> None:
    when = is_("skin", "dry")
    assert jump_sentence({"if": when, "to": "goals"}, RAW) == "If “Your skin” is “Dry”, go to “Your goals”"
    assert jump_sentence({"if": when, "to": "end"}, RAW) == "If “Your skin” is “Dry”, end the quiz"
    assert "no such question" in jump_sentence({"if": when, "to": "gone"}, RAW)


def test_it_speaks_the_language_of_the_reader() -> None:
    assert "“Your skin (id)”" in sentence(is_("skin", "dry"), RAW, "id")
