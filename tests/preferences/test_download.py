"""Customers take along everything that is known of them, in forms that people and programs read."""

import csv
import io
import json
import tracemalloc
from typing import Any
from zipfile import ZipFile

import pytest
from django.test import Client

from preferences import services
from preferences.export.archive import Words, schema, write_archive
from preferences.registry import Section
from preferences.services import Told
from tests.support.people import Person, acting, make_catalogue, someone

pytestmark = pytest.mark.django_db
WORDS = Words(language="ar", direction="rtl", title="Everything <Haverlow> knows", intro="Read me.", empty="Nothing.")


@pytest.fixture
def ada(db: None) -> Person:
    make_catalogue()
    return someone({"skin": "dry", "goal": ["calm", "glow"], "weight": 4.2, "note": "<b>hi</b> 🙂"}, ("offers",))


def downloaded(person: Person) -> ZipFile:
    client = Client()
    client.cookies["proffer"] = person.token
    response = client.get("/preferences/download/")
    assert response.status_code == 200
    content = b"".join(response.streaming_content)
    assert int(response["Content-Length"]) == len(content)
    assert "no-store" in response["Cache-Control"]
    return ZipFile(io.BytesIO(content))


def data(person: Person) -> Any:
    return json.loads(downloaded(person).read("data.json"))["sections"]


def test_everything_told_agreed_and_done_is_there(ada: Person) -> None:
    with acting(ada):
        services.remember(profile_id=ada.profile, items=[Told("weight", 4.4)], source="center")
        services.exclude(profile_id=ada.profile, purpose_slug="offers", attribute_key="goal", source="center")
    found = data(ada)
    told = [(each["attribute"], each["value"], each["ended_at"] is None) for each in found["preferences"]]
    assert sorted(told, key=str) == [
        ("goal", ["calm", "glow"], True),
        ("note", "<b>hi</b> 🙂", True),
        ("skin", "dry", True),
        ("weight", 4.2, False),
        ("weight", 4.4, True),
    ]
    assert [each["use"] for each in found["uses_on"]] == ["offers"]
    assert [(each["use"], each["attribute"]) for each in found["exclusions"]] == [("offers", "goal")]
    assert [each["event"] for each in found["consent_history"]] == ["granted", "corrected", "excluded"]
    assert [each["kind"] for each in found["profiles"]] == ["self"]
    assert {"quiz_runs", "quiz_answers", "tailored_offers", "codes"} <= set(found)


def test_nothing_of_anybody_else_is_there(ada: Person) -> None:
    someone({"skin": "balanced"}, ("offers",))
    assert "balanced" not in downloaded(ada).read("data.json").decode()


def test_a_stranger_gets_nothing(ada: Person) -> None:
    assert Client().get("/preferences/download/").status_code == 404


def test_the_page_to_read_shows_values_as_text(ada: Person) -> None:
    page = downloaded(ada).read("index.html").decode()
    assert "&lt;b&gt;hi&lt;/b&gt; 🙂" in page
    assert "calm and glow" in page


def test_the_schema_names_every_field(ada: Person) -> None:
    archive = downloaded(ada)
    described = json.loads(archive.read("schema.json"))["properties"]["sections"]["properties"]
    found = json.loads(archive.read("data.json"))["sections"]
    assert set(described) == set(found)
    for name, rows in found.items():
        for row in rows:
            assert set(row) == set(described[name]["items"]["properties"])
        assert f"{name}.csv" in archive.namelist()


def archive_of(*rows: dict[str, object]) -> ZipFile:
    file = io.BytesIO()
    section = Section("things", "Things", {"name": "the name", "value": "the value"}, lambda: rows)
    write_archive(file, [section], words=WORDS, made_at="2026-11-22T10:00:00+00:00")
    return ZipFile(file)


def test_a_table_survives_commas_lines_and_formulas() -> None:
    strange = {"name": "مرحبا", "value": ["x", True]}
    rows = [{"name": 'a, "b"\nc', "value": -5}, {"name": "=1+1", "value": None}, strange]
    text = archive_of(*rows).read("things.csv").decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text))) == [
        ["name", "value"],
        ['a, "b"\nc', "-5"],
        ["'=1+1", ""],
        ["مرحبا", "x, true"],
    ]


def test_what_is_empty_says_so() -> None:
    archive = archive_of()
    assert "Nothing." in archive.read("index.html").decode()
    assert json.loads(archive.read("data.json"))["sections"] == {"things": []}
    assert schema([])["properties"]["sections"]["properties"] == {}


def test_the_page_reads_from_right_to_left_where_its_language_does() -> None:
    page = archive_of().read("index.html").decode()
    assert '<html lang="ar" dir="rtl">' in page
    assert "Everything &lt;Haverlow&gt; knows" in page


def test_twenty_thousand_values_take_no_more_memory_than_a_thousand() -> None:
    def most(count: int) -> int:
        rows = ({"name": f"name {number}", "value": "x" * 50} for number in range(count))
        section = Section("things", "Things", {"name": "the name", "value": "the value"}, lambda: rows)
        with io.FileIO("/dev/null", "w") as sink:
            tracemalloc.start()
            write_archive(sink, [section], words=WORDS, made_at="2026-11-22")
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return peak

    most(1)
    assert most(20_000) < 1.5 * most(1_000)
