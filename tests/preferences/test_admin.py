"""Marketers keep attributes, purposes and the brand; mistakes say what to do; customers are not there."""

import json
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from preferences import catalogue
from preferences.models import Attribute, Brand, Feature, Purpose, PurposeNotice
from tests.support.people import make_catalogue, someone

Staff = Callable[[str], Client]


@pytest.fixture
def staff(db: object) -> Staff:
    """`staff("marketer")`: a client signed in as a member of that group."""

    def sign_in(group: str) -> Client:
        user = User.objects.create_user(group, password="only-for-tests", is_staff=True)
        user.groups.add(Group.objects.get(name=group))
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture
def features(db: object) -> dict[str, int]:
    return make_catalogue()


def attribute_form(values: tuple[str, ...] = ("dry", "oily"), **changes: Any) -> dict[str, Any]:
    rows = {"values-TOTAL_FORMS": len(values), "values-INITIAL_FORMS": 0}
    for number, value in enumerate(values):
        rows |= {
            f"values-{number}-value": value,
            f"values-{number}-label_en": value,
            f"values-{number}-position": number,
        }
    return {
        "key": "hair",
        "kind": "choice",
        "profile_kind": "self",
        "label_en": "Hair",
        "sentence_en": "your hair is {value}",
        "group_en": "My hair",
        "shelf_life_days": 365,
        "ranking_first": 3,
        "bins": "",
        **rows,
        **changes,
    }


def purpose_form(purpose: Purpose | None = None, **changes: Any) -> dict[str, Any]:
    words = {"notice_title_en": "Offers", "notice_sentence_en": "Offers", "notice_benefit_en": "Offers"}
    covered = list(purpose.attributes.values_list("pk", flat=True)) if purpose else []
    new = {} if purpose else {"slug": "research", "basis": "consent"}
    return {"is_active": "on", "position": 0, "attributes": covered, **words, **new, **changes}


def errors(response: Any) -> str:
    assert response.status_code == 200
    formsets = [str(each.formset.non_form_errors()) for each in response.context["inline_admin_formsets"]]
    return "".join([str(response.context["adminform"].form.errors), *formsets])


def said(response: Any) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def test_staff_sign_in_by_password_and_customers_do_not(client: Client, staff: Staff) -> None:
    staff("marketer")
    shown = client.get("/admin/login/").content.decode()
    assert '<input type="hidden" name="next" value="/admin/" form="login-form">' in shown
    fields = {"username": "marketer", "password": "only-for-tests", "next": "/admin/"}
    assert client.post("/admin/login/", fields).headers["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
    User.objects.create_user("customer", password="only-for-tests")
    refused = Client().post("/admin/login/", {"username": "customer", "password": "only-for-tests"})
    assert refused.status_code == 200


def test_many_wrong_passwords_are_refused_for_a_while(client: Client, staff: Staff) -> None:
    staff("marketer")
    for _attempt in range(5):
        client.post("/admin/login/", {"username": "marketer", "password": "wrong"})
    refused = client.post("/admin/login/", {"username": "Marketer", "password": "only-for-tests"})
    assert "Too many attempts" in refused.content.decode()


def test_a_new_attribute_gets_a_feature_for_each_value(staff: Staff) -> None:
    response = staff("marketer").post("/admin/preferences/attribute/add/", attribute_form())
    assert response.status_code == 302, errors(response)
    assert set(Feature.objects.filter(attribute__key="hair").values_list("code", flat=True)) == {"dry", "oily"}


def test_features_are_added_and_never_taken_away(features: dict[str, int]) -> None:
    weight = Attribute.objects.get(key="weight")
    weight.bins = [{"code": "tiny", "below": 1}, {"code": "heavy"}]
    weight.save()
    assert catalogue.sync_features(weight) == 1
    assert catalogue.sync_features(weight) == 0
    assert set(weight.features.values_list("code", flat=True)) == {"light", "heavy", "tiny"}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"values": ("dry",)}, "Add at least two values"),
        ({"key": "My hair"}, "Use small letters, digits and underscores"),
        ({"sentence_en": "your hair is nice"}, "Put {value} where the value goes"),
        ({"label_en": "", "label_id": "Rambut"}, "Write at least the English text"),
        ({"kind": "text"}, "Free text has no values"),
        ({"kind": "boolean"}, "Use only no, yes"),
        ({"bins": '[{"code": "a"}]'}, "Only numbers and dates have bins"),
        ({"kind": "number", "bins": '{"code": "a"}'}, "Write a list of ranges in order"),
        (
            {"kind": "number", "bins": '[{"code": "a"}, {"code": "b", "below": 2}]'},
            "Only the last bin may be open-ended",
        ),
        ({"kind": "number", "bins": '[{"code": "a", "below": "2"}, {"code": "b"}]'}, "must be a number"),
        ({"kind": "date", "bins": '[{"code": "a", "below": 2020}, {"code": "b"}]'}, "must be a date such as"),
        (
            {"kind": "number", "bins": '[{"code": "a", "below": 2}, {"code": "b"}]'},
            "needs words that customers can read",
        ),
    ],
)
def test_what_is_wrong_with_an_attribute_is_said_with_what_to_do(
    staff: Staff, changes: dict[str, Any], message: str
) -> None:
    response = staff("marketer").post("/admin/preferences/attribute/add/", attribute_form(**changes))
    assert message in errors(response).replace("&#x27;", "'").replace("&quot;", '"')
    assert not Attribute.objects.exists()


