"""How long it takes until a withdrawn use is gone: for the customer who presses the switch, and inside the database."""

import time
from collections.abc import Iterator
from urllib.parse import urlencode

from config.bench import baseline
from config.bench.figures import Figure, spread
from config.bench.stand import Stand
from config.bench.steps import SLUG
from config.bench.taker import Page, Taker, expect, is_question
from preferences.access import COOKIE, token_hash

PURPOSE = "offers"
TIMES = 150


def granted(stand: Stand, *purposes: str) -> tuple[Taker, Page]:
    """A customer who took the quiz and switched on these uses, and their result."""
    taker = Taker(stand.url)
    page = taker.start(SLUG)
    while is_question(page):
        page = taker.step(page, htmx=True)
    return taker, taker.settle(page, *purposes)


def withdrawals(stand: Stand) -> Iterator[Figure]:
    with stand.process("web"):
        yield from _withdrawals(stand)


def _withdrawals(stand: Stand) -> Iterator[Figure]:
    taker, _result = granted(stand, PURPOSE)
    center = expect(taker.get("/preferences/"), 200)
    switch = f"/preferences/uses/{PURPOSE}/"
    body = {"csrfmiddlewaretoken": center.form.csrf}
    pressed, inserted = [], []
    for _ in range(TIMES):
        off = taker.send("POST", switch, urlencode(body | {"to": "off"}))
        pressed.append(expect(off, 302).seconds)
        expect(taker.send("POST", switch, urlencode(body | {"to": "on"})), 302)
        inserted.append(expect(taker.send("POST", "/bench/insert/", urlencode(body | {"answer": "dry"})), 200).seconds)
    yield Figure("withdrawal over HTTP (p50 / p99)", spread(pressed), spread(inserted))
    yield _inside_the_database(stand, taker)
    taker.close()


def _inside_the_database(stand: Stand, taker: Taker) -> Figure:
    """As the site's role, from BEGIN to the durable COMMIT, in the transaction that the middleware makes."""
    token = token_hash(taker.cookies[COOKIE])
    withdrawn, inserted = [], []
    with stand.connect("web") as connection:
        notice = connection.execute(
            "SELECT notice.id FROM preferences_purposenotice notice JOIN preferences_purpose purpose"
            " ON purpose.id = purpose_id WHERE slug = %s ORDER BY version DESC LIMIT 1",
            [PURPOSE],
        ).fetchone()
        assert notice is not None
        for _ in range(TIMES):
            with connection.transaction():
                connection.execute("SELECT identify(%s)", [token])
                connection.execute("SELECT grant_purpose(%s, %s, 'en', 'bench')", [PURPOSE, notice[0]])
            started_at = time.perf_counter()
            with connection.transaction():
                connection.execute("SELECT identify(%s)", [token])
                connection.execute("SELECT withdraw_purpose(%s, 'bench')", [PURPOSE])
            withdrawn.append(time.perf_counter() - started_at)
            started_at = time.perf_counter()
            with connection.transaction():
                connection.execute("SELECT identify(%s)", [token])
                connection.execute(baseline.INSERT, ["skin_type", '"dry"'])
            inserted.append(time.perf_counter() - started_at)
    return Figure("withdrawal in the database (p50 / p99)", spread(withdrawn), spread(inserted))
