"""Debian's Chromium, driven by Playwright, and axe-core to look for barriers."""

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

PATIENCE_MS = 30_000  # only who fails waits this long: a machine that builds other things too may be ten times slower
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
ALL_RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
# What can be otherwise in the dark; all else is seen in the light.
OF_COLOURS = ("color-contrast", "link-in-text-block")
# A rule that stumbles finds nothing: that is no pass, so it is told like a violation.
RUN_AXE = """async ([context, options]) => {
  const {violations, incomplete} = await axe.run(context || document, {...options, resultTypes: ["violations"]});
  const stumbled = incomplete.filter((rule) => rule.error);
  return [stumbled.map((rule) => `${rule.id} could not be checked: ${rule.error}`), violations];
}"""
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium_path() -> str:
    return os.environ.get("CHROMIUM_PATH") or "/usr/bin/chromium"


def chromium_problem() -> str:
    """Empty when there is a browser; otherwise what to do."""
    if Path(chromium_path()).exists():
        return ""
    return (
        f"The browser tests need Chromium, and there is none at {chromium_path()}. Install it "
        "(apt-get install chromium) or set CHROMIUM_PATH to yours."
    )


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    problem = chromium_problem()
    if problem:
        pytest.fail(problem, pytrace=False)
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=flags)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A phone-sized page in a fresh context: 390 px wide, English, no cookies."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-GB")
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def axe() -> Callable[..., list[str]]:
    """`axe(page)` returns the violations of WCAG 2.2 A and AA as sentences; an empty list is what tests want.

    `context`: only in this part of the page; `only`: these rules instead of all.
    """

    def check(page: Page, *, context: str | None = None, only: Sequence[str] = ALL_RULES) -> list[str]:
        if not page.evaluate("() => 'axe' in window"):
            page.evaluate(AXE)  # evaluated by the debugger, so the page's own policy stays as it is
        options: dict[str, Any] = {"runOnly": list(only)}
        broken, found = page.evaluate(RUN_AXE, [context, options])
        return broken + [
            f"{violation['id']}: {violation['help']} — {node['html'][:160]} ({node['failureSummary']})"
            for violation in found
            for node in violation["nodes"]
        ]

    return check
