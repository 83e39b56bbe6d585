"""English and Indonesian: the catalogue is whole, the language is the visitor's choice, and no page mixes the two."""

import ast
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import polib
import pytest
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation
from django.utils.translation.template import templatize

from config.data_folder import PROJECT
from recommendations import computing
from tests.support.people import open_demo_brand
from tests.support.robot import Fields, Page, Robot

CATALOGUE = PROJECT / "locale" / "id" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%%?\(\w+\)[sd]|\{\w*\}")
MARKS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
MARKED = re.compile(r"""gettext\(u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""")
READ_ALOUD = ("alt", "title", "placeholder", "aria-label")  # besides every data- attribute with a space in it
ERROR_PAGES = (
    "400.html", "403.html", "403_csrf.html", "404.html", "413.html", "429.html", "500.html", "quizzes/closed.html",
)  # fmt: skip
SELDOM_PAGES = (
    "account/account_inactive.html",
    "account/confirm_email_verification_code.html",
    "account/reauthenticate.html",
    "account/signup_closed.html",
    "account/verification_sent.html",
    "account/verified_email_required.html",
    "preferences/keep_answers.html",
)

# Words that stand in nearly every English sentence and in no Indonesian one, and those of our buttons and errors.
ENGLISH = set(
    re.findall(
        r"\w+",
        """the and you your we our us it is are was were be been have has of to from with without what which
        who why when how this that these those not nothing everything anything here there again more
        less than then they them their will would can cannot only also because before after until
        since about into by at as for if or all any each change delete sign see show back next skip
        choose keep yes no on off offer offers answer answers quizzes result preference preferences
        minute minutes question questions address send enter something value valid required field
        please page request requests""",
    )
)


def catalogue() -> polib.POFile:
    return polib.pofile(str(CATALOGUE))


def translations(entry: polib.POEntry) -> list[str]:
    return [entry.msgstr, *entry.msgstr_plural.values()] if not entry.msgid_plural else [*entry.msgstr_plural.values()]


def margins(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def test_the_compiled_catalogue_is_the_one_that_can_be_read() -> None:
    assert CATALOGUE.with_suffix(".mo").read_bytes() == catalogue().to_binary(), "run: make messages"


def test_every_text_is_translated_and_keeps_its_placeholders() -> None:
    for entry in catalogue():
        assert entry.translated(), entry.msgid
        assert not entry.fuzzy, entry.msgid
        assert not entry.obsolete, entry.msgid
        for text in translations(entry):
            assert set(PLACEHOLDER.findall(text)) == set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid)), text
            assert margins(text) == margins(entry.msgid), text


def texts_in_the_source() -> Iterator[tuple[str, str]]:
    """(file, text) for everything that gettext would collect."""
    for folder in ("config", "preferences", "quizzes", "recommendations", "templates"):
        for path in sorted((PROJECT / folder).rglob("*")):
            name = path.relative_to(PROJECT).as_posix()
            if path.suffix == ".py":
                for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
                        yield from ((name, arg.value) for arg in node.args[:1] if isinstance(arg, ast.Constant))
            elif path.suffix in (".html", ".txt"):
                for literal in MARKED.findall(templatize(path.read_text(encoding="utf-8"))):
                    yield name, ast.literal_eval(literal)


def test_every_text_of_the_source_is_in_the_catalogue() -> None:
    """If not: make messages, then translate what is empty in locale/id/LC_MESSAGES/django.po, then make messages."""
    known = {entry.msgid for entry in catalogue()}
    assert not {(name, text) for name, text in texts_in_the_source() if text not in known}


def test_indonesian_speaks_in_one_voice() -> None:
    for entry in catalogue():
        for text in translations(entry):
            assert not re.search(r"\banda\b|\bsil[ah]+kan\b|!", text, re.IGNORECASE), text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wanted", "got"),
    [
        ("id", "id"),
        ("id-ID,id;q=0.9,en;q=0.8", "id"),
        ("en-GB", "en"),
        ("fr, id;q=0.5", "id"),
        ("fr", "en"),
        ("", "en"),
    ],
)
def test_the_browser_says_which_language(wanted: str, got: str, client: Client) -> None:
    page = client.get("/preferences/", headers={"accept-language": wanted}).content.decode()
    assert f'<html lang="{got}"' in page
    assert ("Preferensiku" in page) is (got == "id")


@pytest.mark.django_db
def test_the_switch_outweighs_the_browser_and_leads_back(client: Client) -> None:
    for browser, chosen, words in (("en", "id", "Penawaranku"), ("id", "en", "My offers")):
        headers = {"accept-language": browser}
        page = Page("/offers/", 200, client.get("/offers/", headers=headers).content.decode())
        client.cookies.clear()
        switch = page.form_to("/setlang/")
        assert [each.value for each in switch.named("language")] == [chosen]
        response = client.post(switch.action, {**dict(switch.filled()), "language": chosen}, headers=headers)
        assert (response.status_code, response["Location"]) == (302, "/offers/")
        assert words in client.get("/offers/", headers=headers).content.decode()
        client.cookies.clear()


