"""The check in the builder: what it finds, in the marketer's words, where it is, and what it mends by itself."""

from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from preferences.models import Purpose
from quizzes.builder.checking.findings import FindingView, check_draft
from quizzes.models import Choice, Question, Quiz, QuizVersion, Rule
from quizzes.services import checking
from quizzes.services.drafting import definition_of

from .test_building import HTMX, fields, staff

pytestmark = pytest.mark.usefixtures("care_quiz")
NEVER = {"question": "skin", "op": "answered", "value": False}
ALWAYS = {"question": "skin", "op": "answered", "value": True}


@pytest.fixture
def mira(db: object) -> Client:
    return staff("mira")


@pytest.fixture
def address(care_quiz: QuizVersion) -> str:
    return f"/admin/quizzes/quiz/{care_quiz.quiz_id}/build/"


@pytest.fixture
def quiz(care_quiz: QuizVersion) -> Quiz:
    """What the finished quiz takes is what it says, so that nothing is found."""
    Quiz.objects.filter(pk=care_quiz.quiz_id).update(minutes=1)
    return Quiz.objects.get(pk=care_quiz.quiz_id)


def question(key: str) -> Question:
    return Question.objects.get(key=key)


def found(quiz: Quiz, code: str) -> FindingView:
    return next(each for each in check_draft(quiz).findings if each.code == code)


def codes(quiz: Quiz) -> set[str]:
    return {each.code for each in check_draft(quiz).findings}


def test_a_finished_quiz_can_be_published_and_says_who_gets_what(mira: Client, address: str, quiz: Quiz) -> None:
    page = mira.get(f"{address}check/").content.decode()
    assert "It can be published" in page
    assert "every way through is counted" in page
    for title in ("Plain", "Rich", "Light"):
        assert title in page
    assert page.count("33%") >= 3, "each outcome's share, as a number too"
    assert "About skin?" in page


def test_what_keeps_it_from_being_published_comes_first_in_words_and_with_a_way_there(
    mira: Client,
    address: str,
    quiz: Quiz,
) -> None:
    choice = Choice.objects.get(value="dry")
    choice.image = "art/dry.svg"
    choice.save()
    pk = question("skin").pk
    page = mira.get(f"{address}check/").content.decode()
    assert "1 thing keeps it from being published" in page
    assert "Question “About skin?” › choice “Dry” › picture in words" in page
    assert f"{address}?question={pk}#id_choices-0-alt_0" in page
    target = mira.get(f"{address}?question={pk}").content.decode()
    assert 'id="id_choices-0-alt_0"' in target, "the link ends at the very field"
    assert "questions[0]" not in page


@pytest.mark.parametrize(
    ("change", "words", "field"),
    [
        ({"title": {}}, "A text is missing.", "id_title_0"),
        ({"title": {"en": "Only English"}}, "It is not written in every language: Bahasa Indonesia.", "id_title_0"),
        ({"show_if": {"question": "gone", "op": "is", "value": 1}}, "It needs the question “gone”", ""),
    ],
)
def test_faults_are_said_by_their_kind(change: dict[str, Any], words: str, field: str, quiz: Quiz) -> None:
    Quiz.objects.update(languages=["en", "id"])
    Question.objects.filter(key="skin").update(**change)
    first = check_draft(Quiz.objects.get()).blocking[0]
    assert words in first.says
    assert field in first.url


def test_a_question_that_nobody_is_asked_is_wrong_but_can_be_published(quiz: Quiz) -> None:
    Question.objects.filter(key="goal").update(show_if=NEVER)
    checked = check_draft(quiz)
    assert checked.is_publishable
    assert checked.verdict == "It can be published"
    assert checked.more.startswith("1 thing is wrong")
    assert [each.about for each in checked.wrong] == ["Question “About goal?”"]


