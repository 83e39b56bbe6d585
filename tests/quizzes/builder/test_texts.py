"""Translating a quiz: every text beside its translation, each kept by itself, and nobody's words lost."""

import html
import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from quizzes.builder.texts.all_texts import groups_of, quotes_differ
from quizzes.models import Choice, Quiz, QuizVersion
from quizzes.services.drafting import definition_of, import_definition

from ..builders import choice, question, quiz
from .test_building import HTMX, staff

pytestmark = pytest.mark.usefixtures("care_quiz")
SKIN = "questions/skin/title"


@pytest.fixture
def mira(db: object) -> Client:
    return staff("mira")


@pytest.fixture
def address(care_quiz: QuizVersion) -> str:
    return f"/admin/quizzes/quiz/{care_quiz.quiz_id}/build/texts/"


def lines(client: Client, address: str, **asked: str) -> dict[str, Any]:
    page = client.get(address, asked or {"language": "id"})
    assert page.status_code == 200
    return {line.text.place: line for section in page.context["sections"] for line in section.lines}


def write(client: Client, address: str, place: str, words: str, **more: str) -> Any:
    """As the page sends one text: what was seen, and what is written now."""
    language = more.get("language", "id")
    seen = lines(client, address, language=language)[place].token
    return send(client, address, place, words, seen, **more)


def send(client: Client, address: str, place: str, words: str, seen: str, **more: str) -> Any:
    sent = {"place": place, "text": words, "seen": seen, "language": "id", "from": "en", "revision": "0", **more}
    return client.post(f"{address}save/", sent, headers=HTMX)


def stored(place_title: str = "skin") -> dict[str, str]:
    return Quiz.objects.get().questions.get(key=place_title).title


def test_only_those_who_may_change_quizzes_translate_them(address: str) -> None:
    assert staff("sam", "support").get(address).status_code == 403
    assert staff("pia", "privacy").post(f"{address}save/", {"place": SKIN}).status_code == 403


def test_every_text_of_the_definition_is_there_in_reading_order(mira: Client, address: str) -> None:
    found = lines(mira, address)
    raw = definition_of(Quiz.objects.get())

    def texts(part: Any) -> list[str]:
        if isinstance(part, dict) and "en" in part:
            return [part["en"]]
        parts = part.values() if isinstance(part, dict) else part if isinstance(part, list) else []
        return [text for each in parts for text in texts(each)]

    assert sorted(line.source for line in found.values()) == sorted(texts(raw))
    places = list(found)
    assert places[0] == "start/title"
    assert places.index("questions/skin/choices/dry/label") < places.index("questions/goal/title")
    assert places.index("questions/words/title") < places.index("outcomes/plain/title")


def test_a_text_is_kept_in_its_language_alone_and_the_page_says_how_far_it_is(mira: Client, address: str) -> None:
    answer = write(mira, address, SKIN, "Bagaimana kulitmu?")
    assert "Saved at" in answer.content.decode()
    assert stored() == {"en": "About skin?", "id": "Bagaimana kulitmu?"}
    assert (Quiz.objects.get().revision, Quiz.objects.get().changed_by) == (1, "mira")
    emptied = write(mira, address, SKIN, "   ")
    assert stored() == {"en": "About skin?"}
    here = emptied.context["here"]
    assert (here.missing, here.percent) == (1, 96)
    assert "1 text missing" in emptied.content.decode()


def test_writing_the_same_again_changes_nothing(mira: Client, address: str) -> None:
    write(mira, address, SKIN, "About skin? (id)")
    assert Quiz.objects.get().revision == 0


def test_a_language_begun_is_no_language_to_be_published_in(mira: Client, address: str, settings: Any) -> None:
    settings.LANGUAGES = [("en", "English"), ("id", "Bahasa Indonesia"), ("ar", "العربيّة")]
    write(mira, address, "start/title", "بشرتك", language="ar")
    assert definition_of(Quiz.objects.get())["languages"] == ["en", "id"]


@pytest.mark.parametrize("place", ["questions/skin/choices/dry/label", "outcomes/rich/summary", "start/exchange_get"])
def test_every_part_of_the_quiz_is_written_where_it_belongs(place: str, mira: Client, address: str) -> None:
    before = definition_of(Quiz.objects.get())
    write(mira, address, place, "Di sini")
    after = definition_of(Quiz.objects.get())
    del after["languages"]
    assert str(before).replace(before_words(before, place), "Di sini") == str(after)


def before_words(raw: Any, place: str) -> str:
    texts = {
        "questions/skin/choices/dry/label": raw["questions"][0]["choices"][0]["label"],
        "outcomes/rich/summary": raw["outcomes"][1]["summary"],
        "start/exchange_get": raw["exchange"]["get"],
    }
    return texts[place]["id"]