def test_key_and_kind_and_values_stay_once_they_are_saved(staff: Staff, features: dict[str, int]) -> None:
    skin = Attribute.objects.get(key="skin")
    rows = {"values-TOTAL_FORMS": 3, "values-INITIAL_FORMS": 3}
    for number, value in enumerate(skin.values.all()):
        row = {"id": value.pk, "attribute": skin.pk, "value": "changed", "label_en": "New words", "DELETE": "on"}
        rows |= {f"values-{number}-{name}": text for name, text in (row | {"position": number}).items()}
    form = attribute_form(key="other", kind="number", **rows)
    response = staff("marketer").post(f"/admin/preferences/attribute/{skin.pk}/change/", form)
    assert response.status_code == 302, errors(response)
    skin.refresh_from_db()
    assert (skin.key, skin.kind, skin.label) == ("skin", "choice", {"en": "Hair"})
    assert [value.value for value in skin.values.all()] == ["dry", "oily", "balanced"]
    assert {value.label["en"] for value in skin.values.all()} == {"New words"}


def test_a_sensitive_attribute_without_a_purpose_of_its_own_is_pointed_out(
    staff: Staff, features: dict[str, int]
) -> None:
    allergy = Attribute.objects.get(key="allergy")
    marketer = staff("marketer")
    page = f"/admin/preferences/attribute/{allergy.pk}/change/"
    assert "no purpose lists it" in marketer.get(page).content.decode()
    Purpose.objects.get(slug="letters").attributes.add(allergy)
    assert "also covers 1 ordinary attribute" in marketer.get(page).content.decode()


@pytest.mark.parametrize("key", ["skin", "note"])
def test_an_attribute_in_use_is_not_deleted_and_it_says_why(staff: Staff, features: dict[str, int], key: str) -> None:
    """`skin` has features; of `note` only the database knows that a customer told it, and nobody else may look."""
    someone({"note": "hello"})
    attribute = Attribute.objects.get(key=key)
    response = staff("marketer").post(f"/admin/preferences/attribute/{attribute.pk}/delete/", {"post": "yes"})
    assert response.status_code == 302
    assert "cannot be deleted" in said(response)
    assert Attribute.objects.filter(key=key).exists()


def test_an_unused_attribute_is_deleted(staff: Staff, features: dict[str, int]) -> None:
    note = Attribute.objects.get(key="note")
    note.purposes.clear()
    staff("marketer").post(f"/admin/preferences/attribute/{note.pk}/delete/", {"post": "yes"})
    assert not Attribute.objects.filter(key="note").exists()


def test_deleting_several_at_once_is_refused_as_kindly(staff: Staff, features: dict[str, int]) -> None:
    someone({"note": "hello"})
    note = Attribute.objects.get(key="note")
    fields = {"action": "delete_selected", "_selected_action": [note.pk], "post": "yes"}
    response = staff("marketer").post("/admin/preferences/attribute/", fields)
    assert "cannot be deleted" in said(response)
    assert Attribute.objects.filter(key="note").exists()


def test_changed_words_are_the_next_version_and_the_first_stays(staff: Staff, features: dict[str, int]) -> None:
    purpose = Purpose.objects.get(slug="offers")
    page = f"/admin/preferences/purpose/{purpose.pk}/change/"
    marketer = staff("marketer")
    assert marketer.post(page, purpose_form(purpose)).status_code == 302
    assert [each.version for each in purpose.notices.all()] == [1]  # nothing new was said
    response = marketer.post(page, purpose_form(purpose, notice_sentence_en="We choose five offers."))
    assert "Customers now read version 2" in said(response)
    assert [(each.version, each.sentence["en"]) for each in purpose.notices.all()] == [
        (2, "We choose five offers."),
        (1, "Offers"),
    ]
    shown = marketer.get(page).content.decode()
    assert "Version 1, from" in shown
    assert "Version 2, from" in shown


