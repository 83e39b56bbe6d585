"""One person, two pets: each is known by its own name, and a second visit shows how it has changed."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.answers import pet
from tests.support.robot import Robot
from tests.support.stack import Stack
from tests.support.visitor import Visitor


def test_two_pets_are_kept_apart_and_the_second_time_shows_the_change(
    visitor: Callable[..., Visitor], live_stack: Stack
) -> None:
    robot = Robot(live_stack.url)
    uses = robot.take("pet", robot.telling(pet("Bella", "24.6")))
    ada = visitor(touch=True)
    ada.is_the_one_who(robot)
    ada.page.goto(uses.url)
    ada.allows("offers")
    expect(ada.page.locator("main")).to_contain_text("For Bella")
    expect(ada.page.locator("figure.trend")).to_have_count(0)  # one point is no line
    ada.finds_no_barriers()

    ada.takes("pet", pet("Tofu", "8.2", pet_shape=("fit",)), about="Someone new")
    expect(ada.page.locator("[name=purpose][value=offers]")).to_be_checked()  # it was switched on before
    ada.allows()
    expect(ada.page.locator("main")).to_contain_text("For Tofu")

    ada.goes_to("/q/pet/")
    ada.finds_no_barriers()
    monthly = pet("Bella", "23.1")
    del monthly["pet_name"]  # known by now, not asked again
    ada.takes("pet", monthly, about="Bella")
    ada.allows()
    expect(ada.page.locator("main")).to_contain_text("For Bella")
    trend = ada.page.locator("figure.trend").first
    expect(trend).to_contain_text("24.6 kg")
    expect(trend).to_contain_text("23.1 kg")
    ada.finds_no_barriers()

    ada.goes_to("/preferences/")
    bella = ada.page.locator("section.group").filter(has=ada.page.get_by_role("heading", name="Bella", exact=True))
    tofu = ada.page.locator("section.group").filter(has=ada.page.get_by_role("heading", name="Tofu", exact=True))
    expect(bella).to_have_count(1)
    expect(bella.locator("[id$=-pet_weight]")).to_contain_text("23.1 kg")
    expect(bella.locator("[id$=-pet_weight] figure.trend")).to_contain_text("24.6 kg")
    expect(bella).not_to_contain_text("8.2")
    expect(tofu.locator("[id$=-pet_weight]")).to_contain_text("8.2 kg")
    expect(tofu.locator("figure.trend")).to_have_count(0)
    ada.finds_no_barriers()

    tofu.get_by_role("link", name="Delete all about Tofu").tap()
    expect(ada.heading).to_contain_text("Tofu")
    ada.finds_no_barriers()
    ada.page.get_by_role("button", name="Delete it").tap()
    ada.is_at("/preferences/")
    expect(tofu).to_have_count(0)
    expect(bella).to_have_count(1)
