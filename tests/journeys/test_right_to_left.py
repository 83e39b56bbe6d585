"""A quiz written in Arabic: every page mirrors, nothing sticks out, and nothing is left lying on the wrong side."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from config.data_folder import PROJECT
from tests.journeys.answers import SKIN
from tests.support.stack import Stack, running_stack
from tests.support.visitor import Visitor

ARABIC = ("كل", "يوم", "يختلف", "عن", "الآخر", "وبشرتك", "تعرف", "ذلك", "قبل", "أن", "تعرفه", "أنت", "ثم", "نسألك")
PUBLISH = """
from quizzes.models import Quiz
from quizzes.services.publishing import publish
publish(quiz=Quiz.objects.get(slug="skin"))
"""
# How far each is from the side where reading starts, and where it ends: the same in both directions.
EDGES = """(selectors) => selectors.map((selector) => {
  const each = document.querySelector(selector), box = each.getBoundingClientRect();
  const isRtl = getComputedStyle(document.documentElement).direction === "rtl";
  return [selector, Math.round(isRtl ? innerWidth - box.right : box.left)];
})"""
STARTING = (".brand", ".ask-head h1", ".meter", ".choices", ".choices li", ".back, .go")
# Where a text itself lies, not its box: at the side where the page's reading starts.
LIES = """(selector) => {
  const range = document.createRange();
  range.selectNodeContents(document.querySelector(selector));
  const text = range.getBoundingClientRect(), box = document.querySelector(selector).getBoundingClientRect();
  return Math.round(box.right - text.right) <= Math.round(text.left - box.left) ? "right" : "left";
}"""


def in_arabic(part: Any) -> Any:
    """With every text in Arabic too, about as long."""
    if isinstance(part, dict) and isinstance(part.get("en"), str):
        words = len(part["en"].split())
        return part | {"ar": " ".join((ARABIC * 9)[:words]) + ("؟" if part["en"].endswith("?") else "")}
    if isinstance(part, dict):
        return {key: in_arabic(each) for key, each in part.items()}
    return [in_arabic(each) for each in part] if isinstance(part, list) else part


@pytest.fixture(scope="module")
def arabic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    file = tmp_path_factory.mktemp("arabic") / "skin.json"
    raw = in_arabic(json.loads((PROJECT / "config/demo/quizzes/skin.json").read_text()))
    file.write_text(json.dumps(raw | {"languages": ["en", "id", "ar"]}))
    with running_stack(PROFFER_LANGUAGES="en,id,ar") as stack:
        for command in (["import_quiz", str(file)], ["shell", "-c", PUBLISH]):
            manage(stack.folder, command)
        yield stack


def manage(folder: Path, command: list[str]) -> None:
    known = {"PATH": os.environ["PATH"], "PROFFER_DATA": str(folder), "PROFFER_LANGUAGES": "en,id,ar"}
    subprocess.run([sys.executable, "manage.py", *command], cwd=PROJECT, env=known, check=True, capture_output=True)


@pytest.fixture
def come(browser: Browser, arabic: Stack, axe: Callable[[Page], list[str]]) -> Iterator[Callable[..., Visitor]]:
    there: list[Visitor] = []

    def come(**wishes: Any) -> Visitor:
        there.append(Visitor(browser, arabic.url, axe, **wishes))
        return there[-1]

    yield come
    for each in there:
        each.leaves()
    assert [problem for each in there for problem in each.problems] == []


def begins(who: Visitor) -> None:
    who.goes_to("/q/skin/")
    who.page.locator(".intro form button[type=submit]").click()
    who.is_asked("skin_type")


def test_an_arabic_browser_reads_from_right_to_left_to_the_end(come: Callable[..., Visitor]) -> None:
    laila = come(language="ar")
    laila.goes_to("/")
    expect(laila.page.locator("html")).to_have_attribute("dir", "rtl")
    laila.finds_no_barriers()
    begins(laila)
    for key, values in SKIN.items():
        laila.finds_no_barriers()
        laila.answers(key, *values)
    laila.finds_no_barriers()
    laila.allows("once")
    expect(laila.heading).to_contain_text("كل يوم")
    laila.finds_no_barriers()
    laila.goes_to("/preferences/")
    laila.finds_no_barriers()


@pytest.mark.parametrize("width", [390, 1280])
def test_every_part_lies_where_it_does_in_english_seen_in_a_mirror(come: Callable[..., Visitor], width: int) -> None:
    seen = []
    for language in ("en-GB", "ar"):
        who = come(language=language, width=width)
        begins(who)
        who.answers("skin_type", "dry")
        who.is_asked("skin_dry_where")
        seen.append(who.page.evaluate(EDGES, STARTING))
    assert seen[0] == seen[1]


def test_english_words_keep_the_arabic_pages_edge_and_an_english_quiz_its_own(
    come: Callable[..., Visitor],
) -> None:
    laila = come(language="ar")
    laila.goes_to("/preferences/")
    assert laila.page.evaluate(LIES, "main h1") == "right"
    laila.goes_to("/q/outerwear/")
    laila.page.locator(".intro form button[type=submit]").click()
    laila.is_asked("climate")
    assert laila.page.evaluate(LIES, "h1") == "left"
    expect(laila.page.locator("form.ask")).to_have_attribute("lang", "en")
    laila.finds_no_barriers()
