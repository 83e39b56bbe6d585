"""Each fault that an author can plant is named, at its place; a sound quiz and the demo quizzes have none."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from quizzes.check import Context, PurposeSeen, analyse, check
from quizzes.definition import compile_definition

from ..builders import choice, is_, outcome, question, text
from .faulty import CONTEXT, sound

Raw = dict[str, Any]
DEMO = Path(__file__).parents[3] / "config" / "demo"


def put(path: str, value: object) -> Callable[[Raw], None]:
    """Sets the value at a path like `questions/0/show_if`."""

    def plant(raw: Raw) -> None:
        *parents, last = path.split("/")
        here: Any = raw
        for each in parents:
            here = here[int(each) if isinstance(here, list) else each]
        here[int(last) if isinstance(here, list) else last] = value

    return plant


def add(path: str, *values: object) -> Callable[[Raw], None]:
    def plant(raw: Raw) -> None:
        raw[path].extend(values)

    return plant


def both(*plants: Callable[[Raw], None]) -> Callable[[Raw], None]:
    def plant(raw: Raw) -> None:
        for each in plants:
            each(raw)

    return plant


def than(key: str, op: str, value: object) -> Raw:
    return {"question": key, "op": op, "value": value}


def said(english: str, indonesian: str) -> dict[str, str]:
    return {"en": english, "id": indonesian}


ALWAYS = {"question": "skin", "op": "answered", "value": True}
NEVER = {"question": "skin", "op": "answered", "value": False}

RARELY = both(
    add("outcomes", outcome("rare")),
    add(
        "questions",
        question("wish", "ranking", choices=[choice(f"w{n}", points={} if n else {"rare": 9}) for n in range(25)]),
        question(
            "next_wish",
            show_if=is_("wish", "w0"),
            choices=[choice(f"x{n}", points={"rare": -19} if n else {}) for n in range(9)],
        ),
    ),
)
ONLY_RICH = both(put("questions/0/choices/1/points", {"rich": 4}), put("questions/0/choices/3/points", {"rich": 4}))
ALIKE = both(
    put("questions/0/choices/1/points", {"rich": 1, "light": 1}), put("questions/0/choices/2/points", {"light": 0})
)
NO_CONSENT = both(put("questions/5/sensitive", False), put("questions/5/consent", {}))
NEEDS = question(
    "needs",
    "matrix",
    seconds=5,
    rows=[{"value": value, "label": text(value)} for value in ("dryness", "shine")],
    choices=[choice("never"), choice("often")],
)
AFTER = question("after", seconds=5)
PAID = put("outcomes/0/summary", said("You need {needs}, {after}.", "Perlu {needs}, {after}."))


def asking(condition: Raw, name: str = "show_if") -> Callable[[Raw], None]:
    """A matrix, and a question after it with this rule."""
    return both(PAID, add("questions", NEEDS, AFTER | {name: condition}))


MIXED = both(
    put("questions/2/jumps", []), put("questions/2/shuffle_group", "any"), put("questions/3/shuffle_group", "any")
)
TWO_JUMPS = [{"if": ALWAYS, "to": "scent"}, {"if": is_("skin", "dry"), "to": "born"}]

FAULTS: list[tuple[str, str, Callable[[Raw], None]]] = [
    # ── ways ──
    ("cycle", "questions/hours/jumps/0/to", put("questions/2/jumps/0/to", "skin")),
    ("cycle", "questions/hours/jumps/0/to", put("questions/2/jumps/0/to", "hours")),
    ("dead_end", "outcomes", put("outcomes/0/when", is_("skin", "dry"))),
    ("dead_end", "questions/born/max", put("questions/4/max", "1900-01-01")),
    ("dead_end", "questions/born", put("questions/4/min", "2031-01-01")),
    ("unreachable_question", "questions/flakes", put("questions/1/show_if", NEVER)),
    ("unreachable_question", "questions/scent", put("questions/2/jumps/0/if", ALWAYS)),
    ("unreachable_question", "questions/allergy", put("questions/4/jumps/0/if", ALWAYS)),
    ("unreachable_question", "questions/scent",
        put("questions/3/show_if", {"all": [is_("skin", "dry"), is_("skin", "oily")]})),
    ("always_true", "questions/flakes/show_if", put("questions/1/show_if", ALWAYS)),
    ("always_true", "outcomes/light/when", put("outcomes/1/when", ALWAYS)),
    ("always_true", "questions/hours/jumps/0/if", put("questions/2/jumps/0/if", ALWAYS)),
    ("never_true", "questions/hours/jumps/0/if", put("questions/2/jumps/0/if", NEVER)),
    ("never_true", "questions/hours/jumps/1/if", put("questions/2/jumps", TWO_JUMPS)),
    # ── rules ──
    ("unknown_question", "questions/flakes/show_if", put("questions/1/show_if", is_("hair", "dry"))),
    ("unknown_question", "questions/flakes/show_if", put("questions/1/show_if", is_("scent", True))),
    ("unknown_question", "questions/hours/jumps/0/to", put("questions/2/jumps/0/to", "nowhere")),
    ("unknown_question", "outcomes/rich/summary/en", put("outcomes/0/summary/en", "You said {nothing}.")),
    ("unknown_outcome", "questions/skin/choices/dry/points/gone", put("questions/0/choices/0/points", {"gone": 2})),
    ("unfit_value", "questions/flakes/show_if", put("questions/1/show_if", is_("skin", "purple"))),
    ("unfit_op", "questions/flakes/show_if", put("questions/1/show_if", than("skin", "at_least", 2))),
    ("impossible_value", "questions/hours/jumps/0/if", put("questions/2/jumps/0/if", than("hours", "at_least", 24))),
    ("impossible_value", "questions/hours/jumps/0/if", put("questions/2/jumps/0/if", is_("hours", 2.5))),
    ("impossible_value", "questions/born/jumps/0/if",
        put("questions/4/jumps/0/if", than("born", "after", "2030-01-01"))),
    ("unknown_row", "questions/after/show_if", asking(is_("needs.flakes", "often"))),
    ("unknown_row", "questions/flakes/show_if", put("questions/1/show_if", is_("skin.dry", "often"))),
    ("unfit_value", "questions/after/show_if", asking(is_("needs.shine", "always"))),
    ("unfit_op", "questions/after/show_if", asking(than("needs.shine", "at_least", 2))),
    ("unfit_op", "questions/after/show_if", asking(is_("needs", "often"))),
    ("unreachable_question", "questions/after",
        asking({"all": [is_("needs.shine", "often"), is_("needs.shine", "never")]})),
    ("always_true", "questions/after/show_if", asking(than("needs.shine", "in", ["often", "never"]))),
    ("never_true", "questions/after/required_if",
        asking({"all": [is_("needs.shine", "often"), is_("needs.shine", "never")]}, "required_if")),
    ("always_true", "questions/after/required_if", asking(than("needs.shine", "answered", True), "required_if")),
    ("impossible_value", "questions/after/required_if", asking(than("hours", "at_least", 24), "required_if")),
    # ── a random order ──
    ("scattered_group", "questions/born/shuffle_group",
        both(put("questions/2/shuffle_group", "any"), put("questions/4/shuffle_group", "any"))),
    ("jump_from_group", "questions/hours/jumps/0", put("questions/2/shuffle_group", "any")),
    ("jump_into_group", "questions/skin/jumps/0/to",
        both(MIXED, put("questions/0/jumps", [{"if": is_("skin", "dry"), "to": "scent"}]))),
    ("group_order", "questions/scent/show_if", both(MIXED, put("questions/3/show_if", than("hours", "at_least", 2)))),
    ("group_order", "questions/scent/title/en", both(MIXED, put("questions/3/title/en", "After {hours}?"))),
    # ── outcomes ──
    ("outcome_never", "outcomes/light", put("outcomes/1/when", NEVER)),
    ("outcome_never", "outcomes/poor", add("outcomes", outcome("poor"))),
    ("outcome_never", "outcomes/light", ONLY_RICH),
    ("outcome_dominant", "outcomes/light", put("questions/0/choices/2/points", {"light": 5})),
    ("outcome_rare", "outcomes/rare", RARELY),
    ("ties", "outcomes", ALIKE),
    # ── what answers are for ──
    ("pays_for_nothing", "questions/idle", add("questions", question("idle", seconds=5))),
    ("pays_for_nothing", "questions/idle", add("questions", question("idle", attribute="unused", seconds=5))),
    ("sensitive_without_purpose", "questions/allergy/attribute", put("questions/5/attribute", "other_allergy")),
    ("sensitive_without_consent", "questions/allergy/attribute", NO_CONSENT),
    ("missing_consent", "questions/allergy/consent", put("questions/5/consent", {})),
    ("unused_purpose", "purposes/letters", add("purposes", "letters")),
    # ── consent ──
    ("bundling", "purposes/pushy/sentence/en", add("purposes", "pushy")),
    ("bundling", "questions/allergy/consent/id", put("questions/5/consent", said("Yes.", "Ya, aku setuju semuanya."))),
    ("begging", "questions/allergy/consent/en", put("questions/5/consent", said("Please say yes!", "Ya."))),
    ("threatening", "exchange/use/en", put("exchange/use", said("Agree, or lose your result.", "Untuk hasil."))),
    ("threatening", "questions/skin/why/id", put("questions/0/why", said("So it fits.", "Kalau menolak, rugi."))),
    ("shaming", "questions/skin/choices/dry/label/en",
        put("questions/0/choices/0/label", said("No, I don't care", "Tidak"))),
    ("preticked", "questions/allergy/checked", put("questions/5/checked", True)),
    ("forced_consent", "questions/allergy/may_decline", put("questions/5/may_decline", False)),
    # ── texts and time ──
    ("untranslated", "questions/skin/title", put("questions/0/title", {"en": "Your skin?"})),
    ("untranslated", "questions/skin/choices/oily/label", put("questions/0/choices/1/label", {"id": "Berminyak"})),
    ("missing_text", "outcomes/light/title", put("outcomes/1/title", {})),
    ("missing_alt", "questions/skin/choices/dry/alt", put("questions/0/choices/0/image", "art/dry.svg")),
    ("missing_alt", "cover_alt", put("cover", "art/cover.svg")),
    ("missing_alt", "outcomes/rich/art_alt", put("outcomes/0/art", "art/rich.svg")),
    ("longer_than_stated", "minutes", put("minutes", 1)),
    ("shorter_than_stated", "minutes", put("minutes", 9)),
]  # fmt: skip


@pytest.mark.parametrize(("code", "place", "plant"), FAULTS, ids=[f"{code} {place}" for code, place, _plant in FAULTS])
def test_a_planted_fault_is_named_with_its_place(code: str, place: str, plant: Callable[[Raw], None]) -> None:
    raw = sound()
    plant(raw)
    found = check(raw, CONTEXT)
    assert (code, place) in {(each.code, each.place) for each in found}, "\n".join(map(str, found))
    assert all(each.says and each.fix and "{" not in each.fix for each in found)


@pytest.mark.parametrize(("code", "place", "plant"), FAULTS, ids=[f"{code} {place}" for code, place, _plant in FAULTS])
def test_no_fault_hides_another(code: str, place: str, plant: Callable[[Raw], None]) -> None:
    raw = sound()
    raw["questions"].append(question("idle", seconds=5))
    plant(raw)
    report = analyse(raw, CONTEXT)
    found = {(each.code, each.place) for each in report.findings}
    assert {(code, place), ("pays_for_nothing", "questions/idle")} <= found, "\n".join(map(str, report.findings))
    assert set(report.shares) <= {each["key"] for each in raw["outcomes"]}
    assert report.longest_seconds > 0


def test_many_faults_are_named_at_once_and_what_is_sound_is_not() -> None:
    raw = sound()
    for plant in (
        put("questions/1/show_if", {"all": [is_("hair", "dry"), is_("skin", "purple")]}),
        put("questions/2/jumps", [{"if": ALWAYS, "to": "skin"}, {"if": is_("nobody", True), "to": "nowhere"}]),
        put("questions/3/kind", "single"),
        put("questions/0/choices/3/points", {"gone": 1}),
        put("questions/4/max", "1900-01-01"),
        add("outcomes", outcome("poor", when=is_("skin", "green"))),
        add("questions", question("twin"), question("twin"), question("idle")),
    ):
        plant(raw)
    report = analyse(raw, CONTEXT)
    assert {(each.code, each.place) for each in report.findings if each.severity == "error"} == {
        ("unknown_question", "questions/flakes/show_if"),
        ("unfit_value", "questions/flakes/show_if"),
        ("cycle", "questions/hours/jumps/0/to"),
        ("unknown_question", "questions/hours/jumps/1/if"),
        ("unknown_question", "questions/hours/jumps/1/to"),
        ("too_few_choices", "questions/scent/choices"),
        ("unknown_outcome", "questions/skin/choices/mixed/points/gone"),
        ("dead_end", "questions/born/max"),
        ("unfit_value", "outcomes/poor/when"),
        ("outcome_never", "outcomes/poor"),
        ("duplicate_key", "questions/twin/key"),
    }
    assert ("pays_for_nothing", "questions/idle") in {(each.code, each.place) for each in report.findings}
    assert report.shares["rich"] > 0


def test_who_would_get_no_result_is_nobodys_share() -> None:
    raw = sound()
    raw["outcomes"][0]["when"] = is_("skin", "dry")
    report = analyse(raw, CONTEXT)
    assert report.shares == pytest.approx({"rich": 0.25, "light": 0.75})


@pytest.mark.parametrize(
    "raw", [{}, {"questions": 7}, {"questions": [7], "outcomes": [{}]}, {"title": [], "outcomes": {}}]
)
def test_what_is_no_quiz_at_all_is_only_refused(raw: Raw) -> None:
    report = analyse(raw, CONTEXT)
    assert report.has_errors
    assert report.shares in ({}, {"outcome-0": 1.0})


def test_a_sound_quiz_has_no_finding() -> None:
    assert check(sound(), CONTEXT) == ()
    assert check(compile_definition(sound()), CONTEXT) == ()


@pytest.mark.parametrize("name", sorted(path.stem for path in (DEMO / "quizzes").glob("*.json")))
def test_the_demo_quizzes_have_no_finding(name: str) -> None:
    notice = ("title", "sentence", "benefit", "details")
    purposes = {
        raw["slug"]: PurposeSeen(frozenset(raw["attributes"]), {part: raw["notice"][part] for part in notice})
        for raw in json.loads((DEMO / "purposes.json").read_text())
    }
    sensitive = {raw["key"] for raw in json.loads((DEMO / "attributes.json").read_text()) if raw["is_sensitive"]}
    context = Context(sensitive=frozenset(sensitive), purposes=purposes, languages=("en", "id"), today=date(2026, 6, 1))
    report = analyse(json.loads((DEMO / "quizzes" / f"{name}.json").read_text()), context)
    assert report.findings == ()
    assert report.walks == 0
    assert sum(report.shares.values()) == pytest.approx(1)


def test_a_language_of_the_site_that_the_quiz_lacks_is_named() -> None:
    found = check(sound(), Context(uses=CONTEXT.uses, purposes=CONTEXT.purposes, languages=("en", "id", "ar")))
    assert [(each.code, each.place) for each in found] == [("missing_language", "languages")]


def test_a_draft_without_its_last_texts_shows_its_shares_all_the_same() -> None:
    raw = sound()
    raw["questions"][0]["title"] = {"en": "Your skin?"}
    raw["questions"][0]["choices"][0]["image"] = "art/dry.svg"
    raw["outcomes"][1]["title"] = {}
    report = analyse(raw, CONTEXT)
    assert {each.code for each in report.findings} == {"untranslated", "missing_alt", "missing_text"}
    assert report.shares == pytest.approx(analyse(sound(), CONTEXT).shares)
    assert "…" not in json.dumps(raw, ensure_ascii=False)


def test_errors_come_first() -> None:
    raw = sound()
    raw["minutes"] = 9
    raw["questions"][1]["show_if"] = {"question": "skin", "op": "answered", "value": False}
    assert [each.severity for each in check(raw, CONTEXT)] == ["error", "warning"]


def test_a_language_not_begun_is_one_finding_that_counts() -> None:
    raw = _only_in_english(sound())
    report = analyse(raw, CONTEXT)
    (found,) = report.findings
    assert (found.code, found.place, found.is_blocking) == ("untranslated", "languages/id", True)
    assert found.says == "id: 26 of 26 texts are missing."
    assert report.shares == pytest.approx(analyse(sound(), CONTEXT).shares)


def test_a_language_half_written_is_one_finding_that_names_some_of_the_places() -> None:
    raw = sound()
    for each in raw["questions"][:5]:
        each["title"] = {"en": "Only English"}
    (found,) = check(raw, CONTEXT)
    assert found.place == "languages/id"
    assert found.says == (
        "id: 5 of 26 texts are missing, among them "
        "“questions/skin/title”, “questions/flakes/title”, “questions/hours/title”."
    )


def test_a_few_texts_without_translation_are_each_named_beside_a_language_not_begun() -> None:
    raw = _only_in_english(sound())
    raw["languages"] = ["en", "id", "ar"]
    for path in ("title", "tagline"):
        raw[path] = {"id": "Kulit", "ar": "بشرة"}
    found = {(each.code, each.place) for each in check(raw, CONTEXT)}
    assert found == {
        ("untranslated", "title"),
        ("untranslated", "tagline"),
        ("untranslated", "languages/id"),
        ("untranslated", "languages/ar"),
    }


def _only_in_english(raw: Raw) -> Raw:
    def english(value: Any) -> Any:
        if isinstance(value, dict):
            return {"en": value["en"]} if set(value) == {"en", "id"} else {k: english(v) for k, v in value.items()}
        return [english(each) for each in value] if isinstance(value, list) else value

    return {**english(raw), "languages": ["en", "id"]}


def test_a_jump_that_cannot_be_followed_does_not_make_another_look_wrong() -> None:
    """The second of three jumps leads nowhere: what is said of the third is said of the third."""
    raw = sound()
    raw["questions"][2]["jumps"] = [
        {"if": than("hours", "at_least", 9), "to": "born"},
        {"if": than("hours", "at_least", 8), "to": "nowhere"},
        {"if": than("hours", "at_least", 10), "to": "born"},
    ]
    found = {(each.code, each.place) for each in check(raw, CONTEXT)}
    assert ("unknown_question", "questions/hours/jumps/1/to") in found
    assert ("never_true", "questions/hours/jumps/2/if") in found
    assert not {place for code, place in found if code == "never_true"} - {"questions/hours/jumps/2/if"}
