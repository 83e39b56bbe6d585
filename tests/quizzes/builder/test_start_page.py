"""The Beginning page: what stands before the first question is written beside the start screen itself."""

from typing import Any

import pytest
from django.test import Client

from quizzes.models import Quiz, QuizVersion
from quizzes.services.drafting import definition_of, import_definition
from tests.quizzes.builders import care

from .test_building import HTMX, staff

pytestmark = pytest.mark.usefixtures("care_quiz")


@pytest.fixture
def mira(db: object) -> Client:
    return staff("mira")


@pytest.fixture
def address(care_quiz: QuizVersion) -> str:
    return f"/admin/quizzes/quiz/{care_quiz.quiz_id}/build/start/"


def fields(client: Client, address: str) -> dict[str, Any]:
    """What the form would send as it stands."""
    context = client.get(address).context
    sent: dict[str, Any] = {"token": context["token"], "revision": context["revision"]}
    for bound in context["form"]:
        widget, value = bound.field.widget, bound.value()
        if hasattr(widget, "decompress"):
            parts = zip(widget.widgets_names, widget.decompress(value), strict=True)
            sent |= {f"{bound.html_name}{name}": part for name, part in parts}
        elif value is not None and not bound.field.disabled:
            sent[bound.html_name] = value
    return sent


def test_only_those_who_may_change_quizzes_get_there(address: str) -> None:
    sam = staff("sam", "support")
    for url in (address, f"{address}save/", f"{address}preview/", f"{address}measured/"):
        assert sam.get(url).status_code == 403


def test_saving_what_is_there_changes_nothing(mira: Client, address: str) -> None:
    before = definition_of(Quiz.objects.get())
    assert mira.post(f"{address}save/", fields(mira, address), headers=HTMX).status_code == 200
    assert definition_of(Quiz.objects.get()) == before
    assert Quiz.objects.get().revision == 0


def test_everything_before_the_first_question_is_kept(mira: Client, address: str) -> None:
    wanted = {
        "title_en": "What is it like?",
        "start_label_en": "Let us begin",
        "start_note_en": "Nothing is kept unless you say so.",
        "minutes": "3",
        "brought": "utm_source\nshop",
        "spoken": ["en"],
    }
    page = mira.post(f"{address}save/", fields(mira, address) | wanted, headers=HTMX).content.decode()
    assert "Saved at" in page
    raw = definition_of(Quiz.objects.get())
    assert raw["title"]["en"] == "What is it like?"
    assert raw["start"]["label"]["en"] == "Let us begin"
    assert (raw["minutes"], raw["hidden"], raw["languages"]) == (3, ["utm_source", "shop"], ["en"])
    assert (Quiz.objects.get().revision, Quiz.objects.get().changed_by) == (1, "mira")


def test_uses_are_chosen_and_put_in_order(mira: Client, address: str) -> None:
    sent = fields(mira, address)
    known = [slug for slug, _title in mira.get(address).context["form"].fields["asked"].choices]
    assert len(known) > 1
    for order in (known, known[::-1], known[:1], []):
        sent = fields(mira, address) | {"asked": order}
        assert mira.post(f"{address}save/", sent, headers=HTMX).status_code == 200
        assert definition_of(Quiz.objects.get()).get("purposes", []) == order
    mira.post(f"{address}save/", fields(mira, address) | {"asked": known})
    mira.post(f"{address}save/", fields(mira, address) | {"asked": known, "do": f"up:{known[-1]}"})
    assert definition_of(Quiz.objects.get())["purposes"] == [*known[:-2], known[-1], known[-2]], "without a script"


@pytest.mark.parametrize(
    "wrong",
    [
        {"minutes": "0"},
        {"minutes": "61"},
        {"brought": "Not A Name"},
        {"brought": "x\nx"},
        {"brought": "\n".join(f"n{n}" for n in range(11))},
        {"brought": "a" * 3000},
        {"spoken": ["tlh"]},
        {"asked": ["nothing-like-it"]},
        {"profile_kind": "robot"},
        {"title_en": "x" * 5000},
    ],
)
def test_what_cannot_be_stored_is_refused(wrong: dict[str, Any], mira: Client, address: str) -> None:
    before = definition_of(Quiz.objects.get())
    response = mira.post(f"{address}save/", fields(mira, address) | wrong, headers=HTMX)
    assert response.status_code == 422
    assert definition_of(Quiz.objects.get()) == before


