"""A marketer builds a quiz on the builder's page, by keyboard and mouse, and sees what customers will."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.support.visitor import Visitor

UNFOLDS_OWN = ("landmark-one-main", "region")  # of the admin's frame, which is not ours


def saved(page: Page) -> None:
    expect(page.locator("#build-said")).to_have_attribute("data-state", "saved")


def writes_a_rule(page: Page) -> None:
    """“Tea or coffee?” is only asked of those who want milk: chosen, never typed, and the keyboard is led along."""
    page.locator("#build-list").get_by_role("link", name="Tea or coffee?").click()
    expect(page.locator("#build-editor-name")).to_contain_text("One choice")
    page.get_by_text("When it is asked").click()
    page.locator("#condition-show_if").get_by_role("button", name="Add a condition").press("Enter")
    which = page.get_by_label("What is asked about")
    expect(which).to_be_focused()
    which.select_option(label="“With milk?”")
    page.locator("#condition-show_if").get_by_label("Value", exact=True).select_option(label="Yes")
    expect(page.locator("#build-said-show_if")).to_have_text("If “With milk?” is “Yes”")
    saved(page)
    page.locator(".build-line.is-selected a").press("Alt+ArrowUp")
    expect(page.locator(".build-line b")).to_have_text(["Tea or coffee?", "With milk?"])
    expect(page.locator(".build-line.is-selected a")).to_be_focused()
    expect(page.locator(".logic-of option:checked")).to_have_text("“With milk?”")  # kept, though it comes too late now


@pytest.mark.browser
def test_questions_are_written_beside_their_preview(mira: Visitor, axe: Callable[..., list[str]]) -> None:
    page = mira.page
    mira.goes_to("/admin/quizzes/quiz/add/")
    page.locator("[name=title_en]").fill("Drinks")
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("link", name="Questions", exact=True).click()
    expect(page.get_by_text("No question yet")).to_be_visible()

    page.locator("#build-kind").select_option("single")
    page.locator("#build-add").click()
    page.locator("[name=title_en]").fill("Tea or coffee?")
    page.locator("[name=choices-0-label_en]").fill("Tea")
    page.locator("[name=choices-1-label_en]").fill("Coffee")
    page.locator("[name=choices-1-label_en]").press("Tab")
    saved(page)
    phone = page.frame_locator("#build-preview")
    expect(phone.locator("h1")).to_have_text("Tea or coffee?")
    expect(phone.get_by_text("Coffee", exact=True)).to_be_visible()

    page.locator("#build-kind").select_option("boolean")
    page.locator("#build-add").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#build-editor-name")).to_contain_text("Yes or no")
    page.locator("[name=title_en]").fill("With milk?")
    page.locator("[name=title_en]").press("Tab")
    saved(page)
    page.get_by_role("button", name="Move up: With milk?").press("Enter")
    expect(page.locator(".build-line b")).to_have_text(["With milk?", "Tea or coffee?"])

    page.get_by_text("Advanced").click()
    expect(page.locator("[name=key]")).to_have_value("with_milk")
    page.locator("[name=key]").fill("Not a key")
    page.locator("[name=key]").press("Tab")
    expect(page.locator("#build-said")).to_contain_text("Not saved yet")
    page.locator("[name=key]").fill("milk")
    page.locator("[name=key]").press("Tab")
    saved(page)

    page.get_by_role("button", name="Delete: With milk?").click()
    expect(page.locator(".build-line b")).to_have_text(["Tea or coffee?"])
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".build-line b")).to_have_text(["With milk?", "Tea or coffee?"])

    writes_a_rule(page)
    for width in (1280, 768):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert [each for each in axe(page, context="#build-work") if not each.startswith(UNFOLDS_OWN)] == []
