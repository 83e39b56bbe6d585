"""The demo brand's skin quiz, built again from nothing with keyboard and mouse, until customers can take it.

Whatever is in its file is written, chosen or pressed by what stands on the page; at the end the draft's own file says
the same. How often a marketer writes, presses and chooses is counted, so that building never takes more unnoticed.
"""

import csv
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from config.data_folder import PROJECT
from tests.support.builder import Builder
from tests.support.visitor import Visitor

from .answers import SKIN

DEMO = PROJECT / "config" / "demo"
MOST_ACTIONS = 400


def demo(name: str) -> Any:
    return json.loads((DEMO / f"{name}.json").read_text(encoding="utf-8"))


def translations(raw: Any) -> Iterator[tuple[str, str]]:
    """Every text of a quiz in English and Indonesian."""
    if isinstance(raw, dict) and {"en", "id"} <= set(raw):
        yield raw["en"], raw["id"]
    elif isinstance(raw, dict | list):
        for each in raw.values() if isinstance(raw, dict) else raw:
            yield from translations(each)


def said(raw: Any) -> Any:
    """What a definition says, however it is written: a condition of one part is that part, and no is nothing."""
    if isinstance(raw, list):
        return [said(each) for each in raw]
    if not isinstance(raw, dict):
        return raw
    if set(raw) == {"all"} and len(raw["all"]) == 1:
        return said(raw["all"][0])
    left_out = ("names_profile", "sensitive")
    return {name: said(value) for name, value in raw.items() if value is not False or name not in left_out}


def downloaded(page: Page, link: str) -> Path:
    with page.expect_download() as download:
        page.get_by_role("link", name=link).click()
    return Path(download.value.path())


def is_translated(builder: Builder, words: dict[str, str], folder: Path) -> None:
    """As a translator does it: a file out, the same file back with the other column filled."""
    page = builder.page
    builder.opens("Languages")
    builder.presses(page.get_by_role("link", name="Bahasa Indonesia"))
    builder.presses(page.get_by_text("For a translator: as a file"))
    with downloaded(page, "Download English and Bahasa Indonesia").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    back = folder / "skin-en-id.csv"
    with back.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, lines[0])
        writer.writeheader()
        writer.writerows({**line, "id": words[line["en"]]} for line in lines)
    page.get_by_label("The translated file").set_input_files(back)
    builder.presses(page.get_by_role("button", name="See what it changes"))
    builder.presses(page.get_by_role("button", name="Keep these changes"))
    expect(page.get_by_text("Complete in Bahasa Indonesia")).to_be_visible()


@pytest.mark.browser
def test_a_marketer_builds_the_skin_quiz_from_nothing(
    mira: Visitor, visitor: Callable[..., Visitor], tmp_path: Path
) -> None:
    page = mira.page
    mira.context.grant_permissions(["clipboard-read", "clipboard-write"])
    quiz = demo("quizzes/skin")
    questions = {each["key"]: each for each in quiz["questions"]}
    builder = Builder(
        page,
        attributes={each["key"]: each["label"]["en"] for each in demo("attributes")},
        products={each["slug"]: each["name"]["en"] for each in demo("products")},
        uses={each["slug"]: each["notice"]["title"]["en"] for each in demo("purposes")},
    )

    builder.begins(quiz)
    builder.opens("Questions")
    for question in quiz["questions"]:
        builder.asks(question)
        if "show_if" in question:
            builder.shows_only_if(question, questions)
    for question in quiz["questions"]:
        if "jumps" in question:
            builder.leads_on(question, questions)
    builder.opens("Outcomes")
    for outcome in quiz["outcomes"]:
        builder.ends_with(outcome, questions)
    builder.opens("Points")
    builder.pastes_points(quiz)
    is_translated(builder, dict(translations(quiz)), tmp_path)

    builder.opens("Check")
    expect(page.get_by_role("heading", name="It can be published")).to_be_visible()
    expect(page.get_by_text("Nothing to improve.")).to_be_visible()
    builder.opens("Publish")
    draft = json.loads(downloaded(page, "Download the draft as a file").read_text(encoding="utf-8"))
    slug = draft["slug"]
    assert said(draft) == {**said(quiz), "slug": slug, "languages": ["en", "id"]}
    assert sum(builder.actions.values()) < MOST_ACTIONS, builder.actions

    builder.presses(page.get_by_role("button", name="Publish version 1"))
    expect(page.get_by_text("Customers now see version 1.")).to_be_visible()
    ada = visitor(touch=True)
    ada.takes(slug, SKIN)
    ada.allows("offers")
    expect(ada.heading).to_have_text(re.compile("Comfort first"))

    page.get_by_role("button", name="Close", exact=True).click()  # the brand has one of its own
    expect(page.get_by_text("Whoever is taking it can finish.")).to_be_visible()


