"""Everything of a question is edited on one page: rules, rows, random order, names that follow what is written."""

from typing import Any

import pytest
from django.test import Client

from preferences.models import Attribute
from quizzes.models import Quiz, QuizVersion
from quizzes.services.drafting import definition_of, import_definition
from quizzes.services.publishing import problems_of

from ..builders import choice, is_, outcome, question, quiz, text
from .test_building import HTMX, address, fields, mira, staff  # noqa: F401

pytestmark = pytest.mark.usefixtures("care_quiz")


def raw_of(key: str) -> dict[str, Any]:
    return next(each for each in definition_of(Quiz.objects.get())["questions"] if each["key"] == key)


def last() -> Any:
    return Quiz.objects.get().questions.last()


@pytest.fixture
def draft(care_quiz: QuizVersion, address: str) -> str:  # noqa: F811
    """The draft has become another quiz than the one that was published; its address."""
    raw = quiz(
        question("how_old_are_you", "number", title=text("How old are you?")),
        question("skin", title=text("Your skin"), choices=[choice("dry", points={"rich": 2}), choice("oily")]),
        question("signs", "matrix", title=text("Signs"), choices=[choice("never"), choice("often")],
                 rows=[{"value": "itch", "label": text("Itch")}, {"value": "row_2", "label": text("Redness")}]),
        question("after", title=text("After {skin|your skin}"), show_if=is_("skin", "dry")),
        slug="care", outcomes=[outcome("plain"), outcome("rich", when=is_("skin", "dry"))],
    )  # fmt: skip
    import_definition(raw)
    return address


def test_a_rule_is_written_by_choosing(mira: Client, draft: str) -> None:  # noqa: F811
    url, sent = fields(mira, draft, "after")
    mira.post(url, sent | {"do": "rule-add:show_if"}, headers=HTMX)
    _url, sent = fields(mira, draft, "after")
    page = mira.post(url, sent | {"show_if-1-of": "how_old_are_you"}, headers=HTMX).content.decode()
    assert 'id="condition-show_if" hx-swap-oob' in page, "other values fit the other question"
    _url, sent = fields(mira, draft, "after")
    page = mira.post(url, sent | {"show_if-1-value": "30"}, headers=HTMX).content.decode()
    assert raw_of("after")["show_if"] == {
        "all": [is_("skin", "dry"), {"question": "how_old_are_you", "op": "at_least", "value": 30}]
    }
    assert "“Your skin” is “Dry”, and “How old are you?” is at least 30" in page
    assert 'id="condition-show_if"' not in page, "what is being typed is not drawn again"
    assert problems_of(definition_of(Quiz.objects.get())) == ()


def test_an_unfinished_rule_is_kept_and_keeps_the_quiz_from_being_published(mira: Client, draft: str) -> None:  # noqa: F811
    url, sent = fields(mira, draft, "after")
    mira.post(url, sent | {"do": "rule-group:show_if"})
    page = mira.get(draft, {"question": Quiz.objects.get().questions.get(key="after").pk}).content.decode()
    assert "Choose a question" in page
    assert {problem.key for problem in problems_of(definition_of(Quiz.objects.get()))} == {"after"}


def test_jumps_are_added_filled_in_moved_and_removed(mira: Client, draft: str) -> None:  # noqa: F811
    url, sent = fields(mira, draft, "skin")
    mira.post(url, sent | {"do": "jump-add"}, headers=HTMX)
    _url, sent = fields(mira, draft, "skin")
    mira.post(url, sent | {"jump-0-0-value": ["oily"], "jump-0-to": "after", "do": "jump-add"}, headers=HTMX)
    _url, sent = fields(mira, draft, "skin")
    mira.post(url, sent | {"jump-1-0-value": ["dry"], "jump-1-to": "end", "do": "jump-up:1"}, headers=HTMX)
    jumps = [{"if": {"all": [is_("skin", "dry")]}, "to": "end"}, {"if": {"all": [is_("skin", "oily")]}, "to": "after"}]
    assert raw_of("skin")["jumps"] == jumps
    page = mira.get(url.rsplit("/", 2)[0] + "/", {"question": Quiz.objects.get().questions.get(key="skin").pk})
    assert "If “Your skin” is “Oily”, go to “After …”" in page.content.decode()
    _url, sent = fields(mira, draft, "skin")
    mira.post(url, sent | {"do": "jump-remove:0"})
    assert raw_of("skin")["jumps"] == jumps[1:]


