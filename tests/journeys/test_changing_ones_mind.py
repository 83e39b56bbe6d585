"""What was told is changed, taken back and deleted, each with a word first on what goes with it."""

from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.support.robot import Robot, soon
from tests.support.stack import Stack
from tests.support.visitor import Visitor


def test_a_value_is_changed_then_deleted_then_everything(visitor: Callable[..., Visitor], live_stack: Stack) -> None:
    robot = Robot(live_stack.url, seed=21)
    robot.agree(robot.take("outerwear"), "offers")
    assert soon(lambda: robot.get("/offers/").offers)
    ada = visitor(touch=True)
    ada.is_the_one_who(robot)
    ada.goes_to("/preferences/")

    def row(attribute: str) -> Locator:
        return ada.page.locator(f"[id$=-{attribute}].row")

    # Change
    before = row("warmth").locator(".say").inner_text()
    row("warmth").get_by_role("link", name="Change").tap()
    ada.is_at("/warmth/")
    ada.finds_no_barriers()
    ada.page.locator("form.form input[type=radio]:not(:checked)").first.check()
    ada.page.get_by_role("button", name="Save").tap()
    ada.is_at("/preferences/")
    expect(ada.page.locator("[data-flash], .notice[role=status]").first).to_contain_text("is changed.")
    expect(row("warmth").locator(".say")).not_to_have_text(before)
    assert soon(lambda: robot.get("/offers/").offers)

    # Delete one
    row("warmth").get_by_role("link", name="Delete").tap()
    expect(ada.heading).to_contain_text("Delete")
    ada.finds_no_barriers()
    ada.page.get_by_role("link", name="Keep it").tap()
    ada.is_at("/preferences/")
    expect(row("warmth")).to_have_count(1)
    row("warmth").get_by_role("link", name="Delete").tap()
    ada.page.get_by_role("button", name="Delete it").tap()
    ada.is_at("/preferences/")
    expect(row("warmth")).to_have_count(0)
    assert "warmth" not in robot.get("/offers/").reasons

    # The history, in words
    ada.page.get_by_role("link", name="Read the history of your choices").tap()
    ada.is_at("/history/")
    expect(ada.page.locator("ol.events li").nth(2)).to_be_visible()
    expect(ada.page.locator("main")).to_contain_text("Tailored offers")
    ada.finds_no_barriers()

    # Delete everything, after a word on what goes
    ada.goes_to("/preferences/")
    ada.page.get_by_role("link", name="Delete everything").tap()
    expect(ada.page.locator(".goes li").first).to_be_visible()
    ada.finds_no_barriers()
    ada.page.get_by_role("button", name="Delete everything").tap()
    expect(ada.heading).to_have_text("Everything is deleted")
    ada.finds_no_barriers()
    ada.goes_to("/preferences/")
    expect(ada.page.locator("main")).to_contain_text("The drawer is empty")
    ada.finds_no_barriers()
    assert robot.get("/offers/").offers == []


def test_one_item_taken_out_of_a_use_is_no_reason_for_any_offer(
    visitor: Callable[..., Visitor], live_stack: Stack
) -> None:
    robot = Robot(live_stack.url, seed=22)
    robot.agree(robot.take("outerwear"), "offers", "letters")
    cited = soon(lambda: robot.get("/offers/").reasons)
    assert cited
    bo = visitor()
    bo.is_the_one_who(robot)
    bo.goes_to("/preferences/")
    bo.switch("offers", cited[0]).click()
    expect(bo.switch("offers", cited[0])).to_have_attribute("aria-checked", "false")
    expect(bo.switch("letters", cited[0])).to_have_attribute("aria-checked", "true")
    bo.finds_no_barriers()
    bo.goes_to("/offers/")
    expect(bo.page.locator(".panel[data-state=waiting]")).to_have_count(0)
    expect(bo.page.locator(f"[data-reason={cited[0]}]")).to_have_count(0)
    bo.goes_to("/preferences/")
    bo.page.get_by_role("switch").and_(bo.switch("offers", cited[0])).click()
    expect(bo.switch("offers", cited[0])).to_have_attribute("aria-checked", "true")


def test_an_offers_reason_leads_to_the_value_and_its_offer_is_taken(
    visitor: Callable[..., Visitor], live_stack: Stack
) -> None:
    robot = Robot(live_stack.url, seed=23)
    robot.agree(robot.take("skin"), "offers")
    assert soon(lambda: robot.get("/offers/").offers)
    ada = visitor()
    ada.is_the_one_who(robot)
    ada.goes_to("/offers/")
    offer = ada.page.locator("article[data-offer]").first
    slug = offer.get_attribute("data-offer")
    offer.get_by_role("button", name="I would like this").click()
    ada.is_at("/offers/")
    code = ada.page.locator(f"article[data-offer={slug}] .code code")
    expect(code).to_be_visible()
    ada.finds_no_barriers()
    ada.page.locator("[data-reason]").get_by_role("link", name="Change").first.click()
    expect(ada.page.get_by_role("button", name="Save")).to_be_visible()