class Net:
    """What is saved waits on its way until it is let go."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.waiting: list[Route] = []
        page.route(re.compile(r"/build/\d+/$"), self._meet)

    def _meet(self, route: Route) -> None:
        if route.request.method == "POST" and not self.waiting:
            self.waiting.append(route)
        else:
            route.continue_()

    def lets_go(self) -> None:
        for _each in range(500):
            if self.waiting:
                break
            self.page.wait_for_timeout(20)
        self.waiting[0].continue_()
        self.page.unroute_all()


@pytest.mark.browser
def test_whoever_is_faster_than_the_net_loses_nothing(mira: Visitor) -> None:
    page = mira.page
    mira.goes_to("/admin/quizzes/quiz/add/")
    page.locator("[name=title_en]").fill("In a hurry")
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("link", name="Questions", exact=True).click()
    title, key = page.locator("[name=title_en]"), page.get_by_label("Key", exact=True)
    saved = page.locator("#build-said[data-state=saved]")

    # Whatever is added is written next, and Enter leads from choice to choice
    page.get_by_role("button", name="Add", exact=True).press("Enter")
    expect(title).to_be_focused()
    page.keyboard.type("Where is it driest?")
    labels = page.locator(".build-choice-main").get_by_label("English")
    for number, words in enumerate(("Cheeks", "Mouth", "Arms")):
        expect(labels).to_have_count(max(2, number + 1))
        if not number:
            labels.first.focus()
        expect(labels.nth(number)).to_be_focused()
        page.keyboard.type(words)
        page.keyboard.press("Enter")
    expect(labels).to_have_count(4)
    expect(saved.or_(page.locator("#build-said[data-state=kept]"))).to_be_visible()
    assert [each.input_value() for each in labels.all()] == ["Cheeks", "Mouth", "Arms", ""]
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".build-line")).to_have_count(2)

    # A name of one's own, while the title is being saved
    page.locator("summary", has_text="Advanced").click()
    net = Net(page)
    title.fill("How long do you have?")
    title.press("Tab")
    key.fill("time")
    net.lets_go()
    expect(page.locator(".build-line.is-selected")).to_contain_text("How long do you have?")
    expect(key).to_have_value("time")
    key.press("Tab")
    expect(saved).to_be_visible()

    # Words, while the form is drawn anew
    net = Net(page)
    page.get_by_label("What the answer tells").select_option(label="Time in the morning")
    labels.first.fill("Two minutes")
    net.lets_go()
    expect(page.get_by_role("button", name="Use its 3 values")).to_be_visible()
    expect(labels.first).to_have_value("Two minutes")

    # Another question is chosen, while this one is being saved
    net = Net(page)
    title.fill("How much time do you have?")
    page.locator("#build-list").get_by_role("link", name="Where is it driest?").click()
    net.lets_go()
    expect(page.locator(".build-line.is-selected")).to_contain_text("Where is it driest?")
    expect(title).to_have_value("Where is it driest?")
    expect(page.locator(".build-line b").nth(1)).to_have_text("How much time do you have?")
