"""The tree of categories has no circle, and reads as a tree; traits and complements are handled in bulk."""

import threading
from collections.abc import Callable

import psycopg
import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from recommendations.models import Category, Complement, Product, Trait, TraitWeight
from tests.recommendations.shop import Shop, T

ADMIN = "/admin/recommendations"


def staff(group: str = "marketer") -> Client:
    user = get_user_model().objects.create_user(group, is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def mira(shop: Shop) -> Client:
    return staff()


@pytest.fixture
def tree(shop: Shop) -> dict[str, Category]:
    """skin › creams › rich, and pet."""
    skin = Category.objects.create(slug="skin", name=T("Skin"))
    pet = Category.objects.create(slug="pet", name=T("Pet"))
    creams = Category.objects.get(slug="creams")
    Category.objects.filter(pk=creams.pk).update(parent=skin)
    rich = Category.objects.create(slug="a-rich", name=T("Rich"), parent=creams)
    return {"skin": skin, "pet": pet, "creams": creams, "rich": rich}


def test_the_database_refuses_a_circle(tree: dict[str, Category]) -> None:
    with pytest.raises(IntegrityError, match="belong to itself"), transaction.atomic():
        Category.objects.filter(slug="skin").update(parent=tree["rich"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Category.objects.filter(slug="skin").update(parent=tree["skin"])
    Category.objects.filter(slug="creams").update(parent=tree["pet"])


def test_two_who_move_at_once_make_no_circle(
    tree: dict[str, Category], role_connection: Callable[[str], psycopg.Connection]
) -> None:
    """Each alone sees a tree; the second waits for the first and is refused."""
    first, second = role_connection("web"), role_connection("web")
    said: list[str] = []
    move = "UPDATE recommendations_category SET parent_id = %s WHERE id = %s"
    first.execute("BEGIN")
    first.execute(move, [tree["pet"].pk, tree["skin"].pk])

    def other() -> None:
        try:
            second.execute("BEGIN")
            second.execute(move, [tree["rich"].pk, tree["pet"].pk])
            second.execute("COMMIT")
        except psycopg.errors.CheckViolation as error:
            said.append(str(error.diag.constraint_name))

    waiting = threading.Thread(target=other)
    waiting.start()
    waiting.join(0.5)
    assert waiting.is_alive(), "it waits"
    first.execute("COMMIT")
    waiting.join(20)
    assert said == ["category_tree_has_no_circle"]


def test_the_form_says_that_a_category_cannot_belong_to_one_of_its_own(mira: Client, tree: dict[str, Category]) -> None:
    address = f"{ADMIN}/category/{tree['skin'].pk}/change/"
    fields = {"slug": "skin", "name_en": "Skin", "parent": tree["rich"].pk}
    assert "belongs to this category itself" in mira.post(address, fields).content.decode()
    offered = mira.get(address).content.decode()
    assert f'value="{tree["pet"].pk}"' in offered
    assert f'value="{tree["rich"].pk}"' not in offered


def test_the_list_reads_as_a_tree(mira: Client, tree: dict[str, Category]) -> None:
    Category.objects.filter(slug="skin").update(is_sensitive=True)
    page = mira.get(f"{ADMIN}/category/").content.decode()
    places = [page.index(f">{name}</span>") for name in ("Pet", "Skin", "Creams", "Rich")]
    assert places == sorted(places)
    assert "Skin › Creams › Rich" in page
    assert page.count("yes, by “Skin”") == 2
    assert "Rich" in mira.get(f"{ADMIN}/category/?q=rich").content.decode()


def test_lists_ask_no_more_the_more_there_is(mira: Client, tree: dict[str, Category]) -> None:
    def count(page: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert mira.get(f"{ADMIN}/{page}/").status_code == 200
        return len(queries)

    pages = ("category", "trait", "product", "complement")
    before = {page: count(page) for page in pages if count(page)}
    for number in range(5):
        category = Category.objects.create(slug=f"c{number}", name=T("C"), parent=tree["rich"])
        product = Product.objects.create(slug=f"p{number}", name=T("P"), category=category)
        product.traits.add(Trait.objects.create(slug=f"t{number}", name=T("T")))
        Complement.objects.create(product=Product.objects.get(slug="balm"), suggested=product)
    assert {page: count(page) for page in pages} == before


def test_several_products_are_given_a_trait_at_once(mira: Client, shop: Shop) -> None:
    more = Product.objects.create(slug="milk", name=T("Milk"), category=Category.objects.get())
    rich, vegan = (Trait.objects.create(slug=slug, name=T(slug.capitalize())) for slug in ("rich", "vegan"))
    products = list(Product.objects.values_list("pk", flat=True))
    chosen = {"action": "give_traits", "_selected_action": products}
    page = mira.post(f"{ADMIN}/product/", chosen).content.decode()
    assert "2 products" in page
    assert "Vegan" in page
    assert "Choose a trait first" in mira.post(f"{ADMIN}/product/", chosen | {"give": "1"}).content.decode()
    for _twice in range(2):
        answer = mira.post(f"{ADMIN}/product/", chosen | {"give": "1", "trait": [rich.pk, vegan.pk]}, follow=True)
        assert "2 products are changed." in answer.content.decode()
    assert {each.slug for each in more.traits.all()} == {"rich", "vegan"}
    assert rich.products.count() == 2
    mira.post(f"{ADMIN}/product/", chosen | {"take": "1", "trait": [rich.pk, "x", "99999"]})
    assert [each.slug for each in more.traits.all()] == ["vegan"]


def test_giving_a_trait_that_would_reveal_an_answer_is_refused_for_all(mira: Client, shop: Shop) -> None:
    trait = Trait.objects.create(slug="nut-free", name=T("Nut-free"))
    TraitWeight.objects.create(trait=trait, feature_id=shop.features["allergy=nuts"], weight=5)
    chosen = {"action": "give_traits", "_selected_action": [Product.objects.get().pk], "give": "1", "trait": trait.pk}
    answer = mira.post(f"{ADMIN}/product/", chosen)
    assert answer.status_code == 422
    assert "what people said of Allergy" in answer.content.decode()
    assert not trait.products.exists()


def test_suggestions_wait_until_they_are_accepted_or_declined(mira: Client, shop: Shop) -> None:
    balm = Product.objects.get()
    edges = {}
    for slug, origin, is_active in (
        ("milk", "bought_together", False), ("oil", "bought_together", False), ("bar", "marketer", False),
    ):  # fmt: skip
        product = Product.objects.create(slug=slug, name=T(slug.capitalize()), category=balm.category)
        edges[slug] = Complement.objects.create(
            product=balm, suggested=product, weight=2, origin=origin, is_active=is_active
        ).pk
    waiting = mira.get(f"{ADMIN}/complement/?state=waits").content.decode()
    assert "Milk" in waiting
    assert ">Bar<" not in waiting
    address = f"{ADMIN}/complement/"
    said = mira.post(address, {"action": "accept", "_selected_action": [edges["milk"], edges["bar"]]}, follow=True)
    assert "1 suggestion counts now." in said.content.decode()
    said = mira.post(address, {"action": "decline", "_selected_action": list(edges.values())}, follow=True)
    assert "1 suggestion is declined" in said.content.decode()
    left = {edge.suggested.slug: edge.is_active for edge in Complement.objects.select_related("suggested")}
    assert left == {"milk": True, "bar": False}


def test_who_only_looks_changes_nothing(shop: Shop) -> None:
    sam = staff("support")
    edge = Complement.objects.create(
        product=Product.objects.get(),
        suggested=Product.objects.create(slug="milk", name=T("Milk"), category=Category.objects.get()),
        origin="bought_together",
        is_active=False,
    )
    for page in ("category", "trait", "complement", "product"):
        assert sam.get(f"{ADMIN}/{page}/").status_code == 200
    sam.post(f"{ADMIN}/complement/", {"action": "accept", "_selected_action": [edge.pk]})
    assert not Complement.objects.get().is_active
