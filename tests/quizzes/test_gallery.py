"""The gallery's templates: complete, sound, even-handed, and good enough to be published as they are."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from xml.etree import ElementTree

import pytest

from quizzes.check import Context, analyse
from quizzes.check.chance import random_walks
from quizzes.definition import compile_definition
from quizzes.outcome import decide
from quizzes.parts import QUOTE
from quizzes.services.checking import report_on
from quizzes.services.drafting import definition_of
from quizzes.services.gallery import templates, use_template
from quizzes.services.publishing import publish
from tests.support.people import open_demo_brand

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 6, 1)
TEMPLATES = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / "quizzes" / "gallery").glob("*.json"))
}
DEMO_ATTRIBUTES = {
    each["key"]: each for each in json.loads((ROOT / "config/demo/attributes.json").read_text(encoding="utf-8"))
}
LANGUAGES = {"en", "id"}

each_template = pytest.mark.parametrize("name", TEMPLATES)


def texts_in(raw: object) -> Iterator[dict[str, str]]:
    """Every text of a template, as language → words."""
    if isinstance(raw, dict):
        if raw and set(raw) <= LANGUAGES:
            yield raw
        else:
            for each in raw.values():
                yield from texts_in(each)
    elif isinstance(raw, list):
        for each in raw:
            yield from texts_in(each)


def art_in(raw: object) -> Iterator[str]:
    if isinstance(raw, dict):
        yield from (raw[name] for name in ("cover", "image", "art") if isinstance(raw.get(name), str))
        for each in raw.values():
            yield from art_in(each)
    elif isinstance(raw, list):
        for each in raw:
            yield from art_in(each)


def test_there_are_five() -> None:
    assert set(TEMPLATES) == {"skin", "hair", "pet", "coffee", "gift"}
    slugs = {raw["definition"]["slug"] for raw in TEMPLATES.values()}
    assert len(slugs) == 5
    assert not slugs & {"skin", "pet", "outerwear"}, "the demo brand's quizzes have these addresses"


@each_template
def test_the_check_finds_nothing_and_the_shares_are_even(name: str) -> None:
    definition = TEMPLATES[name]["definition"]
    report = analyse(definition, Context(languages=("en", "id"), today=TODAY))
    assert [str(each) for each in report.findings] == []
    assert 4 <= len(report.shares) <= 6
    assert min(report.shares.values()) > 0.05
    assert max(report.shares.values()) < 0.4
    assert report.ties < 0.2
    assert abs(report.mean_seconds - 60 * definition["minutes"]) < 20
    assert 7 <= sum(each["kind"] != "section" for each in definition["questions"]) <= 11


@each_template
@pytest.mark.parametrize("in_the_demo_brand", [True, False], ids=["demo brand", "brand with nothing yet"])
@pytest.mark.django_db
def test_a_draft_from_it_is_publishable_at_once_with_no_finding(name: str, in_the_demo_brand: bool) -> None:
    if in_the_demo_brand:
        open_demo_brand()
    quiz = use_template(templates()[name])
    assert [str(each) for each in report_on(definition_of(quiz)).findings] == []
    assert publish(quiz=quiz).number == 1


@each_template
def test_every_text_is_there_in_both_languages(name: str) -> None:
    for texts in texts_in(TEMPLATES[name]):
        assert set(texts) == LANGUAGES, texts
        assert all(text.strip() == text and text for text in texts.values()), texts
        quoted = [Counter(key for key, _fallback in QUOTE.findall(text)) for text in texts.values()]
        assert quoted[0].keys() == quoted[1].keys(), texts
        assert not any("!" in text for text in texts.values()), texts


def test_no_two_templates_say_the_same() -> None:
    seen: dict[str, str] = {}
    for name, raw in TEMPLATES.items():
        for words in {text.casefold() for texts in texts_in(raw) for text in texts.values()}:
            if len(words.split()) > 3:
                assert words not in seen, f"{name} and {seen[words]} both say: {words}"
                seen[words] = name
    assert len(seen) > 1000


@each_template
def test_a_robot_comes_to_every_outcome_and_no_letter_quotes_an_answer_it_does_not_have(name: str) -> None:
    definition = compile_definition(TEMPLATES[name]["definition"])
    reached = set()
    for answers, _hidden, path in islice(random_walks(definition, today=TODAY), 400):
        outcome = decide(definition, path, answers).outcome
        reached.add(outcome.key)
        for key, fallback in QUOTE.findall(outcome.summary["en"]):
            assert fallback or (key in path.keys and answers[key].state == "given"), (outcome.key, key)
    assert reached == set(definition.outcome_by_key)


@each_template
def test_every_outcome_quotes_the_customer_and_has_something_to_do(name: str) -> None:
    for outcome in TEMPLATES[name]["definition"]["outcomes"]:
        assert QUOTE.search(outcome["summary"]["en"]), outcome["key"]
        assert 3 <= len(outcome["steps"]) <= 4
        assert all("product" not in step for step in outcome["steps"]), "what a brand sells is the brand's to add"


@each_template
def test_answers_are_quoted_only_where_quoting_works(name: str) -> None:
    definition = TEMPLATES[name]["definition"]
    for question in definition["questions"]:
        question = {field: value for field, value in question.items() if field not in ("title", "help")}
        assert not any(QUOTE.search(text) for texts in texts_in(question) for text in texts.values()), question["key"]
    for outcome in definition["outcomes"]:
        for texts in texts_in([outcome["title"], outcome["steps"]]):
            assert not any(QUOTE.search(text) for text in texts.values()), texts


@each_template
def test_every_question_says_why_it_is_asked(name: str) -> None:
    for question in TEMPLATES[name]["definition"]["questions"]:
        assert question["kind"] == "section" or question.get("why"), question["key"]


@each_template
def test_it_shows_at_least_two_things_and_branches(name: str) -> None:
    questions = TEMPLATES[name]["definition"]["questions"]
    assert sum(each["kind"] in ("image", "swatch") for each in questions) >= 2
    assert any("show_if" in each for each in questions)
    assert any(each.get("jumps") for each in questions)
    assert len({each["kind"] for each in questions}) >= 5


@each_template
def test_its_pictures_are_there_and_are_only_pictures(name: str) -> None:
    for path in set(art_in(TEMPLATES[name])):
        drawing = ElementTree.parse(ROOT / "static" / path).getroot()
        tags = {element.tag.partition("}")[2] for element in drawing.iter()}
        assert tags <= {"svg", "g", "path", "rect", "circle", "ellipse"}, path


def test_no_picture_is_left_over() -> None:
    used = {path for raw in TEMPLATES.values() for path in art_in(raw)}
    drawn = {path.relative_to(ROOT / "static").as_posix() for path in (ROOT / "static/art/gallery").rglob("*.svg")}
    assert drawn == used


@each_template
def test_it_brings_every_attribute_it_asks_about_and_agrees_with_the_demo_brand(name: str) -> None:
    raw = TEMPLATES[name]
    brought = {each["key"]: each for each in raw["attributes"]}
    assert set(brought) == {each["attribute"] for each in raw["definition"]["questions"] if each["attribute"]}
    for key, attribute in brought.items():
        assert not attribute["is_sensitive"]
        assert attribute == DEMO_ATTRIBUTES.get(key, attribute)


def test_the_gift_finder_keeps_nothing_about_the_person_who_gets_the_gift() -> None:
    raw = TEMPLATES["gift"]
    assert {each["key"] for each in raw["attributes"]} == {"gift_spend", "gift_paper", "gift_hands"}
    assert not any(each["kind"] in ("text", "long_text", "email", "phone") for each in raw["definition"]["questions"])


@each_template
def test_it_names_no_brand(name: str) -> None:
    brand = json.loads((ROOT / "config/demo/brand.json").read_text(encoding="utf-8"))["name"]
    assert brand not in json.dumps(TEMPLATES[name])
