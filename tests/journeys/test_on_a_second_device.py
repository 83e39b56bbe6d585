"""Started here, finished there: a square to photograph, which works once."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.support.visitor import Visitor


def test_a_second_device_takes_the_run_over_once(visitor: Callable[..., Visitor]) -> None:
    laptop = visitor(width=1280)
    laptop.starts("outerwear")
    laptop.answers("climate", "mild_damp")
    laptop.is_asked("outer_setting")
    laptop.page.get_by_role("button", name="Continue on another device").click()
    laptop.is_at("/continue-elsewhere/")
    square = laptop.page.get_by_role("img", name="QR code for your other device")
    if not square.is_visible():
        laptop.page.get_by_role("button", name="Show the square").click()
    expect(square).to_be_visible()
    laptop.finds_no_barriers()
    link = laptop.page.locator("main a[href*='/continue/']").get_attribute("href") or ""
    assert "/continue/" in link

    # Looking at the link takes nothing over: a messenger's preview does not use it up.
    passer_by = visitor()
    passer_by.page.goto(link)
    phone = visitor(touch=True)
    phone.page.goto(link)
    expect(phone.heading).to_have_text("Continue here?")
    phone.finds_no_barriers()
    phone.page.get_by_role("button", name="Continue on this device").tap()
    phone.is_asked("outer_setting")
    phone.answers("outer_setting", "hills")
    phone.is_asked("hill_days")

    passer_by.page.get_by_role("button", name="Continue on this device").click()
    expect(passer_by.heading).to_have_text("This code no longer works")
    passer_by.finds_no_barriers()
    passer_by.page.goto(link)
    expect(passer_by.heading).to_have_text("This code no longer works")
    passer_by.goes_to("/preferences/")
    expect(passer_by.page.locator("main")).to_contain_text("The drawer is empty")

    # It is one run: what the phone answered is answered on the laptop too.
    laptop.page.get_by_role("link", name="Stay on this device").click()
    laptop.goes_to("/q/outerwear/")
    laptop.page.get_by_role("link", name="Carry on where you were").click()
    laptop.is_asked("hill_days")
    laptop.goes_back()
    expect(laptop.input("hills")).to_be_checked()
