"""What marketers see and set of purchases."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from preferences.models import Attribute
from recommendations.models import AfterPurchase, Catalogue, Category, Complement, Product
from tests.recommendations.shop import Shop, T

ADMIN = "/admin/recommendations/afterpurchase/"


@pytest.fixture
def marketer(shop: Shop) -> Client:
    User.objects.create_superuser("mia", password="only-for-tests")
    client = Client()
    assert client.login(username="mia", password="only-for-tests")
    return client


def test_how_much_a_purchase_speaks_is_one_page(marketer: Client) -> None:
    response = marketer.get(ADMIN, follow=True)
    assert response.redirect_chain[-1][0].endswith("/add/")
    assert response.context["adminform"].form.initial == {}
    before = Catalogue.objects.get().version
    told = {"bought": "-4", "substitutes": "-1.5", "distance": "3"}
    assert marketer.post(f"{ADMIN}add/", told).status_code == 302
    kept = AfterPurchase.objects.get()
    assert (kept.pk, kept.bought, kept.substitutes, kept.distance) == (1, -4, -1.5, 3)
    assert Catalogue.objects.get().version > before  # offers are computed anew
    assert marketer.get(ADMIN, follow=True).redirect_chain[-1][0].endswith("/1/change/")
    assert marketer.get(f"{ADMIN}add/").status_code == 403


@pytest.mark.parametrize("wrong", [{"bought": "1"}, {"substitutes": "-11"}, {"distance": "0"}])
def test_a_purchase_never_speaks_for_the_same_again(marketer: Client, wrong: dict[str, str]) -> None:
    told = {"bought": "-4", "substitutes": "-1.5", "distance": "3"} | wrong
    response = marketer.post(f"{ADMIN}add/", told)
    assert set(response.context["adminform"].form.errors) == set(wrong)


def test_what_can_be_bought_is_not_typed(marketer: Client) -> None:
    """One product is enough, and the words of the attribute can be changed without touching any."""
    purchases = Attribute.objects.create(
        key="purchases", kind="multi", label=T("Bought"), sentence=T("you bought {value}"), group=T("Orders")
    )
    assert [value.value for value in purchases.values.all()] == ["balm"]
    page = f"/admin/preferences/attribute/{purchases.pk}/change/"
    assert marketer.get(page).context["inline_admin_formsets"] == []
    told = {
        "profile_kind": "self",
        "label_0": "What you bought",
        "sentence_0": "you bought {value}",
        "group_0": "Orders",
        "shelf_life_days": "365",
    }
    response = marketer.post(page, {**told, **{key.replace("_0", "_en"): text for key, text in told.items()}})
    assert response.status_code == 302, response.context["adminform"].form.errors
    purchases.refresh_from_db()
    assert purchases.label["en"] == "What you bought"
    assert [value.value for value in purchases.values.all()] == ["balm"]


@pytest.mark.parametrize(("category", "is_far"), [("creams", False), ("cats", True)])
def test_what_is_too_far_apart_is_said_to_count_for_nothing(marketer: Client, category: str, *, is_far: bool) -> None:
    Category.objects.get_or_create(slug=category, defaults={"name": T(category)})
    other = Product.objects.create(slug="other", name=T("Other"), category=Category.objects.get(slug=category))
    balm = Product.objects.get(slug="balm")
    told = {"product": balm.pk, "suggested": other.pk, "weight": "2", "is_active": "on"}
    page = marketer.post("/admin/recommendations/complement/add/", told, follow=True).content.decode()
    assert other.pk in Complement.objects.values_list("suggested_id", flat=True)
    assert ("They stand too far apart" in page) is is_far
