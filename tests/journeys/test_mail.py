"""Ada asks to be asked again: she confirms her address on another device, gets one letter without an answer in it, and
stops it with one press."""

import email
import os
import re
import subprocess
import sys
from collections.abc import Callable
from email import policy
from email.message import EmailMessage

from playwright.sync_api import expect

from config.data_folder import PROJECT
from tests.journeys.test_signing_in import told_in_a_quiz
from tests.support.robot import soon
from tests.support.stack import Stack
from tests.support.visitor import Visitor

ADDRESS = "ada-of-the-letters@example.org"
MAIL = "/preferences/mail/"


def text_to(stack: Stack, subject: str) -> str:
    """What the mail whose subject ends so says to Ada, once it has come."""

    def found() -> list[EmailMessage]:
        files = sorted(stack.mail.glob("*.eml"))
        parsed = [email.message_from_bytes(each.read_bytes(), policy=policy.default) for each in files]
        return [each for each in parsed if each["To"] == ADDRESS and str(each["Subject"]).endswith(subject)]  # type: ignore[misc]

    body = soon(found)[-1].get_body(preferencelist=("plain",))
    assert body is not None
    return str(body.get_content())


def path_in(text: str) -> str:
    return re.findall(r"https?://[^/\s]+(/mail/\S+)", text)[0]


def days_pass(stack: Stack, days: int) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "send_letters", "--days", str(days)],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"], "PROFFER_DATA": str(stack.folder)},
        check=True,
    )


def test_asked_again_by_a_letter_and_stopped(visitor: Callable[..., Visitor], live_stack: Stack) -> None:
    ada = visitor()
    ada.is_the_one_who(told_in_a_quiz(live_stack, "skin", "offers"))
    ada.goes_to(MAIL)
    ada.page.locator("#switch-fresh").click()
    expect(ada.page.locator("#switch-fresh")).to_have_attribute("aria-checked", "true")
    expect(ada.page.locator("#topic-fresh")).to_contain_text("Waits until your address is confirmed")
    ada.page.get_by_label("Your e-mail address").fill(ADDRESS)
    ada.page.get_by_role("button", name="Send a link to confirm it").click()
    expect(ada.page.locator("main")).to_contain_text("waits to be confirmed")
    ada.finds_no_barriers()

    phone = visitor()  # where she reads her mail; it does not know her
    phone.goes_to(path_in(text_to(live_stack, "Shall we write to you here?")))
    phone.finds_no_barriers()
    phone.page.get_by_role("button", name="Yes, write to me here").click()
    expect(phone.heading).to_have_text("This address is confirmed")
    ada.page.reload()
    expect(ada.page.locator("main")).to_contain_text(f"Letters go to {ADDRESS}")
    expect(ada.page.locator("#topic-fresh")).not_to_contain_text("Waits")

    days_pass(live_stack, 705)
    letter = text_to(live_stack, "still right?")
    assert "You asked us to tell you when answers grow old." in letter.replace("\n", " ")
    assert "skin" not in letter.lower()
    ada.page.reload()
    ada.page.get_by_role("link", name="still right?").click()
    expect(ada.heading).to_contain_text("still right?")
    ada.finds_no_barriers()

    phone.goes_to(path_in(letter))
    phone.finds_no_barriers()
    phone.page.get_by_role("button", name="Stop these letters").click()
    expect(phone.page.locator("main [role=status]")).to_contain_text("That topic is off")
    ada.goes_to(MAIL)
    expect(ada.page.locator("#switch-fresh")).to_have_attribute("aria-checked", "false")


def test_everything_about_letters_works_without_javascript(visitor: Callable[..., Visitor], live_stack: Stack) -> None:
    bo = visitor(javascript=False, width=1280)
    bo.goes_to(MAIL)
    bo.page.locator("#switch-workshop").click()
    row = bo.page.locator("#topic-workshop")
    row.get_by_label("How often").select_option("monthly")
    row.get_by_label("Where").select_option("page")
    row.get_by_role("button", name="Save").click()
    expect(bo.page.locator("main")).to_contain_text("Saved.")
    expect(row.get_by_label("How often")).to_have_value("monthly")
    row.get_by_role("button", name="Quiet for 30 days").click()
    expect(row).to_contain_text("Quiet until")
    bo.page.get_by_role("button", name="Switch everything off").click()
    expect(bo.page.locator("#switch-workshop")).to_have_attribute("aria-checked", "false")
