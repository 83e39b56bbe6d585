"""No offer gives away a sensitive answer: not by whom it is for, not by what speaks for it, whatever is stored."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from preferences.conditions import AnyOf, Condition, Not, Test, holds, parse
from preferences.models import Attribute
from recommendations import catalogue
from recommendations.discretion import BRINGS, UNASKED, UNLOCKS, Branch, Whom, fault, may_speak, sensitive_categories
from recommendations.models import Category, Offer, OfferWeight, Product, TailoredOffers, Trait, TraitWeight
from tests.recommendations.shop import Person, Shop, T, somebody
from tests.recommendations.test_scoring import conditions

SENSITIVE = frozenset({"allergy"})
NUTS = {"attribute": "allergy", "op": "is", "value": "nuts"}
DRY = {"attribute": "skin", "op": "is", "value": "dry"}
ANSWERED = {"attribute": "allergy", "op": "answered"}
UNANSWERED = {"attribute": "allergy", "op": "answered", "value": False}


def read(raw: object) -> Condition | None:
    return parse(raw, operand="attribute") if raw else None


@pytest.mark.parametrize(
    ("is_sensitive", "eligibility", "veto", "expected"),
    [
        (False, None, None, ""),
        (False, DRY, NUTS, ""),
        (False, None, {"not": NUTS}, ""),
        (False, UNANSWERED, None, ""),
        (False, {"not": ANSWERED}, None, ""),
        (False, NUTS, None, BRINGS),
        (False, {"any": [DRY, NUTS]}, None, BRINGS),
        (False, {"all": [DRY, {"not": NUTS}]}, None, BRINGS),
        (False, {"not": UNANSWERED}, None, BRINGS),
        (False, None, UNANSWERED, UNLOCKS),
        (False, None, {"any": [DRY, {"not": ANSWERED}]}, UNLOCKS),
        (False, None, ANSWERED, ""),
        (True, None, None, UNASKED),
        (True, DRY, None, UNASKED),
        (True, {"any": [DRY, NUTS]}, None, UNASKED),
        (True, {"all": [DRY, NUTS]}, UNANSWERED, ""),
    ],
)
def test_whom_an_offer_may_be_for(is_sensitive: bool, eligibility: object, veto: object, expected: str) -> None:
    assert fault(Whom(is_sensitive, read(eligibility), read(veto)), SENSITIVE) == expected


facts = st.fixed_dictionaries(
    {},
    optional={
        "skin": st.sampled_from([frozenset({"dry"}), frozenset({"oily"})]),
        "goals": st.frozensets(st.sampled_from(["calm", "glow"]), min_size=1),
        "vegan": st.sampled_from([frozenset({"yes"}), frozenset({"no"})]),
    },
)


@given(conditions, st.none() | conditions, facts)
def test_nobody_gets_an_offer_for_what_they_said_of_something_sensitive(
    eligibility: Condition, veto: Condition | None, told: dict[str, frozenset[str]]
) -> None:
    """Of every offer that passes: who gets it would get it without the sensitive answer."""
    for keys in (frozenset({"skin"}), frozenset({"goals", "vegan"})):
        if fault(Whom(False, eligibility, veto), keys):
            continue
        untold = {key: fact for key, fact in told.items() if key not in keys}

        def gets(known: dict[str, frozenset[str]]) -> bool:
            return holds(eligibility, known) is True and not (veto and holds(veto, known) is True)

        assert gets(untold) or not gets(told)


def test_only_what_the_condition_asks_for_may_speak() -> None:
    both = SENSITIVE | {"beliefs"}
    asks = Test("attribute", "allergy", "answered", True)
    assert may_speak(Whom(True, asks), both) == {"allergy"}
    assert may_speak(Whom(False, None), both) == frozenset()
    assert may_speak(Whom(True, AnyOf((asks, Test("attribute", "skin", "is", "dry")))), both) == frozenset()
    assert may_speak(Whom(True, Not(asks)), both) == frozenset()


def test_a_category_is_as_sensitive_as_what_is_above_it_even_in_a_circle() -> None:
    tree = [Branch(1, None, True), Branch(2, 1, False), Branch(3, 2, False), Branch(4, None, False)]
    assert sensitive_categories(tree) == {1, 2, 3}
    assert sensitive_categories([Branch(1, 2, False), Branch(2, 1, False), Branch(3, 9, False)]) == frozenset()


# ── The engine, whatever is stored ──────────────────────────────────────────────────────────────────────────────────
@pytest.fixture(autouse=True)
def forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another test's catalogue may have had the same version."""
    monkeypatch.setattr(catalogue, "_loaded", None)


@pytest.fixture
def nora(shop: Shop) -> Person:
    """Dry skin, and allergic to nuts: she said so, and switched offers on."""
    return somebody().tells(skin="dry", allergy="nuts").grants()


def tailored(person: Person) -> list[str]:
    row = person.does(lambda: TailoredOffers.objects.get())
    slugs = dict(Offer.objects.values_list("pk", "slug"))
    return [slugs[pk] for pk in row.offers if pk]  # type: ignore[attr-defined]


def test_an_offer_in_a_sensitive_category_is_given_to_nobody_until_it_asks(
    nora: Person, worker: Callable[..., int]
) -> None:
    worker("compute_due")
    assert "cream" in tailored(nora)
    above = Category.objects.create(slug="health", name=T("Health"), is_sensitive=True)
    Category.objects.filter(slug="creams").update(parent=above)
    worker("compute_due")
    assert "cream" not in tailored(nora)
    Offer.objects.filter(slug="cream").update(eligibility=ANSWERED)
    worker("compute_due")
    assert "cream" in tailored(nora)


