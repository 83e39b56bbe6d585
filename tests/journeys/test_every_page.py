"""What holds for every page a customer can come to, on every screen, in light and dark; and what a page weighs."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.journeys.answers import SENSITIVE, pet
from tests.support.robot import Robot, soon
from tests.support.stack import Stack
from tests.support.visitor import OVERFLOW, Visitor

WIDTHS = (320, 390, 768, 1280)
MOST_BYTES = 45_000
MOVING = """() => {
  const seconds = (times) => Math.max(...times.split(",").map(parseFloat));
  return [...document.querySelectorAll("body *")].filter((each) => {
    const style = getComputedStyle(each);
    return seconds(style.transitionDuration) > 0 || style.animationName !== "none";
  }).map((each) => each.outerHTML.slice(0, 80));
}"""


@pytest.fixture(scope="module")
def someone(live_stack: Stack) -> Robot:
    """Who has taken two quizzes, allowed everything, and told enough for every page to have something on it."""
    robot = Robot(live_stack.url, seed=41)
    for slug in ("skin", "pet"):
        robot.agree(robot.take(slug), "offers", "letters", "range")
    assert soon(lambda: robot.get("/offers/").offers)
    return robot


def places(robot: Robot) -> Iterator[str]:
    """Every customer's page, each question of two quizzes among them."""
    yield from ("/", "/q/skin/", "/q/pet/", "/q/outerwear/", "/offers/", "/accounts/login/", "/not-here/", "/_mail/")
    center = robot.get("/preferences/")
    yield from ("/preferences/", "/preferences/history/", "/preferences/delete-everything/")
    for part in ("/delete/", "/skin_type/", "/skin_goals/", "/skin_priorities/", "/pet_born/", "/pet_weight/"):
        yield next(link for link in center.links if part in link and "everything" not in link)
    for slug, answers in (("skin", SENSITIVE), ("pet", pet("Bella", "24.6"))):
        start = robot.get(f"/q/{slug}/")
        run = robot.send(start.forms_to(f"/q/{slug}/")[0]).url.removeprefix(robot.base).rsplit("/", 2)[0]
        for key in answers:
            yield f"{run}/{key}/"
            page = robot.get(f"{run}/{key}/")
            form = page.form_to(f"/{key}/")
            assert robot.post(form.action, robot.telling(answers)(page, form)).status == 200
        yield f"{run}/uses/"
        yield f"{run}/continue-elsewhere/"
        robot.agree(robot.get(f"{run}/uses/"), "offers")
        yield f"{run}/result/"


def test_no_page_has_barriers_or_is_wider_than_any_screen(visitor: Callable[..., Visitor], someone: Robot) -> None:
    seen = visitor(width=1280)
    seen.is_the_one_who(someone)
    overflowing = []
    for place in places(someone):
        seen.goes_to(place)
        expect(seen.heading).to_have_count(1)
        for width in WIDTHS:
            seen.page.set_viewport_size({"width": width, "height": 900})
            overflowing += [f"{place} at {width}: {each}" for each in seen.page.evaluate(OVERFLOW)]
        seen.finds_no_barriers()
    assert overflowing == []


def test_who_wants_no_motion_gets_none(visitor: Callable[..., Visitor], someone: Robot) -> None:
    calm, lively = visitor(), visitor(motion=True)
    for each in (calm, lively):
        each.is_the_one_who(someone)
    for place in ("/", "/q/skin/", "/preferences/"):
        calm.goes_to(place)
        assert calm.page.evaluate(MOVING) == []
    calm.starts("skin")
    assert calm.page.evaluate(MOVING) == []
    lively.starts("skin")
    assert lively.page.evaluate(MOVING) != []


def test_the_first_question_weighs_little(visitor: Callable[..., Visitor]) -> None:
    """Everything a phone with an empty cache transfers for it: page, styles, scripts, pictures, headers included."""
    ada = visitor()
    ada.starts("skin")
    ada.is_asked("skin_type")
    place = ada.page.url
    ada.opens_another_page()
    wire = ada.context.new_cdp_session(ada.page)
    wire.send("Network.enable")
    wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
    asked: dict[str, str] = {}
    sizes: dict[str, int] = {}
    wire.on("Network.requestWillBeSent", lambda event: asked.update({event["requestId"]: event["request"]["url"]}))
    wire.on(
        "Network.loadingFinished",
        lambda event: sizes.update({asked.get(event["requestId"], "?"): int(event["encodedDataLength"])}),
    )
    ada.page.goto(place, wait_until="networkidle")
    assert len(sizes) >= 5, sizes
    assert sum(sizes.values()) <= MOST_BYTES, sizes
