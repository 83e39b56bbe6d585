"""A browser without JavaScript: keeps cookies, follows redirects, fills in forms as a person would."""

import http.cookiejar
import random
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TypeVar

Fields = list[tuple[str, str]]
T = TypeVar("T")
MOST_QUESTIONS = 300
# What somebody types, by the input's type or what it is for.
TYPED = {"date": "2021-03-12", "email": "bella@example.com", "tel": "+62 812 3456 7890", "bday-year": "1985"}
NUMBER = (("min", 1), ("max", 30), ("step", 1))


@dataclass
class Control:
    tag: str
    type: str
    name: str
    value: str
    attributes: dict[str, str]


@dataclass
class Form:
    action: str
    method: str
    kind: str = ""  # of the question that it asks
    controls: list[Control] = field(default_factory=list)

    def filled(self) -> Fields:
        """What a browser would send untouched: hidden fields, texts, what is ticked."""
        return [
            (each.name, each.value)
            for each in self.controls
            if each.name
            and each.tag != "button"
            and (each.type not in ("checkbox", "radio") or "checked" in each.attributes)
        ]

    def named(self, name: str) -> list[Control]:
        return [each for each in self.controls if each.name == name]


class Page(HTMLParser):
    """A page's forms, links and text."""

    def __init__(self, url: str, status: int, html: str) -> None:
        super().__init__()
        self.url, self.status, self.html = url, status, html
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.form: Form | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.form = Form(found.get("action") or self.url, found.get("method", "get"), found.get("data-kind", ""))
            self.forms.append(self.form)
        elif tag == "a" and "href" in found:
            self.links.append(found["href"])
        elif tag in ("input", "button", "select", "textarea") and self.form is not None:
            kind = found.get("type", "submit" if tag == "button" else "text")
            value = found.get("value", "on" if kind == "checkbox" else "")
            self.form.controls.append(Control(tag, kind, found.get("name", ""), value, found))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None

    def forms_to(self, part: str) -> list[Form]:
        return [each for each in self.forms if part in each.action]

    def form_to(self, part: str) -> Form:
        return self.forms_to(part)[0]

    @property
    def offers(self) -> list[str]:
        return re.findall(r'<article[^>]*data-offer="([^"]*)"', self.html)

    @property
    def reasons(self) -> list[str]:
        return re.findall(r'data-reason="([^"]*)"', self.html)


def soon(look: Callable[[], T], seconds: float = 60) -> T:
    """Looks until there is something to see; in the end, what there is."""
    deadline = time.monotonic() + seconds
    while not (seen := look()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return seen


class Robot:
    """One customer without JavaScript. `take` goes through a quiz of whatever kinds, by chance or as `choose` says."""

    def __init__(self, base: str, seed: int = 0, language: str = "en") -> None:
        self.base = base
        self.chance = random.Random(seed)
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        self.opener.addheaders = [("Accept-Language", language), ("Accept", "text/html")]

    def get(self, path: str) -> Page:
        return self._open(urllib.request.Request(urllib.parse.urljoin(self.base, path)))

    def post(self, path: str, fields: Fields) -> Page:
        url = urllib.parse.urljoin(self.base, path)
        data = urllib.parse.urlencode(fields).encode()
        return self._open(urllib.request.Request(url, data, {"Referer": url}))

    def send(self, form: Form, *extra: tuple[str, str]) -> Page:
        return self.post(form.action, form.filled() + list(extra))

    def _open(self, request: urllib.request.Request) -> Page:
        try:
            with self.opener.open(request, timeout=30) as response:
                return Page(response.url, response.status, response.read().decode())
        except urllib.error.HTTPError as error:
            return Page(error.url or "", error.code, error.read().decode())

    def take(self, slug: str, choose: Callable[[Page, Form], Fields] | None = None) -> Page:
        """From a quiz's intro to its consent step, or its result when it asks for no use."""
        intro = self.get(f"/q/{slug}/")
        start = next(each for each in intro.forms if each.action.rstrip("/").endswith(f"/q/{slug}"))
        page = self.send(start)
        for _question in range(MOST_QUESTIONS):
            if page.url.endswith(("/uses/", "/result/")):
                return page
            form = next(each for each in page.forms if each.kind)
            page = self.post(form.action, (choose or self.answer)(page, form))
            assert page.status == 200, (page.status, page.url)
        raise AssertionError("the quiz does not end")

    def telling(self, answers: Mapping[str, Sequence[str]]) -> Callable[[Page, Form], Fields]:
        """Answers by question, to take a quiz with; what is not among them is left to chance."""

        def choose(page: Page, form: Form) -> Fields:
            fields = self.answer(page, form)
            told = answers.get(form.action.rstrip("/").rsplit("/", 1)[1])
            if not told:
                return fields
            return [pair for pair in fields if pair[0] != "answer"] + [("answer", each) for each in told]

        return choose

    def answer(self, page: Page, form: Form) -> Fields:
        """What this question takes, by chance; of a section, only that it was read."""
        token = [(each.name, each.value) for each in form.controls if each.name == "csrfmiddlewaretoken"]
        agreed = [("consent", "on")] if form.named("consent") else []
        names = dict.fromkeys(each.name for each in form.controls if each.name.partition("-")[0] == "answer")
        return token + agreed + [(name, each) for name in names for each in self._picked(page, form.named(name))]

    def _picked(self, page: Page, controls: list[Control]) -> list[str]:
        """For one name: a question's answer, or a row of a matrix."""
        match controls[0].type:
            case "checkbox":
                picked = self.chance.sample([each.value for each in controls], self._count(page, len(controls)))
            case "radio":
                picked = [self.chance.choice(controls).value]
            case "hidden":  # a ranking: one field an item, in order
                picked = [each.value for each in controls]
                self.chance.shuffle(picked)
            case "range" | "number":
                limits = controls[0].attributes
                given = {name: value for name, value in limits.items() if value not in ("", "any")}
                low, high, step = (float(given.get(name, usual)) for name, usual in NUMBER)
                picked = [f"{low + step * self.chance.randint(0, int((high - low) / step)):g}"]
            case kind:
                picked = [TYPED.get(controls[0].attributes.get("autocomplete", ""), TYPED.get(kind, "Bella"))]
        return picked

    def _count(self, page: Page, count: int) -> int:
        """How many to tick: two, unless the page takes fewer or asks for more."""
        hint = re.search(r'id="count"(?: data-max="(\d+)")?[^>]*>\D*(\d*)', page.html)
        most, said = (int(each or 0) for each in hint.groups()) if hint else (0, 0)
        least = said if most in (0, count) else 0  # otherwise what is said is the most
        return min(most or count, max(2, least))

    def agree(self, uses: Page, *purposes: str) -> Page:
        """Ticks these purposes in the consent step and goes on to the result."""
        form = next(each for each in uses.forms if each.named("purpose") or each.action.endswith("/uses/"))
        fields = [pair for pair in form.filled() if pair[0] != "purpose"]
        return self.post(form.action, fields + [("purpose", slug) for slug in purposes])
