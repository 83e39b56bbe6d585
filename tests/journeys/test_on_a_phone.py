"""The way most people come: a phone, a thumb, the skin quiz from its first question to its offers."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.answers import SKIN
from tests.support.robot import Robot
from tests.support.stack import Stack
from tests.support.visitor import Visitor


def test_a_thumb_takes_the_skin_quiz_and_switches_its_offers_off_and_on(visitor: Callable[..., Visitor]) -> None:
    ada = visitor(touch=True, motion=True)
    ada.goes_to("/")
    ada.finds_no_barriers()
    ada.touches(ada.page.get_by_role("link", name="Take this quiz").first)
    ada.is_at("/q/skin/")
    expect(ada.page.locator("dl.exchange")).to_contain_text("You get")
    ada.finds_no_barriers()

    ada.starts("skin")
    for key, values in SKIN.items():
        ada.is_asked(key)
        ada.finds_no_barriers()
        ada.answers(key, *values)

    ada.is_asked_what_for()
    ada.finds_no_barriers()
    boxes = ada.page.locator("input[name=purpose]")
    expect(boxes).to_have_count(4)
    assert not any(box.is_checked() for box in boxes.all())
    expect(ada.page.locator("section.use", has=ada.page.locator("[value=offers]"))).to_contain_text("Honey")
    ada.allows("offers")

    offers = ada.sees_offers()
    assert 1 <= offers.count() <= 5
    expect(ada.page.locator("article[data-offer] [data-reason]").first).to_contain_text("you")
    ada.finds_no_barriers()

    ada.goes_to("/preferences/")
    ada.finds_no_barriers()
    expect(ada.page.locator(".use-row", has=ada.switch("offers"))).to_contain_text("If you switch this off, at once")
    ada.touches(ada.switch("offers"))
    expect(ada.switch("offers")).to_have_attribute("aria-checked", "false")
    expect(ada.page.locator("[data-flash]")).to_contain_text("What was made from it is gone.")
    ada.touches(ada.page.get_by_role("button", name="Undo"))
    expect(ada.switch("offers")).to_have_attribute("aria-checked", "true")
    ada.touches(ada.switch("offers"))
    expect(ada.switch("offers")).to_have_attribute("aria-checked", "false")
    ada.finds_no_barriers()

    elsewhere = ada.context.new_page()
    elsewhere.goto(ada.base + "/offers/")
    expect(elsewhere.locator("article[data-offer]")).to_have_count(0)
    expect(elsewhere.locator("main")).to_contain_text("Tailored offers are switched off")

    ada.touches(ada.switch("offers"))
    expect(ada.switch("offers")).to_have_attribute("aria-checked", "true")
    ada.goes_to("/offers/")
    ada.sees_offers()
    ada.finds_no_barriers()


def test_nothing_is_lost_by_going_back_refreshing_or_closing_the_tab(visitor: Callable[..., Visitor]) -> None:
    ada = visitor(touch=True)
    ada.starts("skin")
    ada.answers("skin_type", "dry")
    ada.answers("skin_dry_where", "mouth")
    ada.is_asked("skin_temper")

    ada.goes_back()
    ada.is_asked("skin_dry_where")
    expect(ada.input("mouth")).to_be_checked()
    ada.goes_back()
    ada.is_asked("skin_type")
    ada.answers("skin_type", "oily")  # another branch: the question about dryness is gone
    ada.is_asked("skin_shine_when")
    ada.page.reload()
    ada.is_asked("skin_shine_when")
    ada.answers("skin_shine_when", "heat")

    ada.opens_another_page()
    ada.goes_to("/")
    ada.finds_no_barriers()
    ada.touches(ada.page.get_by_role("link", name="Carry on"))
    ada.is_asked("skin_temper")
    for key, values in list(SKIN.items())[2:]:
        ada.answers(key, *values)
    ada.allows()
    told = ada.page.locator(".told")
    expect(told).to_contain_text("When does the shine arrive?")
    expect(told).not_to_contain_text("Where is it driest?")

    # An earlier answer edited from the result: back to the result, which says the new one.
    minutes = told.locator("li", has_text="How long do you have in the morning?").locator("b")
    before = minutes.inner_text()
    ada.touches(told.get_by_role("link", name="How long do you have in the morning?"))
    ada.is_asked("skin_time")
    expect(ada.input("five")).to_be_checked()
    ada.answers("skin_time", "ten")
    ada.sees_result()
    expect(minutes).not_to_have_text(before)
    ada.finds_no_barriers()


def test_a_ranking_is_dragged_into_order(visitor: Callable[..., Visitor], live_stack: Stack) -> None:
    robot = Robot(live_stack.url, seed=51)
    uses = robot.take("skin")
    ada = visitor()
    ada.is_the_one_who(robot)
    ada.page.goto(uses.url.replace("/uses/", "/skin_priorities/"))
    order = ada.page.locator(".ranking li span")
    first, second, third, last = order.all_inner_texts()
    ada.page.locator(".ranking li").nth(3).scroll_into_view_if_needed()
    grips = [grip.bounding_box() or {} for grip in ada.page.locator(".ranking .grip").all()]
    middle = [(each["x"] + each["width"] / 2, each["y"] + each["height"] / 2) for each in grips]
    ada.page.mouse.move(*middle[0])
    ada.page.mouse.down()
    ada.page.mouse.move(middle[2][0], middle[2][1] + 12, steps=12)
    ada.page.mouse.up()
    expect(order).to_have_text([second, third, first, last])
    expect(ada.page.locator("#announce")).to_have_text(f"{first} is now number 3")
    ada.goes_on()
    ada.is_asked("skin_time")
    ada.page.reload()
    ada.goes_back()
    expect(order).to_have_text([second, third, first, last])


def test_the_browsers_own_back_button_walks_through_the_questions(visitor: Callable[..., Visitor]) -> None:
    ada = visitor()
    ada.starts("skin")
    ada.answers("skin_type", "dry")
    ada.answers("skin_dry_where", "mouth")
    ada.is_asked("skin_temper")
    ada.page.go_back()
    ada.is_asked("skin_dry_where")
    expect(ada.input("mouth")).to_be_checked()
    ada.page.go_back()
    ada.is_asked("skin_type")
    expect(ada.input("dry")).to_be_checked()
    ada.page.go_forward()
    ada.is_asked("skin_dry_where")
