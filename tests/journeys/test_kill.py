"""Kill -9 of everything, while people take a quiz: no acknowledged answer is lost, all offers are computed.

An answer is acknowledged when the response to it has arrived and leads on. What a customer sent without hearing back
may be there or not; they find out by looking where they are, as a browser's "try again" does.
"""

import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from threading import Event
from urllib.parse import urlsplit

import psutil
import psycopg
import pytest

from config.bench.forms import main_form
from config.bench.taker import Page, Taker, UnexpectedPageError, is_question
from tests.support.stack import Stack, running_stack

TAKERS = 6
PATIENCE_SECONDS = 120  # until the site answers again, and until the last offer is computed
STORED = {"yes": "true", "no": "false"}
LOST = (HTTPException, OSError)  # the connection went away before the response was there

ANSWERED = """
SELECT count(*) FROM quizzes_answer WHERE run_id = %s AND question_key = %s AND state = 'given' AND value::text LIKE %s
"""
GRANTED = "SELECT count(*) FROM quizzes_run WHERE id = %s AND status = 'completed'"
NOT_COMPUTED = """
SELECT count(*) FROM preferences_permit permit JOIN preferences_purpose purpose ON purpose.id = permit.purpose_id
LEFT JOIN recommendations_tailoredoffers tailored ON tailored.profile_id = permit.profile_id
    AND tailored.purpose_id = permit.purpose_id AND tailored.permit_serial = permit.serial
WHERE purpose.computes_offers AND tailored.profile_id IS NULL
"""
PERMITS = (
    "SELECT count(*) FROM preferences_permit p JOIN preferences_purpose u ON u.id = purpose_id WHERE computes_offers"
)


@dataclass
class Told:
    """What the site has acknowledged to one customer after another: (run, question, value), and finished runs."""

    answers: list[tuple[str, str, str]] = field(default_factory=list)
    finished: list[str] = field(default_factory=list)
    repeated: int = 0


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """One of its own: what is killed here is nobody else's."""
    with running_stack() as stack:
        yield stack


def test_killing_everything_loses_no_acknowledged_answer(stack: Stack):
    over = Event()
    with ThreadPoolExecutor(TAKERS) as pool:
        taking = [pool.submit(take_quizzes, stack.url, over, number) for number in range(TAKERS)]
        try:
            time.sleep(2)
            kill(stack, "--queues offers")
            kill(stack, "--queues work")
            time.sleep(1.5)
            kill(stack, "gunicorn")
            time.sleep(3)
            kill(stack, "postgres -D")  # and with it the queue, and every connection
            time.sleep(4)
            kill(stack, "gunicorn", "--queues offers", "--queues work", "celery.* beat", "postgres -D")
            time.sleep(4)
        finally:
            over.set()
        told = [each.result(PATIENCE_SECONDS + 10) for each in taking]

    assert sum(each.repeated for each in told) > 0, "nobody was disturbed: nothing was tested"
    assert all(each.finished for each in told), "somebody never came to an end"
    with psycopg.connect(stack.settings["OWNER_DATABASE_URL"], autocommit=True) as database:
        lost = [
            answer
            for each in told
            for answer in each.answers
            if database.execute(ANSWERED, [answer[0], answer[1], f"%{answer[2]}%"]).fetchone() != (1,)
        ]
        assert lost == []
        assert [
            run for each in told for run in each.finished if database.execute(GRANTED, [run]).fetchone() != (1,)
        ] == []
        assert database.execute(PERMITS).fetchone() > (0,)
        wait_until_computed(database)


def take_quizzes(site: str, over: Event, number: int) -> Told:
    """One quiz after the other; everyone grants the offers. Goes on where it was whenever the site went away."""
    told = Told()
    while not (over.is_set() and told.finished):
        taker = Taker(site)
        page = again(told, lambda taker=taker: taker.start("skin"))
        run = urlsplit(page.url).path.split("/")[3]
        place = f"/q/skin/{run}/"
        while page.url.split("?")[0].rstrip("/").rsplit("/", 1)[-1] != "result":
            form = main_form(page.html)
            fields = form.answer(number) if is_question(page) else [("purpose", "offers")]
            key = urlsplit(form.action).path.rstrip("/").rsplit("/", 1)[-1]
            try:
                done = taker.send("POST", form.action, form.body(fields))
            except LOST:
                done = None
            if done is not None and done.status == 303:
                if is_question(page):
                    value = fields[0][1]
                    told.answers.append((run, key, STORED.get(value, value)))
                page = again(told, lambda taker=taker, url=done.headers["location"]: good(taker.get(url)))
            else:  # not acknowledged, or told to come back: see where we are
                told.repeated += 1
                taker.close()
                page = again(told, lambda taker=taker, place=place: good(taker.get(place)))
        told.finished.append(run)
        taker.close()
    return told


def good(page: Page) -> Page:
    if page.status != 200:
        raise UnexpectedPageError(f"{page.url}: {page.status}")
    return page


def again(told: Told, ask: Callable[[], Page]) -> Page:
    """Asks until the site answers, as long as anybody would."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return ask()
        except (*LOST, UnexpectedPageError, LookupError):
            told.repeated += 1
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def kill(stack: Stack, *wanted: str) -> None:
    """Kill -9 of the supervisor's children whose command lines say so, with all of their own children."""
    for child in [running(stack, each) for each in wanted]:
        for process in [*child.children(recursive=True), child]:
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)


def running(stack: Stack, wanted: str) -> psutil.Process:
    """The supervisor's child with this in its command line; it may be about to be started again."""
    supervisor = psutil.Process(int((stack.folder / "lock").read_text()))
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        for child in supervisor.children():
            with suppress(psutil.Error):
                if re.search(wanted, " ".join(child.cmdline())):
                    return child
        time.sleep(0.05)
    pytest.fail(f"Nobody started {wanted} again.")


def wait_until_computed(database: psycopg.Connection) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    waiting: object = None
    while time.monotonic() < deadline:
        waiting = database.execute(NOT_COMPUTED).fetchone()
        if waiting == (0,):
            return
        time.sleep(0.2)
    pytest.fail(f"{waiting} permits have no offers after {PATIENCE_SECONDS} s")
