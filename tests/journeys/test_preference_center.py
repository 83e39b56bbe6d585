"""The preference center from end to end: by keyboard alone, without JavaScript, from an offer to what it came from."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.test_by_keyboard import tab_to
from tests.support.robot import Robot, soon
from tests.support.stack import Stack
from tests.support.visitor import Visitor


@pytest.fixture(scope="module")
def told(live_stack: Stack) -> Callable[[int], Robot]:
    """Somebody who took the skin and the pet quiz and allows offers, and sees some."""

    def begin(seed: int) -> Robot:
        robot = Robot(live_stack.url, seed=seed)
        for slug in ("skin", "pet"):
            robot.agree(robot.take(slug), "offers", "once")
        assert soon(lambda: robot.get("/offers/").offers, seconds=30)
        return robot

    return begin


def test_the_keyboard_alone_sees_stops_undoes_finds_and_pauses(
    visitor: Callable[..., Visitor], told: Callable[[int], Robot]
) -> None:
    bo = visitor(width=1280)
    bo.is_the_one_who(told(61))
    page, keys = bo.page, bo.page.keyboard
    bo.goes_to("/preferences/")
    bo.finds_no_barriers()

    # The picture is a way to everything it shows.
    tab_to(page, page.locator("svg.flow-wide a", has_text="Tailored offers"))
    keys.press("Enter")
    bo.is_at("/preferences/#use-offers")

    # What goes is said first; switching acts at once; Undo comes next, and is heard of.
    expect(page.locator("#use-offers")).to_contain_text("If you switch this off, at once:")
    tab_to(page, bo.switch("offers"))
    place = page.evaluate("scrollY")
    keys.press("Space")
    expect(bo.switch("offers")).to_have_attribute("aria-checked", "false")
    expect(bo.switch("offers")).to_be_focused()
    assert page.evaluate("scrollY") == place, "the page stays where it was"
    expect(page.locator("#announce")).to_contain_text("You can undo this for 30 seconds")
    keys.press("Tab")
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    keys.press("Enter")
    expect(bo.switch("offers")).to_have_attribute("aria-checked", "true")
    expect(bo.switch("offers")).to_be_focused()
    expect(page.locator("#announce")).to_contain_text("everything is as it was")
    bo.finds_no_barriers()

    # What is typed finds without a press, and stays out of the address.
    tab_to(page, page.get_by_role("searchbox"))
    keys.type("weight")
    expect(page.locator("#things .row.item")).to_have_count(1)
    expect(page.locator("#announce")).to_contain_text("1 thing found.")
    expect(page.get_by_role("searchbox")).to_be_focused()
    assert "weight" not in page.url
    tab_to(page, page.locator("[id$=-pet_weight]").get_by_role("link", name="Change"))
    keys.press("Enter")

    # One thing, all of it on its page.
    bo.is_at("/pet_weight/")
    expect(page.get_by_role("heading", name="Who uses it")).to_be_visible()
    bo.finds_no_barriers()
    tab_to(page, bo.switch("offers", "pet_weight"))
    keys.press("Space")
    expect(bo.switch("offers", "pet_weight")).to_have_attribute("aria-checked", "false")
    expect(bo.switch("offers", "pet_weight")).to_be_focused()
    bo.is_at("/pet_weight/")

    # Everything stops and goes on.
    bo.goes_to("/preferences/#stop")
    tab_to(page, page.get_by_role("button", name="Pause for 30 days"))
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Paused until")).to_be_visible()
    expect(page.get_by_role("button", name="End the pause now")).to_be_focused()
    expect(bo.switch("offers")).to_have_attribute("aria-checked", "true")
    bo.finds_no_barriers()
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Paused until")).to_have_count(0)


def test_without_javascript_all_of_it_is_there(visitor: Callable[..., Visitor], told: Callable[[int], Robot]) -> None:
    cy = visitor(javascript=False)
    cy.is_the_one_who(told(62))
    page = cy.page
    cy.goes_to("/preferences/")
    cy.switch("offers", "skin_type").click()
    cy.is_at("/preferences/")
    expect(cy.switch("offers", "skin_type")).to_have_attribute("aria-checked", "false")
    expect(cy.switch("offers", "skin_type")).to_be_focused()  # the page begins where one was
    page.get_by_role("button", name="Undo").click()
    expect(cy.switch("offers", "skin_type")).to_have_attribute("aria-checked", "true")

    page.get_by_role("searchbox").fill("weight")
    page.get_by_role("button", name="Find").click()
    expect(page.locator("#things .row.item")).to_have_count(1)
    page.get_by_role("link", name="Show everything").click()

    page.get_by_role("button", name="Only keep it").click()
    expect(page.get_by_role("heading", name="We only keep it")).to_be_visible()
    page.get_by_role("button", name="Let the switches count again").click()
    expect(page.get_by_role("heading", name="We only keep it")).to_have_count(0)


def test_an_offer_leads_to_what_it_came_from_and_is_gone_once_that_is_switched_off(
    visitor: Callable[..., Visitor], told: Callable[[int], Robot]
) -> None:
    ada = visitor(touch=True)
    ada.is_the_one_who(told(63))
    page = ada.page
    ada.goes_to("/offers/")
    offer = page.locator("article[data-offer]", has=page.get_by_role("link", name="Why did I get this?")).first
    reasons = {each.get_attribute("data-reason") for each in offer.locator("[data-reason]").all()}
    offer.get_by_role("link", name="Why did I get this?").tap()
    expect(ada.heading).to_contain_text("Why you got")
    shown = page.locator(".is-cited .row.item")
    expect(shown.first).to_be_visible()
    ids = [each.get_attribute("id") or "" for each in shown.all()]
    assert {each.split("-", 2)[2] for each in ids} >= reasons - {""}
    ada.finds_no_barriers()
    for each in page.locator(".is-cited [role=switch][data-purpose=offers]").all():
        if each.get_attribute("aria-checked") == "true":
            each.tap()
            expect(each).to_have_attribute("aria-checked", "false")
    expect(ada.heading).to_have_text("It is no longer among your offers")
    expect(shown).to_have_count(len(ids))
    ada.finds_no_barriers()