def test_rows_and_steps_are_written_too(mira: Client, address: str) -> None:
    quiz = Quiz.objects.get()
    matrix = quiz.questions.create(key="often", kind="matrix", title={"en": "How often?"}, position=9)
    matrix.rows = [{"value": "dry", "label": {"en": "Dryness"}}, {"value": "shine", "label": {"en": "Shine"}}]
    matrix.save()
    quiz.outcomes.get(key="rich").steps.create(title={"en": "Morning"}, text={"en": "Wash"})
    write(mira, address, "questions/often/rows/shine", "Kilap")
    write(mira, address, "outcomes/rich/steps/1/text", "Cuci\nmuka")
    matrix.refresh_from_db()
    assert [row["label"].get("id") for row in matrix.rows] == [None, "Kilap"]
    assert quiz.outcomes.get(key="rich").steps.get().text == {"en": "Wash", "id": "Cuci\nmuka"}


def test_a_text_of_one_line_stays_one(mira: Client, address: str) -> None:
    write(mira, address, SKIN, " Bagaimana\r\n  kulitmu? ")
    assert stored()["id"] == "Bagaimana kulitmu?"


def test_two_translators_meet_only_on_the_very_same_text(mira: Client, address: str) -> None:
    sari = staff("sari")
    seen = lines(mira, address)
    write(sari, address, "questions/skin/why", "Kata Sari")
    kept = send(mira, address, SKIN, "Kata Mira", seen[SKIN].token)
    assert kept.status_code == 200
    assert "sari changed this quiz" in kept.content.decode()

    write(sari, address, SKIN, "Dari Sari")
    refused = send(mira, address, SKIN, "Dari Mira", seen[SKIN].token)
    assert refused.status_code == 409
    page = refused.content.decode()
    assert "Dari Sari" in page
    assert "sari changed this text" in page
    assert stored()["id"] == "Dari Sari"
    token = refused.context["stored_token"]
    assert send(mira, address, SKIN, "Dari Mira", seen[SKIN].token, anyway=token).status_code == 200
    assert stored()["id"] == "Dari Mira"


def text_token(client: Client, address: str) -> str:
    return lines(client, address)[SKIN].token


def test_taking_theirs_shows_it_in_the_field(mira: Client, address: str) -> None:
    seen = text_token(mira, address)
    write(staff("sari"), address, SKIN, "Dari Sari")
    page = send(mira, address, SKIN, "Dari Mira", seen, do="theirs").content.decode()
    assert ">Dari Sari</textarea>" in page
    assert stored()["id"] == "Dari Sari"


def test_other_languages_of_the_same_text_are_other_peoples_work(mira: Client, address: str, settings: Any) -> None:
    settings.LANGUAGES = [("en", "English"), ("id", "Bahasa Indonesia"), ("ar", "العربيّة")]
    seen = lines(mira, address, language="id")[SKIN].token
    assert write(staff("sari"), address, SKIN, "ما نوع بشرتك؟", language="ar").status_code == 200
    assert send(mira, address, SKIN, "Kulitmu?", seen).status_code == 200
    assert stored() == {"en": "About skin?", "id": "Kulitmu?", "ar": "ما نوع بشرتك؟"}


def test_a_translation_of_words_that_changed_meanwhile_is_not_kept_unseen(mira: Client, address: str) -> None:
    seen = text_token(mira, address)
    write(staff("sari"), address, SKIN, "Something else entirely?", language="en", **{"from": "id"})
    refused = send(mira, address, SKIN, "Kulitmu?", seen)
    assert refused.status_code == 409
    assert "Something else entirely?" in refused.content.decode()


def test_what_cannot_be_kept_is_refused_and_still_there(mira: Client, address: str) -> None:
    refused = write(mira, address, SKIN, "x" * 4001)
    assert refused.status_code == 422
    assert "4000" in refused.content.decode()
    assert write(mira, address, SKIN, "a\x00b").status_code == 422
    assert stored()["id"] == "About skin? (id)"
    page = mira.post(f"{address}save/", {"place": SKIN, "text": "y" * 4001, "language": "id", "from": "en"})
    assert page.status_code == 422
    assert "y" * 4001 in page.content.decode(), "without JavaScript too"


def test_a_deleted_text_is_gone_and_says_so(mira: Client, address: str) -> None:
    seen = lines(mira, address)["questions/skin/choices/dry/label"].token
    Choice.objects.filter(value="dry").delete()
    gone = send(mira, address, "questions/skin/choices/dry/label", "Kering", seen)
    assert gone.status_code == 409
    assert "somebody deleted this" in gone.content.decode()
    assert send(mira, address, "../../etc", "x", "").status_code == 409


def test_without_javascript_the_button_saves_and_leads_back_to_the_text(mira: Client, address: str) -> None:
    line = lines(mira, address)[SKIN]
    sent = {"place": SKIN, "text": "Kulitmu?", "seen": line.token, "language": "id", "from": "en"}
    answer = mira.post(f"{address}save/", sent)
    assert answer.status_code == 302
    assert answer["Location"] == f"{address}?from=en&language=id#{line.text.html_id}"
    assert stored()["id"] == "Kulitmu?"