class Visitor(Robot):
    """A robot that walks in this process, and keeps what it saw."""

    def __init__(self, seed: int = 0) -> None:
        super().__init__("/", seed)
        self.client = Client(headers={"accept-language": "id"})
        self.seen: list[Page] = []

    def get(self, path: str) -> Page:
        return self._arrive(path, self.client.get(path))

    def post(self, path: str, fields: Fields) -> Page:
        data: dict[str, list[str]] = {}
        for name, value in fields:
            data.setdefault(name, []).append(value)
        return self._arrive(path, self.client.post(path, data))

    def _arrive(self, url: str, response: Any) -> Page:
        while response.status_code in (302, 303):
            url = urljoin(url, response["Location"])
            response = self.client.get(url)
        self.seen.append(Page(url, response.status_code, response.content.decode()))
        return self.seen[-1]


class Words(HTMLParser):
    """What a page says or lets a screen reader say, but for what is marked as another language."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.ignored: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag in ("script", "style") or ("lang" in found and tag != "html") or self.ignored[-1:] == [tag]:
            self.ignored.append(tag)
        said = [name for name in found if name in READ_ALOUD or (name.startswith("data-") and " " in found[name])]
        self.texts += [found[name] for name in said]

    def handle_endtag(self, tag: str) -> None:
        if self.ignored[-1:] == [tag]:
            self.ignored.pop()

    def handle_data(self, data: str) -> None:
        if not self.ignored:
            self.texts.append(data)


def english_in(text: str) -> set[str]:
    return set(re.findall(r"[a-z]+", re.sub(r"\S+@\S+|%\(\w+\)s", "", text.lower()))) & ENGLISH


def test_english_is_found_where_it_is() -> None:
    html = '<html lang="id"><p>Nyala <b title="Change it">Kuis</b><button lang="en">the</button><i data-x="go on">.</i>'
    assert {word for text in Words(html).texts for word in english_in(text)} == {"change", "it", "on"}


def test_no_page_of_a_customers_walk_is_half_english(
    db: None, as_role: Callable[[str], AbstractContextManager[None]], mailoutbox: list[EmailMessage]
) -> None:
    open_demo_brand()
    walker = Visitor(seed=3)
    walker.get("/")
    everything = ("offers", "letters", "range")
    results = [walker.agree(walker.take(slug), *everything) for slug in ("outerwear", "pet", "skin")]
    walk_where_nothing_is_allowed()
    with as_role("offers"):
        computing.compute_due()
    for result in results:
        walker.get(result.url)
    offers = walker.get("/offers/")
    assert offers.offers
    assert offers.reasons
    walker.send(offers.form_to("/claim/"))
    walk_the_preference_center(walker)
    continue_elsewhere(walker, results[0].url)
    sign_in(walker, mailoutbox)
    for path in ("/nowhere/", "/preferences/deleted/", "/q/skin/00000000-0000-4000-8000-000000000000/result/"):
        walker.get(path)
    assert len(walker.seen) > 60
    found = {
        (page.url, text.strip()): words
        for page in walker.seen
        for text in Words(page.html).texts
        if (words := english_in(text))
    }
    assert not found
    assert not any(english_in(f"{mail.subject} {mail.body}") for mail in mailoutbox)


def walk_where_nothing_is_allowed() -> None:
    walker = Visitor(seed=5)
    result = walker.agree(walker.take("skin"))
    for path in (result.url, "/preferences/", "/offers/"):
        walker.get(path)
    assert not [text for page in walker.seen for text in Words(page.html).texts if english_in(text)]


def walk_the_preference_center(walker: Visitor) -> None:
    center = walker.get("/preferences/")
    things = [link for link in center.links if re.match(r"/preferences/\d+/", link)]
    for link in things[::3]:
        walker.get(link)
    for link in [link for link in things if not link.endswith("/delete/")][:3]:
        assert walker.post(link, [("answer", "xyz")]).status == 422
    for switch in [form for form in center.forms if "/uses/" in form.action][:4]:
        walker.send(switch)
    walker.send(walker.get(next(link for link in things if link.endswith("/delete/"))).forms[-1])
    walker.get("/preferences/history/")
    walker.get("/preferences/delete-everything/")


def continue_elsewhere(walker: Visitor, result_url: str) -> None:
    page = walker.get(result_url.replace("/result/", "/continue-elsewhere/"))
    page = walker.send(page.form_to("/continue-elsewhere/"))
    token = re.search(r"/continue/[^/\"<\s]+/", page.html)
    if token:
        walker.seen.append(Visitor().get(token[0]))


def sign_in(walker: Visitor, mailoutbox: list[EmailMessage]) -> None:
    for address in ("", "nobody", "ada@shop.example"):
        walker.post("/accounts/login/", [("email", address)])
    walker.post("/accounts/login/code/confirm/", [("code", "WRONG")])
    code = re.search(r"^\s+([A-Z0-9-]{6,})\s*$", str(mailoutbox[-1].body), re.MULTILINE)
    assert code
    walker.post("/accounts/login/code/confirm/", [("code", code[1])])
    assert "ada@shop.example" in walker.get("/preferences/").html
    walker.get("/accounts/logout/")
    walker.post("/accounts/logout/", [])


@pytest.mark.parametrize("name", [*ERROR_PAGES, *SELDOM_PAGES])
def test_pages_that_are_seldom_seen_are_not_half_english_either(name: str) -> None:
    with translation.override("id"):
        page = {"layout": "layout/page.html", "home_url": "/", "email": "ada@shop.example"}
        html = render_to_string(name, {**page, "request": RequestFactory().get("/")})
    assert not [text for text in Words(html).texts if english_in(text)]
