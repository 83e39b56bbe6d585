"""A marketer writes a small quiz by the admin's forms, publishes it and closes it; customers are out of sight."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.support.stack import Stack
from tests.support.visitor import Visitor

CUSTOMERS = ("customer", "profile", "device", "preference", "grant", "permit", "consentevent")


def fill(page: Page, **texts: str) -> None:
    """Each text in both languages: `title="Tea"` goes to title_en and title_id."""
    for name, text in texts.items():
        for language in ("en", "id"):
            page.locator(f"[name={name.replace('__', '-')}_{language}]").fill(text)


def test_a_quiz_is_written_published_and_closed(mira: Visitor, visitor: Callable[..., Visitor]) -> None:
    page = mira.page
    mira.goes_to("/admin/quizzes/quiz/add/")
    page.locator("[name=slug]").fill("tea")
    fill(page, title="Which tea is yours?", exchange_get="A tea.", exchange_ask="Two things.", exchange_use="Nothing.")
    for number, (key, kind) in enumerate((("taste", "single"), ("milk", "boolean"))):
        page.get_by_role("link", name="Add another Question").click()
        page.locator(f"[name=questions-{number}-key]").fill(key)
        page.locator(f"[name=questions-{number}-kind]").select_option(kind)
        fill(page, **{f"questions__{number}__title": f"What about {key}?"})
    page.get_by_role("link", name="Add another Outcome").click()
    page.locator("[name=outcomes-0-key]").fill("black")
    fill(page, outcomes__0__title="Black tea", outcomes__0__summary="Strong, and early.")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.locator("main, body")).to_contain_text("was added successfully")
    quiz = page.url

    # It says what is missing until it is all there.
    expect(page.locator("form#quiz_form, form").last).to_contain_text("choices")
    page.get_by_role("button", name="Save and publish").click()
    expect(page.locator("body")).to_contain_text("can't be published yet")

    for number in range(2):
        page.goto(quiz)
        page.locator("a[href*='/quizzes/question/']", has_text="Change").nth(number).click()
        fill(page, why="To know you better.")
        if number == 0:
            for row, value in enumerate(("mild", "strong")):
                page.get_by_role("link", name="Add another Choice").click()
                page.locator(f"[name=choices-{row}-value]").fill(value)
                fill(page, **{f"choices__{row}__label": value.title()})
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator("body")).to_contain_text("was changed successfully")
    page.goto(quiz)
    page.get_by_role("button", name="Save and publish").click()
    expect(page.locator("body")).to_contain_text("Customers now see version 1")

    ada = visitor(touch=True)
    ada.goes_to("/")
    ada.page.get_by_role("link", name="Which tea is yours?", exact=True).tap()
    ada.is_at("/q/tea/")
    ada.finds_no_barriers()
    ada.starts("tea")
    ada.answers("taste", "strong")
    ada.is_asked("milk")

    # Closed: no longer offered, and whoever is taking it goes on to the end.
    page.goto(quiz)
    page.get_by_role("button", name="Save and close").click()
    expect(page.locator("body")).to_contain_text("is closed. Whoever is taking it can finish.")
    bo = visitor()
    bo.goes_to("/")
    expect(bo.page.get_by_role("link", name="Which tea is yours?", exact=True)).to_have_count(0)
    bo.goes_to("/q/tea/")
    expect(bo.heading).to_have_text("This quiz is closed for now")
    bo.finds_no_barriers()
    ada.answers("milk", "yes")
    ada.sees_result()
    expect(ada.heading).to_have_text("Black tea")
    ada.finds_no_barriers()


def test_a_new_title_is_seen_once_it_is_published(mira: Visitor, visitor: Callable[..., Visitor]) -> None:
    page, bo = mira.page, visitor()
    mira.goes_to("/admin/quizzes/quiz/")
    page.get_by_role("row").filter(has_text="outerwear").get_by_role("link").first.click()
    title = page.locator("[name=title_en]")
    before = title.input_value()
    try:
        title.fill("Rain, and what to wear")
        page.get_by_role("button", name="Save and continue editing").click()
        bo.goes_to("/")
        expect(bo.page.locator("main")).to_contain_text(before)
        page.get_by_role("button", name="Save and publish").click()
        expect(page.locator("body")).to_contain_text("Customers now see version 2")
        bo.goes_to("/")
        expect(bo.page.locator("main")).to_contain_text("Rain, and what to wear")
    finally:
        mira.goes_to("/admin/quizzes/quiz/")
        page.get_by_role("row").filter(has_text="outerwear").get_by_role("link").first.click()
        title.fill(before)
        page.get_by_role("button", name="Save and publish").click()
        expect(page.locator("body")).to_contain_text("Customers now see version")


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
