"""The browser's language first, then the one that was chosen; it stays."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.answers import OUTERWEAR
from tests.support.visitor import Visitor


def test_an_indonesian_browser_sees_indonesian_to_the_end(visitor: Callable[..., Visitor]) -> None:
    ayu = visitor(language="id-ID", touch=True)
    ayu.goes_to("/")
    expect(ayu.page.locator("html")).to_have_attribute("lang", "id")
    ayu.finds_no_barriers()
    ayu.takes("outerwear", OUTERWEAR)
    expect(ayu.page.locator("button.go")).to_have_text("Lihat hasilku")
    ayu.finds_no_barriers()
    ayu.allows("offers")
    ayu.sees_offers()
    english = re.compile(r"\b(Because you said|Picked for you|you told us|Change|Your code|I would like this)\b")
    expect(ayu.page.locator("body")).not_to_have_text(english)
    ayu.goes_to("/preferences/")
    expect(ayu.page.locator("body")).not_to_have_text(english)
    ayu.finds_no_barriers()


def test_the_switch_of_language_stays_in_the_middle_of_a_quiz(visitor: Callable[..., Visitor]) -> None:
    ayu = visitor(language="id-ID")
    ayu.starts("skin")
    ayu.answers("skin_type", "dry")
    ayu.is_asked("skin_dry_where")
    in_indonesian = ayu.heading.inner_text()
    ayu.page.get_by_role("button", name="Menu").click()
    ayu.finds_no_barriers()
    ayu.page.get_by_role("button", name="English").click()
    expect(ayu.page.locator("html")).to_have_attribute("lang", "en")
    ayu.is_asked("skin_dry_where")
    expect(ayu.heading).not_to_have_text(in_indonesian)
    ayu.answers("skin_dry_where", "cheeks")
    ayu.is_asked("skin_temper")
    expect(ayu.page.locator("button.go")).to_have_text("Continue")
    ayu.opens_another_page()
    ayu.goes_to("/")
    expect(ayu.page.locator("html")).to_have_attribute("lang", "en")


def test_a_language_that_is_not_spoken_gets_the_first(visitor: Callable[..., Visitor]) -> None:
    jonas = visitor(language="is-IS")
    jonas.goes_to("/")
    expect(jonas.page.locator("html")).to_have_attribute("lang", "en")
