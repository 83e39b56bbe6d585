"""What the check finds in a draft, in the marketer's language: what it says, where, how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import get_language, gettext, ngettext

from ...check import Finding, Report
from ...check.faults import MESSAGE
from ...check.findings import Phrase, Seconds, Share
from ...check.translating import faults_of
from ...models import Quiz
from ...problems import Problem
from ...services.checking import report_on
from ...services.drafting import definition_of
from ...services.fixing import remedy_for
from ..places import Places


@dataclass(frozen=True, slots=True)
class FindingView:
    """`language` is that of what it says, "" when it is the page's. `fix_label` is the button's, "" without one."""

    code: str
    severity: str
    is_blocking: bool
    place: str
    about: str
    says: str
    language: str
    fix: str
    url: str
    fix_label: str

    @property
    def sign(self) -> str:
        return {"error": "error", "warning": "warning"}.get(self.severity, "info")


@dataclass(frozen=True, slots=True)
class CheckView:
    """A draft's report, said."""

    report: Report
    findings: tuple[FindingView, ...]
    places: Places

    @property
    def blocking(self) -> tuple[FindingView, ...]:
        return tuple(each for each in self.findings if each.is_blocking)

    @property
    def wrong(self) -> tuple[FindingView, ...]:
        return tuple(each for each in self.findings if each.severity == "error" and not each.is_blocking)

    @property
    def worth_a_look(self) -> tuple[FindingView, ...]:
        return tuple(each for each in self.findings if each.severity != "error")

    @property
    def is_publishable(self) -> bool:
        return not self.blocking

    @property
    def verdict(self) -> str:
        """The first thing to be told."""
        count = len(self.blocking)
        if count:
            words = ngettext(
                "%(count)s thing keeps it from being published", "%(count)s things keep it from being published", count
            )
            return words % {"count": count}
        return gettext("It can be published")

    @property
    def more(self) -> str:
        """What is left to say beyond the verdict."""
        count, looks = len(self.wrong), len(self.worth_a_look)
        said = []
        if count:
            said.append(ngettext("%(count)s thing is wrong", "%(count)s things are wrong", count) % {"count": count})
        if looks:
            words = ngettext("%(count)s thing is worth a look", "%(count)s things are worth a look", looks)
            said.append(words % {"count": looks})
        return " · ".join(said) or ("" if self.blocking else gettext("Nothing to improve."))


def check_draft(quiz: Quiz) -> CheckView:
    """Worked out once for all pages that show it; takes a second or two for a large quiz, so never while saving."""
    raw = definition_of(quiz)
    report = report_on(raw)
    said = Said(quiz, raw)
    return CheckView(report, tuple(said.finding(each, report) for each in report.findings), said.places)


def problems_in_words(quiz: Quiz, raw: dict[str, Any], problems: tuple[Problem, ...]) -> list[FindingView]:
    """What keeps it from being published, said as the check says it."""
    said = Said(quiz, raw)
    return [said.finding(each) for each in faults_of(raw, problems)]


class Said:
    """Findings of one draft as sentences."""

    def __init__(self, quiz: Quiz, raw: dict[str, Any]) -> None:
        self.places = Places(quiz, raw)

    def finding(self, found: Finding, report: Report | None = None) -> FindingView:
        is_english = MESSAGE in found.why.text and (get_language() or "en") != "en"
        remedy = remedy_for(found, report) if report else None
        return FindingView(
            code=found.code,
            severity=found.severity,
            is_blocking=found.is_blocking,
            place=found.place,
            about=self.places.words(found.place),
            says=self.phrase(found.why),
            language="en" if is_english else "",
            fix=self.phrase(found.remedy),
            url=self.places.url(found.place),
            fix_label=self.phrase(remedy.label) if remedy else "",
        )

    def phrase(self, phrase: Phrase) -> str:
        return phrase.said(gettext, self._shown)

    def _shown(self, name: str, value: object) -> object:
        """A word of a finding: things by their titles, numbers as the language writes them."""
        if isinstance(value, Share):
            return percent_in_words(value)
        if isinstance(value, Seconds):
            return duration_in_words(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return number_format(value, force_grouping=True)
        called = {
            "question": self.places.question,
            "attribute": self.places.attribute,
            "purpose": self.places.purpose,
            "outcomes": lambda key: f"“{self.places.outcome(key)}”",
            "listed": lambda each: f"“{each}”",
            "language": language_name,
            "languages": language_name,
            "places": self.places.words,
        }.get(name, str)
        return (
            ("; " if name == "places" else ", ").join(map(called, value))
            if isinstance(value, tuple)
            else called(str(value))
        )


def language_name(code: str) -> str:
    return dict(settings.LANGUAGES).get(code, code)


def percent_in_words(share: float) -> str:
    """33%, or 1.5% where the tenths matter."""
    places = 1 if 0 < share < 0.1 else 0
    shown = number_format(round(100 * share, places), places)  # which would cut the rest off instead of rounding
    return gettext("%(number)s%%") % {"number": shown}


def duration_in_words(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    words = {"minutes": minutes, "seconds": rest}
    if not minutes:
        return gettext("%(seconds)s s") % words
    return (gettext("%(minutes)s min %(seconds)s s") if rest else gettext("%(minutes)s min")) % words
