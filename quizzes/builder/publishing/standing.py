"""How a quiz stands, in a few words: for the list of quizzes and at the top of the publish page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext

from ...models import Quiz
from ...opening import CLOSED, FULL, OPEN, OVER, SCHEDULED, Opening

DRAFT, CHANGED = "draft", "changed"


@dataclass(frozen=True, slots=True)
class Standing:
    """`code` is a stage of `opening`, DRAFT (never published) or CHANGED (open, and the draft says something else)."""

    code: str
    words: str
    details: tuple[str, ...] = ()

    @property
    def in_a_line(self) -> str:
        return " · ".join((self.words, *self.details))


def standing(quiz: Quiz, now: datetime, *, was_published: bool, is_changed: bool) -> Standing:
    """`is_changed`: the draft differs from what customers see."""
    opening, live = quiz.opening, quiz.live_version
    stage = opening.stage(now)
    if live is None:
        return Standing(CLOSED, gettext("closed")) if was_published else Standing(DRAFT, gettext("not published yet"))
    version = gettext("version %(number)s") % {"number": live.number}
    changed = (gettext("changed since"),) if is_changed else ()
    if stage == SCHEDULED:
        return Standing(stage, gettext("opens %(when)s") % {"when": moment(opening.opens_at)}, (version, *changed))
    if stage == OVER:
        return Standing(stage, gettext("closed since %(when)s") % {"when": moment(opening.closes_at)}, (version,))
    if stage == FULL:
        return Standing(stage, gettext("full: %(count)s") % {"count": finished(opening)}, (version,))
    until = (gettext("closes %(when)s") % {"when": moment(opening.closes_at)},) if opening.closes_at else ()
    count = (finished(opening),) if opening.completion_limit else ()
    return Standing(CHANGED if is_changed else OPEN, gettext("open"), (version, *until, *count, *changed))


def moment(when: datetime | None) -> str:
    """In the site's time zone, which the publish page names."""
    return date_format(timezone.localtime(when), "SHORT_DATETIME_FORMAT") if when else ""


def finished(opening: Opening) -> str:
    counts = {"count": number_format(opening.completed_count), "limit": number_format(opening.completion_limit or 0)}
    return gettext("%(count)s of %(limit)s finished") % counts