def test_a_purpose_does_not_quietly_use_more_than_customers_agreed_to(staff: Staff, features: dict[str, int]) -> None:
    purpose = Purpose.objects.get(slug="letters")
    page = f"/admin/preferences/purpose/{purpose.pk}/change/"
    more = [*purpose.attributes.values_list("pk", flat=True), Attribute.objects.get(key="weight").pk]
    words = {"notice_title_en": "Letters", "notice_benefit_en": "Letters", "attributes": more}
    marketer = staff("marketer")
    refused = marketer.post(page, purpose_form(purpose, **words, notice_sentence_en="Letters"))
    assert "Customers agreed to the items listed until now. To add weight" in errors(refused)
    said_so = words | {"notice_sentence_en": "Your weight too."}
    assert marketer.post(page, purpose_form(purpose, **said_so)).status_code == 302
    assert purpose.attributes.count() == 2
    assert not purpose.notices.first().is_material


def test_a_material_notice_says_beforehand_for_how_many_it_switches_the_use_off(
    staff: Staff, features: dict[str, int]
) -> None:
    for _each in range(2):
        someone({"skin": "dry"}, ("letters",))
    purpose = Purpose.objects.get(slug="letters")
    page = f"/admin/preferences/purpose/{purpose.pk}/change/"
    marketer = staff("marketer")
    assert "Switches this off for 2 customers until they agree again." in marketer.get(page).content.decode()
    words = {"notice_title_en": "Letters", "notice_benefit_en": "Letters", "notice_is_material": "on"}
    same = purpose_form(purpose, **words, notice_sentence_en="Letters")
    assert "Say in the words above what changed." in errors(marketer.post(page, same))
    saved = marketer.post(page, purpose_form(purpose, **words, notice_sentence_en="Others write them now."))
    assert [str(each) for each in get_messages(saved.wsgi_request)][1:2] == [
        "It is off for 2 customers until they agree again."
    ]
    assert "Switches this off for" not in marketer.get(page).content.decode()


def test_a_change_of_wording_switches_nothing_off(staff: Staff, features: dict[str, int]) -> None:
    someone({"skin": "dry"}, ("letters",))
    purpose = Purpose.objects.get(slug="letters")
    words = {"notice_title_en": "Letters", "notice_benefit_en": "Letters", "notice_sentence_en": "A letter a month."}
    page = f"/admin/preferences/purpose/{purpose.pk}/change/"
    marketer = staff("marketer")
    marketer.post(page, purpose_form(purpose, **words))
    assert "Switches this off for 1 customer until they agree again." in marketer.get(page).content.decode()


def test_what_a_purpose_no_longer_uses_is_out_of_use_at_once(
    staff: Staff, features: dict[str, int], owner_connection: psycopg.Connection
) -> None:
    someone({"skin": "dry", "goal": ["calm"]}, granted=("offers",))
    purpose = Purpose.objects.get(slug="offers")
    rest = list(purpose.attributes.exclude(key="skin").values_list("pk", flat=True))
    page = f"/admin/preferences/purpose/{purpose.pk}/change/"
    assert staff("marketer").post(page, purpose_form(purpose, attributes=rest)).status_code == 302
    assert owner_connection.execute("SELECT count(*) FROM preferences_permit").fetchone() == (0,)


def test_a_new_purpose_starts_with_its_first_notice(staff: Staff, features: dict[str, int]) -> None:
    marketer = staff("marketer")
    assert "Write at least the English text" in errors(
        marketer.post("/admin/preferences/purpose/add/", purpose_form(notice_sentence_en=""))
    )
    offers_without_consent = purpose_form(basis="necessity", computes_offers="on")
    assert "Offers need consent" in errors(marketer.post("/admin/preferences/purpose/add/", offers_without_consent))
    marketer.post("/admin/preferences/purpose/add/", purpose_form())
    notice = PurposeNotice.objects.get(purpose__slug="research")
    assert (notice.version, notice.is_material) == (1, False)


