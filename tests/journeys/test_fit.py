"""A marketer says for whom a trait speaks, out of a spreadsheet, and a customer's offers follow."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.support.robot import Robot, soon
from tests.support.stack import Stack
from tests.support.visitor import Visitor

from .test_builder import saved
from .test_outcomes_and_points import copies, finds_no_barriers

PRODUCT = "reproofing-wash"
OFFER = "mend-and-reproof"


def adds_a_trait(page: Page, base: str) -> None:
    page.goto(f"{base}/trait/add/")
    page.locator("[name=slug]").fill("keeps-for-years")
    page.locator("[name=name_en]").fill("Keeps for years")
    page.locator("[name=_save]").click()
    page.wait_for_url("**/trait/")
    page.goto(f"{base}/product/?q={PRODUCT}")
    page.locator("input[name=_selected_action]").check()
    page.locator("select[name=action]").select_option("give_traits")
    page.locator("button[name=index]").click()
    page.get_by_label("Keeps for years").check()
    page.get_by_role("button", name="Give them").click()
    expect(page.get_by_text("1 product is changed.")).to_be_visible()


@pytest.mark.browser
def test_a_pasted_table_changes_what_customers_get(
    mira: Visitor, live_stack: Stack, axe: Callable[..., list[str]]
) -> None:
    robot = Robot(live_stack.url, seed=5)
    robot.agree(robot.take("outerwear"), "offers")
    assert soon(lambda: robot.get("/offers/").offers)
    page, base = mira.page, f"{live_stack.url}/admin/recommendations"
    mira.context.grant_permissions(["clipboard-read", "clipboard-write"])
    adds_a_trait(page, base)

    page.goto(f"{base}/trait/")
    page.get_by_role("row", name="Keeps for years").get_by_role("link", name="Say for whom").click()
    page.locator("#fit-attribute").select_option("outer_setting")
    page.get_by_role("button", name="Show").click()
    cells = page.locator(".grid-table input")
    expect(cells).to_have_count(4)
    finds_no_barriers(page, axe)
    cells.first.focus()
    copies(page, "10\n10\n10\n10\n")
    page.keyboard.press("Control+v")
    saved(page)
    expect(page.locator("tfoot output")).to_have_text("0 … 10")
    assert soon(lambda: robot.get("/offers/").offers[:1] == [OFFER])

    # What is wrong is named where it is, and what is stored stays
    cells.first.fill("a lot")
    cells.first.press("Enter")
    expect(page.locator("#build-said")).to_contain_text("Keeps for years: Write a number, or nothing.")
    cells.first.press("Escape")
    page.goto(f"{base}/trait/fit/traits/?word=keeps-for-years&attribute=skin_reactions")
    cells.first.fill("1")
    cells.first.press("Enter")
    expect(page.locator("#build-said")).to_contain_text("would learn this sensitive answer")
    finds_no_barriers(page, axe)
    cells.first.fill("")
    cells.first.press("Enter")
    page.goto(f"{base}/trait/fit/offers/?word={OFFER}&attribute=outer_setting")
    expect(page.locator(".fit-more small")).to_have_count(4)
    finds_no_barriers(page, axe)
    page.goto(f"{base}/category/")
    expect(page.get_by_role("row", name="Outerwear › Care of clothes")).to_be_visible()

    # Gone with its trait
    page.goto(f"{base}/trait/?q=keeps-for-years")
    page.get_by_role("link", name="Keeps for years").click()
    page.get_by_role("link", name="Delete").click()
    page.locator("#content form [type=submit], form [type=submit]").last.click()
    page.wait_for_url("**/trait/**")
    assert soon(lambda: robot.get("/offers/").offers[:1] != [OFFER])
