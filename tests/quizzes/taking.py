"""A robot that takes a quiz as a browser does: follows redirects, posts forms, has a cookie."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.test import Client

HTMX = {"HTTP_HX_REQUEST": "true"}


@dataclass
class Taker:
    client: Client
    url: str = ""
    page: Any = None
    seen: list[str] = field(default_factory=list)

    def get(self, url: str) -> Any:
        """Opens the page, following redirects; `url` is where that ends."""
        return self._follow(self.client.get(url), url)

    def post(self, url: str, follow: bool = True, **fields: Any) -> Any:
        response = self.client.post(url, fields)
        return self._follow(response, url) if follow else response

    def start(self, slug: str = "care", **fields: Any) -> Any:
        return self.post(f"/q/{slug}/", **fields)

    def answer(self, **fields: Any) -> Any:
        """Answers the question that the page shows."""
        return self.post(self.url, **fields)

    def take(self, **answers: Any) -> Any:
        """Answers the questions asked, by key, until the uses or the result."""
        while self.key in answers:
            self.seen.append(self.key)
            given = answers[self.key]
            self.answer(**(given if isinstance(given, dict) else {"answer": given}))
            assert self.page.status_code == 200, self.page.content.decode()
        return self.page

    @property
    def key(self) -> str:
        """The last part of the address: a question's key, uses, result."""
        return self.url.strip("/").split("/")[-1]

    @property
    def run(self) -> str:
        """The address of the run, to which a page's name is added."""
        return "/".join(self.url.split("/")[:4]) + "/"

    @property
    def context(self) -> Any:
        return self.page.context

    def _follow(self, response: HttpResponse, url: str) -> Any:
        self.url = url
        while response.status_code in (302, 303):
            parts = urlsplit(response["Location"])
            self.url = parts.path
            response = self.client.get(response["Location"])
        self.page = response
        return response
