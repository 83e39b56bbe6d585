"""A translator works in a spreadsheet: what comes back is shown first, and never trusted."""

import csv
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from quizzes.models import Quiz, QuizVersion
from quizzes.services.drafting import definition_of

from .test_building import staff
from .test_texts import SKIN, stored, write

pytestmark = pytest.mark.usefixtures("care_quiz")
DESK = {"from": "en", "language": "id"}


@pytest.fixture
def mira(db: object) -> Client:
    return staff("mira")


@pytest.fixture
def address(care_quiz: QuizVersion) -> str:
    return f"/admin/quizzes/quiz/{care_quiz.quiz_id}/build/texts/"


def download(client: Client, address: str) -> str:
    return client.get(f"{address}csv/", DESK).content.decode("utf-8-sig")


def upload(client: Client, address: str, content: str | bytes, **more: str) -> Any:
    raw = content if isinstance(content, bytes) else content.encode("utf-8-sig")
    return client.post(f"{address}upload/", DESK | more | {"file": SimpleUploadedFile("texts.csv", raw)})


def keep(client: Client, address: str, shown: Any) -> Any:
    sent = DESK | {"content": shown.context["content"], "token": shown.context["token"]}
    return client.post(f"{address}upload/", sent)


def file_of(*lines: tuple[str, ...], head: tuple[str, ...] = ("place", "en", "id")) -> str:
    written = io.StringIO()
    csv.writer(written).writerows([head, *lines])
    return written.getvalue()


def test_what_was_downloaded_changes_nothing_when_it_comes_back(mira: Client, address: str) -> None:
    before = definition_of(Quiz.objects.get())
    shown = upload(mira, address, download(mira, address))
    assert (shown.status_code, shown.context["changes"], shown.context["left_out"]) == (200, (), ())
    keep(mira, address, shown)
    assert definition_of(Quiz.objects.get())["questions"] == before["questions"]
    assert Quiz.objects.get().revision == 0


def test_a_file_is_shown_first_and_kept_by_the_second_button(mira: Client, address: str) -> None:
    shown = upload(mira, address, file_of((SKIN, "About skin?", "Kulitmu?"), ("outcomes/rich/summary", "", "شكرا 🙂")))
    assert stored()["id"] == "About skin? (id)"
    assert "Kulitmu?" in shown.content.decode()
    assert keep(mira, address, shown).status_code == 302
    assert stored()["id"] == "Kulitmu?"
    assert (Quiz.objects.get().revision, Quiz.objects.get().changed_by) == (1, "mira")


def test_whoever_wrote_meanwhile_is_not_overwritten(mira: Client, address: str) -> None:
    shown = upload(mira, address, file_of((SKIN, "About skin?", "Kulitmu?")))
    write(staff("sari"), address, SKIN, "Kata Sari")
    again = keep(mira, address, shown)
    assert again.status_code == 409
    assert "Kata Sari" in again.content.decode()
    assert stored()["id"] == "Kata Sari"
    assert keep(mira, address, again).status_code == 302
    assert stored()["id"] == "Kulitmu?"


def test_lines_that_do_not_fit_are_left_out_with_the_reason(mira: Client, address: str) -> None:
    lines = (
        ("questions/nothing/title", "", "x"),
        (SKIN, "Something older?", "Kulitmu?"),
        ("questions/goal/title", "About goal?", "y" * 4001),
        ("questions/words/title", "About words?", "  "),
        ("questions/order/title", "About order?", "Urutanmu?"),
    )
    shown = upload(mira, address, file_of(*lines))
    assert [each.line for each in shown.context["left_out"]] == [2, 3, 4]
    assert "has changed since" in shown.context["left_out"][1].why
    assert [each.new for each in shown.context["changes"]] == ["Urutanmu?"]


BROKEN = (
    b"", b"\xff\xfe\x00", b"place;en;id\n", "place,en\nx,y\n", b'place,en,id\n"x', b"x" * 1_000_001,
    b"place,en,id\na,\x00,b",
)  # fmt: skip


@pytest.mark.parametrize("content", BROKEN)
def test_what_is_no_such_file_is_refused_kindly(mira: Client, address: str, content: str | bytes) -> None:
    refused = upload(mira, address, content)
    assert refused.status_code in (200, 422)
    if refused.status_code == 200:
        assert refused.context["changes"] == ()
    else:
        assert refused.context["file_error"]
    assert Quiz.objects.get().revision == 0


def test_a_spreadsheet_calculates_nothing(mira: Client, address: str) -> None:
    write(mira, address, SKIN, "=1+1")
    content = download(mira, address)
    assert "'=1+1" in content
    assert upload(mira, address, content).context["changes"] == ()


def test_only_those_who_may_change_quizzes_upload(address: str) -> None:
    assert upload(staff("sam", "support"), address, file_of()).status_code == 403
