"""What the check can say: every finding's severity, why it matters and what to do, in plain English, in one place.

A text keeps its numbers and names apart until it is said, so that pages can say it in the marketer's language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "warning", "note"]
Show = Callable[[str, object], object]


class Share(float):
    """Of all walks; 0.25 is said as 25%."""


class Seconds(float):
    """How long something takes; 80 is said as 1 min 20 s."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text with places for words: values, names, or phrases of their own."""

    text: str
    words: Mapping[str, object] = field(default_factory=dict)

    def said(self, translate: Callable[[str], str] = str, show: Show | None = None) -> str:
        """`translate` gets the text before its words are put in, `show` each word with its name."""
        shown = {
            name: value.said(translate, show) if isinstance(value, Phrase) else (show or in_english)(name, value)
            for name, value in self.words.items()
        }
        return translate(self.text).format(**shown)

    def __str__(self) -> str:
        return self.said()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing worth an author's attention. `place` is a path of keys: `questions/skin_type/choices/dry/alt`.

    What `is_blocking` keeps the definition from being published.
    """

    code: str
    severity: Severity
    place: str
    why: Phrase
    remedy: Phrase
    is_blocking: bool = False

    @property
    def says(self) -> str:
        return str(self.why)

    @property
    def fix(self) -> str:
        return str(self.remedy)

    def __str__(self) -> str:
        return f"{self.severity} {self.code} {self.place or 'quiz'}: {self.says} {self.fix}"


def _(text: str) -> str:
    """Marks a text for translation. It is translated where it is shown."""
    return text


_TEXTS: dict[str, tuple[Severity, str, str]] = {
    # ── Ways through the quiz ──
    "cycle": (
        "error",
        _("The jump leads back, so somebody could go round for ever."),
        _("Jump to a later question or to the end."),
    ),
    "dead_end": ("error", _("Somebody can get stuck here: {why}."), _("Give everybody a way on.")),
    "unreachable_question": (
        "error",
        _("Nobody is ever asked this: {why}."),
        _("Change the condition, or delete the question."),
    ),
    "seldom_asked": (
        "warning",
        _("Of {walks} people answering at random nobody was asked this."),
        _("Look whether its condition, and the jumps before it, are meant."),
    ),
    "never_true": (
        "warning",
        _("This rule holds for nobody who comes to it{why}."),
        _("Change its condition, or delete the rule."),
    ),
    "always_true": (
        "warning",
        _("This rule holds for everybody who comes to it."),
        _("Leave the condition out, or change it."),
    ),
    "impossible_value": (
        "error",
        _("The rule compares with {value}, which nobody can answer to “{question}”: {why}."),
        _("Compare with a value that the question takes."),
    ),
    # ── Outcomes ──
    "outcome_never": (
        "error",
        _("Nobody can get this outcome: {why}."),
        _("Give it points, loosen its condition, or delete it."),
    ),
    "outcome_rare": (
        "warning",
        _("If people answered at random, only {share} would get this{error}."),
        _("Give it more points, or merge it with another outcome."),
    ),
    "outcome_dominant": (
        "warning",
        _("If people answered at random, {share} would get this{error}, so their answers hardly matter."),
        _("Give the other outcomes more points, or this one a condition."),
    ),
    "ties": (
        "warning",
        _("If people answered at random, {share} would tie{error}, mostly between {outcomes}. The earlier one wins."),
        _("Use points that differ more, or put the outcome first that should win."),
    ),
    # ── What the answers are for ──
    "pays_for_nothing": (
        "warning",
        _("You ask, but never use it: no branch, outcome, use or offer depends on the answer."),
        _("Use the answer, or delete the question."),
    ),
    "sensitive_without_consent": (
        "error",
        _("“{attribute}” is sensitive, and is asked without a consent of its own."),
        _("Mark the question as sensitive and write the sentence of its consent."),
    ),
    "sensitive_without_purpose": (
        "warning",
        _("“{attribute}” is sensitive, and no use that this quiz asks about covers it."),
        _("Ask about a use that covers it, or keep the answer out of the profile."),
    ),
    "unused_purpose": (
        "warning",
        _("The quiz asks leave for “{purpose}”, which uses none of its answers."),
        _("Take the use out of the quiz, or let it cover an attribute that is asked."),
    ),
    # ── Consent ──
    "begging": (
        "warning",
        _("“{found}” begs for a yes ({language})."),
        _("Say what the use is and what it gives; leave the choice open."),
    ),
    "threatening": (
        "warning",
        _("“{found}” makes a no sound costly ({language})."),
        _("A no takes nothing away; say only what a yes gives."),
    ),
    "bundling": (
        "warning",
        _("“{found}” asks for more than one thing at once ({language})."),
        _("Ask for each use by itself."),
    ),
    "shaming": ("warning", _("“{found}” shames a no ({language})."), _("Write yes and no in the same tone.")),
    "preticked": ("error", _("A consent is ticked by the customer, never beforehand."), _("Remove “{field}”.")),
    "forced_consent": (
        "error",
        _("A sensitive question that must be answered leaves no way to say no."),
        _("Let it be skipped or declined."),
    ),
    # ── Texts and time ──
    "language_unwritten": (
        "error",
        _("{language}: {missing} of {total} texts are missing."),
        _("Write them on the Languages page, side by side with what is there."),
    ),
    "language_incomplete": (
        "error",
        _("{language}: {missing} of {total} texts are missing, among them {places}."),
        _("Write them on the Languages page, side by side with what is there."),
    ),
    "missing_language": (
        "warning",
        _("The site speaks {language}, the quiz doesn't."),
        _("Translate the quiz, in every text."),
    ),
    "longer_than_stated": (
        "warning",
        _("It says {minutes} min, and takes {mean} on average, {longest} at most."),
        _("Say how long it takes, or ask less."),
    ),
    "shorter_than_stated": (
        "warning",
        _("It says {minutes} min, and takes {mean} on average."),
        _("Say how long it takes: a shorter quiz is started more often."),
    ),
}


def finding(code: str, place: str, **words: object) -> Finding:
    severity, says, fix = _TEXTS[code]
    return Finding(code, severity, place, Phrase(says, words), Phrase(fix, words))


def remedy_of(code: str) -> str:
    """What to do about it, "" when there is no such code."""
    return _TEXTS[code][2] if code in _TEXTS else ""


def in_english(name: str, value: object) -> str:
    """A number or name as an English text shows it."""
    if isinstance(value, Share):
        return percent(value)
    if isinstance(value, Seconds):
        return duration(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    if isinstance(value, tuple):
        return ", ".join(value if name == "languages" else (f"“{each}”" for each in value))
    return str(value)


def percent(share: float) -> str:
    return f"{share:.1%}" if share < 0.1 else f"{share:.0%}"


def duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes and rest else f"{minutes} min" if minutes else f"{rest} s"
