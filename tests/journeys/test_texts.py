"""A translator writes a quiz in another language by keyboard; two at once do not fight; no word is lost."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.support.visitor import Visitor

UNFOLDS_OWN = ("landmark-one-main", "region")  # of the admin's frame, which is not ours


def opens_texts(who: Visitor, title: str) -> None:
    who.goes_to("/admin/quizzes/quiz/")
    href = who.page.locator("#result_list a", has_text=title).first.get_attribute("href") or ""
    quiz = (re.search(r"quiz/(\d+)", href) or ["", ""])[1]
    who.goes_to(f"/admin/quizzes/quiz/{quiz}/build/texts/?language=id")


def is_saved(page: Page) -> None:
    expect(page.locator("#build-said")).to_have_attribute("data-state", "saved")


@pytest.mark.browser
def test_a_translator_goes_from_gap_to_gap_by_keyboard(mira: Visitor, axe: Callable[..., list[str]]) -> None:
    page = mira.page
    opens_texts(mira, "skin")
    expect(page.locator("#texts-next")).to_contain_text("Complete in Bahasa Indonesia")
    titles = page.locator(".texts-line textarea")
    first, third = titles.nth(0), titles.nth(2)
    words = [first.input_value(), third.input_value()]
    for field in (first, third):
        field.fill("")
        field.press("Tab")
        is_saved(page)
    expect(page.locator("#texts-next")).to_contain_text("2 texts missing")
    page.locator("#texts-next a").click()
    expect(first).to_be_focused()
    page.keyboard.type(words[0])
    page.keyboard.press("Control+Enter")
    expect(third).to_be_focused()
    expect(page.locator("#texts-next")).to_contain_text("1 text missing")
    page.keyboard.type("{skin_kind} begitu")
    expect(page.locator(".texts-warning")).to_contain_text("{skin_kind}")
    third.fill(words[1])
    page.keyboard.press("Enter")
    is_saved(page)
    expect(page.locator(".texts-warning")).to_have_count(0)
    expect(page.locator("#texts-next")).to_contain_text("Complete")
    page.reload()
    assert [titles.nth(0).input_value(), titles.nth(2).input_value()] == words
    for width in (1280, 768):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert [each for each in axe(page, context="#build-work") if not each.startswith(UNFOLDS_OWN)] == []


@pytest.mark.browser
def test_two_at_once_and_a_net_that_fails_lose_nothing(
    mira: Visitor, visitor: Callable[..., Visitor], marketer: tuple[str, str]
) -> None:
    page = mira.page
    other = visitor(width=1280)
    other.enters_admin(*marketer)
    for who in (mira, other):
        opens_texts(who, "rains")
    mine, theirs = (who.page.locator(".texts-line textarea") for who in (mira, other))
    before = [mine.nth(0).input_value(), mine.nth(1).input_value()]

    theirs.nth(1).fill("Dari meja lain")
    theirs.nth(1).press("Tab")
    is_saved(other.page)
    mine.nth(0).fill("Dari mejaku")
    mine.nth(0).press("Tab")
    is_saved(page)
    mine.nth(1).fill("Dari mejaku juga")
    mine.nth(1).press("Tab")
    note = page.locator(".texts-note").nth(1)
    expect(note).to_contain_text("Dari meja lain")
    expect(page.locator("#build-said")).to_have_attribute("data-state", "conflict")
    expect(mine.nth(1)).to_have_value("Dari mejaku juga")
    note.get_by_role("button", name="Take theirs").click()
    expect(mine.nth(1)).to_have_value("Dari meja lain")
    is_saved(page)

    mira.may_lose_requests = True
    mira.context.set_offline(True)
    mine.nth(0).fill(before[0])
    mine.nth(0).press("Tab")
    expect(page.locator("#build-said")).to_have_attribute("data-state", "failed")
    mira.context.set_offline(False)
    is_saved(page)
    mine.nth(1).fill(before[1])
    mine.nth(1).press("Tab")
    is_saved(page)
    page.reload()
    assert [mine.nth(0).input_value(), mine.nth(1).input_value()] == before
