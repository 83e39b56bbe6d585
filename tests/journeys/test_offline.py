"""The net drops in the middle of a step: it is said, the answer is still there, and goes when asked to."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.support.robot import Robot
from tests.support.stack import Stack
from tests.support.visitor import Visitor


def test_an_answer_given_offline_is_kept_and_goes_later(visitor: Callable[..., Visitor]) -> None:
    ada = visitor(touch=True)
    ada.starts("skin")
    ada.answers("skin_type", "dry")
    ada.is_asked("skin_dry_where")
    ada.may_lose_requests = True
    ada.context.set_offline(True)
    ada.chooses("mouth")
    notice = ada.page.locator("#offline")
    expect(notice).to_be_visible()
    expect(notice).to_contain_text("You seem to be offline. Your answer is still here.")
    ada.finds_no_barriers()
    ada.is_asked("skin_dry_where")
    expect(ada.input("mouth")).to_be_checked()

    # Trying again while there is still no net says so again.
    notice.get_by_role("button", name="Try again").tap()
    expect(notice).to_be_visible()
    expect(ada.input("mouth")).to_be_checked()

    # Back online it goes by itself.
    ada.context.set_offline(False)
    ada.is_asked("skin_temper")
    expect(notice).to_be_hidden()
    ada.goes_back()
    expect(ada.input("mouth")).to_be_checked()


def test_a_step_that_the_server_fails_at_is_tried_again(visitor: Callable[..., Visitor]) -> None:
    ada = visitor()
    ada.starts("skin")
    ada.answers("skin_type", "dry")
    ada.is_asked("skin_dry_where")
    ada.may_lose_requests = True
    ada.page.route("**/skin_dry_where/", lambda route: route.fulfill(status=502, body="Bad gateway"))
    ada.chooses("mouth")
    notice = ada.page.locator("#offline")
    expect(notice).to_contain_text("That did not go through. Your answer is still here.")
    expect(ada.input("mouth")).to_be_checked()
    ada.page.unroute("**/skin_dry_where/")
    notice.get_by_role("button", name="Try again").click()
    ada.is_asked("skin_temper")
    expect(notice).to_be_hidden()


def test_a_switch_that_did_not_reach_us_stays_as_it_was(visitor: Callable[..., Visitor], live_stack: Stack) -> None:
    robot = Robot(live_stack.url, seed=31)
    robot.agree(robot.take("outerwear"), "offers")
    ada = visitor()
    ada.is_the_one_who(robot)
    ada.goes_to("/preferences/")
    ada.may_lose_requests = True
    ada.context.set_offline(True)
    ada.switch("offers").click()
    expect(ada.page.locator("#offline")).to_be_visible()
    expect(ada.switch("offers")).to_have_attribute("aria-checked", "true")
    ada.context.set_offline(False)
    expect(ada.switch("offers")).to_have_attribute("aria-checked", "false")
    assert robot.get("/offers/").offers == []
