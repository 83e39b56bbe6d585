"""Offers that the worker has yet to compute come by themselves, and nobody polls for ever."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psutil
from playwright.sync_api import expect

from tests.support.robot import Robot, soon
from tests.support.stack import Stack
from tests.support.visitor import Visitor


@contextmanager
def busy_worker(stack: Stack) -> Iterator[Callable[[], None]]:
    """The worker that computes offers gets to nothing until the function is called."""
    workers = [each for each in psutil.process_iter(["cmdline"]) if _computes_offers(each, stack)]
    assert workers

    def go_on() -> None:
        for each in workers:
            each.send_signal(signal.SIGCONT)

    for each in workers:
        each.send_signal(signal.SIGSTOP)
    try:
        yield go_on
    finally:
        go_on()


def _computes_offers(process: psutil.Process, stack: Stack) -> bool:
    if "--queues offers" not in " ".join(process.info["cmdline"] or []):
        return False
    return process.environ().get("PROFFER_DATA") == str(stack.folder)


def test_offers_appear_as_they_are_computed_and_are_announced(
    visitor: Callable[..., Visitor], live_stack: Stack
) -> None:
    robot = Robot(live_stack.url, seed=1)
    uses = robot.take("outerwear")
    ada = visitor()
    ada.is_the_one_who(robot)
    ada.page.goto(uses.url)
    with busy_worker(live_stack) as go_on:
        ada.allows("offers")
        expect(ada.page.locator(".panel")).to_contain_text("Choosing your offers")
        expect(ada.heading).to_be_focused()
        ada.finds_no_barriers()
        go_on()
        ada.sees_offers()
    expect(ada.page.locator("#announce")).to_have_text("Your offers are here.")
    expect(ada.heading).to_be_focused()
    ada.finds_no_barriers()


def test_a_page_stops_asking_after_a_while_and_offers_to_look_again(
    visitor: Callable[..., Visitor], live_stack: Stack
) -> None:
    robot = Robot(live_stack.url, seed=1)
    uses = robot.take("outerwear")
    ada = visitor()
    ada.is_the_one_who(robot)
    ada.page.goto(uses.url)
    with busy_worker(live_stack) as go_on:
        ada.allows("offers")
        expect(ada.page.locator(".panel")).to_contain_text("It takes longer than usual")
        go_on()
    ada.page.get_by_role("link", name="Look again").click()
    ada.sees_result()
    ada.sees_offers()


def test_without_javascript_a_waiting_page_says_how_to_look_again(live_stack: Stack) -> None:
    robot = Robot(live_stack.url, seed=3)
    uses = robot.take("outerwear")
    with busy_worker(live_stack):
        result = robot.agree(uses, "offers")
    assert 'data-state="waiting"' in result.html
    assert result.offers == []
    look_again = urlsplit(result.url).path
    assert look_again in result.links
    assert soon(lambda: robot.get(look_again).offers)
