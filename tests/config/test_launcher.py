"""`make run`, as a stranger starts it: everything comes up, is watched, and signs its staff in."""

import contextlib
import re
import signal
import time
import urllib.request
from collections.abc import Callable, Iterator

import psutil
import psycopg
import pytest
from playwright.sync_api import Page

from tests.support.stack import Stack


def get(stack: Stack, path: str) -> str:
    with urllib.request.urlopen(stack.url + path, timeout=10) as response:
        return response.read().decode()


def processes(stack: Stack) -> Iterator[tuple[str, psutil.Process]]:
    """Those of this stack, with the name each is started under."""
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            environment = process.environ()
            if environment.get("PROFFER_DATA") == str(stack.folder) and "PROFFER_PROCESS" in environment:
                yield environment["PROFFER_PROCESS"], process


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


def test_everything_is_ready(live_stack: Stack) -> None:
    assert get(live_stack, "/readyz") == '{"database": "ok", "migrations": "ok", "broker": "ok"}'
    assert "data-offline" in get(live_stack, "/")


def test_secrets_are_for_us_alone(live_stack: Stack) -> None:
    for name in ("secrets.json", "settings.env", "staff.txt"):
        assert (live_stack.folder / name).stat().st_mode & 0o077 == 0, name
    for name in ("log", "mail"):
        folder = live_stack.folder / name
        assert not folder.exists() or folder.stat().st_mode & 0o077 == 0, name


def test_each_process_knows_only_its_own_database(live_stack: Stack) -> None:
    names = {"DATABASE_URL", "WORKER_DATABASE_URL", "OFFERS_DATABASE_URL", "OWNER_DATABASE_URL"}
    knows = {name: names & process.environ().keys() for name, process in processes(live_stack)}
    assert knows == {
        "web": {"DATABASE_URL"},
        "worker": {"WORKER_DATABASE_URL"},
        "offers": {"OFFERS_DATABASE_URL"},
        "beat": set(),
    }


def test_the_clock_and_both_queues_run(live_stack: Stack) -> None:
    """Beat's sweep is delivered: the embedded queue has handed over messages and keeps none waiting."""
    url = live_stack.settings["BROKER_URL"].replace("sqla+postgresql+psycopg", "postgresql")

    def sweep_was_delivered() -> bool:
        with psycopg.connect(url) as connection:
            rows = connection.execute(
                "SELECT q.name, count(*) FILTER (WHERE NOT m.visible), count(*) FILTER (WHERE m.visible)"
                " FROM kombu_queue q JOIN kombu_message m ON m.queue_id = q.id GROUP BY 1"
            ).fetchall()
        return any(name == "offers" and delivered and not waiting for name, delivered, waiting in rows)

    wait_for(sweep_was_delivered)


def test_the_embedded_server_trusts_nobody(live_stack: Stack) -> None:
    url = live_stack.settings["DATABASE_URL"]
    strangers = re.sub(r"://[^@]+@", "://postgres:guess@", url)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(strangers)


def test_a_worker_that_dies_is_started_again(live_stack: Stack) -> None:
    def offers() -> psutil.Process | None:
        return next((process for name, process in processes(live_stack) if name == "offers"), None)

    before = offers()
    assert before is not None
    before.send_signal(signal.SIGKILL)
    wait_for(lambda: (now := offers()) is not None and now.pid != before.pid)


def test_staff_sign_in_and_the_admin_works_under_its_policy(live_stack: Stack, page: Page) -> None:
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{live_stack.url}/admin/")
    name, password = live_stack.staff
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", password)
    page.click("button[type=submit]")
    page.wait_for_url("**/admin/")
    assert problems == []


def test_a_customer_signs_in_by_the_code_in_the_mail(live_stack: Stack, page: Page) -> None:
    page.goto(f"{live_stack.url}/accounts/login/")
    page.fill("input[name=email]", "launcher@shop.example")
    page.click("main button[type=submit]")
    page.wait_for_url("**/confirm/")
    mail = page.context.new_page()
    mail.goto(f"{live_stack.url}/_mail/")
    mail.click("[data-letter] a")
    code = re.search(r"^\s*([A-Z0-9-]{6,9})\s*$", mail.inner_text("[data-letter-body]"), re.MULTILINE)
    assert code, mail.inner_text("[data-letter-body]")
    page.fill("input[name=code]", code[1])
    page.click("main button[type=submit]")
    page.wait_for_url(re.compile(r"/preferences/"))
