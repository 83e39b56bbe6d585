"""What customers do not want stays away: at once, for a period, for good; and can be taken back."""

from collections.abc import Callable

import psycopg
import pytest
from django.test import Client

from preferences import access, registry
from preferences import services as preferences
from recommendations import services
from recommendations.models import Exposure, Offer, Product, Restraint, Suppression
from tests.recommendations.restraint import AsRole, Worker, days_pass, dismiss, end_periods, seen
from tests.recommendations.shop import Person, Shop, T, somebody
from tests.recommendations.test_pages import HTMX, browser

Tailored = Callable[[Person], list[str] | None]


@pytest.fixture
def served(ada: Person, worker: Worker) -> Person:
    worker("compute_due")
    return ada


# ── Dismissing ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_dismissed_offer_is_gone_at_once_and_when_all_is_computed_again(
    served: Person, worker: Worker, tailored: Tailored
):
    dismiss(served, "cream")
    assert seen(served) == ["gel", "card"], "before anything was computed"
    assert worker("compute_for_profile", served.profile_id) == 1
    assert tailored(served) == ["gel", "card"]
    assert seen(served) == ["gel", "card"]


def test_dismissed_once_it_comes_again_after_the_period(
    served: Person, worker: Worker, tailored: Tailored, as_role: AsRole, owner_connection: psycopg.Connection
):
    Restraint.objects.update(dismissed_days=10)
    dismiss(served, "cream")
    worker("compute_due")
    days_pass(owner_connection, 9)
    end_periods(as_role)
    assert worker("compute_due") == 0
    assert seen(served) == ["gel", "card"]
    days_pass(owner_connection, 2)
    end_periods(as_role)
    worker("compute_due")
    assert tailored(served) == ["cream", "gel", "card"]
    assert seen(served) == ["cream", "gel", "card"]


def test_dismissed_twice_it_never_comes_again(
    served: Person, worker: Worker, as_role: AsRole, owner_connection: psycopg.Connection
):
    for _time in range(2):
        dismiss(served, "cream")
        days_pass(owner_connection, 31)
        end_periods(as_role)
        worker("compute_due")
    days_pass(owner_connection, 5000)
    end_periods(as_role)
    worker("compute_due")
    assert seen(served) == ["gel", "card"]


def test_a_second_press_and_a_reason_are_not_a_second_time(served: Person):
    for reason in ("not_for_me", "not_for_me", "too_expensive"):
        dismiss(served, "cream", reason=reason)
    row = served.does(Suppression.objects.get)
    assert (row.times, row.reason) == (1, "too_expensive")
    assert row.until_at is not None


def test_less_like_this_takes_the_category_along(ada: Person, shop: Shop, worker: Worker):
    other = Offer.objects.create(
        slug="tin", title=T("Tin"), product=Product.objects.get(), benefit_kind="sample", purpose=shop.purpose, prior=9
    )
    worker("compute_due")
    assert seen(ada) == ["tin", "cream", "gel", "card"]
    dismiss(ada, "cream", less_like_this=True)
    assert seen(ada) == ["gel", "card"]
    worker("compute_due")
    assert seen(ada) == ["gel", "card"]
    ada.does(lambda: services.take_back_category(profile_id=ada.profile_id, category_id=other.product.category_id))
    worker("compute_due")
    assert seen(ada) == ["tin", "gel", "card"]


def test_undone_it_is_as_if_it_had_not_been(served: Person, owner_connection: psycopg.Connection, as_role: AsRole):
    dismiss(served, "cream", less_like_this=True)
    served.does(lambda: services.take_back(profile_id=served.profile_id, slug="cream", with_category=True))
    assert seen(served) == ["cream", "gel", "card"]
    assert served.does(Suppression.objects.count) == 0


def test_undoing_a_second_dismissal_leaves_the_first(
    served: Person, owner_connection: psycopg.Connection, worker: Worker, as_role: AsRole
):
    dismiss(served, "cream")
    days_pass(owner_connection, 31)
    dismiss(served, "cream")
    served.does(lambda: services.take_back(profile_id=served.profile_id, slug="cream"))
    assert "cream" in seen(served)
    dismiss(served, "cream")
    assert served.does(Suppression.objects.get).until_at is None


def test_nobody_dismisses_for_others_nor_what_they_were_never_shown(served: Person, bo: Person):
    for act in (
        lambda: services.dismiss(profile_id=served.profile_id, slug="cream"),
        lambda: services.take_back(profile_id=served.profile_id, slug="cream"),
        lambda: services.dismiss(profile_id=bo.profile_id, slug="cream"),
    ):
        with pytest.raises(services.NotTheirs):
            bo.does(act)
    address = f"/offers/for/{served.profile_id}/cream/not-for-me/"
    assert browser(bo).post(address).status_code == 404
    assert browser(bo).post(f"/offers/for/{served.profile_id}/cream/back/").status_code == 404
    assert Client().post(address).status_code == 404
    assert browser(served).post(f"/offers/for/{served.profile_id}/unheard-of/not-for-me/").status_code == 404
    assert browser(served).post(address, {"reason": "because"}).status_code == 404
    assert browser(served).get(address).status_code == 405
    assert bo.does(Suppression.objects.count) == 0


# ── Pages ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_not_for_me_works_without_javascript_and_leaves_a_way_back(served: Person):
    client = browser(served)
    answer = client.post(
        f"/offers/for/{served.profile_id}/cream/not-for-me/", {"at": "0", "next": "/offers/"}, follow=True
    )
    page = answer.content.decode()
    assert 'data-offer="cream"' not in page
    assert 'data-offer="gel"' in page
    assert "Gone until" in page
    assert "Too expensive" in page
    assert "Less like this" in page
    assert page.index('id="gone"') < page.index('data-offer="gel"'), "where it was"
    assert 'id="gone"' not in client.get("/offers/").content.decode()
    back = client.post(f"/offers/for/{served.profile_id}/cream/back/", {"next": "/offers/"}, follow=True)
    assert 'data-offer="cream"' in back.content.decode()


