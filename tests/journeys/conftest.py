"""Whoever takes part in a journey, and what they would have complained about."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from config.data_folder import PROJECT
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


@pytest.fixture(scope="session")
def marketer(live_stack: Stack) -> tuple[str, str]:
    """A marketer's name and password, made as the handbook says: by `manage.py create_staff`."""
    said = subprocess.run(
        [sys.executable, "manage.py", "create_staff", "mira", "--group", "marketer"],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"], "PROFFER_DATA": str(live_stack.folder)},  # it finds its settings there
        check=True,
        capture_output=True,
        text=True,
    )
    return "mira", said.stdout.rsplit("Password: ", 1)[1].strip()


@pytest.fixture
def mira(visitor: Callable[..., Visitor], marketer: tuple[str, str]) -> Visitor:
    """The marketer, signed in at the admin."""
    who = visitor(width=1280)
    who.enters_admin(*marketer)
    return who
