"""Somebody buys a coat: it is known and used for nothing, and once they let it, gloves come and the coat is gone."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.journeys.answers import OUTERWEAR
from tests.journeys.test_signing_in import sign_in
from tests.support.robot import Robot
from tests.support.stack import Stack
from tests.support.visitor import Visitor

PROJECT = Path(__file__).parents[2]
IN_TOWN = {
    **OUTERWEAR,
    "outer_setting": ("city",),
    "climate": ("mild_damp",),
    "outer_shape": ("mac",),
    "outer_budget": ("900",),
    "outer_owned": ("hat",),
}


def imports(stack: Stack, folder: Path, email: str, *slugs: str) -> str:
    bought_at = (datetime.now(UTC) - timedelta(days=2)).isoformat()
    file = folder / "orders.csv"
    lines = "".join(f"B-1;{email};{slug};{bought_at}\n" for slug in slugs)
    file.write_text(f"order id;customer;product slug;bought_at\n{lines}")
    said = subprocess.run(
        [sys.executable, "manage.py", "import_orders", str(file)],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"], "PROFFER_DATA": str(stack.folder)},
        capture_output=True,
        text=True,
    )
    assert said.returncode == 0, said.stderr
    return said.stdout


def test_a_coat_brings_gloves_once_its_buyer_lets_it(
    visitor: Callable[..., Visitor], live_stack: Stack, tmp_path: Path
) -> None:
    robot = Robot(live_stack.url, seed=3)
    robot.agree(robot.take("outerwear", robot.telling(IN_TOWN)), "offers")
    person = visitor()
    person.is_the_one_who(robot)
    email = "coat@example.org"
    sign_in(person, live_stack, email)

    def offer(slug: str) -> Locator:
        return person.page.locator(f'[data-offer="{slug}"]')

    person.goes_to("/offers/")
    expect(offer("quiet-fitting")).to_be_visible()
    said = imports(live_stack, tmp_path, email, "quiet-raincoat", "no-such-coat")
    assert "line 2: recorded\nline 3: unknown product" in said
    person.goes_to("/offers/")
    expect(offer("quiet-fitting")).to_be_visible()  # nothing changes by itself

    person.goes_to("/preferences/")
    item = person.page.locator("[id^=item-][id$=-purchases]")
    expect(item).to_contain_text("You bought Quiet raincoat")
    expect(item).to_contain_text("From your orders")
    switch = item.get_by_role("switch")
    expect(switch).to_have_attribute("aria-checked", "false")
    person.finds_no_barriers()
    switch.click()
    expect(item.get_by_role("switch")).to_have_attribute("aria-checked", "true")
    person.finds_no_barriers()

    person.goes_to("/offers/")
    expect(offer("dry-hands").locator('[data-reason="purchases"]')).to_contain_text("Because you bought Quiet raincoat")
    expect(offer("quiet-fitting")).to_have_count(0)
    person.finds_no_barriers()

    # It was a gift: taken out, it speaks for nothing, and the same file brings nothing back.
    person.page.locator('[data-reason="purchases"] a').first.click()
    person.page.get_by_label("Quiet raincoat").uncheck()
    person.page.get_by_role("button", name="Save").click()
    person.is_at("/preferences/")
    expect(item).to_have_count(0)
    assert "line 2: refused" in imports(live_stack, tmp_path, email, "quiet-raincoat")
