"""Importing orders as the worker: what the report says of each line, and what offers become of it."""

import io
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import connection

from preferences import catalogue, services
from preferences import selectors as preferences_of
from preferences.models import Attribute, AttributeValue, Feature
from recommendations import presenting
from recommendations.catalogue import changed_since, version
from recommendations.models import AfterPurchase, Catalogue, Category, Complement, Offer, Product
from recommendations.orders.suggesting import suggest_complements
from tests.recommendations.shop import Person, Shop, T, somebody

HEADER = "order id,customer,product slug,bought_at,quantity\n"


AsRole = Callable[[str], AbstractContextManager[None]]
Import = Callable[..., list[str]]
SLUGS = {"coat": "coats", "parka": "coats", "gloves": "small", "tonic": "discreet", "cat-food": "cats"}


@pytest.fixture
def boutique(shop: Shop) -> Shop:
    """The shop, selling coats, gloves and, far from them, cat food; and offers of each, named as what they offer."""
    clothes = Category.objects.create(slug="clothes", name=T("Clothes"))
    for slug in ("coats", "small"):
        Category.objects.create(slug=slug, name=T(slug), parent=clothes)
    Category.objects.create(slug="cats", name=T("Cats"))
    Category.objects.create(slug="discreet", name=T("Discreet"), is_sensitive=True)
    for slug, category in SLUGS.items():
        product = Product.objects.create(
            slug=slug, name=T(slug.capitalize(), f"{slug} id"), category=Category.objects.get(slug=category)
        )
        if slug != "tonic":
            Offer.objects.create(
                slug=slug, title=T(slug), text=T(slug), product=product, purpose=shop.purpose, benefit_kind="content"
            )
    attribute = Attribute.objects.create(
        key="purchases",
        kind="multi",
        label=T("What you bought"),
        sentence=T("you bought {value}", "kamu membeli {value}"),
        group=T("Orders"),
    )
    shop.purpose.attributes.add(attribute)
    words = T("Offers")
    catalogue.publish_notice(purpose=shop.purpose, title=words, sentence=words, benefit=words, details=words)
    goes_with("coat", "gloves", 2)
    return shop


def goes_with(slug: str, other: str, weight: float, **more: object) -> Complement:
    product, suggested = Product.objects.get(slug=slug), Product.objects.get(slug=other)
    return Complement.objects.create(product=product, suggested=suggested, weight=weight, **more)


def account(person: Person, email: str) -> Person:
    user = get_user_model().objects.create_user(username=email, email=email)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)

    def attach() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT attach_account(%s)", [user.pk])

    person.does(attach)
    return person


@pytest.fixture
def eve(boutique: Shop) -> Person:
    return account(somebody().tells(skin="dry").grants(), "eve@example.org")


@pytest.fixture
def imports(as_role: AsRole, tmp_path: Path, boutique: Shop) -> Import:
    """`imports("coat", "gloves", by=…)`: what the report says of each line of such an order, bought yesterday."""

    def run(*slugs: str, by: str = "eve@example.org", order: str = "A-1", options: tuple[str, ...] = ()) -> list[str]:
        day = (datetime.now(UTC) - timedelta(days=1)).isoformat()
        lines = "".join(f"{order},{by},{slug},{day},1\n" for slug in slugs)
        return report(as_role, tmp_path, HEADER + lines, *options)

    return run


def report(as_role: AsRole, folder: Path, content: str, *options: str) -> list[str]:
    file = folder / "orders.csv"
    file.write_text(content)
    out = io.StringIO()
    with as_role("worker"):
        call_command("import_orders", str(file), *options, stdout=out)
    return out.getvalue().splitlines()


def switch_on(person: Person) -> None:
    person.does(
        lambda: services.include(
            profile_id=person.profile_id, purpose_slug="offers", attribute_key="purchases", source="center"
        )
    )


def bought(person: Person) -> object:
    def look() -> object:
        with connection.cursor() as cursor:
            cursor.execute("SELECT value::text FROM preferences_preference WHERE orders <> '[]'")
            row = cursor.fetchone()
        return json.loads(row[0]) if row else None

    return person.does(look)


def test_every_line_is_reported(eve: Person, imports: Import) -> None:
    assert imports("coat", "gloves", "coat", "sofa", "tonic", "warm coat") == [
        "line 2: recorded",
        "line 3: recorded",
        "line 4: already known",
        "line 5: unknown product: no product has this slug",
        "line 6: refused: products in a sensitive category are not kept as purchases",
        "line 7: malformed (product slug)",
        "6 lines: 2 recorded, 1 already known, 1 unknown product, 1 refused, 1 malformed.",
    ]
    assert bought(eve) == ["coat", "gloves"]
    assert imports("coat", "gloves")[:2] == ["line 2: already known", "line 3: already known"]