def test_what_was_taken_back_is_waited_for(served: Person, worker: Worker):
    client = browser(served)
    dismiss(served, "cream")
    worker("compute_due")
    back = client.post(f"/offers/for/{served.profile_id}/cream/back/", {"at": "0", "next": "/offers/"})
    worker("compute_due")
    assert 'data-offer="cream"' in client.get(back.headers["Location"]).content.decode()
    dismiss(served, "cream")
    worker("compute_due")
    panel = client.post(f"/offers/for/{served.profile_id}/cream/back/", {"at": "0"}, **HTMX).context["panel"]
    assert [each.slug for each in panel.offers] == ["gel", "card"]
    again = client.get(panel.poll_url, **HTMX).context["panel"]
    assert again.poll_url
    worker("compute_due")
    there = client.get(again.poll_url, **HTMX)
    assert there.context["panel"].poll_url is None
    assert 'data-offer="cream"' in there.content.decode()


def test_a_reason_is_asked_for_once(served: Person):
    client, address = browser(served), f"/offers/for/{served.profile_id}/cream/not-for-me/"
    page = client.post(address, {"at": "0", "reason": "have_it"}, **HTMX).content.decode()
    assert "I have it already" not in page
    assert "Less like this" in page
    page = client.post(address, {"at": "0", "reason": "have_it", "less": "1"}, **HTMX).content.decode()
    assert "and others like it" in page
    assert "Less like this" not in page
    rows = served.does(lambda: {each.reason for each in Suppression.objects.all()})
    assert rows == {"have_it"}


def test_an_answer_never_leads_to_another_site(served: Person):
    for url in ("https://evil.example/", "//evil.example/", "/\\evil.example"):
        answer = browser(served).post(f"/offers/for/{served.profile_id}/cream/back/", {"next": url})
        assert answer.headers["Location"] == "/offers/"


def test_nonsense_in_the_address_shows_nothing_as_gone(served: Person, bo: Person):
    dismiss(served, "cream")
    for nonsense in (
        "x",
        "1",
        "1.2",
        "9" * 40 + ".0.cream",
        f"{served.profile_id}.x.cream",
        f"{served.profile_id}.0.gel",
    ):
        assert 'id="gone"' not in browser(served).get("/offers/", {"gone": nonsense}).content.decode()
    theirs = {"gone": f"{served.profile_id}.0.cream"}
    assert 'id="gone"' in browser(served).get("/offers/", theirs).content.decode()
    assert 'id="gone"' not in browser(bo).get("/offers/", theirs).content.decode()


def test_when_all_is_dismissed_the_page_says_so(served: Person, worker: Worker):
    for slug in ("cream", "gel", "card"):
        dismiss(served, slug)
    assert 'data-state="unwanted"' in browser(served).get("/offers/").content.decode()
    worker("compute_due")
    assert 'data-state="unwanted"' in browser(served).get("/offers/").content.decode()


def test_the_preference_center_shows_what_stays_away_and_takes_it_back(served: Person):
    dismiss(served, "cream", less_like_this=True)
    client = browser(served)
    page = client.get("/preferences/").content.decode()
    assert "What you did not want" in page
    assert "More like it: Creams" in page
    about = served.does(lambda: registry.about(served.id, "en", []))
    for each in about.declined:
        answer = client.post(each.url, {"next": "/preferences/"})
        assert answer.headers["Location"] == "/preferences/"
    assert "What you did not want" not in client.get("/preferences/").content.decode()
    assert "cream" in seen(served)


def test_it_is_in_the_download_and_gone_with_the_customer(served: Person, owner_connection: psycopg.Connection):
    seen(served)
    dismiss(served, "cream", reason="too_expensive")
    exported = served.does(lambda: {each.name: list(each.rows()) for each in registry.export(served.id)})
    assert exported["not_wanted"][0] | {"noted_at": 0, "until_at": 0} == {
        "profile": served.profile_id, "offer": "cream", "category": None, "reason": "too_expensive", "times": 1,
        "noted_at": 0, "until_at": 0,
    }  # fmt: skip
    assert {each["offer"] for each in exported["offers_seen"]} == {"cream", "gel", "card"}
    served.does(preferences.erase_customer)
    for table in ("suppression", "exposure"):
        assert owner_connection.execute(f"SELECT count(*) FROM recommendations_{table}").fetchone() == (0,)


def test_a_merge_keeps_the_stricter_of_both(
    served: Person, worker: Worker, owner_connection: psycopg.Connection, as_role: AsRole
):
    phone = somebody().tells(skin="dry", goals=["calm", "glow"]).grants()
    worker("compute_due")
    dismiss(phone, "gel", reason="have_it")
    days_pass(owner_connection, 31)
    end_periods(as_role)
    worker("compute_due")
    dismiss(phone, "gel")
    dismiss(phone, "card")
    dismiss(served, "gel")
    seen(served)
    seen(phone)
    served.does(lambda: preferences.merge_device(token_hash=access.token_hash(phone.token)))
    rows = served.does(lambda: {each.offer.slug: each for each in Suppression.objects.select_related("offer")})
    assert rows["gel"].until_at is None
    assert rows["card"].until_at is not None
    assert served.does(lambda: [each.times for each in Exposure.objects.all()]) == [1, 1], (
        "cream and card: what either saw, once"
    )
    worker("compute_due")
    assert seen(served) == ["cream"]
