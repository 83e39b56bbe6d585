"""What a quiz step costs the server, and how long 16 customers at once wait for it, beside a bare durable insert."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import median

from config.bench.counting import HEADER
from config.bench.figures import Figure, spread
from config.bench.forms import Form
from config.bench.stand import Stand
from config.bench.taker import HTMX, Page, Taker, expect, is_question
from config.launcher.children import Child

SLUG = "skin"
ROUNDS = 6
TAKERS = 12  # in each round; every one goes through all the quiz's questions
CONCURRENT = 16
CONCURRENT_SECONDS = 6.0
HTMX_GOAL, PLAIN_GOAL, QUERIES_GOAL = 2.5, 4.0, 4

# One step from a page: the next page, and how long the customer waited for it.
Step = Callable[[Taker, Page], tuple[Page, float]]


@dataclass
class Cost:
    """Processor seconds of so many steps, the application's and the database's."""

    application: float = 0.0
    database: float = 0.0
    steps: int = 0

    @property
    def total_ms(self) -> float:
        return 1000 * (self.application + self.database) / max(self.steps, 1)

    def __str__(self) -> str:
        application, database = (1000 * each / max(self.steps, 1) for each in (self.application, self.database))
        return f"{self.total_ms:.2f} ms ({application:.2f} + {database:.2f})"


def insert(taker: Taker, page: Page) -> tuple[Page, float]:
    """The baseline: the same browser with the same cookies, the same middleware, one durable insert."""
    form = page.form
    done = expect(taker.send("POST", "/bench/insert/", form.body([("answer", "dry")]), HTMX | _token(form)), 200)
    return page, done.seconds


def htmx_step(taker: Taker, page: Page) -> tuple[Page, float]:
    following = taker.step(page, htmx=True)
    return following, following.seconds


def plain_step(taker: Taker, page: Page) -> tuple[Page, float]:
    following = taker.step(page)
    return following, following.seconds


def naive_step(taker: Taker, page: Page) -> tuple[Page, float]:
    form = page.form
    following = expect(taker.send("POST", form.action, form.body(form.answer()), HTMX | _token(form)), 200)
    return following, following.seconds


def _token(form: Form) -> dict[str, str]:
    return {"X-CSRFToken": form.csrf}


def count_steps(stand: Stand) -> int:
    """From one question to another, on the way a first choice everywhere leads; the last answer leads to the uses."""
    taker = Taker(stand.url)
    page, count = taker.start(SLUG), -1
    while is_question(page):
        page, count = taker.step(page, htmx=True), count + 1
    taker.close()
    return count


def costs(stand: Stand) -> Iterator[Figure]:
    """Each kind of step in turn, round after round, so that whatever else the machine does meets all of them."""
    with stand.process("web") as web:
        yield from _costs(stand, web)


def _costs(stand: Stand, web: Child) -> Iterator[Figure]:
    step_count = count_steps(stand)
    found = {name: Cost() for name in ("insert", "htmx", "plain", "naive")}
    steps = {"insert": insert, "htmx": htmx_step, "plain": plain_step, "naive": naive_step}
    for number in range(ROUNDS + 1):
        for name, step in steps.items():
            cost = _measure(stand, web, step, step_count, is_naive=name == "naive")
            if number:  # the first round only warms everything up
                found[name].application += cost.application
                found[name].database += cost.database
                found[name].steps += cost.steps
    base = found["insert"]
    goals = {"htmx": HTMX_GOAL, "plain": PLAIN_GOAL, "naive": None}
    labels = {"htmx": "quiz step, htmx", "plain": "quiz step, no JavaScript", "naive": "naive ORM step, htmx"}
    for name, goal in goals.items():
        ratio = found[name].total_ms / base.total_ms
        yield Figure(
            f"CPU: {labels[name]}",
            f"{found[name]} = {ratio:.2f}×",
            str(base),
            f"≤ {goal}×" if goal else "",
            ratio <= goal if goal else None,
        )


def _measure(stand: Stand, web: Child, step: Step, step_count: int, *, is_naive: bool) -> Cost:
    """Processor time of the steps alone: the runs are started before, and end before the consent step."""
    takers = [Taker(stand.url) for _ in range(TAKERS)]
    pages = [taker.start(SLUG) for taker in takers]
    if is_naive:
        pages = [taker.post("/bench/naive/", page.form, []) for taker, page in zip(takers, pages, strict=True)]
    before = stand.cpu(web)
    for taker, page in zip(takers, pages, strict=True):
        for _ in range(step_count):
            page, _seconds = step(taker, page)
    after = stand.cpu(web)
    for taker in takers:
        taker.close()
    return Cost(after[0] - before[0], after[1] - before[1], step_count * TAKERS)


def latencies(stand: Stand) -> Iterator[Figure]:
    """How long a customer waits for the next question while 16 take the quiz at once."""
    with stand.process("web"):
        step_count = count_steps(stand)
        base = spread(_concurrently(stand, insert, step_count))
        for label, step in {"htmx step": htmx_step, "no JavaScript": plain_step}.items():
            waits = spread(_concurrently(stand, step, step_count))
            yield Figure(f"latency: {label}, {CONCURRENT} at once (p50 / p99)", waits, base)


def _concurrently(stand: Stand, step: Step, step_count: int) -> list[float]:
    deadline = time.monotonic() + CONCURRENT_SECONDS

    def take() -> list[float]:
        found = []
        while time.monotonic() < deadline:
            taker = Taker(stand.url)
            page = taker.start(SLUG)
            for _ in range(step_count):
                page, waited = step(taker, page)
                found.append(waited)
            taker.close()
        return found

    with ThreadPoolExecutor(CONCURRENT) as pool:
        return [each for taken in [pool.submit(take) for _ in range(CONCURRENT)] for each in taken.result()]


def queries(stand: Stand) -> Iterator[Figure]:
    """Asks a site that counts: which queries a step takes, BEGIN, SET and COMMIT aside."""
    with stand.process("web", BENCH_COUNTS="yes"):
        taker = Taker(stand.url)
        page = taker.start(SLUG)
        page = taker.step(page, htmx=True)  # the first one also reads the version and the brand
        counts = []
        while is_question(page):
            page = taker.step(page, htmx=True)
            if is_question(page):
                counts.append(len(page.headers[HEADER.lower()].split(" | ")))
        taker.close()
    value = f"{median(counts):.0f}, at most {max(counts)}"
    yield Figure("queries per htmx step", value, "2 (who, insert)", f"≤ {QUERIES_GOAL}", max(counts) <= QUERIES_GOAL)