def test_a_dry_run_says_the_same_and_keeps_nothing(eve: Person, imports: Import) -> None:
    found = imports("coat", "coat", options=("--dry-run",))
    assert found[:2] == ["line 2: recorded", "line 3: already known"]
    assert found[-1].endswith("Nothing was kept: a dry run.")
    assert bought(eve) is None


def test_as_json_each_line_is_an_object(eve: Person, imports: Import) -> None:
    *lines, last = [json.loads(each) for each in imports("coat", "a b", options=("--json",))]
    assert lines == [
        {"line": 2, "status": "recorded", "outcome": "recorded"},
        {"line": 3, "status": "malformed", "outcome": "malformed", "column": "product slug"},
    ]
    assert last == {"lines": 2, "counts": {"recorded": 1, "malformed": 1}, "dry_run": False}


def test_no_address_is_ever_said(eve: Person, imports: Import, caplog: pytest.LogCaptureFixture) -> None:
    said = [*imports("coat"), *imports("coat", by="stranger@example.org"), *imports("coat", by="eve example.org")]
    assert said[2:] == [
        "line 2: unknown customer: no account has confirmed this address; nothing is kept",
        "1 lines: 1 unknown customer.",
        "line 2: malformed (customer)",
        "1 lines: 1 malformed.",
    ]
    assert "example.org" not in " ".join(said) + caplog.text


def test_a_file_that_is_none_is_an_error_in_one_sentence(eve: Person, as_role: AsRole, tmp_path: Path) -> None:
    with as_role("worker"), pytest.raises(CommandError, match="cannot be read"):
        call_command("import_orders", str(tmp_path / "none.csv"))
    with pytest.raises(CommandError, match="must name the columns"):
        report(as_role, tmp_path, "what,is,this\n")


def test_without_a_use_that_wants_purchases_nothing_is_kept(eve: Person, boutique: Shop, imports: Import) -> None:
    boutique.purpose.attributes.remove(Attribute.objects.get(key="purchases"))
    with pytest.raises(CommandError, match="No use wants to know"):
        imports("coat")


# ── What can be bought ──────────────────────────────────────────────────────────────────────────────────────────────


def test_products_can_be_bought_as_soon_as_they_are_there(boutique: Shop) -> None:
    values = AttributeValue.objects.filter(attribute__key="purchases")
    assert set(values.values_list("value", flat=True)) == {"balm", *SLUGS}
    longest = "x" + 78 * "-" + "X"
    product = Product.objects.create(slug=longest, name=T("Long"), category=Category.objects.get(slug="coats"))
    assert Feature.objects.get(attribute__key="purchases", code=longest).pk
    product.name = T("Longer")
    product.save()
    assert values.get(value=longest).label == T("Longer")
    product.delete()
    assert values.filter(value=longest).exists()  # who bought it still reads what it was


# ── What becomes of it ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def offered(
    worker: Callable[..., int], tailored: Callable[[Person], list[str] | None]
) -> Callable[[Person], list[str]]:
    """The slugs of a person's offers, computed now."""

    def look(person: Person) -> list[str]:
        worker("compute_due")
        return tailored(person) or []

    return look


def test_without_the_switch_nothing_changes(
    eve: Person, imports: Import, offered: Callable[[Person], list[str]]
) -> None:
    before = offered(eve)
    assert "coat" in before
    imports("coat")
    assert offered(eve) == before


def test_what_was_bought_is_gone_its_like_falls_and_what_goes_with_it_rises(
    eve: Person, imports: Import, offered: Callable[[Person], list[str]]
) -> None:
    Offer.objects.filter(slug="coat").update(prior=10)
    Offer.objects.filter(slug="parka").update(prior=1)
    before = offered(eve)
    assert before[:3] == ["coat", "cream", "parka"]
    assert "gloves" not in before
    imports("coat")
    switch_on(eve)
    after = offered(eve)
    assert after[:2] == ["cream", "gloves"]
    assert "coat" not in after
    assert "parka" not in after[:3]


