"""Each entry of the ledger has a receipt that people read and programs check, and that nobody else gets."""

import hashlib
import json
import re
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from preferences import catalogue, receipts, services
from preferences.models import Attribute, Brand, ConsentEvent, Purpose
from preferences.wording import language_in_words
from tests.support.people import Person, acting, make_catalogue, someone

pytestmark = pytest.mark.django_db
TYPES = {"object": dict, "string": str, "boolean": bool, "integer": int, "array": list, "null": type(None)}


@pytest.fixture
def ada(db: None) -> Person:
    make_catalogue()
    catalogue.set_brand(Brand(name="Haverlow", contact_email="hello@haverlow.example"))
    return someone({"skin": "dry", "note": "only mine"}, ("offers", "letters"))


def browser(person: Person) -> Client:
    client = Client()
    client.cookies["proffer"] = person.token
    return client


def entries(person: Person) -> list[ConsentEvent]:
    with acting(person):
        return list(ConsentEvent.objects.order_by("id"))


def receipt(person: Person, number: int = 0) -> dict[str, Any]:
    entry = entries(person)[number]
    response = browser(person).get(f"/preferences/history/{entry.pk}/receipt.json")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/ld+json"
    assert f'filename="receipt-{entry.pk}.json"' in response["Content-Disposition"]
    made: dict[str, Any] = json.loads(response.content)
    return made


def faults(value: Any, schema: dict[str, Any], place: str = "$") -> list[str]:
    """What JSON Schema would say, as far as our schema goes."""
    if "anyOf" in schema:
        tried = [faults(value, each, place) for each in schema["anyOf"]]
        return [] if [] in tried else tried[0]
    if ("const" in schema and value != schema["const"]) or ("enum" in schema and value not in schema["enum"]):
        return [f"{place} is {value!r}"]
    if "type" in schema and not isinstance(value, TYPES[schema["type"]]):
        return [f"{place} is no {schema['type']}"]
    if "pattern" in schema and not re.search(schema["pattern"], value):
        return [f"{place} looks unlike {schema['pattern']}"]
    if isinstance(value, list):
        return [
            each for at, item in enumerate(value) for each in faults(item, schema.get("items", {}), f"{place}[{at}]")
        ]
    if isinstance(value, dict):
        known = schema.get("properties", {})
        found = [f"{place}.{name} is missing" for name in schema.get("required", ()) if name not in value]
        if schema.get("additionalProperties") is False:
            found += [f"{place}.{name} is unknown" for name in value if name not in known]
        return found + [
            each for name in value if name in known for each in faults(value[name], known[name], f"{place}.{name}")
        ]
    return []


def test_it_says_who_what_when_under_which_words_and_how_to_take_it_back(ada: Person) -> None:
    made = receipt(ada)
    record, processing = made["record"], made["record"]["pii_processing"]
    assert record["party_identification"][0]["party_name"] == "Haverlow"
    assert record["party_identification"][0]["party_email"] == "hello@haverlow.example"
    assert record["events"][0]["event_type"] == "granted"
    assert record["events"][0]["event_state"] == "dpv:ConsentGiven"
    assert record["events"][0]["source"] == "quiz"
    assert processing["privacy_notice"]["sentence"] == "Offers"
    assert (processing["privacy_notice"]["version"], processing["privacy_notice"]["language"]) == (1, "en")
    assert {each["pii_attribute_id"] for each in processing["pii_information"]} == {
        "skin", "goal", "order", "weight", "note",
    }  # fmt: skip
    assert processing["withdrawal_method"] == "http://testserver/preferences/"


def test_it_never_says_what_was_told(ada: Person) -> None:
    with acting(ada):
        services.correct(profile_id=ada.profile, attribute_key="skin", value="oily")
    for number in range(len(entries(ada))):
        text = json.dumps(receipt(ada, number))
        assert "only mine" not in text
        assert "oily" not in text
        assert "dry" not in text


def test_each_kind_of_entry_is_what_the_schema_says(ada: Person) -> None:
    with acting(ada):
        services.correct(profile_id=ada.profile, attribute_key="skin", value="oily")
        services.exclude(profile_id=ada.profile, purpose_slug="offers", attribute_key="skin", source="center")
        services.include(profile_id=ada.profile, purpose_slug="offers", attribute_key="skin", source="center")
        services.withdraw(purpose_slug="letters", source="center")
        services.consent_to_sensitive(attribute_key="allergy", language="en", source="quiz")
        services.forget(profile_id=ada.profile, attribute_key="note")
    schema = json.loads(Client().get("/preferences/receipts/schema.json").content)
    assert schema["$id"] == receipt(ada)["schema"]
    kinds = [each.kind for each in entries(ada)]
    assert kinds == ["granted", "granted", "corrected", "excluded", "included", "withdrawn", "granted", "erased"]
    for number in range(len(kinds)):
        assert faults(receipt(ada, number), schema) == []
    assert faults(receipt(ada) | {"more": 1}, schema) == ["$.more is unknown"]