def test_two_who_change_a_rule_see_both_sentences(mira: Client, draft: str) -> None:  # noqa: F811
    url, mine = fields(mira, draft, "after")
    sari = staff("sari")
    _url, hers = fields(sari, draft, "after")
    sari.post(url, hers | {"show_if-0-value": ["oily"]}, headers=HTMX)
    answer = mira.post(url, mine | {"show_if-0-op": "is_not"}, headers=HTMX)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "“Your skin” is not “Dry”" in page
    assert "“Your skin” is “Oily”" in page


def test_the_rows_of_a_matrix_are_a_list(mira: Client, draft: str) -> None:  # noqa: F811
    url, sent = fields(mira, draft, "signs")
    mira.post(url, sent | {"do": "row-add"}, headers=HTMX)
    _url, sent = fields(mira, draft, "signs")
    mira.post(url, sent | {"rows-2-label_en": "A dry nose", "rows-2-label_id": "Hidung kering"}, headers=HTMX)
    assert raw_of("signs")["rows"][2] == {"value": "a_dry_nose", "label": {"en": "A dry nose", "id": "Hidung kering"}}
    _url, sent = fields(mira, draft, "signs")
    mira.post(url, sent | {"do": "row-up:2"}, headers=HTMX)
    _url, sent = fields(mira, draft, "signs")
    mira.post(url, sent | {"do": "row-remove:0"}, headers=HTMX)
    assert [each["value"] for each in raw_of("signs")["rows"]] == ["a_dry_nose", "row_2"]
    assert mira.post(f"{draft}undo/", follow=True).status_code == 200
    assert [each["value"] for each in raw_of("signs")["rows"]] == ["itch", "a_dry_nose", "row_2"]


def test_names_follow_what_is_written(mira: Client, draft: str) -> None:  # noqa: F811
    mira.post(f"{draft}add/", {"kind": "single"})
    url, sent = fields(mira, draft, "question_1")
    page = mira.post(url, sent | {"title_en": "What’s your scent?", "choices-0-label_en": "Sea & salt"}, headers=HTMX)
    assert (last().key, last().choices.first().value) == ("whats_your_scent", "sea_salt")
    assert 'value="whats_your_scent"' in page.content.decode(), "the form knows it"
    url, sent = fields(mira, draft, "whats_your_scent")
    mira.post(url, sent | {"key": "scent"}, headers=HTMX)
    url, sent = fields(mira, draft, "scent")
    mira.post(url, sent | {"title_en": "Another title"}, headers=HTMX)
    assert last().key == "scent", "a key that somebody chose stays"


def test_a_question_is_called_as_what_it_tells(mira: Client, draft: str) -> None:  # noqa: F811
    def saved(named: str, **changes: object) -> str:
        url, sent = fields(mira, draft, named)
        mira.post(url, sent | changes, headers=HTMX)
        return str(last().key)

    weight = Attribute.objects.get(key="weight").pk
    for key in ("weight", "weight_2"):
        mira.post(f"{draft}add/", {"kind": "number"})
        assert saved("question_1", title_en="How heavy?") == "how_heavy"
        assert saved("how_heavy", attribute=weight) == key, "another question may have the name"
    assert saved("weight_2", title_en="How heavy, really?") == "weight_2", "what it tells has not changed"
    assert saved("weight_2", attribute="") == "how_heavy_really"
    assert saved("how_heavy_really", key="mine") == "mine"
    assert saved("mine", attribute=weight) == "mine", "a key that somebody chose stays"


@pytest.mark.parametrize("title", ["🌸🌸", "كيف حالك؟", "…", "end", "{skin}"])
def test_a_title_without_letters_of_a_key_leaves_one_that_works(title: str, mira: Client, draft: str) -> None:  # noqa: F811
    mira.post(f"{draft}add/", {"kind": "boolean"})
    url, sent = fields(mira, draft, "question_1")
    assert mira.post(url, sent | {"title_en": title}, headers=HTMX).status_code == 200
    assert last().key in ("question_1", "end_question")