def test_the_reason_is_said_in_words(eve: Person, imports: Import, offered: Callable[[Person], list[str]]) -> None:
    imports("coat")
    switch_on(eve)
    assert "gloves" in offered(eve)

    def reasons(language: str) -> list[str]:
        (panel,) = presenting.panels(eve.id, preferences_of.profiles(eve.id), language)
        (gloves,) = [each for each in panel.offers if each.slug == "gloves"]
        return [each.text for each in gloves.reasons]

    assert eve.does(lambda: reasons("en")) == ["Because you bought Coat"]


def test_what_was_bought_can_be_let_back_in(
    eve: Person, imports: Import, offered: Callable[[Person], list[str]]
) -> None:
    imports("coat")
    switch_on(eve)
    assert "coat" not in offered(eve)
    Offer.objects.filter(slug="coat").update(prior=5)
    AfterPurchase.objects.create(pk=1, bought=-1)
    assert offered(eve)[0] == "coat"


def test_a_coat_never_suggests_cat_food(eve: Person, imports: Import, offered: Callable[[Person], list[str]]) -> None:
    goes_with("coat", "cat-food", 10)
    imports("coat")
    switch_on(eve)
    found = offered(eve)
    assert found.index("gloves") < found.index("cat-food")


# ── Suggestions ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def crowd(boutique: Shop, as_role: AsRole, tmp_path: Path) -> list[Person]:
    """Twenty who bought a parka with gloves (and cat food), twenty who bought balm; all let it be used."""
    people = [account(somebody().grants(), f"p{number}@example.org") for number in range(40)]
    day = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    rows = [
        f"O-{number},p{number}@example.org,{slug},{day}\n"
        for number in range(40)
        for slug in (("parka", "gloves", "cat-food", "coat") if number < 20 else ("balm",))
    ]
    report(as_role, tmp_path, HEADER.replace(",quantity", "") + "".join(rows))
    for person in people:
        switch_on(person)
    return people


def suggestions_now(as_role: AsRole) -> set[tuple[str, str]]:
    with as_role("offers"):
        suggest_complements()
    edges = Complement.objects.filter(origin="bought_together")
    return set(edges.values_list("product__slug", "suggested__slug"))


def test_what_is_bought_together_waits_for_a_marketer(crowd: list[Person], as_role: AsRole) -> None:
    found = suggestions_now(as_role)
    assert found == {("parka", "gloves"), ("gloves", "parka"), ("gloves", "coat")}  # coat → gloves is a marketer's
    assert not Complement.objects.filter(origin="bought_together", is_active=True).exists()
    mine = Complement.objects.get(product__slug="coat", suggested__slug="gloves")
    assert (mine.origin, mine.weight, mine.is_active) == ("marketer", 2, True)


def test_nineteen_people_are_too_few_and_what_is_off_is_not_counted(crowd: list[Person], as_role: AsRole) -> None:
    assert suggestions_now(as_role)
    crowd[0].withdraws()
    assert suggestions_now(as_role) == set()  # and what was suggested is taken back
    crowd[0].grants()
    assert len(suggestions_now(as_role)) == 3


def test_a_declined_suggestion_does_not_come_back(crowd: list[Person], as_role: AsRole) -> None:
    suggestions_now(as_role)
    Complement.objects.get(product__slug="parka", suggested__slug="gloves").delete()
    assert ("parka", "gloves") not in suggestions_now(as_role)
    assert ("gloves", "parka") in suggestions_now(as_role)


def test_an_accepted_suggestion_is_left_alone(crowd: list[Person], as_role: AsRole) -> None:
    suggestions_now(as_role)
    Complement.objects.filter(product__slug="parka", suggested__slug="gloves").update(is_active=True, weight=0.5)
    for person in crowd[:5]:
        person.withdraws()
    assert suggestions_now(as_role) == {("parka", "gloves")}
    assert Complement.objects.get(product__slug="parka", suggested__slug="gloves").weight == 0.5


def test_suggesting_computes_nobodys_offers_anew_and_accepting_does(crowd: list[Person], as_role: AsRole) -> None:
    def changed() -> object:
        nonlocal seen
        with as_role("offers"):
            earlier, seen = seen, version()
            return changed_since(earlier, seen)

    seen = Catalogue.objects.get().version
    suggestions_now(as_role)
    suggestions_now(as_role)
    assert changed() == frozenset()
    gloves = Offer.objects.get(slug="gloves").pk
    edge = Complement.objects.filter(product__slug="parka", suggested__slug="gloves")
    edge.update(is_active=True)
    assert changed() == {gloves}
    edge.delete()
    assert changed() == {gloves}
