"""A marketer writes two outcomes and decides by points who gets which, by keyboard and out of a spreadsheet."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.visitor import Visitor

from .test_builder import UNFOLDS_OWN, saved


def finds_no_barriers(page: Page, axe: Callable[..., list[str]]) -> None:
    for width in (1280, 768):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert [each for each in axe(page, context="#build-work") if not each.startswith(UNFOLDS_OWN)] == []
    page.set_viewport_size({"width": 1280, "height": 900})


def copies(page: Page, text: str) -> None:
    page.evaluate("text => navigator.clipboard.writeText(text)", text)


@pytest.mark.browser
def test_outcomes_and_their_points(mira: Visitor, axe: Callable[..., list[str]], tmp_path: Path) -> None:
    page = mira.page
    mira.context.grant_permissions(["clipboard-read", "clipboard-write"])
    mira.goes_to("/admin/quizzes/quiz/add/")
    page.locator("[name=title_en]").fill("Pour")
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url("**/build/**")
    build = re.sub(r"build/.*", "build/", page.url)
    page.goto(build)
    page.locator("#build-kind").select_option("single")
    page.locator("#build-add").click()
    page.locator("[name=title_en]").fill("Tea or coffee?")
    page.locator("[name=choices-0-label_en]").fill("Tea")
    page.locator("[name=choices-1-label_en]").fill("Coffee")
    page.locator("[name=choices-1-label_en]").press("Tab")
    saved(page)

    # Two outcomes, and what their customers would read
    page.get_by_role("link", name="Outcomes", exact=True).click()
    expect(page.get_by_text("No outcome yet")).to_be_visible()
    page.locator("#build-add").press("Enter")
    page.locator("[name=title_en]").fill("Slow leaves")
    page.locator("[name=title_en]").press("Tab")
    expect(page.locator("[name=key]")).to_have_value("slow_leaves")
    page.locator("[name=summary_en]").fill("You chose ")
    page.locator("#outcome-quotes summary").click()
    page.get_by_role("button", name="{tea_or_coffee}").click()
    expect(page.locator("[name=summary_en]")).to_have_value("You chose {tea_or_coffee}")
    page.locator("[name=summary_en]").press("Tab")
    saved(page)
    page.locator("#outcome-step-add").click()
    page.locator("[name=steps-0-title_en]").fill("Warm the pot")
    page.locator("[name=steps-0-title_en]").press("Tab")
    saved(page)
    phone = page.frame_locator("#build-preview")
    expect(phone.locator("h1")).to_have_text("Slow leaves")
    expect(phone.get_by_text(re.compile("You chose (Tea|Coffee)"))).to_be_visible()
    expect(phone.get_by_text("Warm the pot")).to_be_visible()
    finds_no_barriers(page, axe)

    page.locator("#build-add").click()
    expect(page.locator(".build-line b")).to_have_text(["Slow leaves", "Not written yet"])
    page.locator("[name=title_en]").fill("Quick cup")
    page.locator("[name=title_en]").press("Tab")
    saved(page)
    expect(page.locator(".build-line b")).to_have_text(["Slow leaves", "Quick cup"])

    # Points, by keyboard
    page.get_by_role("link", name="Points", exact=True).click()
    page.get_by_role("textbox", name="Tea Slow leaves").focus()
    page.keyboard.type("3")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("textbox", name="Coffee Slow leaves")).to_be_focused()
    page.keyboard.type("-2")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("4")
    page.keyboard.press("Enter")
    saved(page)
    expect(page.locator("tfoot output")).to_have_text(["3", "4"])

    # By paste, which can be taken back
    cells = page.locator(".grid-table input")
    copies(page, "5\t-1\n0\t2,5\n")
    cells.first.focus()
    page.keyboard.press("Control+v")
    expect(page.locator("#grid-paste")).to_contain_text("4 cells are filled.")
    saved(page)
    page.reload()
    assert [each.input_value() for each in cells.all()] == ["5", "-1", "", "2.5"]
    copies(page, "1\tplenty")
    cells.first.focus()
    page.keyboard.press("Control+v")
    expect(page.locator("#grid-paste")).to_contain_text("“plenty” for Tea → Quick cup is no number")
    copies(page, "9\t9")
    page.keyboard.press("Control+v")
    saved(page)
    page.keyboard.press("Control+z")
    expect(page.locator("#grid-paste")).to_contain_text("The paste is undone.")
    saved(page)
    finds_no_barriers(page, axe)
    page.reload()
    assert [each.input_value() for each in cells.all()] == ["5", "-1", "", "2.5"]

    # As a file
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    changed = tmp_path / "points.csv"
    changed.write_text(text.replace("5,-1", "6,-1"), encoding="utf-8")
    page.locator("#grid-file").set_input_files(changed)
    page.get_by_role("button", name="See what it would change").click()
    expect(page.get_by_role("row", name="Tea → Slow leaves 5 6")).to_be_visible()
    page.locator("#grid-keep").click()
    expect(cells.first).to_have_value("6")

    # Who would get what, of all who walk through
    page.get_by_role("link", name="Outcomes", exact=True).first.click()
    who_gets_what = [re.compile("Slow leaves.*50%"), re.compile("Quick cup.*50%")]
    expect(page.locator("#outcome-shares li")).to_have_text(who_gets_what)
