"""A letter comes: Paula of the privacy staff enters it, checks who wrote, shows and changes what it asks, and answers.
Ada sees afterwards who of us looked."""

import os
import subprocess
import sys
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from config.data_folder import PROJECT
from tests.journeys.test_signing_in import newest_code
from tests.support.robot import Robot
from tests.support.stack import Stack
from tests.support.visitor import Visitor

ADDRESS = "ada.of.the.letter@example.com"


@pytest.fixture
def paula(visitor: Callable[..., Visitor], live_stack: Stack) -> Visitor:
    said = subprocess.run(
        [sys.executable, "manage.py", "create_staff", "paula", "--group", "privacy"],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"], "PROFFER_DATA": str(live_stack.folder)},
        check=True,
        capture_output=True,
        text=True,
    )
    who = visitor(width=1280)
    who.enters_admin("paula", said.stdout.rsplit("Password: ", 1)[1].strip())
    return who


def finds_no_barriers(who: Visitor) -> None:
    """In what is ours of the admin's page."""
    assert who.axe(who.page, context=".case") == []


def enters(who: Visitor, asks: str) -> None:
    who.page.get_by_role("link", name="Requests of people").first.click()
    who.page.goto(who.page.url + "add/")
    who.page.get_by_label("Asks").select_option(asks)
    who.page.get_by_label("Their e-mail address").fill(ADDRESS)
    who.page.get_by_role("button", name="Save", exact=True).click()
    expect(who.page.locator(".case-head h2")).to_be_visible()


def by_keyboard(who: Visitor, button: str) -> None:
    target = who.page.get_by_role("button", name=button)
    target.focus()
    who.page.keyboard.press("Enter")


def test_a_letter_is_entered_carried_out_and_seen_by_who_wrote_it(
    visitor: Callable[..., Visitor], paula: Visitor, live_stack: Stack
) -> None:
    robot = Robot(live_stack.url, seed=31)
    robot.agree(robot.take("skin"), "offers")
    ada = visitor()
    ada.is_the_one_who(robot)
    ada.goes_to("/accounts/login/")
    ada.page.locator("input[type=email]").fill(ADDRESS)
    ada.page.get_by_role("button", name="Send me a code").click()
    expect(ada.heading).to_have_text("Enter your code")
    ada.page.locator("input[name=code]").fill(newest_code(live_stack, ADDRESS, 0))
    ada.page.locator("main form button").first.click()
    ada.is_at("/preferences/")

    enters(paula, "access")
    page = paula.page
    finds_no_barriers(paula)
    expect(page.get_by_role("button", name="Look at what we hold")).to_have_count(0)
    page.get_by_label("they answered from the account's address").focus()
    page.keyboard.press("Space")
    by_keyboard(paula, "It is them")
    expect(page.locator(".case-steps > li[data-done]")).to_have_count(1)
    by_keyboard(paula, "Find their account")
    expect(page.locator(".case-steps > li[data-done]")).to_have_count(2)
    by_keyboard(paula, "Look at what we hold")
    expect(page.get_by_role("heading", name="What we hold of this person")).to_be_visible()
    expect(page.locator(".case")).to_contain_text(ADDRESS)
    finds_no_barriers(paula)
    assert ADDRESS not in page.url

    page.get_by_role("link", name="Request", exact=False).last.click()
    page.get_by_label("done", exact=True).check()
    page.get_by_label("What was done, and what you answered").fill("Sent her the copy.")
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.locator(".case-due")).to_contain_text("Done")
    expect(page.locator(".case-trail")).to_contain_text("Looked at what we hold")
    finds_no_barriers(paula)

    enters(paula, "stop")
    by_keyboard(paula, "Find their account")
    page.get_by_label("Tailored offers").check()
    by_keyboard(paula, "Switch off")
    expect(page.locator(".case-trail")).to_contain_text("Switched a use off")

    ada.goes_to("/preferences/")
    expect(ada.switch("offers")).to_have_attribute("aria-checked", "false")
    ada.goes_to("/preferences/history/")
    expect(ada.page.locator("main")).to_contain_text("looked at what we hold, because you asked us")
    expect(ada.page.locator("main")).to_contain_text("On your request, by our staff.")
    expect(ada.page.locator("main")).not_to_contain_text("paula")


def test_marketers_know_of_no_requests(mira: Visitor) -> None:
    expect(mira.page.get_by_role("link", name="Quizzes").first).to_be_visible()
    expect(mira.page.locator("a[href*='privacyrequest']")).to_have_count(0)
    for page in ("", "add/", "1/change/", "1/held/"):
        answer = mira.page.goto(f"{mira.base}/admin/preferences/privacyrequest/{page}")
        assert answer is not None
        assert answer.status in (403, 404)