def test_rules_and_quotes_are_renamed_with_what_they_refer_to(mira: Client, draft: str) -> None:  # noqa: F811
    url, sent = fields(mira, draft, "skin")
    assert "2 rules ask about it" in mira.get(draft, {"question": url.split("/")[-2]}).content.decode()
    mira.post(url, sent | {"key": "complexion"}, headers=HTMX)
    raw = definition_of(Quiz.objects.get())
    assert raw["questions"][3]["show_if"] == is_("complexion", "dry")
    assert raw["questions"][3]["title"]["en"] == "After {complexion|your skin}"
    assert raw["outcomes"][1]["when"] == is_("complexion", "dry")


def test_what_was_published_keeps_its_names(mira: Client, address: str) -> None:  # noqa: F811
    Quiz.objects.get().questions.filter(key="goal").update(title={"en": "Goal"})
    url, sent = fields(mira, address, "goal")
    mira.post(url, sent | {"title_en": "What is your goal?", "choices-0-label_en": "Calmer"}, headers=HTMX)
    assert raw_of("goal")["choices"][0]["value"] == "calm"


def test_what_rules_ask_about_is_said_when_it_goes(mira: Client, draft: str) -> None:  # noqa: F811
    before = definition_of(Quiz.objects.get())
    skin = Quiz.objects.get().questions.get(key="skin")
    url, sent = fields(mira, draft, "skin")
    page = mira.post(url, sent | {"do": f"remove:{skin.choices.get(value='dry').pk}"}, headers=HTMX).content.decode()
    assert "“Dry” is deleted. 2 rules ask about it." in page
    mira.post(f"{draft}undo/")
    assert definition_of(Quiz.objects.get()) == before
    assert "2 rules ask about it" in mira.post(f"{draft}{skin.pk}/delete/", follow=True).content.decode()
    mira.post(f"{draft}undo/")
    assert definition_of(Quiz.objects.get()) == before


def test_undoing_never_takes_away_what_was_written_since(mira: Client, draft: str) -> None:  # noqa: F811
    skin = Quiz.objects.get().questions.get(key="skin")
    url, sent = fields(mira, draft, "skin")
    mira.post(url, sent | {"do": f"remove:{skin.choices.get(value='oily').pk}"}, headers=HTMX)
    _url, sent = fields(mira, draft, "skin")
    page = mira.post(url, sent | {"title_en": "Written since"}, headers=HTMX).content.decode()
    assert "build-undo" not in page.replace('id="build-undone"', "")
    mira.post(f"{draft}undo/")
    assert raw_of("skin")["title"]["en"] == "Written since"


def test_another_kind_takes_what_does_not_fit_and_brings_it_back(mira: Client, draft: str) -> None:  # noqa: F811
    before = raw_of("skin")
    url, sent = fields(mira, draft, "skin")
    page = mira.post(url, sent | {"kind": "slider"}, headers=HTMX).content.decode()
    assert "What does not fit it is gone" in page
    assert "choices" not in raw_of("skin")
    assert (raw_of("skin")["min"], raw_of("skin")["max"]) == (0, 10)
    mira.post(f"{draft}undo/")
    assert raw_of("skin") == before


@pytest.mark.parametrize("kind", ["section", "age_gate", "matrix", "rating", "nps", "date", "long_text", "image"])
def test_every_kind_can_be_added_written_and_seen(kind: str, mira: Client, draft: str) -> None:  # noqa: F811
    mira.post(f"{draft}add/", {"kind": kind})
    added = Quiz.objects.get().questions.get(key="question_1")
    assert added == (Quiz.objects.get().questions.first() if kind == "age_gate" else last())
    url, sent = fields(mira, draft, "question_1")
    answer = mira.post(url, sent | {"title_en": "Now to you", "title_id": "Sekarang"}, headers=HTMX)
    assert answer.status_code == 200
    assert raw_of("now_to_you")["title"] == {"en": "Now to you", "id": "Sekarang"}
    assert mira.get(f"{draft}{added.pk}/preview/").status_code == 200


