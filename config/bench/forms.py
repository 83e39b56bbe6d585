"""Fills in a quiz's question page the way a hurried customer would, whatever the question; reads nothing but its HTML.

Reads it by regular expressions, because a real parser would take more processor time than the page did, of a machine
that the server shares with us. Good enough for pages of our own templates, which quote every attribute.
"""

import datetime
import re
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlencode

Fields = list[tuple[str, str]]

FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
INPUT = re.compile(r"<(input|textarea)\b([^>]*)>")
ATTRIBUTE = re.compile(r'([\w-]+)(?:="([^"]*)")?')


@dataclass(frozen=True)
class Form:
    """One form of a page, and what is in it."""

    action: str
    inputs: tuple[dict[str, str], ...]

    @property
    def csrf(self) -> str:
        return next((each.get("value", "") for each in self.inputs if each.get("name") == "csrfmiddlewaretoken"), "")

    def body(self, fields: Fields) -> str:
        return urlencode([("csrfmiddlewaretoken", self.csrf), *fields])

    def answer(self, pick: int = 0) -> Fields:
        """An answer that the question takes. `pick` chooses among its choices, so that people differ."""
        named = [each for each in self.inputs if each.get("name") == "answer"]
        kinds = {each.get("type", "text") for each in named}
        consent = [("consent", "on")] if any(each.get("name") == "consent" for each in self.inputs) else []
        if kinds == {"hidden"}:  # a ranking: every item, in the order it stands in
            return [("answer", each["value"]) for each in named] + consent
        if kinds & {"radio", "checkbox"}:
            return [("answer", named[pick % len(named)]["value"]), *consent]
        if not named:
            return consent
        return [("answer", _typed(named[0])), *consent]


def _typed(asked: dict[str, str]) -> str:
    match asked.get("type", "text"):
        case "range" | "number":
            return asked.get("value") or asked.get("min") or "1"
        case "date":
            return asked.get("max") or datetime.date(2022, 2, 2).isoformat()
    return "Pip"


def forms_of(html: str) -> list[Form]:
    return [
        Form(
            _attributes(form.group(1)).get("action", ""),
            tuple(
                _attributes(each.group(2)) | ({"type": "textarea"} if each.group(1) == "textarea" else {})
                for each in INPUT.finditer(form.group(2))
            ),
        )
        for form in FORM.finditer(html)
    ]


def _attributes(text: str) -> dict[str, str]:
    return {each.group(1): unescape(each.group(2) or "") for each in ATTRIBUTE.finditer(text)}


def main_form(html: str, ending: str = "") -> Form:
    """The form of the page's main part: the one whose address ends so, else the last one that is not the language's."""
    found = [form for form in forms_of(html) if "/i18n/" not in form.action and form.action.endswith(ending)]
    if not found:
        raise LookupError("The page has no form to fill in.")
    return found[-1]
