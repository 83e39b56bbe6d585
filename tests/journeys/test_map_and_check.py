"""A marketer follows the map to what is wrong, mends it with one button, and sees the check agree while typing."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.support.visitor import Visitor


def barriers(page: Page, axe: Callable[..., list[str]]) -> list[str]:
    unfolds_own = ("landmark-one-main", "region")  # of the admin's frame, which is not ours
    return [each for each in axe(page, context="#build-work") if not each.startswith(unfolds_own)]


def saved(page: Page) -> None:
    expect(page.locator("#build-said")).to_have_attribute("data-state", "saved")


@pytest.mark.browser
def test_the_map_and_the_check_show_what_is_wrong_and_where(mira: Visitor, axe: Callable[..., list[str]]) -> None:
    page = mira.page
    mira.goes_to("/admin/quizzes/quiz/")
    address = page.get_by_role("link", name="Your skin on an ordinary day").first.get_attribute("href") or ""
    mira.goes_to(re.sub(r"(/quiz/\d+/).*", r"\1build/", address))
    panel = page.locator("#build-findings")
    expect(panel).to_contain_text("It can be published")

    title = page.locator("[name=title_en]")
    words = title.input_value()
    title.fill("")
    title.press("Tab")
    saved(page)
    expect(panel).to_contain_text("1 thing keeps it from being published")
    expect(panel).to_contain_text("It is not written in every language: English.")

    building = page.get_by_role("navigation", name="Building")
    building.get_by_role("link", name="Map").click()
    drawing = page.get_by_role("group", name="The quiz as a drawing")
    wrong = drawing.get_by_role("link", name="It is not written in every language")
    expect(wrong).to_be_visible()
    for width in (1280, 768):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert barriers(page, axe) == []
    page.set_viewport_size({"width": 1280, "height": 900})

    page.get_by_role("button", name="Fit").press("Enter")
    expect(page.get_by_role("button", name="Fit")).to_have_attribute("aria-pressed", "true")
    box, card = page.locator("#map-box"), drawing.get_by_role("link", name="Result")
    assert box.evaluate("box => box.scrollHeight <= box.clientHeight"), "all of it is seen at once"
    expect(card).to_be_in_viewport()
    page.get_by_role("button", name="100%").press("Enter")
    box.focus()
    page.keyboard.press("End")
    expect(card).to_be_in_viewport()

    wrong.press("Enter")
    title.fill(words)
    title.press("Tab")
    saved(page)
    expect(panel).to_contain_text("It can be published")

    building.get_by_role("link", name="Check").click()
    expect(page.get_by_role("heading", name="It can be published")).to_be_visible()
    expect(page.get_by_role("list").filter(has_text="Comfort first")).to_contain_text("%")
    assert barriers(page, axe) == []