@pytest.mark.parametrize("stored", [{"eligibility": {"any": [DRY, NUTS]}}, {"veto": UNANSWERED}])
def test_an_offer_that_would_reveal_an_answer_is_given_to_nobody(
    stored: dict[str, Any], nora: Person, worker: Callable[..., int]
) -> None:
    Offer.objects.filter(slug="card").update(**stored)
    worker("compute_due")
    assert "card" not in tailored(nora)


def test_a_weight_that_would_reveal_an_answer_counts_for_nothing(
    shop: Shop, nora: Person, worker: Callable[..., int]
) -> None:
    nuts = shop.features["allergy=nuts"]
    trait = Trait.objects.create(slug="gentle", name=T("Gentle"))
    Product.objects.get().traits.add(trait)
    worker("compute_due")
    before = tailored(nora)
    OfferWeight.objects.create(offer_id=shop.offers["card"], feature_id=nuts, weight=10)
    TraitWeight.objects.create(trait=trait, feature_id=nuts, weight=10)
    worker("compute_due")
    assert tailored(nora) == before
    OfferWeight.objects.filter(offer_id=shop.offers["card"]).update(weight=-10)
    worker("compute_due")
    assert tailored(nora)[-1] == "card", "what speaks against it counts: that tells nobody"


def test_an_attribute_that_becomes_sensitive_is_looked_at_again(nora: Person, worker: Callable[..., int]) -> None:
    Offer.objects.filter(slug="card").update(eligibility=DRY)
    worker("compute_due")
    assert "card" in tailored(nora)
    Attribute.objects.filter(key="skin").update(is_sensitive=True)
    worker("compute_due")
    assert "card" not in tailored(nora)


# ── The admin ───────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def marketer(shop: Shop) -> Client:
    User.objects.create_superuser("mia", password="only-for-tests")
    client = Client()
    assert client.login(username="mia", password="only-for-tests")
    return client


def sent(shop: Shop, **changes: Any) -> dict[str, Any]:
    fields = {
        "slug": "new-offer", "title_en": "New", "benefit_kind": "sample", "purpose": shop.purpose.pk, "prior": "0",
        "priority": "0", "is_active": "on",
        "weights-TOTAL_FORMS": "0", "weights-INITIAL_FORMS": "0",
        "caps-TOTAL_FORMS": "0",
        "caps-INITIAL_FORMS": "0",
    }  # fmt: skip
    return fields | changes


def weight(shop: Shop, feature: str, number: str) -> dict[str, Any]:
    return {"weights-TOTAL_FORMS": "1", "weights-0-feature": shop.features[feature], "weights-0-weight": number}


def words(response: Any) -> str:
    context = response.context
    formsets = [str(each.formset.non_form_errors()) for each in context["inline_admin_formsets"]]
    return " ".join([str(context["adminform"].form.errors), *formsets])


def test_the_form_refuses_an_offer_that_would_reveal_an_answer(marketer: Client, shop: Shop) -> None:
    Category.objects.create(slug="health", name=T("Health"), is_sensitive=True)
    salve = Product.objects.create(slug="salve", name=T("Salve"), category=Category.objects.get(slug="health"))
    asks = json.dumps(ANSWERED)
    for changes, expected in (
        ({"product": salve.pk}, "Its product is in a sensitive category"),
        ({"eligibility": asks}, "only those who gave it get it"),
        ({"veto": json.dumps(UNANSWERED)}, "keeps the offer from everybody who did not"),
        (weight(shop, "allergy=nuts", "3"), "could learn what they said of Allergy"),
        ({"product": salve.pk, "eligibility": json.dumps({"any": [DRY, NUTS]})}, "Its product is in a sensitive"),
    ):
        answer = marketer.post("/admin/recommendations/offer/add/", sent(shop, **changes))
        assert answer.status_code == 200, changes
        assert expected in words(answer).replace("&#x27;", "'"), changes
    assert not Offer.objects.filter(slug="new-offer").exists()
    for number, changes in enumerate((
        {"product": salve.pk, "eligibility": asks, **weight(shop, "allergy=nuts", "3")},
        {"veto": json.dumps(NUTS), **weight(shop, "allergy=nuts", "-3")},
    )):  # fmt: skip
        answer = marketer.post("/admin/recommendations/offer/add/", sent(shop, **changes) | {"slug": f"kind-{number}"})
        assert answer.status_code == 302, words(answer)


def test_an_offer_inherits_no_trait_that_would_reveal_an_answer(marketer: Client, shop: Shop) -> None:
    trait = Trait.objects.create(slug="nut-free", name=T("Nut-free"))
    TraitWeight.objects.create(trait=trait, feature_id=shop.features["allergy=nuts"], weight=5)
    balm = Product.objects.get(slug="balm")
    offer = f"/admin/recommendations/product/{balm.pk}/change/"
    fields = {"slug": "balm", "name_en": "Balm", "category": balm.category_id, "price_currency": "EUR"}
    answer = marketer.post(offer, fields | {"traits": [trait.pk]})
    assert "whoever sees “Cream”" in str(answer.context["adminform"].form.errors)
    assert not balm.traits.exists()
    bare = Product.objects.create(slug="bare", name=T("Bare"), category=balm.category)
    bare.traits.add(trait)
    answer = marketer.post("/admin/recommendations/offer/add/", sent(shop, product=bare.pk))
    assert "traits speak for it by what people said of Allergy" in words(answer)


def test_a_category_that_becomes_sensitive_names_the_offers_nobody_gets_now(marketer: Client, shop: Shop) -> None:
    creams = Category.objects.get()
    fields = {"slug": "creams", "name_en": "Creams", "parent": "", "is_sensitive": "on"}
    answer = marketer.post(f"/admin/recommendations/category/{creams.pk}/change/", fields, follow=True)
    assert "Nobody gets “Cream” now" in answer.content.decode()