def test_the_preview_shows_rows_and_what_is_said_instead_of_an_answer(mira: Client, draft: str) -> None:  # noqa: F811
    questions = Quiz.objects.get().questions
    questions.filter(key="after").update(required_if={"all": []}, shuffle_group="mixed")
    questions.filter(key="signs").update(rows=[{"value": "itch", "label": {"en": "Itch"}}, {"value": "r", "label": {}}])
    seen = {
        key: mira.get(f"{draft}{questions.get(key=key).pk}/preview/").content.decode() for key in ("after", "signs")
    }
    assert "After your skin" in seen["after"]
    assert "Itch" in seen["signs"]
    assert "…" in seen["signs"]


def test_neighbours_are_mixed_by_a_switch_each(mira: Client, draft: str) -> None:  # noqa: F811
    for key in ("how_old_are_you", "skin"):
        url, sent = fields(mira, draft, key)
        mira.post(url, sent | {"mixed": "on"}, headers=HTMX)
    assert raw_of("skin")["shuffle_group"] == raw_of("how_old_are_you")["shuffle_group"]
    page = mira.get(draft, {"question": Quiz.objects.get().questions.get(key="skin").pk}).content.decode()
    assert "In random order with: How old are you?" in page
    url, sent = fields(mira, draft, "skin")
    del sent["mixed"]
    mira.post(url, sent, headers=HTMX)
    assert "shuffle_group" not in raw_of("skin")


def test_an_attribute_lends_its_values_and_says_what_uses_it(mira: Client, draft: str) -> None:  # noqa: F811
    url, sent = fields(mira, draft, "skin")
    skin = Attribute.objects.get(key="skin")
    page = mira.post(url, sent | {"attribute": skin.pk}, headers=HTMX).content.decode()
    assert "Tells" in page
    assert "use" in page
    _url, sent = fields(mira, draft, "skin")
    mira.post(url, sent | {"do": "fill"}, headers=HTMX)
    values = {each["value"] for each in raw_of("skin")["choices"]}
    assert values == set(skin.values.values_list("value", flat=True))


def test_empty_choices_are_filled_at_one_press_in_words_of_a_line(mira: Client, draft: str) -> None:  # noqa: F811
    skin = Attribute.objects.get(key="skin")
    question = Quiz.objects.get().questions.get(key="skin")
    question.choices.update(label={})
    question.attribute = skin
    question.save()
    url, sent = fields(mira, draft, "skin")
    page = mira.get(draft, {"question": question.pk}).content.decode()
    assert f"Use its {skin.values.count()} values" in page
    skin.values.update(label={"en": "rather dry", "id": "agak kering"})
    page = mira.post(url, sent | {"do": "fill"}, headers=HTMX).content.decode()
    assert {each["label"]["en"] for each in raw_of("skin")["choices"]} == {"Rather dry"}
    assert {each["label"]["id"] for each in raw_of("skin")["choices"]} == {"Agak kering"}
    assert "Use its" not in page


def test_only_attributes_that_the_answer_can_tell_are_offered(mira: Client, draft: str) -> None:  # noqa: F811
    page = mira.get(draft, {"question": Quiz.objects.get().questions.get(key="skin").pk})
    offered = {
        pk for _group, options in page.context["form"].fields["attribute"].widget.choices[1:] for pk, _l in options
    }
    assert offered == set(Attribute.objects.filter(kind="choice", profile_kind="self").values_list("pk", flat=True))


HOSTILE = [
    {"show_if-0-of": "\0", "show_if-0-value": ["\0" * 9]},
    {"show_if-0-kept": "[" * 9999, "jump-count": "999999999999"},
    {"jump-count": "-1", "do": "jump-remove:99"},
    {"do": "rule-remove:show_if-0-0-0-0-0"},
    {"do": "row-remove:99999999999999999999"},
    {"do": "remove:99999999999999999999"},
    {"title_en": "x" * 3999, "help_en": "مرحبا 😀"},
    {"rules": "1", "show_if-join": "nonsense"},
]


@pytest.mark.parametrize("wrong", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_is_sent_is_answered(wrong: dict[str, Any], mira: Client, draft: str) -> None:  # noqa: F811
    url, sent = fields(mira, draft, "after")
    assert mira.post(url, sent | wrong, headers=HTMX).status_code in (200, 422)
    pk = Quiz.objects.get().questions.get(position=3).pk
    assert mira.get(draft, {"question": pk}).status_code == 200
