"""What the preference center shows: the picture, one thing's page, what an offer came from, what was looked for."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from preferences import registry, services
from preferences.models import Attribute
from preferences.registry import About, Change, Made, Provider
from preferences.services import Told
from tests.support.people import Person, acting, make_catalogue, someone

pytestmark = pytest.mark.django_db
Page = Callable[..., str]


@pytest.fixture
def features(db: None) -> dict[str, int]:
    return make_catalogue()


@pytest.fixture
def ada(features: dict[str, int]) -> Person:
    return someone({"skin": "dry", "goal": ["calm", "glow"], "weight": 4.2}, ("offers",))


@pytest.fixture
def shop(ada: Person, features: dict[str, int]) -> Iterator[None]:
    """An app that made an offer of Ada's skin."""
    made = Made("balm", "A balm", "/offers/", ada.profile, "offers", (features["skin=dry"],))

    def about(customer_id: int, _language: str, changes: Sequence[Change]) -> About:
        return About([[] for _change in changes], (), [made] if customer_id == ada.id else [])

    registry.register(Provider("shop", about=about))
    yield
    registry._providers.pop("shop")


@pytest.fixture
def see(ada: Person) -> Page:
    client = Client()
    client.cookies["proffer"] = ada.token

    def get(path: str, **sent: str) -> str:
        response = client.post(path, sent) if sent else client.get(path)
        assert response.status_code == 200
        return response.content.decode()

    return get


def things(page: str) -> list[str]:
    return re.findall(r'<li class="row item[^"]*" id="item-\d+-(\w+)"', page)


def test_the_picture_leads_to_what_it_shows_and_says_it_in_words(see: Page, shop: None, ada: Person) -> None:
    page = see("/preferences/")
    for target in (f"#item-{ada.profile}-skin", "#use-offers", f"/preferences/why/{ada.profile}/balm/"):
        assert re.search(rf'<a href="{target}" class="node', page), target
    assert f'id="item-{ada.profile}-skin"' in page
    assert 'id="use-offers"' in page
    assert "“Letters” uses nothing." in page
    assert "From it come: “A balm”." in page


def test_with_many_things_the_picture_shows_their_headings(see: Page, ada: Person) -> None:
    tell(ada, 200)
    page = see("/preferences/")
    assert "203 things" in page
    assert len(re.findall(r'class="node', page)) < 40


def test_why_an_offer_came_shows_exactly_the_things_it_came_from(see: Page, shop: None, ada: Person) -> None:
    page = see(f"/preferences/why/{ada.profile}/balm/")
    assert "Why you got “A balm”" in page
    assert things(page) == ["skin"]
    assert 'data-purpose="offers" data-attribute="skin"' in page


def test_nobody_learns_why_somebody_else_got_something(shop: None, ada: Person) -> None:
    client = Client()
    client.cookies["proffer"] = someone({"skin": "oily"}).token
    assert client.get(f"/preferences/why/{ada.profile}/balm/").status_code == 404
    assert client.get(f"/preferences/why/{ada.profile}/nothing/").status_code == 404


def test_the_page_of_a_thing_says_who_used_it_when(
    see: Page, ada: Person, owner_connection: psycopg.Connection, features: dict[str, int]
) -> None:
    for days in (1, 5):
        owner_connection.execute(
            "INSERT INTO preferences_uselog (profile_id, purpose_id, customer_id, day, attributes)"
            " SELECT %s, p.id, %s, (now() AT TIME ZONE 'utc')::date - %s, ARRAY[a.id] FROM preferences_purpose p,"
            " preferences_attribute a WHERE p.slug = 'offers' AND a.key = 'skin'",
            [ada.profile, ada.id, days],
        )
    page = see(f"/preferences/{ada.profile}/skin/")
    assert "Offers: on 2 days of the last 42" in page
    assert page.count('class="used"') == 2
    assert "your preferences" in page or "a quiz" in page
    assert "Never used yet." in see(f"/preferences/{ada.profile}/goal/")


def test_the_page_of_a_thing_shows_what_it_was_before(see: Page, ada: Person) -> None:
    with acting(ada):
        services.correct(profile_id=ada.profile, attribute_key="weight", value=5.1)
    page = see(f"/preferences/{ada.profile}/weight/")
    assert "Up 0.9 kg since" in page
    assert "4.2 kg" in page


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        ({"words": "dry"}, ["skin"]),
        ({"words": "CALM glow"}, ["goal"]),
        ({"words": "purple"}, []),
        ({"words": "", "use": "offers"}, ["goal", "skin", "weight"]),
        ({"words": "", "use": "letters"}, []),
        ({"words": "", "lately": "yes"}, []),
        ({"words": "", "whom": "x"}, []),
    ],
)
def test_what_is_looked_for_is_found(see: Page, sent: dict[str, str], found: list[str]) -> None:
    page = see("/preferences/find/", **sent)
    assert sorted(things(page)) == found
    assert re.search(rf"{len(found)} things? found" if found else "Nothing found", page)


def test_what_was_typed_is_in_no_address(see: Page) -> None:
    page = see("/preferences/find/", words="dry")
    assert 'action="/preferences/find/"' in page
    assert not re.search(r'(href|action|hx-post)="[^"]*dry', page)


def tell(person: Person, count: int) -> None:
    for number in range(count):
        texts = {"label": {"en": "Tea"}, "sentence": {"en": "tea {value}"}, "group": {"en": f"Shelf {number % 12}"}}
        Attribute.objects.create(key=f"tea_{number}", kind="text", **texts)
    with acting(person):
        services.remember(profile_id=person.profile, items=[Told(f"tea_{n}", "green") for n in range(count)])


@pytest.mark.parametrize("path", ["/preferences/", "/preferences/{}/skin/", "/preferences/why/{}/balm/"])
def test_two_hundred_things_cost_no_more_than_one(see: Page, shop: None, ada: Person, path: str) -> None:
    path = path.format(ada.profile)

    def asked() -> int:
        see(path)
        with CaptureQueriesContext(connection) as captured:
            see(path)
        return sum(query["sql"].startswith("SELECT") for query in captured.captured_queries)

    few = asked()
    tell(ada, 200)
    assert asked() == few
    if path == "/preferences/":
        assert few <= 12


def test_nothing_moves_on_by_age_unseen(see: Page, ada: Person, owner_connection: psycopg.Connection) -> None:
    owner_connection.execute("UPDATE preferences_preference SET expires_at = now() - %s", [timedelta(days=1)])
    page = see(f"/preferences/{ada.profile}/skin/")
    assert "Nobody: it has been too old to be used since" in page
    assert "It is still right" in page
