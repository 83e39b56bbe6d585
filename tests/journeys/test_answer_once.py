"""What was told once is filled in the next time, as long as that is allowed; one touch says that it is still right."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.answers import SKIN, pet
from tests.support.visitor import Visitor


def test_still_right_is_one_touch_and_changing_as_easy(visitor: Callable[..., Visitor]) -> None:
    ada = visitor(touch=True)
    ada.takes("skin", SKIN)
    ada.allows("once")
    ada.starts("skin")
    ada.is_asked("skin_type")
    expect(ada.page.locator("#told")).to_contain_text("Still right?")
    expect(ada.input("dry")).to_be_checked()
    go = ada.page.locator("button.go")
    expect(go).to_have_accessible_name("Still right")
    ada.finds_no_barriers()
    ada.goes_on()
    ada.is_asked("skin_dry_where")
    ada.input("cheeks").press("ArrowDown")  # by key, so that it does not go on by itself
    expect(go).to_have_accessible_name("Continue")
    ada.goes_on()
    ada.is_asked("skin_temper")
    ada.goes_back()
    ada.is_asked("skin_dry_where")
    expect(ada.page.locator("#told")).to_have_count(0)
    expect(ada.input("cheeks")).not_to_be_checked()

    # Switched off, the next question comes empty.
    ada.goes_to("/preferences/")
    ada.touches(ada.switch("once"))
    expect(ada.switch("once")).to_have_attribute("aria-checked", "false")
    ada.starts("skin")
    ada.is_asked("skin_type")
    expect(ada.page.locator("input[name=answer]:checked")).to_have_count(0)


def test_without_javascript_and_only_for_the_pet_it_is_about(visitor: Callable[..., Visitor]) -> None:
    cy = visitor(javascript=False)
    cy.takes("pet", pet("Bella", "4.2"))
    cy.allows("once")
    cy.starts("pet", about="Bella")
    cy.is_asked("pet_species")
    expect(cy.page.locator("#told")).to_contain_text("Still right?")
    expect(cy.input("dog")).to_be_checked()
    cy.goes_on()
    cy.is_asked("pet_born")
    expect(cy.page.locator("[name=answer]")).to_have_value("2021-03-12")
    cy.goes_to("/q/pet/")
    cy.page.locator("input[name=profile][value=new]").check()
    cy.page.locator("form button[type=submit]", has_text="Start").click()
    cy.answers("pet_name", "Moro")
    cy.is_asked("pet_species")
    expect(cy.page.locator("#told")).to_have_count(0)
