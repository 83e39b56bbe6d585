"""The table of points: cells are kept one by one, two people share it, and a file is looked at before it counts."""

import gzip
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from quizzes.models import Choice, Outcome, Quiz, QuizVersion
from quizzes.services.drafting import import_definition

from ..builders import choice, outcome, question, quiz
from .test_building import HTMX, staff

pytestmark = pytest.mark.usefixtures("care_quiz")


@pytest.fixture
def mira(db: object) -> Client:
    return staff("mira")


@pytest.fixture
def address(care_quiz: QuizVersion) -> str:
    return f"/admin/quizzes/quiz/{care_quiz.quiz_id}/build/points/"


def place(choice: str, outcome: str) -> str:
    return f"{Choice.objects.get(value=choice).pk}-{Outcome.objects.get(key=outcome).pk}"


def points(choice: str) -> dict[str, float]:
    return Choice.objects.get(value=choice).points


def write(client: Client, address: str, cells: dict[str, str], seen: dict[str, str] | None = None, **more: str):  # type: ignore[no-untyped-def]
    sent = {"cells": json.dumps(cells), "seen": json.dumps(seen or {}), "revision": "0", **more}
    return client.post(f"{address}save/", sent, headers=HTMX)


def test_only_those_who_may_change_quizzes_see_it(address: str) -> None:
    sam = staff("sam", "support")
    assert sam.get(address).status_code == 403
    assert sam.get(f"{address}csv/").status_code == 403
    assert write(sam, address, {place("dry", "rich"): "5"}).status_code == 403


def test_choices_stand_under_their_questions_with_their_points(mira: Client, address: str) -> None:
    page = mira.get(address)
    groups = page.context["table"].groups
    assert [group.title for group in groups] == ["About skin?", "About goal?", "About order?"]
    dry = groups[0].rows[0]
    assert (dry.label, [cell.text for cell in dry.inputs]) == ("Dry", ["", "2", ""])
    assert [column.most for column in page.context["table"].columns] == ["1", "2", "2"]


def test_cells_are_kept_and_the_most_is_said_anew(mira: Client, address: str) -> None:
    cells = {place("dry", "rich"): "3,5", place("calm", "rich"): "−1", place("oily", "light"): ""}
    answer = write(mira, address, cells, {place("dry", "rich"): "2", place("oily", "light"): "2"})
    assert "Saved at" in answer.content.decode()
    assert ">3.5</output>" in answer.content.decode()
    assert (points("dry"), points("calm"), points("oily")) == ({"rich": 3.5}, {"rich": -1}, {})
    assert (Quiz.objects.get().revision, Quiz.objects.get().changed_by) == (1, "mira")


