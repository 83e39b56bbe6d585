"""A marketer gives a quiz its own look and picture; customers see it on that quiz's pages and nowhere else."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.support.visitor import Visitor

UNFOLDS_OWN = ("landmark-one-main", "region")  # of the admin's frame, which is not ours
PAPER = "getComputedStyle(document.documentElement).backgroundColor"
GREEN_PAPER, NIGHT_ACCENT = "rgb(244, 239, 228)", "rgb(129, 177, 154)"


def state(page: Page, wanted: str) -> None:
    expect(page.locator("#build-said")).to_have_attribute("data-state", wanted)


def opens(who: Visitor, tab: str) -> None:
    """This page of the builder, of the skin quiz."""
    who.goes_to("/admin/quizzes/quiz/")
    link = who.page.get_by_role("link", name="Your skin on an ordinary day").first
    who.goes_to(re.sub(r"(/quiz/\d+/).*", r"\1build/", link.get_attribute("href") or ""))
    who.page.get_by_role("navigation", name="Building").get_by_role("link", name=tab).click()


def has_no_barriers(page: Page, axe: Callable[..., list[str]]) -> None:
    for width in (1280, 768):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert [each for each in axe(page, context="#build-work") if not each.startswith(UNFOLDS_OWN)] == []


@pytest.mark.browser
def test_a_quiz_gets_a_look_of_its_own(
    mira: Visitor, visitor: Callable[..., Visitor], axe: Callable[..., list[str]]
) -> None:
    page = mira.page
    opens(mira, "Look")
    page.locator("#look-apothecary").click()
    state(page, "saved")
    day, night = (page.frame_locator(f"iframe[data-scheme={scheme}]") for scheme in ("light", "dark"))
    expect(day.locator("html")).to_have_css("background-color", GREEN_PAPER)
    expect(night.locator("main .button").first).to_have_css("background-color", NIGHT_ACCENT)

    page.locator("[name=accent]").fill("#f2e9c0")
    state(page, "refused")
    expect(page.locator("#build-said")).to_contain_text("can't be made out by day")
    page.locator("#look-use-accent").press("Enter")
    state(page, "saved")
    page.locator("#look-apothecary").click()
    state(page, "saved")
    has_no_barriers(page, axe)

    opens(mira, "Publish")
    page.locator("#publish-do").click()
    expect(page.get_by_text("version 2").first).to_be_visible()

    ada = visitor(width=390)
    ada.goes_to("/")
    brands = ada.page.evaluate(PAPER)
    ada.starts("skin")
    assert ada.page.evaluate(PAPER) == GREEN_PAPER != brands
    ada.finds_no_barriers()
    ada.page.locator("label.choice").first.click()
    expect(ada.page.locator("a.back")).to_be_visible()
    assert ada.page.evaluate(PAPER) == GREEN_PAPER, "the next question came without a new page"
    ada.page.go_back()
    expect(ada.page.locator("form.ask")).to_be_visible()
    assert ada.page.evaluate(PAPER) == GREEN_PAPER
    ada.page.get_by_role("link", name="Haverlow").first.click()
    expect(ada.page.locator(".hello")).to_be_visible()
    assert ada.page.evaluate(PAPER) == brands, "the brand's own pages look like the brand"


@pytest.mark.browser
def test_a_picture_is_uploaded_described_and_removed(
    mira: Visitor, axe: Callable[..., list[str]], tmp_path: Path
) -> None:
    page = mira.page
    Image.new("RGB", (1200, 900), (200, 120, 60)).save(tmp_path / "cover.jpg")
    (tmp_path / "drawing.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    opens(mira, "Beginning")
    alts = [page.locator(f"[name=cover_alt_{language}]") for language in ("en", "id")]
    before = [alt.input_value() for alt in alts]
    box = page.locator("[data-picture]")
    with page.expect_file_chooser() as chooser:
        page.locator("[data-choose]").press("Enter")
    chooser.value.set_files(tmp_path / "cover.jpg")
    expect(box.locator("[data-said]")).to_have_text("The picture is here.")
    state(page, "saved")
    expect(page.frame_locator("#build-preview").locator("img.art")).to_have_attribute(
        "src", page.locator("[data-shown]").get_attribute("src") or ""
    )
    for alt in alts:
        alt.fill("")
    expect(box.get_by_text("Say in words what it shows.")).to_be_visible()
    alts[0].fill("A warm field")
    expect(box.get_by_text("Say in words what it shows.")).to_be_hidden()
    has_no_barriers(page, axe)

    page.locator("[data-file]").set_input_files(tmp_path / "drawing.svg")
    expect(box.locator("[data-said]")).to_contain_text("SVG")
    page.locator("[data-open]").press("Enter")
    box.locator("[data-path='art/skin/cover.svg']").press("Enter")
    expect(page.locator("[name=cover]")).to_have_value("art/skin/cover.svg")
    page.locator("[data-remove]").press("Enter")
    expect(page.locator("[data-choose]")).to_be_focused()
    state(page, "saved")

    page.locator("[data-open]").press("Enter")  # as it was, for the other stories about this quiz
    box.locator("[data-path='art/skin/cover.svg']").press("Enter")
    for alt, words in zip(alts, before, strict=True):
        alt.fill(words)
    alts[1].press("Tab")
    state(page, "saved")
