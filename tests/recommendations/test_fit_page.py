"""The table of fit: cells are kept one by one, two people share it, a file is looked at before it counts."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from preferences import catalogue as attributes
from preferences.models import Attribute, AttributeValue
from recommendations import catalogue
from recommendations.fit.totals import Span, span
from recommendations.models import Offer, OfferWeight, Product, TailoredOffers, Trait, TraitWeight
from tests.recommendations.shop import Person, Shop, T
from tests.recommendations.test_categories import staff

HTMX = {"HX-Request": "true"}
FIT = "/admin/recommendations/trait/fit/"


@pytest.fixture
def mira(shop: Shop) -> Client:
    return staff()


@pytest.fixture
def traits(shop: Shop) -> dict[str, int]:
    """`rich`, which the balm has, and `vegan`, which nothing has."""
    made = {slug: Trait.objects.create(slug=slug, name=T(slug.capitalize())) for slug in ("rich", "vegan")}
    Product.objects.get(slug="balm").traits.add(made["rich"])
    return {slug: each.pk for slug, each in made.items()}


def write(client: Client, cells: dict[str, str], seen: dict[str, str] | None = None, kind: str = "traits", **more: str):  # type: ignore[no-untyped-def]
    sent = {"cells": json.dumps(cells), "seen": json.dumps(seen or {}), **more}
    return client.post(f"{FIT}{kind}/save/", sent, headers=HTMX)


def stored() -> dict[str, float]:
    rows = TraitWeight.objects.values_list("feature__attribute__key", "feature__code", "trait__slug", "weight")
    return {f"{key}={code} {slug}": weight for key, code, slug, weight in rows}


@pytest.fixture
def place(shop: Shop, traits: dict[str, int]) -> Callable[[str, str], str]:
    return lambda feature, trait: f"{shop.features[feature]}-{traits[trait]}"


def test_answers_stand_under_their_attributes(mira: Client, traits: dict[str, int], shop: Shop) -> None:
    TraitWeight.objects.create(trait_id=traits["rich"], feature_id=shop.features["skin=dry"], weight=4)
    page = mira.get(FIT)
    table = page.context["table"]
    assert [group.topic.label for group in table.groups] == ["Skin", "Goals", "Allergy", "Weight"]
    assert [cell.text for cell in table.groups[0].rows[0].inputs] == ["4", ""]
    assert [column.note for column in table.columns] == ["1 product", "0 products"]
    assert "Sensitive: a number above 0 only" in page.content.decode()


def test_a_customers_offers_follow_the_table(
    mira: Client, ada: Person, place: Callable[[str, str], str], worker: Callable[..., int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(catalogue, "_loaded", None)

    def first() -> str:
        worker("compute_due")
        row = ada.does(lambda: TailoredOffers.objects.get())
        return Offer.objects.get(pk=row.offers[0]).slug  # type: ignore[attr-defined]

    assert first() == "cream"
    assert write(mira, {place("skin=dry", "rich"): "−8"}).status_code == 200
    assert first() != "cream"
    assert write(mira, {place("skin=dry", "rich"): ""}, {place("skin=dry", "rich"): "-8"}).status_code == 200
    assert first() == "cream"


def test_cells_are_kept_and_the_totals_said_anew(mira: Client, place: Callable[[str, str], str]) -> None:
    answer = write(
        mira, {place("skin=dry", "rich"): "3,5", place("goals=calm", "rich"): "2", place("skin=oily", "rich"): "−4"}
    )
    assert "Saved at" in answer.content.decode()
    assert "\u22124 … 5.5</output>" in answer.content.decode()
    assert stored() == {"skin=dry rich": 3.5, "goals=calm rich": 2, "skin=oily rich": -4}


def test_what_an_offer_inherits_stands_beside_its_own(
    mira: Client, shop: Shop, place: Callable[[str, str], str]
) -> None:
    write(mira, {place("skin=dry", "rich"): "3"})
    groups = mira.get(f"{FIT}offers/").context["table"].groups
    columns = [column.slug for column in mira.get(f"{FIT}offers/").context["table"].columns]
    cream = groups[0].rows[0].inputs[columns.index("cream")]
    assert (cream.text, cream.inherited) == ("3", "+3")
    cell = f"{shop.features['skin=oily']}-{shop.offers['cream']}"
    assert write(mira, {cell: "-2"}, kind="offers").status_code == 200
    assert OfferWeight.objects.get(offer__slug="cream", feature__code="oily").weight == -2


@pytest.mark.parametrize("text", ["lots", "11", "-10.5", "NaN", "Infinity", "=1+1", "1e999", "٣", "🙂", "9" * 400])
def test_what_is_no_number_is_refused_by_its_cell(mira: Client, place: Callable[[str, str], str], text: str) -> None:
    cell = place("skin=dry", "rich")
    answer = write(mira, {cell: text, place("skin=oily", "rich"): "1"})
    assert answer.status_code == 422
    assert f'data-wrong="p-{cell}"' in answer.content.decode()
    assert "Skin: dry → Rich" in answer.content.decode()
    assert stored() == {}


def test_a_sensitive_answer_may_speak_against_but_not_for(
    mira: Client, shop: Shop, place: Callable[[str, str], str]
) -> None:
    answer = write(mira, {place("allergy=nuts", "rich"): "2"})
    assert answer.status_code == 422
    assert "Whoever sees “Cream” on somebody" in answer.content.decode()
    assert write(mira, {place("allergy=nuts", "rich"): "-2"}).status_code == 200
    assert write(mira, {place("allergy=nuts", "vegan"): "2"}).status_code == 200, "nothing has it yet"
    for slug, status in (("card", 422), ("nut-free", 200)):
        cell = f"{shop.features['allergy=nuts']}-{shop.offers[slug]}"
        assert write(mira, {cell: "7"}, {cell: "6"} if status == 200 else {}, kind="offers").status_code == status


def test_two_people_who_write_into_one_cell_see_both_and_the_later_decides(
    mira: Client, place: Callable[[str, str], str]
) -> None:
    sari = staff("owner")
    cell, other = place("skin=dry", "rich"), place("goals=calm", "rich")
    assert write(sari, {cell: "5"}).status_code == 200
    answer = write(mira, {cell: "7", other: "1"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert all(words in page for words in ("owner changed this", "Skin: dry → Rich", "<td>7</td>", "<td>5</td>"))
    assert stored() == {"skin=dry rich": 5}
    token = answer.context["stored_token"]
    write(sari, {cell: "6"}, {cell: "5"})
    assert write(mira, {cell: "7", other: "1"}, anyway=token).status_code == 409, "it changed once more"
    token = write(mira, {cell: "7", other: "1"}).context["stored_token"]
    assert write(mira, {cell: "7", other: "1"}, anyway=token).status_code == 200
    assert stored() == {"skin=dry rich": 7, "goals=calm rich": 1}
    assert write(sari, {other: "1"}).status_code == 200, "who writes the same agrees"


def test_without_javascript_an_attribute_is_saved_by_its_button(
    mira: Client, traits: dict[str, int], place: Callable[[str, str], str]
) -> None:
    address = f"{FIT}traits/?word=rich"
    page = mira.get(address)
    group = page.context["table"].groups[0]
    save = page.context["save_url"]
    sent = {cell.name: cell.text for row in group.rows for cell in row.inputs} | {"seen": group.seen}
    cell = place("skin=dry", "rich")
    assert set(sent) == {f"p-{cell}", f"p-{place('skin=oily', 'rich')}", "seen"}, "only the trait that was looked for"
    assert mira.post(save, sent | {f"p-{cell}": "4"}, follow=True).redirect_chain == [(address, 302)]
    refused = mira.post(save, sent | {f"p-{cell}": "four"})
    assert refused.status_code == 422
    assert 'value="four"' in refused.content.decode(), "what was typed is still there"
    conflict = mira.post(save, sent | {f"p-{cell}": "5"})
    assert conflict.status_code == 409
    held = {"cells": conflict.context["held_cells"], "seen": conflict.context["held_seen"]}
    mira.post(save, held | {"anyway": conflict.context["stored_token"]})
    assert stored() == {"skin=dry rich": 5}


@pytest.mark.parametrize("cells", ["", "[]", '{"a": 1}', '{"1": "1"}', '{"1-2-3": "1"}', "[" * 5000])
def test_malformed_cells_are_a_bad_request(cells: str, mira: Client, traits: dict[str, int]) -> None:
    assert mira.post(f"{FIT}traits/save/", {"cells": cells}, headers=HTMX).status_code == 400


@pytest.mark.parametrize("cell", ["1-99999", "99999-1", "-1-1", "1-99999999999999999999", "0-0"])
def test_a_cell_that_is_not_there_is_gone(cell: str, mira: Client, traits: dict[str, int]) -> None:
    assert write(mira, {cell: "1"}).status_code in (400, 409)
    assert stored() == {}


def upload(client: Client, content: bytes, kind: str = "traits") -> Any:
    return client.post(f"{FIT}{kind}/upload/", {"file": SimpleUploadedFile("fit.csv", content, "text/csv")})


def test_a_file_is_downloaded_changed_looked_at_and_kept(mira: Client, traits: dict[str, int]) -> None:
    response = mira.get(f"{FIT}traits/csv/")
    text = response.content.decode("utf-8-sig")
    assert text.splitlines()[:3] == ["attribute,answer,rich,vegan", "skin,dry,,", "skin,oily,,"]
    assert "change nothing" in upload(mira, response.content).content.decode()
    changed = (
        text.replace("rich,vegan", "rich,ritch")
        .replace("skin,dry,,", "skin,dry,4,1")
        .replace("skin,oily,,", "skin,oily,=2+3,1")
        .replace("goals,calm,,", "goals,calm,NaN,")
        .replace("allergy,nuts,,", "allergy,nuts,9,")
    ) + "skin,🙂,1,1\n"
    report = upload(mira, changed.encode())
    page = report.content.decode()
    assert "would change 1 cell" in page
    for words in ("Line 1, column 4:", "“ritch”", "Line 3, column 3:", "“=2+3”", "“NaN”", "Whoever sees “Cream”", "🙂"):
        assert words in page, words
    assert stored() == {}, "nothing is kept yet"
    mira.post(f"{FIT}traits/save/", {"cells": report.context["cells"], "seen": report.context["seen"]})
    assert stored() == {"skin=dry rich": 4}
    assert "skin,dry,4\r\n" in mira.get(f"{FIT}traits/csv/?word=rich&attribute=skin").content.decode()


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\xff\xfe\x00", b"x" * 1_100_000, b'attribute,answer\n"', b"\0" * 50,
        b"attribute,answer" + b"," * 900_000,
        b"attribute,answer,rich\n" + b"a\n" * 400_000, b"attribute;answer;rich\nskin;dry;" + b"9" * 100_000,
        "attribut,réponse,riche\nمرحبا,🙂,1".encode(),
    ],
)  # fmt: skip
def test_a_hostile_file_is_answered_kindly(content: bytes, mira: Client, traits: dict[str, int]) -> None:
    answer = upload(mira, content)
    assert answer.status_code in (200, 422)
    assert "grid-keep" not in answer.content.decode()


def test_a_page_stays_small_and_finds_what_is_looked_for(mira: Client, shop: Shop) -> None:
    """A thousand offers and four hundred answers: pages of some kilobytes, in as many queries as ever."""
    for number in range(8):
        each = Attribute.objects.create(
            key=f"a{number}", kind="choice", label=T(f"A{number}"), sentence=T("{value}"), group=T("Me")
        )
        AttributeValue.objects.bulk_create(
            AttributeValue(attribute=each, value=f"v{place}", label=T(f"V{place}"), position=place)
            for place in range(130 if number == 7 else 40)
        )
        attributes.sync_features(each)
    Offer.objects.bulk_create(
        Offer(slug=f"o{number:03}", title=T(f"Offer {number}"), benefit_kind="sample", purpose=shop.purpose)
        for number in range(1000)
    )

    def look(query: str) -> Any:
        with CaptureQueriesContext(connection) as queries:
            page = mira.get(f"{FIT}offers/{query}")
        assert len(page.content) < 400_000
        assert len(queries) < 30
        return page.context

    first = look("")
    assert (first["shown"].columns.count, first["shown"].rows.count) == (63, 10)
    assert {group.topic.key for group in look("?rows=9")["table"].groups} == {"a7"}
    assert [column.slug for column in look("?word=offer+777")["table"].columns] == ["o777"]
    assert [group.topic.key for group in look("?attribute=a3&columns=63")["table"].groups] == ["a3"]
    assert "a3" not in {group.topic.key for group in look(f"?purpose={shop.purpose.slug}")["table"].groups}
    assert look("?word=%00%F0%9F%99%82&rows=0&columns=99999999&purpose=x'")["table"].groups == ()
    assert look("?rows=99999&columns=99999")["shown"].rows.here == 10


def test_who_only_looks_changes_nothing(mira: Client, place: Callable[[str, str], str]) -> None:
    sam = staff("support")
    page = sam.get(FIT).content.decode()
    assert "readonly" in page
    assert 'name="file"' not in page
    assert write(sam, {place("skin=dry", "rich"): "1"}).status_code == 403
    assert upload(sam, b"").status_code == 403
    assert Client().get(FIT).status_code == 302
    assert mira.get(f"{FIT}nothing/").status_code == 404


def test_every_change_stands_in_the_history_of_its_trait(
    mira: Client, traits: dict[str, int], place: Callable[[str, str], str]
) -> None:
    write(mira, {place("skin=dry", "rich"): "3"})
    history = mira.get(f"/admin/recommendations/trait/{traits['rich']}/history/").content.decode()
    assert "Skin: dry → Rich: 0 → 3" in history


def test_nothing_is_there_before_the_first_trait(mira: Client) -> None:
    assert "No trait yet" in mira.get(FIT).content.decode()


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ([], Span(0, 0)),
        ([(1, 3), (1, 2), (1, -1)], Span(-1, 3)),
        ([(2, 3), (2, 2), (2, -1)], Span(-1, 5)),
        ([(3, 3), (3, 2), (3, 1), (3, -1), (3, -2)], Span(-3, 5)),
        ([(1, 3), (2, 2), (4, -5)], Span(-5, 5)),
    ],
)
def test_the_least_and_the_most_that_one_person_brings(weights: list[tuple[int, float]], expected: Span) -> None:
    kinds = {1: ("choice", 3), 2: ("multi", 3), 3: ("ranking", 2), 4: ("number", 3)}
    assert span(weights, kinds) == expected
