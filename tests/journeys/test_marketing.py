"""Marketers see what is theirs; customers are out of everybody's sight."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.support.stack import Stack
from tests.support.visitor import Visitor

CUSTOMERS = ("customer", "profile", "device", "preference", "grant", "permit", "consentevent")


def test_customers_are_in_nobodys_admin(mira: Visitor, visitor: Callable[..., Visitor], live_stack: Stack) -> None:
    owner = visitor(width=1280)
    owner.enters_admin(*live_stack.staff)
    for who in (mira, owner):
        who.goes_to("/admin/")
        expect(who.page.get_by_role("link", name="Quizzes").first).to_be_visible()
        for model in CUSTOMERS:
            expect(who.page.locator(f"a[href*='/preferences/{model}/']")).to_have_count(0)
            assert who.page.goto(f"{who.base}/admin/preferences/{model}/").status in (403, 404)
    mira.goes_to("/admin/auth/user/")
    expect(mira.page.locator("table")).to_have_count(0)
