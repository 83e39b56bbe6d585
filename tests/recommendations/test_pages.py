"""What customers see: their offers, why, and nothing that is not theirs."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager

import psycopg
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.utils import translation

from preferences import access, registry
from recommendations import presenting
from recommendations.models import Offer
from tests.recommendations.shop import Person, Shop, somebody

Worker = Callable[..., int]
HTMX = {"HTTP_HX_REQUEST": "true"}


def browser(person: Person) -> Client:
    client = Client()
    client.cookies[access.COOKIE] = person.token
    return client


def shown(person: Person, language: str = "en") -> list[presenting.PanelView]:
    from preferences import selectors

    with translation.override(language):
        return person.does(lambda: presenting.panels(person.id, selectors.profiles(person.id), language))


def test_ada_sees_her_offers_with_their_reasons(ada: Person, worker: Worker):
    worker("compute_due")
    response = browser(ada).get("/offers/")
    page = response.content.decode()
    assert response.status_code == 200
    assert page.index('data-offer="cream"') < page.index('data-offer="gel"') < page.index('data-offer="card"')
    assert "Because you told us your skin is dry" in page
    assert 'data-reason="skin"' in page
    assert "20% off" in page
    assert "no-store" in response.headers["Cache-Control"]


def test_withdrawing_empties_the_page_at_the_very_next_request(ada: Person, worker: Worker):
    worker("compute_due")
    ada.withdraws()
    page = browser(ada).get("/offers/").content.decode()
    assert "data-offer" not in page
    assert 'data-state="off"' in page


def test_a_stranger_and_someone_who_told_nothing_see_an_empty_page(shop: Shop):
    assert "data-state" not in Client().get("/offers/").content.decode()
    assert "data-state" not in browser(somebody()).get("/offers/").content.decode()


def test_when_nothing_fits_it_says_so(ada: Person, worker: Worker):
    Offer.objects.update(is_active=False)
    worker("compute_due")
    assert 'data-state="none"' in browser(ada).get("/offers/").content.decode()


def test_an_offer_that_closed_since_is_not_served(ada: Person, worker: Worker):
    worker("compute_due")
    Offer.objects.filter(slug="cream").update(is_active=False)
    assert [offer.slug for offer in shown(ada)[0].offers] == ["gel", "card"]


def test_an_expired_permit_serves_nothing(ada: Person, worker: Worker, owner_connection: psycopg.Connection):
    worker("compute_due")
    owner_connection.execute("UPDATE preferences_permit SET expires_at = now() - interval '1 second'")
    assert shown(ada)[0].state == "none"


def test_reasons_quote_the_value_in_the_readers_language(ada: Person, worker: Worker):
    worker("compute_due")
    cream, gel, card = shown(ada, "id")[0].offers
    assert [reason.attribute for reason in cream.reasons] == ["skin", "goals"]
    assert "skin kamu dry" in cream.reasons[0].text
    assert cream.reasons[0].change_url == f"/preferences/{ada.profile_id}/skin/"
    assert card.reasons == ()
    assert card.is_popular
    assert not gel.is_popular


def test_a_number_is_quoted_as_told_not_as_its_bin(shop: Shop, worker: Worker):
    Offer.objects.get(slug="gel").weights.create(feature_id=shop.features["weight=light"], weight=9)
    person = somebody().tells(weight=54.5).grants()
    worker("compute_due")
    assert shown(person)[0].offers[0].reasons[0].text == "Because you told us you weigh 54.5 kg"


def test_a_sensitive_answer_is_neither_named_nor_quoted(ada: Person, worker: Worker):
    ada.tells(allergy="nuts")
    worker("compute_due")
    page = browser(ada).get("/offers/").content.decode()
    assert 'data-offer="nut-free"' in page
    assert "llergy" not in page
    assert "nuts" not in page


def test_claiming_shows_the_code_and_stays_shown(ada: Person, worker: Worker):
    worker("compute_due")
    client = browser(ada)
    for _time in range(2):
        response = client.post("/offers/cream/claim/", follow=True)
        assert response.status_code == 200
        assert "CREAM" in response.content.decode()
    assert client.get("/offers/cream/claim/").status_code == 405
    assert client.post("/offers/unheard-of/claim/").status_code == 404
    assert Client().post("/offers/cream/claim/").status_code == 404
    gone = client.post("/offers/nut-free/claim/", follow=True).content.decode()
    assert "That offer is gone" in gone


def test_the_panel_asks_again_a_bounded_number_of_times(ada: Person, worker: Worker):
    client, address = browser(ada), f"/offers/for/{ada.profile_id}/?n=1"
    asked = 0
    while address:
        page = client.get(address, **HTMX)
        panel = page.context["panel"]
        address, asked = panel.poll_url, asked + 1
        assert panel.state == "waiting"
        assert panel.poll_delay_ms < 150
        assert asked < 100
    assert asked == presenting.MOST_POLLS
    worker("compute_due")
    assert "data-offer" in client.get(f"/offers/for/{ada.profile_id}/?n=3", **HTMX).content.decode()
    for nonsense in ("x", "-1", "9" * 50, ""):
        assert client.get(f"/offers/for/{ada.profile_id}/?n={nonsense}", **HTMX).status_code == 200


def test_someone_elses_panel_does_not_exist(ada: Person, bo: Person, worker: Worker):
    worker("compute_due")
    assert browser(bo).get(f"/offers/for/{ada.profile_id}/", **HTMX).status_code == 404
    assert Client().get(f"/offers/for/{ada.profile_id}/", **HTMX).status_code == 404
    assert browser(ada).get(f"/offers/for/{ada.profile_id}/").status_code == 302, "not htmx"


def test_a_whole_page_waits_for_the_worker_but_not_for_long(
    ada: Person, as_role: Callable[[str], AbstractContextManager]
):
    started = time.monotonic()
    assert browser(ada).get("/offers/").context["panels"][0].state == "waiting"
    assert 0.35 < time.monotonic() - started < 1.5
    started = time.monotonic()
    browser(ada).get("/offers/", **HTMX)
    assert time.monotonic() - started < 0.35


def test_the_tag_shows_a_profiles_offers_and_nobody_elses(ada: Person, bo: Person, worker: Worker):
    worker("compute_due")
    template = Template("{% load offers %}{% tailored_offers profile_id %}{% product 'balm' %}{% product 'none' %}")

    def render(person: Person, profile_id: int) -> str:
        request = RequestFactory().get("/q/skin/1/result/")
        request.COOKIES[access.COOKIE] = person.token
        return person.does(lambda: template.render(Context({"request": request, "profile_id": profile_id})))

    assert 'data-offer="cream"' in render(ada, ada.profile_id)
    assert "Balm" in render(ada, ada.profile_id)
    assert "data-offer" not in render(bo, ada.profile_id)


def test_more_offers_do_not_mean_more_queries(
    ada: Person, worker: Worker, django_assert_max_num_queries: Callable[[int], AbstractContextManager]
):
    worker("compute_due")
    with django_assert_max_num_queries(14):
        assert len(shown(ada)[0].offers) == 3


def test_the_preference_center_is_told_what_would_go_and_what_stays(ada: Person, worker: Worker):
    worker("compute_due")
    browser(ada).post("/offers/cream/claim/")

    def texts(**change: object) -> list[str]:
        losses = ada.does(lambda: registry.losses(registry.Change(customer_id=ada.id, **change)))
        return [loss.text for loss in losses]

    assert texts(kind="withdraw", purpose="offers") == ["3 offers will disappear.", "The code you took stays yours."]
    assert texts(kind="withdraw", purpose="other") == ["The code you took stays yours."]
    assert texts(kind="forget", profile_id=ada.profile_id, attribute="skin")[0].startswith("1 offer was chosen")
    assert len(texts(kind="erase")) == 2
    (held,) = ada.does(lambda: registry.held(ada.id, "en"))
    assert held.value == "CREAM"
    assert registry.uses()["skin"] == ["offer “Cream”", "offer “Gel”"]
    exported = ada.does(lambda: {each.name: list(each.rows()) for each in registry.export(ada.id)})
    assert exported["codes"][0]["code"] == "CREAM"
    assert exported["tailored_offers"][0]["reasons"] == ["skin=dry", "goals=calm"]