def test_the_panel_is_asked_for_beside_the_page_and_never_comes_with_saving(
    mira: Client,
    address: str,
    quiz: Quiz,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def never(*_args: object) -> None:
        raise AssertionError("the check was run")

    with monkeypatch.context() as patched:
        patched.setattr(checking, "analyse", never)
        page = mira.get(address).content.decode()
        assert f'hx-get="{address}check/findings/"' in page
        url, sent = fields(mira, address, "skin")
        assert mira.post(url, sent | {"title_en": "And now?"}, headers=HTMX).status_code == 200
    mira.post(f"{address}add/", {"kind": "boolean"})
    panel = mira.get(f"{address}check/findings/", headers=HTMX).content.decode()
    assert "keeps it from being published" in panel
    assert f"{address}?question={Question.objects.last().pk}#id_title_0" in panel


def test_the_same_draft_is_checked_once_and_a_changed_one_anew(quiz: Quiz, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = []
    real = checking.analyse
    monkeypatch.setattr(checking, "analyse", lambda *given: ran.append(1) or real(*given))
    monkeypatch.setattr(checking, "_kept", type(checking._kept)())
    for _time in range(3):
        check_draft(quiz)
    assert len(ran) == 1
    Question.objects.filter(key="skin").update(title={"en": "Other", "id": "Lain"})
    check_draft(quiz)
    assert len(ran) == 2
    Purpose.objects.filter(slug="letters").update(is_active=False)
    assert "unknown_purpose" in codes(quiz), "what the brand knows counts too"


def test_in_indonesian_a_language_and_a_number_are_written_as_there(quiz: Quiz) -> None:
    Question.objects.filter(key="skin").update(title={"en": "Only English"})
    Quiz.objects.update(languages=["en", "id"])
    with translation.override("id"):
        assert "Bahasa Indonesia" in found(Quiz.objects.get(), "untranslated").says


# ── What it mends by itself ──


def press(client: Client, url: str, quiz: Quiz, code: str) -> str:
    wanted = found(quiz, code)
    assert wanted.fix_label
    sent = {"code": code, "place": wanted.place}
    return client.post(f"{url}check/fix/", sent, follow=True).content.decode()


@pytest.mark.parametrize("code", ["shorter_than_stated", "always_true", "never_true", "unused_purpose"])
def test_one_button_mends_what_is_mechanical_and_undo_brings_it_back(
    code: str,
    mira: Client,
    address: str,
    quiz: Quiz,
) -> None:
    if code == "shorter_than_stated":
        Quiz.objects.update(minutes=30)
    elif code == "always_true":
        Question.objects.filter(key="goal").update(show_if=ALWAYS)
    elif code == "never_true":
        Rule.objects.create(question=question("goal"), condition=NEVER, to="words")
    else:
        Purpose.objects.get(slug="letters").attributes.clear()
    before, shares = definition_of(Quiz.objects.get()), check_draft(quiz).report.shares
    page = press(mira, address, Quiz.objects.get(), code)
    after = Quiz.objects.get()
    assert code not in codes(after)
    assert "Done:" in page
    assert (after.revision, after.changed_by) == (quiz.revision + 1, "mira")
    assert check_draft(after).report.shares == shares, "mending changes nobody's result"
    page = mira.post(f"{address}check/undo/", follow=True).content.decode()
    assert definition_of(Quiz.objects.get()) == before
    assert "Done:" not in page


def test_no_rule_is_deleted_by_its_number_while_another_of_its_question_is_broken(quiz: Quiz) -> None:
    for condition, to in ((ALWAYS, "gone"), (NEVER, "words")):
        Rule.objects.create(question=question("goal"), condition=condition, to=to)
    assert codes(quiz) >= {"never_true", "unknown_question"}
    assert found(quiz, "never_true").fix_label == ""


def test_a_sensitive_attribute_gets_its_consent_asked(mira: Client, address: str, quiz: Quiz) -> None:
    Question.objects.filter(key="allergy").update(sensitive=False, may_decline=False, consent={})
    press(mira, address, quiz, "sensitive_without_consent")
    assert question("allergy").sensitive
    assert question("allergy").may_decline
    assert codes(quiz) >= {"missing_consent"}, "its sentence is left to write"


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"code": "always_true", "place": "questions/goal/show_if"},
        {"code": "never_true", "place": "questions/goal/jumps/99/if"},
        {"code": "x" * 5000, "place": "\x00🦊"},
    ],
)
def test_what_is_not_found_is_not_mended(sent: dict[str, str], mira: Client, address: str, quiz: Quiz) -> None:
    before = definition_of(quiz)
    assert mira.post(f"{address}check/fix/", sent).status_code == 302
    assert definition_of(Quiz.objects.get()) == before
    assert Quiz.objects.get().revision == quiz.revision


def test_undo_does_not_take_back_what_somebody_did_since(mira: Client, address: str, quiz: Quiz) -> None:
    Quiz.objects.update(minutes=30)
    press(mira, address, Quiz.objects.get(), "shorter_than_stated")
    sari = staff("sari")
    url, hers = fields(sari, address, "skin")
    sari.post(url, hers | {"title_en": "By Sari"}, headers=HTMX)
    assert "Done:" not in mira.get(f"{address}check/").content.decode()
    mira.post(f"{address}check/undo/")
    assert Quiz.objects.get().minutes == 1


def test_a_draft_with_nothing_in_it_is_checked_too(mira: Client, quiz: Quiz) -> None:
    empty = Quiz.objects.create(slug="empty")
    url = f"/admin/quizzes/quiz/{empty.pk}/build/check/"
    page = mira.get(url).content.decode()
    assert "keep it from being published" in page
    assert "The quiz asks nothing yet." in page


@pytest.mark.parametrize("group", ["support", "privacy"])
def test_only_those_who_may_change_quizzes_see_the_check(group: str, address: str) -> None:
    client = staff("sam", group)
    for place in ("check/", "check/findings/"):
        assert client.get(f"{address}{place}").status_code == 403
    assert client.post(f"{address}check/fix/").status_code == 403