def test_a_published_notice_is_never_changed_or_deleted(
    features: dict[str, int], role_connection: Callable[[str], psycopg.Connection]
) -> None:
    web = role_connection("web")
    for statement in ("UPDATE preferences_purposenotice SET version = 9", "DELETE FROM preferences_purposenotice"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            web.execute(statement)


def test_a_purpose_is_switched_off_not_deleted(staff: Staff, features: dict[str, int]) -> None:
    purpose = Purpose.objects.get(slug="offers")
    assert (
        staff("marketer").post(f"/admin/preferences/purpose/{purpose.pk}/delete/", {"post": "yes"}).status_code == 403
    )


def test_there_is_one_brand(staff: Staff) -> None:
    marketer = staff("marketer")
    assert marketer.get("/admin/preferences/brand/").headers["Location"] == "/admin/preferences/brand/add/"
    form = {
        "name": "Ours",
        "hue": 200,
        "chroma": 0.1,
        "radius_px": 8,
        "font_display": "serif",
        "font_text": "sans-serif",
        "age_of_consent": 16,
        "time_zone": "Europe/Berlin",
    }
    wrong = marketer.post("/admin/preferences/brand/add/", form | {"hue": 400})
    assert "less than or equal to 360" in errors(wrong)
    assert marketer.post("/admin/preferences/brand/add/", form).status_code == 302
    assert marketer.get("/admin/preferences/brand/").headers["Location"] == "/admin/preferences/brand/1/change/"
    assert marketer.get("/admin/preferences/brand/add/").status_code == 403
    assert marketer.post("/admin/preferences/brand/1/delete/", {"post": "yes"}).status_code == 403
    marketer.post("/admin/preferences/brand/1/change/", form | {"name": "Renamed"})
    assert Brand.objects.get().name == "Renamed"
    assert "Renamed" in marketer.get("/admin/").content.decode()  # at once, although pages keep the brand for a while


def test_privacy_staff_settle_how_carefully_but_not_the_wording(staff: Staff, features: dict[str, int]) -> None:
    note = Attribute.objects.get(key="note")
    privacy = staff("privacy")
    page = f"/admin/preferences/attribute/{note.pk}/change/"
    shown = privacy.get(page).content.decode()
    assert 'name="shelf_life_days"' in shown
    assert 'name="label_en"' not in shown
    assert '{"en"' not in shown
    form = attribute_form((), shelf_life_days=30, is_sensitive="on")
    assert privacy.post(page, form).status_code == 302
    note.refresh_from_db()
    assert (note.shelf_life_days, note.is_sensitive, note.label) == (30, True, {"en": "note"})
    assert privacy.get("/admin/preferences/attribute/add/").status_code == 403


def test_support_sees_words_and_changes_nothing(staff: Staff, features: dict[str, int]) -> None:
    support = staff("support")
    for model in (Attribute, Purpose):
        page = f"/admin/preferences/{model._meta.model_name}/{model.objects.first().pk}/change/"
        shown = support.get(page).content.decode()
        assert 'name="_save"' not in shown
        assert "{&quot;en&quot;" not in shown
        assert support.post(page, {}).status_code == 403


def test_nothing_personal_is_in_the_admin() -> None:
    personal = {
        "customer", "device", "profile", "preference", "grant", "exclusion", "ledgersubject", "consentevent", "permit",
        "computationdue", "reissuedue", "uselog", "run", "answer", "handoff", "tailoredoffers", "claim", "emailaddress",
    }  # fmt: skip
    registered = {model._meta.model_name for model in admin.site._registry}
    assert personal & registered == set()
    assert personal <= {model._meta.model_name for model in apps.get_models()}  # none of the names is out of date


def test_more_attributes_take_no_more_queries(staff: Staff, features: dict[str, int]) -> None:
    marketer = staff("marketer")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert marketer.get("/admin/preferences/attribute/").status_code == 200
        return len(captured)

    queries()
    before = queries()
    for number in range(20):
        Attribute.objects.create(
            key=f"more_{number}", kind="text", label={"en": "More"}, sentence={}, group={"en": "Me"}
        )
    assert queries() == before


def test_bins_are_shown_one_a_line(staff: Staff, features: dict[str, int]) -> None:
    weight = Attribute.objects.get(key="weight")
    response = staff("marketer").get(f"/admin/preferences/attribute/{weight.pk}/change/")
    shown = response.context["adminform"].form["bins"].value()
    assert json.loads(shown) == weight.bins
    assert '  {"code": "light", "below": 5},\n' in shown


def test_a_list_sifted_by_no_character_is_the_whole_list(staff: Staff) -> None:
    answer = staff("privacy").get("/admin/preferences/privacyrequest/?kind__exact=%00")
    assert (answer.status_code, answer["Location"]) == (302, "/admin/preferences/privacyrequest/")
