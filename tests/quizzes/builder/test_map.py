"""The logic map: every question, outcome and way is drawn, named, and leads to where it is edited."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from quizzes.models import Question, Quiz, QuizVersion, Rule
from quizzes.services.drafting import import_definition

from ..builders import is_, outcome, question, quiz, text
from .test_building import staff

NEVER = {"question": "skin", "op": "answered", "value": False}
See = Callable[..., str]


@pytest.fixture
def mira(db: object) -> Client:
    return staff("mira")


@pytest.fixture
def see(mira: Client) -> See:
    """`see(quiz, **query)`: the map's page."""
    return lambda quiz, **query: mira.get(f"/admin/quizzes/quiz/{quiz.pk}/build/map/", query).content.decode()


@pytest.fixture
def care(care_quiz: QuizVersion) -> Quiz:
    return Quiz.objects.get(pk=care_quiz.quiz_id)


def drawing(page: str) -> str:
    return page[page.index('<svg id="map"') : page.index('id="map-words-name"')]


def in_words(page: str) -> str:
    said = re.sub(r"<[^>]+>", " ", page[page.index('id="map-words-name"') :])
    return re.sub(r"\s+", " ", said).replace("&#x27;", "'").replace(" .", ".")


def test_every_question_and_outcome_is_drawn_and_leads_to_its_editor(see: See, care: Quiz) -> None:
    page = drawing(see(care))
    for each in care.questions.all():
        assert f'href="/admin/quizzes/quiz/{care.pk}/build/?question={each.pk}"' in page
        assert f"About {each.key}?" in page
    for title in ("Plain", "Rich", "Light"):
        assert title in page
    assert page.count("33% get this") == 3
    assert "Several choices · 33% come here" in page


def test_it_says_the_same_in_words(see: See, care: Quiz) -> None:
    Rule.objects.create(question=Question.objects.get(key="skin"), condition=is_("skin", "oily"), to="order")
    Rule.objects.create(question=Question.objects.get(key="allergy"), condition=is_("skin", "dry"), to="end")
    said = in_words(see(care))
    assert (
        "About skin? One choice If “About skin?” is “Oily”, go to “About order?”. "
        "Otherwise it goes on to 2, “About goal?”." in said
    )
    assert "Asked only if “About skin?” is “Dry”. Otherwise it goes on to 3, “About allergy?”." in said
    assert "If “About skin?” is “Dry”, end the quiz. Otherwise it goes on to 4, “About order?”." in said
    assert "About words? Text" in said
    assert "The result follows." in said
    assert "Only if “About skin?” is “Oily”." in said, "outcomes too"


def test_every_way_is_drawn_with_its_condition(see: See, care: Quiz) -> None:
    Rule.objects.create(question=Question.objects.get(key="skin"), condition=is_("skin", "oily"), to="order")
    page = drawing(see(care))
    assert page.count('class="map-way is-next') == 6, "from the start through five questions to the end"
    assert page.count('class="map-way is-skip') == 1
    assert page.count('class="map-way is-jump') == 1
    assert page.count('class="map-way is-gives') == 3
    assert "<title>If “About skin?” is “Oily”, go to “About order?”</title>" in page
    assert "If Q1 is “Oily”" in page, "in few words where there is little room"
    assert "Only if Q1 is “Dry”" in page


def test_the_question_one_comes_from_is_marked(see: See, care: Quiz) -> None:
    page = see(care, question=Question.objects.get(key="order").pk)
    (card,) = re.findall(r'<a class="map-card[^>]*aria-current="true"[^>]*>.*?</a>', page)
    assert "About order?" in card
    assert 'id="map-current"' in card
    for nonsense in ("0", "x", "9" * 30, "🦊"):
        assert "map-current" not in see(care, question=nonsense)


def test_what_is_wrong_is_said_in_words_with_a_sign(see: See, care: Quiz) -> None:
    Question.objects.filter(key="goal").update(show_if=NEVER)
    rule = Rule.objects.create(question=Question.objects.get(key="order"), condition=is_("skin", "dry"), to="skin")
    page = see(care)
    assert "⚠ If Q1 is “Dry”" in drawing(page), "at the way"
    assert "map-way is-loose is-error" in drawing(page)
    assert "⚠ </span>The jump leads back" in drawing(page), "at its question"
    assert "The jump leads back" in in_words(page)
    rule.delete()
    page = see(care)
    assert "Nobody is ever asked this: its condition never holds." in drawing(page)
    assert "Nobody is ever asked this: its condition never holds." in in_words(page)
    assert "is-loose" not in page


def test_a_draft_with_nothing_in_it_has_a_map_too(see: See, care: Quiz) -> None:
    page = see(Quiz.objects.create(slug="empty"))
    assert drawing(page).count('class="map-way') == 1, "from the start to the result"


def test_titles_are_text_whatever_they_say(see: See, care: Quiz) -> None:
    hostile = '<script>alert(1)</script> "><b>مرحبا {skin} 🦊' + "x" * 900
    Question.objects.filter(key="skin").update(title={"en": hostile})
    page = see(care)
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert 'dir="auto"' in drawing(page)


def test_nothing_is_styled_or_scripted_inline(see: See, care: Quiz) -> None:
    page = see(care)
    ours = page[page.index('id="build-work"') : page.rindex("</main>")]
    assert "style=" not in ours
    assert "<script" not in ours


def test_three_hundred_questions_with_a_thousand_rules_make_one_map(see: See, care: Quiz) -> None:
    def jumps(number: int) -> list[dict[str, Any]]:
        targets = (number + 2 + step * 7 for step in range(3 if number else 0))
        return [{"if": is_("q0", "a"), "to": f"q{to}" if to < 300 else "end"} for to in targets]

    questions = [
        question(f"q{number}", show_if=is_("q0", "b") if number % 3 == 1 else None, jumps=jumps(number))
        for number in range(300)
    ]
    large = import_definition(quiz(*questions, slug="large", title=text("Large"), outcomes=[outcome("plain")]))
    page = see(large)
    assert drawing(page).count('class="map-way is-jump') == 897
    assert len(page) < 2_000_000


@pytest.mark.parametrize("group", ["support", "privacy"])
def test_only_those_who_may_change_quizzes_see_the_map(group: str, care: Quiz) -> None:
    assert staff("sam", group).get(f"/admin/quizzes/quiz/{care.pk}/build/map/").status_code == 403