def test_a_sensitive_answers_consent_is_told_as_explicit(ada: Person) -> None:
    with acting(ada):
        services.consent_to_sensitive(attribute_key="allergy", language="en", source="quiz")
    processing = receipt(ada, -1)["record"]["pii_processing"]
    assert processing["lawful_basis"] == "dpv:ExplicitlyExpressedConsent"
    assert processing["concerned_item"]["@type"] == "dpv:SensitivePersonalData"


def test_the_words_are_those_that_were_shown_not_todays(ada: Person) -> None:
    new = {"en": "Quite different"}
    purpose = Purpose.objects.get(slug="offers")
    catalogue.publish_notice(purpose=purpose, title=new, sentence=new, benefit=new, details=new)
    assert receipt(ada)["record"]["pii_processing"]["privacy_notice"]["sentence"] == "Offers"
    page = browser(ada).get(f"/preferences/history/{entries(ada)[0].pk}/receipt/").content.decode()
    assert "Quite different" not in page


def test_the_fingerprint_is_of_the_statement_and_outlives_new_labels(ada: Person) -> None:
    before = receipt(ada)["fingerprint"]
    canonical = json.dumps(before["over"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(canonical.encode()).hexdigest() == before["value"]
    Attribute.objects.filter(key="skin").update(label={"en": "Complexion"})
    catalogue.set_brand(Brand(name="Another name"))
    after = receipt(ada)
    assert "Complexion" in json.dumps(after)
    assert after["fingerprint"] == before


def test_whatever_is_changed_in_a_copy_changes_its_fingerprint(ada: Person) -> None:
    stated = receipt(ada)["fingerprint"]["over"]
    for name in stated:
        assert receipts.fingerprint(stated | {name: "changed"}) != receipts.fingerprint(stated)


def test_the_page_shows_the_same_to_print(ada: Person) -> None:
    entry = entries(ada)[0]
    page = browser(ada).get(f"/preferences/history/{entry.pk}/receipt/").content.decode()
    made = receipt(ada)
    assert "You switched on “Offers”." in page
    assert str(entry.subject) in page
    assert made["fingerprint"]["value"][:8] in page
    assert "Haverlow" in page
    assert "hello@haverlow.example" in page
    assert "Version 1, in English" in page
    assert "http://testserver/preferences/" in page


def test_a_languages_name_that_runs_the_other_way_stays_in_its_place() -> None:
    with override("en"):
        assert language_in_words("en") == "English"
    with override("ar"):
        assert language_in_words("en") == "\u2068الإنجليزيّة\u2069"
        assert language_in_words("xx") == "\u2068xx\u2069"


@pytest.mark.parametrize("end", ["receipt/", "receipt.json"])
def test_nobody_else_gets_it(ada: Person, end: str) -> None:
    address = f"/preferences/history/{entries(ada)[0].pk}/{end}"
    assert browser(someone()).get(address).status_code == 404
    assert Client().get(address).status_code == 404
    assert browser(ada).get(f"/preferences/history/{2**70}/{end}").status_code == 404
    assert browser(ada).post(address).status_code == 405


def test_nobody_keeps_it_but_its_owner(ada: Person) -> None:
    response = browser(ada).get(f"/preferences/history/{entries(ada)[0].pk}/receipt.json")
    assert response["Cache-Control"] == "private, no-store"


def test_the_history_leads_to_each_receipt_and_is_turned_by_pages(ada: Person) -> None:
    with acting(ada):
        for number in range(50):
            services.correct(profile_id=ada.profile, attribute_key="weight", value=number + 1.5)
    client = browser(ada)
    seen: list[str] = []
    for number in (1, 2):
        page = client.get("/preferences/history/", {"page": number}).content.decode()
        assert f"Page {number} of 2" in page
        seen += re.findall(r"/preferences/history/(\d+)/receipt/", page)
    assert [int(each) for each in seen] == [each.pk for each in reversed(entries(ada))]


def test_the_history_shows_one_use_alone(ada: Person) -> None:
    with acting(ada):
        services.correct(profile_id=ada.profile, attribute_key="skin", value="oily")
    client = browser(ada)
    letters = client.get("/preferences/history/", {"use": "letters"}).content.decode()
    assert "You switched on “Letters”." in letters
    assert "You switched on “Offers”." not in letters
    without = client.get("/preferences/history/", {"use": "-"}).content.decode()
    assert "You changed “skin”." in without
    assert "You switched on" not in without


@pytest.mark.parametrize(
    "question", ["page=0", "page=x", "page=-1", "page=9999999999999", "use=%00", "use=nothing", "page=²"]
)
def test_a_strange_page_of_the_history_is_a_page(ada: Person, question: str) -> None:
    assert browser(ada).get(f"/preferences/history/?{question}").status_code == 200


def test_the_history_is_taken_along_as_a_table(ada: Person) -> None:
    response = browser(ada).get("/preferences/history.csv")
    lines = response.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("entry,at,event,use")
    assert len(lines) == 1 + len(entries(ada))
    assert "attachment" in response["Content-Disposition"]