def test_a_published_quiz_keeps_its_address(mira: Client, address: str) -> None:
    mira.post(f"{address}save/", fields(mira, address) | {"slug": "elsewhere"}, headers=HTMX)
    assert Quiz.objects.get().slug == care()["slug"]


def test_a_draft_may_move_but_not_to_where_another_is(mira: Client, address: str, care_quiz: QuizVersion) -> None:
    draft = import_definition(care() | {"slug": "draft"})
    there = address.replace(str(care_quiz.quiz_id), str(draft.pk))
    assert mira.post(f"{there}save/", fields(mira, there) | {"slug": care()["slug"]}, headers=HTMX).status_code == 422
    assert mira.post(f"{there}save/", fields(mira, there) | {"slug": "moved"}, headers=HTMX).status_code == 200
    assert Quiz.objects.filter(slug="moved").exists()


def test_two_who_write_at_once_see_both_texts(mira: Client, address: str) -> None:
    sari = staff("sari")
    mine, hers = fields(mira, address), fields(sari, address)
    sari.post(f"{address}save/", hers | {"title_en": "By Sari"}, headers=HTMX)
    answer = mira.post(f"{address}save/", mine | {"title_en": "By Mira"}, headers=HTMX)
    assert answer.status_code == 409
    assert all(words in answer.content.decode() for words in ("sari", "By Sari", "By Mira"))
    assert Quiz.objects.get().title["en"] == "By Sari"
    again = mine | {"title_en": "By Mira", "anyway": answer.context["stored_token"]}
    assert mira.post(f"{address}save/", again, headers=HTMX).status_code == 200
    assert Quiz.objects.get().title["en"] == "By Mira"


def test_without_javascript_the_button_saves(mira: Client, address: str) -> None:
    page = mira.post(f"{address}save/", fields(mira, address) | {"title_en": "Plain"}, follow=True).content.decode()
    assert "Plain" in page
    refused = mira.post(f"{address}save/", fields(mira, address) | {"title_en": "Typed", "minutes": "99"})
    assert refused.status_code == 422
    assert "Typed" in refused.content.decode()


def test_the_phone_shows_the_start_screen_of_the_draft(mira: Client, address: str) -> None:
    words = {"start_label_en": "Begin now", "start_note_en": "It is short.", "title_id": ""}
    mira.post(f"{address}save/", fields(mira, address) | words, headers=HTMX)
    page = mira.get(f"{address}preview/", {"language": "en"})
    assert all(each in page.content.decode() for each in ("Begin now", "It is short."))
    assert "frame-ancestors 'self'" in page["Content-Security-Policy"]
    assert mira.get(f"{address}preview/", {"language": "id"}).status_code == 200, "a missing text is no broken page"
    led = mira.post(f"{address}preview/?language=en")
    assert led["Location"].endswith("/preview/?language=en")


def test_customers_see_the_words_once_it_is_published(mira: Client, address: str, client: Client) -> None:
    words = {"start_label_en": "Begin now", "start_note_en": "It is short.", "start_label_id": "Mulai saja"}
    words |= {"start_note_id": "Singkat saja."}
    mira.post(f"{address}save/", fields(mira, address) | words, headers=HTMX)
    slug = care()["slug"]
    assert "Begin now" not in client.get(f"/q/{slug}/").content.decode()
    from quizzes.services.publishing import publish

    publish(quiz=Quiz.objects.get())
    page = client.get(f"/q/{slug}/").content.decode()
    assert all(each in page for each in ("Begin now", "It is short."))
    assert "Mulai saja" in client.get(f"/q/{slug}/", headers={"Accept-Language": "id"}).content.decode()


def test_how_long_it_takes_is_measured(mira: Client, address: str) -> None:
    assert "on average" in mira.get(f"{address}measured/").content.decode()
    Quiz.objects.get().questions.all().delete()
    assert "as soon as" in mira.get(f"{address}measured/").content.decode()
