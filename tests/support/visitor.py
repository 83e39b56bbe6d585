"""Somebody with a browser of their own: takes quizzes as people do, and notices what should not be on any page."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, Response, expect

from tests.support.browser import ALL_RULES, OF_COLOURS, PATIENCE_MS
from tests.support.robot import Robot

BREACHES = """
document.addEventListener("securitypolicyviolation",
  (event) => console.error(`policy breached: ${event.violatedDirective} ${event.blockedURI}`));
"""
SETTLED = """() => Promise.all(
  document.getAnimations({subtree: true}).filter((each) => each.playState === "running")
    .map((each) => each.finished.catch(() => null)))"""
OVERFLOW = """() => document.scrollingElement.scrollWidth > innerWidth
  ? [...document.querySelectorAll("body *")].filter((each) => each.getBoundingClientRect().right > innerWidth + 0.5)
      .slice(0, 3).map((each) => each.outerHTML.slice(0, 120)).concat(`${document.scrollingElement.scrollWidth} px`)
  : []"""


class Visitor:
    """A browser context of its own (cookies, language, colours) and a page in it.

    `problems` collects what no page may do: errors in the console, breaches of the content security policy, requests to
    other hosts, missing assets, server errors. Tests need not look: the fixture does, when the story is over. Where the
    net is made to fail, `may_lose_requests` says that htmx may complain.
    """

    def __init__(
        self,
        browser: Browser,
        base: str,
        axe: Callable[..., list[str]],
        *,
        width: int = 390,
        language: str = "en-GB",
        javascript: bool = True,
        touch: bool = False,
        motion: bool = False,
    ) -> None:
        options: dict[str, Any] = {
            "viewport": {"width": width, "height": 844},
            "locale": language,
            "reduced_motion": "no-preference" if motion else "reduce",
            "has_touch": touch,
            "java_script_enabled": javascript,
        }
        self.base = base
        self.axe = axe
        self.touch = touch
        self.problems: list[str] = []
        self.may_lose_requests = False
        self.context: BrowserContext = browser.new_context(**options)
        self.context.set_default_timeout(PATIENCE_MS)
        if javascript:
            self.context.add_init_script(BREACHES)
        self.context.on("console", self._heard)
        self.context.on("weberror", lambda error: self.problems.append(f"uncaught: {error.error}"))
        self.context.on("request", self._asked)
        self.context.on("response", self._answered)
        self.page: Page = self.context.new_page()

    def _heard(self, message: ConsoleMessage) -> None:
        # Refusals (404, 410, 422 …) are pages like any other; what failed to load is seen by its response.
        if self.may_lose_requests and message.text.startswith(("htmx:", "Response Status Error Code 5")):
            return
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.problems.append(f"console: {message.text}")

    def _asked(self, request: Request) -> None:
        if request.url.startswith("http") and urlsplit(request.url).netloc != urlsplit(self.base).netloc:
            self.problems.append(f"asked another host: {request.url}")

    def _answered(self, response: Response) -> None:
        is_page = response.request.resource_type in ("document", "xhr", "fetch")
        if response.status >= (500 if is_page else 400) and not self.may_lose_requests:
            self.problems.append(f"{response.status} for {response.url}")

    def goes_to(self, path: str) -> None:
        self.page.goto(self.base + path)

    def is_the_one_who(self, robot: Robot) -> None:
        """Goes on as the customer that a robot was: what came before is told fast."""
        cookies = [{"name": each.name, "value": each.value or "", "url": self.base} for each in robot.cookies]
        self.context.add_cookies(cookies)

    def opens_another_page(self) -> None:
        """Closes the tab and opens a new one."""
        self.page.close()
        self.page = self.context.new_page()

    @property
    def heading(self) -> Locator:
        return self.page.locator("main h1")

    def is_at(self, ending: str) -> None:
        """Waits for an address that ends so."""
        expect(self.page).to_have_url(re.compile(re.escape(ending) + r"(\?.*)?$"))

    def is_asked(self, key: str) -> None:
        """Waits for this question to be on the page, and in the address."""
        self.is_at(f"/{key}/")
        expect(self.page.locator(f'form.ask[action$="/{key}/"]')).to_be_visible()

    def is_asked_what_for(self) -> None:
        """Waits for the consent step."""
        self.is_asked("uses")

    def sees_result(self) -> None:
        self.is_at("/result/")
        expect(self.page.locator("div.result")).to_be_visible()

    def finds_no_barriers(self) -> None:
        """Nothing axe knows of, in light or dark, and nothing wider than the screen."""
        found = [f"{self.page.url} is too wide: {each}" for each in self.page.evaluate(OVERFLOW)]
        for scheme, rules in (("dark", OF_COLOURS), ("light", ALL_RULES)):
            self.page.emulate_media(color_scheme=scheme)
            self.page.evaluate(SETTLED)
            found += [f"{self.page.url} in {scheme}: {each}" for each in self.axe(self.page, only=rules)]
        assert found == []

    def input(self, value: str) -> Locator:
        return self.page.locator(f'input[name=answer][value="{value}"]')

    def card(self, value: str) -> Locator:
        return self.page.locator("label.choice").filter(has=self.input(value))

    def touches(self, target: Locator) -> None:
        """By finger, or by mouse where there is no touching."""
        if self.touch:
            target.tap()
        else:
            target.click()

    def chooses(self, *values: str) -> None:
        """Touches the whole card, as people do, not the little mark in it."""
        for value in values:
            self.touches(self.card(value))

    def goes_on(self) -> None:
        self.touches(self.page.locator("button.go"))

    def goes_back(self) -> None:
        self.touches(self.page.get_by_role("link", name="Back", exact=True))

    def starts(self, slug: str, *, about: str | None = None) -> None:
        """From a quiz's own page to its first question; `about`: the name of the pet it is about."""
        self.goes_to(f"/q/{slug}/")
        if about:
            self.touches(self.page.locator("label.choice", has_text=about))
        self.touches(self.page.locator("form button[type=submit]", has_text=re.compile("Start|Mulai")))
        expect(self.page.locator("form.ask")).to_be_visible()

    def answers(self, key: str, *values: str) -> None:
        """Answers one question whatever its kind and goes on, by button where nothing else does it."""
        self.is_asked(key)
        form = self.page.locator("form.ask")
        match form.get_attribute("data-kind"):
            case "single" | "image" | "swatch" | "boolean":
                self.chooses(*values)
                if not self.advances_itself:
                    self.goes_on()
            case "multiple":
                self.chooses(*values)
                self.goes_on()
            case "ranking":
                self.goes_on()
            case _:
                self.page.locator("[name=answer]").fill(values[0])
                self.goes_on()
        self.page.wait_for_url(lambda url: not url.endswith(f"/{key}/"))

    @property
    def advances_itself(self) -> bool:
        return self.page.locator("html.js").count() > 0

    def takes(self, slug: str, answers: dict[str, tuple[str, ...]], *, about: str | None = None) -> None:
        """A whole quiz, to its consent step."""
        self.starts(slug, about=about)
        for key, values in answers.items():
            self.answers(key, *values)
        self.is_asked_what_for()

    def allows(self, *purposes: str) -> None:
        """Ticks these uses in the consent step and goes on to the result."""
        self.is_asked_what_for()
        for slug in purposes:
            self.page.locator(f"input[name=purpose][value={slug}]").check()
        self.goes_on()
        self.sees_result()

    def sees_offers(self) -> Locator:
        """Waits until the worker's offers are on this page, which is not loaded again."""
        offers = self.page.locator("article[data-offer]")
        expect(offers.first).to_be_visible()
        return offers

    def switch(self, purpose: str, attribute: str = "") -> Locator:
        which = f"[data-attribute={attribute}]" if attribute else ":not([data-attribute])"
        return self.page.locator(f"[role=switch][data-purpose={purpose}]{which}")

    def enters_admin(self, name: str, password: str) -> None:
        """Signs in as a member of staff."""
        self.goes_to("/admin/")
        self.page.get_by_label("Username").fill(name)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Log in").click()
        expect(self.page).to_have_url(self.base + "/admin/")

    def leaves(self) -> None:
        self.context.close()
