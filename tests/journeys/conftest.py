"""Whoever takes part in a journey, and what they would have complained about."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.support.stack import Stack
from tests.support.visitor import Visitor


@pytest.fixture
def visitor(browser: Browser, live_stack: Stack, axe: Callable[[Page], list[str]]) -> Iterator[Callable[..., Visitor]]:
    """`visitor(width=…, language=…, touch=…)`: somebody new, each with a browser of their own."""
    there: list[Visitor] = []

    def come(**wishes: Any) -> Visitor:
        there.append(Visitor(browser, live_stack.url, axe, **wishes))
        return there[-1]

    yield come
    for each in there:
        each.leaves()
    assert [problem for each in there for problem in each.problems] == []
