"""A browser that runs no script: every page and every step is there all the same."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.answers import OUTERWEAR, SKIN, pet
from tests.support.visitor import Visitor


def test_each_quiz_goes_to_its_result_and_offers_are_on_the_page(visitor: Callable[..., Visitor]) -> None:
    cy = visitor(javascript=False)
    for slug, answers in (("outerwear", OUTERWEAR), ("pet", pet("Bella", "24.6"))):
        cy.takes(slug, answers)
        cy.allows("offers")
    cy.goes_to("/offers/")  # waits a moment for the worker
    expect(cy.page.locator("article[data-offer]").first).to_be_visible()

    cy.goes_to("/preferences/")
    cy.switch("offers").click()
    cy.is_at("/preferences/")
    expect(cy.switch("offers")).to_have_attribute("aria-checked", "false")
    cy.page.get_by_role("button", name="Undo").click()
    expect(cy.switch("offers")).to_have_attribute("aria-checked", "true")


def test_ranking_a_sensitive_question_and_a_refusal_work_by_their_buttons(visitor: Callable[..., Visitor]) -> None:
    cy = visitor(javascript=False)
    cy.starts("skin")
    cy.is_asked("skin_type")
    cy.goes_on()  # without an answer
    expect(cy.page.locator("#problem")).to_be_visible()
    cy.answers("skin_type", "balanced")
    cy.answers("skin_temper", "often")

    cy.is_asked("skin_reactions")
    assert not cy.page.locator("[name=consent]").is_checked()
    cy.chooses("fragrance", "wool")
    in_words = cy.card("fragrance").locator("b").inner_text()
    cy.goes_on()
    expect(cy.page.locator("#problem")).to_be_visible()
    expect(cy.input("fragrance")).to_be_checked()  # kept in the page, stored nowhere
    cy.page.locator("[name=consent]").check()
    cy.goes_on()

    for key in ("outdoor_hours", "skin_tint", "skin_goals"):
        cy.answers(key, *SKIN[key])
    cy.is_asked("skin_priorities")
    order = cy.page.locator(".ranking li span")
    first, second, third, last = order.all_inner_texts()
    cy.page.get_by_role("button", name=f"Move {last} up").click()
    expect(order).to_have_text([first, second, last, third])
    cy.page.get_by_role("button", name=f"Move {first} down").click()
    expect(order).to_have_text([second, first, last, third])
    cy.goes_on()
    cy.is_asked("skin_time")
    cy.goes_back()
    expect(order).to_have_text([second, first, last, third])
    cy.goes_on()
    cy.answers("skin_time", "five")
    cy.page.get_by_role("button", name="Skip this one").click()

    # Nothing allowed: the whole result, and a word on what becomes of the answers.
    cy.allows()
    expect(cy.page.locator(".routine li").first).to_be_visible()
    expect(cy.page.locator(".told")).to_contain_text(in_words)
    expect(cy.page.locator(".told")).to_contain_text("We delete them after 30 days.")
    expect(cy.page.locator("article[data-offer]")).to_have_count(0)


def test_the_mark_on_a_picture_is_seen_in_the_dark_too(visitor: Callable[..., Visitor]) -> None:
    cy = visitor(javascript=False)
    cy.starts("skin")
    cy.is_asked("skin_type")
    for scheme in ("dark", "light"):
        cy.page.emulate_media(color_scheme=scheme)
        for mark in cy.page.locator(".pictures input").all():
            mark.scroll_into_view_if_needed()
            place = mark.bounding_box()
            assert place
            middle = [place["x"] + place["width"] / 2, place["y"] + place["height"] / 2]
            assert cy.page.evaluate("([x, y]) => document.elementFromPoint(x, y).tagName", middle) == "INPUT"
