"""An account keeps answers from one device to the next; joining them is asked, never assumed."""

import email
import re
from collections.abc import Callable
from email import policy
from email.message import EmailMessage

from playwright.sync_api import expect

from tests.support.robot import Robot, soon
from tests.support.stack import Stack
from tests.support.visitor import Visitor


def newest_code(stack: Stack, address: str, seen: int) -> str:
    """The code in the newest mail to this address, once there are more than `seen`."""

    def letters() -> list[EmailMessage]:
        files = sorted(stack.mail.glob("*.eml"))
        parsed = [email.message_from_bytes(each.read_bytes(), policy=policy.default) for each in files]
        return [each for each in parsed if isinstance(each, EmailMessage) and each["To"] == address]

    found = soon(lambda: letters()[seen:])
    body = found[-1].get_body(preferencelist=("plain",))
    assert body is not None
    codes = re.findall(r"^\s*([A-Z0-9][A-Z0-9-]{4,})\s*$", body.get_content(), re.MULTILINE)
    assert len(codes) == 1, body.get_content()
    return codes[0]


def sign_in(person: Visitor, stack: Stack, address: str, *, seen: int = 0) -> None:
    person.goes_to("/preferences/")
    person.page.locator("#yours").get_by_role("link", name="Sign in").click()
    expect(person.heading).to_have_text("Sign in with a code")
    person.finds_no_barriers()
    person.page.get_by_label(re.compile("mail", re.IGNORECASE)).fill(address)
    person.page.get_by_role("button", name="Send me a code").click()
    expect(person.heading).to_have_text("Enter your code")
    person.finds_no_barriers()
    person.page.get_by_label(re.compile("code", re.IGNORECASE)).fill(newest_code(stack, address, seen))
    person.page.get_by_role("button", name=re.compile("Sign in|Confirm")).click()
    person.page.wait_for_url(lambda url: "/accounts/" not in url)


def told_in_a_quiz(stack: Stack, slug: str, *purposes: str) -> Robot:
    robot = Robot(stack.url, seed=11)
    robot.agree(robot.take(slug), *purposes)
    return robot


def test_answers_follow_an_account_to_a_second_device(visitor: Callable[..., Visitor], live_stack: Stack) -> None:
    address = "ada@example.org"
    phone = visitor()
    phone.is_the_one_who(told_in_a_quiz(live_stack, "outerwear", "offers"))
    sign_in(phone, live_stack, address)
    phone.is_at("/preferences/")
    expect(phone.page.locator("#yours")).to_contain_text(f"You are signed in as {address}.")
    expect(phone.page.locator("[id$=-climate]")).to_be_visible()
    phone.finds_no_barriers()

    # The second device has answers of its own: they are only joined when asked to.
    laptop = visitor(width=1280)
    laptop.is_the_one_who(told_in_a_quiz(live_stack, "skin", "letters"))
    sign_in(laptop, live_stack, address, seen=1)
    laptop.goes_to("/preferences/")
    expect(laptop.heading).to_have_text("Keep the answers from this device?")
    laptop.finds_no_barriers()
    laptop.page.get_by_role("button", name="Keep them").click()
    laptop.is_at("/preferences/")
    expect(laptop.page.locator("[id$=-climate]")).to_be_visible()
    expect(laptop.page.locator("[id$=-skin_type]")).to_be_visible()
    # Keeping answers switches nothing on that the account had not switched on.
    expect(laptop.switch("offers")).to_have_attribute("aria-checked", "true")
    expect(laptop.switch("letters")).to_have_attribute("aria-checked", "false")
    phone.page.reload()
    expect(phone.page.locator("[id$=-skin_type]")).to_be_visible()

    # Signing out: this browser knows nobody any more; the account still knows everything.
    laptop.goes_to("/accounts/logout/")
    laptop.finds_no_barriers()
    laptop.page.locator("main").get_by_role("button", name="Sign out").click()
    laptop.page.wait_for_url(lambda url: "/logout/" not in url)
    laptop.goes_to("/preferences/")
    expect(laptop.page.locator("main")).to_contain_text("The drawer is empty")
    phone.page.reload()
    expect(phone.page.locator("[id$=-climate]")).to_be_visible()


def test_a_wrong_code_is_refused_kindly(visitor: Callable[..., Visitor], live_stack: Stack) -> None:
    bo = visitor()
    bo.goes_to("/accounts/login/")
    bo.page.get_by_label(re.compile("mail", re.IGNORECASE)).fill("bo@example.org")
    bo.page.get_by_role("button", name="Send me a code").click()
    bo.page.get_by_label(re.compile("code", re.IGNORECASE)).fill("WRONG1")
    bo.page.get_by_role("button", name=re.compile("Sign in|Confirm")).click()
    expect(bo.heading).to_have_text("Enter your code")
    expect(bo.page.locator("form.form")).to_contain_text(re.compile("code", re.IGNORECASE))
    expect(bo.page.locator("[aria-invalid=true]")).to_be_visible()
    bo.finds_no_barriers()
    bo.goes_to("/_mail/")
    expect(bo.page.locator("main")).to_contain_text("bo@example.org")
    bo.finds_no_barriers()
