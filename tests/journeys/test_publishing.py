"""From a new quiz to customers and back: begun from a file, published, changed, restored, scheduled, closed."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.quizzes.builders import choice, outcome, question, quiz, text
from tests.support.browser import ALL_RULES, OF_COLOURS
from tests.support.visitor import Visitor

UNFOLDS_OWN = ("landmark-one-main", "region")  # of the admin's frame, which is not ours
Axe = Callable[..., list[str]]


def finds_no_barriers(page: Page, axe: Axe, context: str = "#build-work") -> None:
    for scheme, rules in (("dark", OF_COLOURS), ("light", ALL_RULES)):
        page.emulate_media(color_scheme=scheme)
        for width in (768, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert [each for each in axe(page, context=context, only=rules) if not each.startswith(UNFOLDS_OWN)] == []


def tea() -> str:
    return json.dumps(
        quiz(
            question("taste", choices=[choice("mild"), choice("strong")]),
            question("milk", "boolean"),
            slug="tea",
            title=text("Which tea is yours?"),
            outcomes=[outcome("black", title=text("Black tea"))],
        )
    )


@pytest.mark.browser
def test_a_quiz_reaches_customers_and_can_be_taken_back(
    mira: Visitor, visitor: Callable[..., Visitor], axe: Axe, tmp_path: Path
) -> None:
    page = mira.page
    mira.goes_to("/admin/quizzes/quiz/add/")
    finds_no_barriers(page, axe, "#begin")
    broken = tmp_path / "broken.json"
    broken.write_text(tea().replace('"boolean"', '"bolean"'))
    page.get_by_label("Definition file").set_input_files(broken)
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_role("alert")).to_contain_text("questions[1].kind")
    finds_no_barriers(page, axe, "#begin")
    good = tmp_path / "tea.json"
    good.write_text(tea())
    page.get_by_label("Definition file").set_input_files(good)
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_role("heading", name="It would become a new quiz")).to_be_visible()
    finds_no_barriers(page, axe, "#begin")
    page.get_by_role("button", name="Keep as a new quiz").press("Enter")

    page.get_by_role("link", name="Publish", exact=True).click()
    expect(page.locator("#build-work")).to_contain_text("Customers have not seen this quiz yet")
    page.get_by_role("button", name="Publish version 1").press("Enter")
    expect(page.locator("body")).to_contain_text("Customers now see version 1.")
    finds_no_barriers(page, axe)

    ada = visitor(touch=True)
    ada.goes_to("/")
    ada.page.get_by_role("link", name="Which tea is yours?", exact=True).tap()
    ada.starts("tea")
    ada.answers("taste", "strong")
    ada.is_asked("milk")

    # A change is read before it is published, and taken back afterwards.
    publish = page.url
    page.get_by_role("link", name="Questions", exact=True).click()
    page.locator("[name=title_en]").fill("About your taste?")
    page.locator("[name=title_en]").press("Tab")
    expect(page.locator("#build-said")).to_have_attribute("data-state", "saved")
    page.goto(publish)
    expect(page.locator(".changes ins")).to_have_text(re.compile("your"))
    page.get_by_role("button", name="Publish version 2").click()
    page.get_by_role("link", name="Version 1").click()
    finds_no_barriers(page, axe)
    page.get_by_role("button", name="Restore version 1").press("Enter")
    expect(page.get_by_text("The draft is now version 1.")).to_be_visible()
    expect(page.locator(".changes del")).to_have_text(re.compile("your"))
    finds_no_barriers(page, axe)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".publish-changes")).to_contain_text("customers see exactly this draft")

    # It opens later: who comes now learns when, whoever has started goes on.
    page.get_by_label("Opens").fill("2099-03-02T09:30")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".publish-head")).to_contain_text("Opens")
    bo = visitor()
    bo.goes_to("/q/tea/")
    expect(bo.page.locator("main")).to_contain_text("2 March 2099")
    bo.finds_no_barriers()

    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.locator("body")).to_contain_text("Whoever is taking it can finish.")
    bo.goes_to("/")
    expect(bo.page.get_by_role("link", name="Which tea is yours?", exact=True)).to_have_count(0)
    bo.goes_to("/q/tea/")
    expect(bo.heading).to_have_text("This quiz is closed for now")
    expect(bo.page.locator(".meanwhile a").first).to_be_visible()
    bo.finds_no_barriers()
    ada.answers("milk", "yes")
    ada.sees_result()
    expect(ada.heading).to_have_text("Black tea")


@pytest.mark.browser
def test_a_quiz_begins_from_a_template_and_as_a_copy(mira: Visitor, axe: Axe) -> None:
    page = mira.page
    mira.goes_to("/admin/quizzes/quiz/add/")
    page.get_by_role("link", name="Coffee finder").click()
    expect(page.get_by_text(re.compile("attributes are added"))).to_be_visible()
    finds_no_barriers(page, axe, "#begin")
    page.get_by_role("button", name="Use this template").press("Enter")
    page.get_by_role("link", name="Publish", exact=True).click()
    expect(page.get_by_role("button", name="Publish version 1")).to_be_visible()
    page.get_by_role("button", name="Copy this quiz").click()
    expect(page.locator("body")).to_contain_text("This is the copy")