def test_what_is_no_number_is_refused_by_its_cell_and_nothing_is_kept(mira: Client, address: str) -> None:
    answer = write(
        mira, address, {place("dry", "light"): "1", place("calm", "rich"): "lots", place("glow", "rich"): "11"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Calm → Rich" in page
    assert "Glow → Rich" in page
    assert f'data-wrong="p-{place("calm", "rich")}"' in page
    assert points("dry") == {"rich": 2}


def test_points_beyond_the_range_are_shown_and_kept(mira: Client, address: str) -> None:
    Choice.objects.filter(value="dry").update(points={"rich": 40, "light": 1})
    assert '"40"' in mira.get(address).content.decode()
    assert (
        write(
            mira, address, {place("dry", "light"): "2", place("dry", "rich"): "40"}, {place("dry", "light"): "1"}
        ).status_code
        == 200
    )
    assert points("dry") == {"rich": 40, "light": 2}


def test_two_people_write_into_different_cells(mira: Client, address: str) -> None:
    sari = staff("sari")
    assert write(sari, address, {place("dry", "rich"): "5"}, {place("dry", "rich"): "2"}).status_code == 200
    answer = write(mira, address, {place("dry", "light"): "1"})
    assert answer.status_code == 200
    assert "sari changed this quiz" in answer.content.decode()
    assert points("dry") == {"rich": 5, "light": 1}


def test_two_people_who_write_into_one_cell_see_both_and_the_later_decides(mira: Client, address: str) -> None:
    sari = staff("sari")
    cell = place("dry", "rich")
    write(sari, address, {cell: "5"}, {cell: "2"})
    answer = write(mira, address, {cell: "7", place("calm", "rich"): "1"}, {cell: "2"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert all(words in page for words in ("sari", "Dry → Rich", "<td>7</td>", "<td>5</td>"))
    assert (points("dry"), points("calm")) == ({"rich": 5}, {})
    token = answer.context["stored_token"]
    write(sari, address, {cell: "6"}, {cell: "5"})
    assert write(mira, address, {cell: "7"}, {cell: "2"}, anyway=token).status_code == 409, "it changed once more"
    token = write(mira, address, {cell: "7"}, {cell: "2"}).context["stored_token"]
    assert write(mira, address, {cell: "7"}, {cell: "2"}, anyway=token).status_code == 200
    assert points("dry") == {"rich": 7}


def test_two_who_write_the_same_agree(mira: Client, address: str) -> None:
    cell = place("dry", "rich")
    write(staff("sari"), address, {cell: "5"}, {cell: "2"})
    assert write(mira, address, {cell: "5"}, {cell: "2"}).status_code == 200


def test_without_javascript_a_question_is_saved_by_its_button(mira: Client, address: str) -> None:
    group = mira.get(address).context["table"].groups[0]
    sent = {cell.name: cell.text for row in group.rows for cell in row.inputs} | {"seen": group.seen}
    first = group.rows[0].inputs[2].name
    response = mira.post(f"{address}save/", sent | {first: "4"}, follow=True)
    assert response.redirect_chain == [(address, 302)]
    assert points("dry") == {"rich": 2, "light": 4}
    refused = mira.post(f"{address}save/", sent | {first: "four"})
    assert refused.status_code == 422
    assert 'value="four"' in refused.content.decode(), "what was typed is still there"
    write(staff("sari"), address, {first[2:]: "9"}, {first[2:]: "4"})
    conflict = mira.post(f"{address}save/", sent | {first: "5"})
    held = {"cells": conflict.context["held_cells"], "seen": conflict.context["held_seen"]}
    assert conflict.status_code == 409
    mira.post(f"{address}save/", held | {"anyway": conflict.context["stored_token"]})
    assert points("dry") == {"rich": 2, "light": 5}


@pytest.mark.parametrize("cells", ["", "[]", '{"a": 1}', '{"1": "1"}', '{"1-2-3": "1"}', "[" * 5000])
def test_malformed_cells_are_a_bad_request(cells: str, mira: Client, address: str) -> None:
    assert mira.post(f"{address}save/", {"cells": cells}, headers=HTMX).status_code == 400


def test_nobody_reaches_the_cells_of_another_quiz(mira: Client, address: str) -> None:
    other = Quiz.objects.create(slug="other", title={"en": "Other"})
    elsewhere = f"/admin/quizzes/quiz/{other.pk}/build/points/"
    assert write(mira, elsewhere, {place("dry", "rich"): "5"}).status_code == 409
    assert points("dry") == {"rich": 2}
    assert "No outcome yet" in mira.get(elsewhere).content.decode()


def upload(client: Client, address: str, content: bytes):  # type: ignore[no-untyped-def]
    return client.post(f"{address}upload/", {"file": SimpleUploadedFile("points.csv", content, "text/csv")})


def test_a_file_is_downloaded_changed_looked_at_and_kept(mira: Client, address: str) -> None:
    response = mira.get(f"{address}csv/")
    text = response.content.decode("utf-8-sig")
    assert 'filename="care-points.csv"' in response["Content-Disposition"]
    assert text.splitlines()[:2] == ["question,choice,plain,rich,light", "skin,dry,,2,"]
    assert "change nothing" in upload(mira, address, response.content).content.decode()
    changed = text.replace("skin,dry,,2,", "skin,dry,,-4,1").replace("light", "lite") + "skin,wet,1,1,1\n"
    report = upload(mira, address, changed.encode())
    page = report.content.decode()
    assert "would change 1 cell" in page
    assert "Dry → Rich" in page
    assert "Line 1, column 5:" in page
    assert "“lite”" in page
    assert "skin / wet" in page
    assert points("dry") == {"rich": 2}, "nothing is kept yet"
    mira.post(f"{address}save/", {"cells": report.context["cells"], "seen": report.context["seen"]})
    assert points("dry") == {"rich": -4}


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"x" * 600_000, b'question,choice\n"', b"\0" * 50])
def test_a_hostile_file_is_answered_kindly(content: bytes, mira: Client, address: str) -> None:
    answer = upload(mira, address, content)
    assert answer.status_code in (200, 422)
    assert "grid-keep" not in answer.content.decode()


def test_the_queries_do_not_grow_with_the_table(
    mira: Client, address: str, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(30):  # type: ignore[operator]
        mira.get(address)


@pytest.fixture
def large(care_quiz: QuizVersion) -> str:
    """The address of the largest table: 60 questions of ten choices, 40 outcomes."""
    raw = quiz(
        *(question(f"q_{n}", choices=[choice(f"c_{m}") for m in range(10)]) for n in range(60)),
        outcomes=[outcome(f"o_{n}") for n in range(40)], slug="large",
    )  # fmt: skip
    return f"/admin/quizzes/quiz/{import_definition(raw).pk}/build/points/"


def test_a_large_table_comes_in_parts_that_together_are_all_of_it(mira: Client, large: str) -> None:
    titles: list[str] = []
    parts = mira.get(large).context["table"].parts
    for each in parts:
        page = mira.get(large, {"part": each.number})
        assert len(page.content) < 500_000
        assert len(gzip.compress(page.content)) < 60_000
        groups = page.context["table"].groups
        assert len(groups) == each.last - each.first + 1
        titles += [group.title for group in groups]
        assert f'href="?part={each.number}" aria-current="page"' in page.content.decode()
    assert titles == [f"About q_{n}?" for n in range(60)]
    for wrong in ("0", "999", "1e9", "²", "9" * 5000):
        assert mira.get(large, {"part": wrong}).context["table"].part in (1, len(parts))


def test_without_javascript_one_stays_at_the_part_that_was_saved(mira: Client, large: str) -> None:
    page = mira.get(large, {"part": "3"})
    (group, *_others) = page.context["table"].groups
    assert '<input type="hidden" name="part" value="3">' in page.content.decode()
    first = group.rows[0].inputs[0].name
    sent = {cell.name: cell.text for row in group.rows for cell in row.inputs} | {"seen": group.seen, "part": "3"}
    assert mira.post(f"{large}save/", sent | {first: "4"})["Location"] == f"{large}?part=3"
    assert Choice.objects.get(pk=group.rows[0].choice).points == {"o_0": 4}
    refused = mira.post(f"{large}save/", sent | {first: "four"})
    assert refused.status_code == 422
    assert 'value="four"' in refused.content.decode()