def test_only_what_is_missing_can_be_shown(mira: Client, address: str) -> None:
    write(mira, address, SKIN, "")
    asked = {"language": "id", "only": "missing"}
    assert list(lines(mira, address, **asked)) == [SKIN]
    write(mira, address, SKIN, "Kulitmu?")
    page = mira.get(address, asked).content.decode()
    assert "Nothing is missing in Bahasa Indonesia" in page


@pytest.mark.parametrize(
    ("source", "words", "unsaid", "unknown"),
    [
        ("Hello {name|friend}", "Halo {name|teman}", [], []),
        ("Hello {name|friend}", "Halo", ["{name}"], []),
        ("Hello {name|friend}", "Halo {nama|teman}", ["{name}"], ["{nama}"]),
        ("{a} and {b}, {a}", "{b} dan {a}", [], []),
        ("Hello {name}", "", [], []),
    ],
)
def test_quotes_are_the_same_in_both_languages(source: str, words: str, unsaid: list[str], unknown: list[str]) -> None:
    assert quotes_differ(source, words) == (unsaid, unknown)


def test_a_quote_that_was_translated_is_pointed_out_kindly_and_kept(mira: Client, address: str) -> None:
    page = write(mira, address, "outcomes/plain/summary", "Kamu bilang {kulit}.").content.decode()
    assert "{skin}" in page
    assert "{kulit}" in page
    assert Quiz.objects.get().outcomes.get(key="plain").summary["id"] == "Kamu bilang {kulit}."


def test_a_language_of_the_site_is_added_to_the_quiz(mira: Client, address: str, settings: Any) -> None:
    settings.LANGUAGES = [("en", "English"), ("id", "Bahasa Indonesia"), ("ar", "العربيّة")]
    page = mira.get(address, {"language": "ar"}).content.decode()
    assert "Customers do not get this quiz in العربيّة yet" in page
    assert 'lang="ar" dir="rtl"' in page
    mira.post(f"{address}add/", {"language": "ar"})
    assert Quiz.objects.get().languages == ["en", "id", "ar"]
    mira.post(f"{address}add/", {"language": "xx"})
    assert Quiz.objects.get().languages == ["en", "id", "ar"]


def test_the_first_language_shown_is_the_one_with_something_missing(mira: Client, address: str, settings: Any) -> None:
    settings.LANGUAGES = [("en", "English"), ("id", "Bahasa Indonesia"), ("ar", "العربيّة")]
    assert mira.get(address).context["desk"].target.code == "ar"
    write(mira, address, SKIN, "")
    assert mira.get(address).context["desk"].target.code == "id"


def test_more_texts_do_not_mean_more_queries(mira: Client, address: str, django_assert_max_num_queries: Any) -> None:
    quiz = Quiz.objects.get()
    for number in range(20):
        question = quiz.questions.create(key=f"more_{number}", kind="single", title={"en": "x"}, position=20 + number)
        question.choices.create(value="a", label={"en": "a"})
    with django_assert_max_num_queries(5):
        assert len(groups_of(quiz, "en")) > 20


def test_words_are_shown_as_words(mira: Client, address: str) -> None:
    write(mira, address, SKIN, "</textarea><b>&amp; 🙂 שלום")
    page = mira.get(address, {"language": "id"}).content.decode()
    assert "&lt;/textarea&gt;&lt;b&gt;&amp;amp; 🙂 שלום" in page


def test_a_long_quiz_is_translated_part_by_part(mira: Client, address: str) -> None:
    raw = quiz(
        *[question(f"q{n}", choices=[choice(value) for value in "abcdef"]) for n in range(60)],
        slug="long",
        languages=["en", "id"],
    )
    raw["questions"][50]["title"] = {"en": "Far on?"}
    url = reverse("admin:quizzes_quiz_build_texts", args=[import_definition(raw).pk])
    first = mira.get(url, {"language": "id", "from": "en"}).content.decode()
    assert first.count("<textarea") < 170
    assert "questions/q50/title" not in first
    assert (len(re.findall(r'<li><a href="[^"]*part=\d', first)), "On to part 2" in first) == (3, True)
    (lead,) = re.findall(r'class="texts-go" href="([^"]*)"', first)  # to the part that lacks something
    there = mira.get(html.unescape(lead)).content.decode()
    assert 'value="questions/q50/title"' in there
    asked = dict(parse_qsl(urlsplit(html.unescape(lead)).query))
    token = lines(mira, url, **asked)["questions/q50/title"].token
    sent = {"place": "questions/q50/title", "text": "Jauh?", "seen": token, **asked}
    after = mira.post(f"{url}save/", sent)  # without JavaScript
    assert "part=3" in after["Location"], "and back to that part"
    assert "texts-go" not in mira.get(url, {"language": "id", "part": "999"}).content.decode()
