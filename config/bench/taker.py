"""A customer's browser, as far as the server can tell: cookies, one kept connection, gzip, htmx's headers or none."""

import gzip
import time
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urlsplit

from config.bench.forms import Fields, Form, main_form

SECONDS = 30
KEPT_SECONDS = 1.0  # the server ends a connection that was idle for two
HTMX = {"HX-Request": "true", "HX-Target": "main", "Accept": "*/*"}
PLAIN = {"Accept": "text/html,application/xhtml+xml"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True, slots=True)
class Page:
    url: str
    status: int
    headers: dict[str, str]
    body: bytes
    transferred: int
    seconds: float

    @property
    def html(self) -> str:
        return self.body.decode()

    @property
    def form(self) -> Form:
        return main_form(self.html)


class UnexpectedPageError(Exception):
    """The site answered with something else than the next page."""


class Taker:
    """Takes quizzes at a site. `language` is what the browser prefers."""

    def __init__(self, site: str, *, language: str = "en") -> None:
        parts = urlsplit(site)
        self.host, self.port = parts.hostname or "127.0.0.1", parts.port or 80
        self.headers = {"Accept-Language": language, "Accept-Encoding": "gzip", "User-Agent": "Proffer bench"}
        self.cookies: dict[str, str] = {}
        self.connection = HTTPConnection(self.host, self.port, timeout=SECONDS)
        self._used_at = 0.0

    def close(self) -> None:
        self.connection.close()

    def send(self, method: str, url: str, body: str | None = None, extra: dict[str, str] | None = None) -> Page:
        """One request; a redirect is not followed."""
        headers = self.headers | (PLAIN if extra is None else extra) | (FORM if body is not None else {})
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if time.monotonic() - self._used_at > KEPT_SECONDS:
            self.connection.close()
        started_at = time.perf_counter()
        self.connection.request(method, url, body, headers)
        response = self.connection.getresponse()
        raw = response.read()
        seconds = time.perf_counter() - started_at
        self._used_at = time.monotonic()
        for line in response.headers.get_all("Set-Cookie") or []:
            name, _, value = line.split(";", 1)[0].partition("=")
            self.cookies[name] = value
        received = {name.lower(): value for name, value in response.getheaders()}
        size = len(raw) + sum(len(name) + len(value) + 4 for name, value in response.getheaders()) + 17
        body_read = gzip.decompress(raw) if received.get("content-encoding") == "gzip" else raw
        return Page(url, response.status, received, body_read, size, seconds)

    def get(self, url: str, extra: dict[str, str] | None = None) -> Page:
        """A page, wherever its redirects lead."""
        page = self.send("GET", url, extra=extra)
        for _ in range(5):
            if page.status not in (301, 302, 303):
                return page
            page = self.send("GET", page.headers["location"], extra=extra)
        raise UnexpectedPageError(f"{url} redirects without end.")

    def post(self, url: str, form: Form, fields: Fields, *, htmx: bool = False) -> Page:
        """What a browser does on sending a form: the answer, and the page it redirects to."""
        extra = HTMX | {"X-CSRFToken": form.csrf, "HX-Current-URL": url} if htmx else None
        page = self.send("POST", url, form.body(fields), extra)
        if page.status in (301, 302, 303):
            following = self.get(page.headers["location"], HTMX if htmx else None)
            return Page(
                following.url,
                following.status,
                following.headers,
                following.body,
                page.transferred + following.transferred,
                page.seconds + following.seconds,
            )
        pushed = page.headers.get("hx-push-url", "")
        return Page(pushed or page.url, page.status, page.headers, page.body, page.transferred, page.seconds)

    def start(self, slug: str) -> Page:
        """From the intro to the first question."""
        intro = self.get(f"/q/{slug}/")
        form = main_form(intro.html, f"/q/{slug}/")
        fields = [(each["name"], each.get("value", "")) for each in form.inputs if each.get("name") == "profile"][-1:]
        return expect(self.post(form.action, form, fields), 200)

    def step(self, page: Page, *, htmx: bool = False, pick: int = 0) -> Page:
        """Answers the question on the page, and gets the next page."""
        form = page.form
        return expect(self.post(form.action, form, form.answer(pick), htmx=htmx), 200)

    def settle(self, page: Page, *purposes: str) -> Page:
        """The consent step: switches on these, and gets the result."""
        return expect(self.post(page.form.action, page.form, [("purpose", slug) for slug in purposes]), 200)


def is_question(page: Page) -> bool:
    return 'data-kind="' in page.html


def expect(page: Page, status: int) -> Page:
    if page.status != status:
        raise UnexpectedPageError(f"{page.url} answered {page.status}:\n{page.html[:500]}")
    return page
