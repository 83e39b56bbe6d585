"""Tab, Space, the arrows and Enter are enough for everything, and one always sees and hears where one is."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.robot import Robot
from tests.support.stack import Stack
from tests.support.visitor import Visitor

FOCUS = "() => { const it = document.activeElement; return [it.tagName, it.name || '', it.value || '', it.innerText] }"
OUTLINED = """() => { for (let it = document.activeElement; it; it = it.parentElement) {
  if (it.matches("li, form, main")) return false;
  const style = getComputedStyle(it);
  if (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) return true;
} return false }"""
STOPS = """() => document.querySelectorAll("a[href], area[href], button, input, select, textarea, summary, [tabindex]")
  .length"""


def once_around(page: Page) -> range:
    """As many presses of Tab as bring one at most once through all of this page and back to where one was."""
    return range(page.evaluate(STOPS) + 2)


def tab_to(page: Page, target: Locator) -> None:
    """Presses Tab until it is there, and is seen to be there."""
    for _press in once_around(page):
        page.keyboard.press("Tab")
        if target.evaluate("(it) => it === document.activeElement"):
            assert page.evaluate(OUTLINED), page.evaluate(FOCUS)
            return
    raise AssertionError(f"Tab never reaches {target}; it is at {page.evaluate(FOCUS)}")


def arrives_at(bo: Visitor, key: str, titles: list[str]) -> None:
    """The question is there, its heading has the focus, and the page has a title of its own."""
    bo.is_asked(key)
    expect(bo.heading).to_be_focused()
    expect(bo.page).not_to_have_title(titles[-1])
    assert bo.heading.inner_text() in bo.page.title()
    titles.append(bo.page.title())


def test_the_keyboard_alone_takes_a_quiz(visitor: Callable[..., Visitor]) -> None:
    bo = visitor(width=1280)
    page, keys = bo.page, bo.page.keyboard
    go_on = page.locator("button.go")
    bo.goes_to("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to the page")).to_be_in_viewport()
    tab_to(page, page.get_by_role("link", name="Take this quiz").first)
    keys.press("Enter")
    bo.is_at("/q/skin/")
    titles = [page.title()]
    tab_to(page, page.get_by_role("button", name="Start"))
    keys.press("Enter")

    # A group of radio buttons is one stop; arrows move in it and never go on.
    arrives_at(bo, "skin_type", titles)
    for _press in once_around(page):
        keys.press("Tab")
        if page.evaluate(FOCUS)[1] == "answer":
            break
    keys.press("Space")
    expect(bo.input("dry")).to_be_checked()
    keys.press("ArrowDown")
    expect(bo.input("oily")).to_be_checked()
    keys.press("ArrowUp")
    expect(bo.input("dry")).to_be_checked()
    assert page.evaluate(OUTLINED)
    with pytest.raises(AssertionError):  # longer than the beat after which a touched choice goes on
        expect(page).not_to_have_url(page.url, timeout=800)
    keys.press("Enter")

    arrives_at(bo, "skin_dry_where", titles)
    tab_to(page, bo.input("cheeks"))
    keys.press("Space")
    keys.press("Enter")

    arrives_at(bo, "skin_temper", titles)
    tab_to(page, bo.input("often"))
    keys.press("ArrowUp")  # around to the last
    expect(bo.input("rarely")).to_be_checked()
    tab_to(page, go_on)
    keys.press("Enter")

    arrives_at(bo, "outdoor_hours", titles)
    slider = page.get_by_role("slider")
    tab_to(page, slider)
    keys.press("Home")
    expect(page.locator("[data-output]")).to_have_text("0")
    keys.press("ArrowRight")
    keys.press("ArrowRight")
    expect(page.locator("[data-output]")).to_have_text("2")
    keys.press("Enter")

    arrives_at(bo, "skin_tint", titles)
    tab_to(page, page.get_by_role("button", name="Skip this one"))
    keys.press("Space")

    # Two at most: the rest can't be ticked, and it is said.
    arrives_at(bo, "skin_goals", titles)
    tab_to(page, bo.input("dryness"))
    keys.press("Space")
    tab_to(page, bo.input("glow"))
    keys.press("Space")
    expect(bo.input("calm")).to_be_disabled()
    expect(page.locator("#announce")).to_contain_text("the most we can use")
    tab_to(page, go_on)
    keys.press("Space")

    # The focus stays with the item that moves, and its new place is said.
    arrives_at(bo, "skin_priorities", titles)
    order = page.locator(".ranking li span")
    before = order.all_inner_texts()
    tab_to(page, page.get_by_role("button", name=f"Move {before[3]} up"))
    keys.press("Enter")
    expect(page.locator("#announce")).to_have_text(f"{before[3]} is now number 3")
    keys.press("Enter")
    keys.press("Enter")
    expect(order).to_have_text([before[3], *before[:3]])
    expect(page.get_by_role("button", name=f"Move {before[3]} down")).to_be_focused()
    tab_to(page, go_on)
    keys.press("Enter")

    arrives_at(bo, "skin_time", titles)
    tab_to(page, bo.input("two"))
    keys.press("Space")
    keys.press("Enter")
    arrives_at(bo, "scent", titles)
    tab_to(page, bo.input("yes"))
    keys.press("Space")
    keys.press("Enter")

    bo.is_asked_what_for()
    expect(bo.heading).to_be_focused()
    tab_to(page, page.locator("[name=purpose][value=offers]"))
    keys.press("Space")
    keys.press("Enter")
    bo.sees_result()
    expect(bo.heading).to_be_focused()
    bo.sees_offers()
    expect(bo.heading).to_be_focused()  # whenever the offers come, they take the focus from nobody
    expect(page.locator(".told")).to_contain_text(before[3])


def test_what_is_missing_is_said_and_focused(visitor: Callable[..., Visitor]) -> None:
    bo = visitor(width=1280)
    bo.starts("skin")
    bo.is_asked("skin_type")
    tab_to(bo.page, bo.page.locator("button.go"))
    bo.page.keyboard.press("Enter")
    expect(bo.page.locator("#problem")).to_be_focused()
    expect(bo.page.get_by_role("alert").first).to_be_visible()
    bo.finds_no_barriers()


def test_switches_of_the_preference_center_turn_by_keyboard_and_keep_the_focus(
    visitor: Callable[..., Visitor], live_stack: Stack
) -> None:
    robot = Robot(live_stack.url, seed=2)
    robot.agree(robot.take("outerwear"), "offers")
    bo = visitor(width=1280)
    bo.is_the_one_who(robot)
    bo.goes_to("/preferences/")
    tab_to(bo.page, bo.switch("offers", "climate"))
    bo.page.keyboard.press("Space")
    expect(bo.switch("offers", "climate")).to_have_attribute("aria-checked", "false")
    expect(bo.switch("offers", "climate")).to_be_focused()
    expect(bo.page.locator("#announce")).to_contain_text("is no longer used for")
    bo.goes_to("/preferences/")
    expect(bo.switch("offers", "climate")).to_have_attribute("aria-checked", "false")
    tab_to(bo.page, bo.switch("offers"))
    bo.page.keyboard.press("Enter")
    expect(bo.switch("offers")).to_have_attribute("aria-checked", "false")
    expect(bo.switch("offers")).to_be_focused()
    bo.goes_to("/offers/")
    expect(bo.page.locator("article[data-offer]")).to_have_count(0)
