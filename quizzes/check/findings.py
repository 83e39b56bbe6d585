"""What the check can say: every finding's severity, why it matters and what to do, in plain English, in one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing worth an author's attention. `place` is a path of keys: `questions/skin_type/choices/dry/alt`."""

    code: str
    severity: Severity
    place: str
    says: str
    fix: str

    def __str__(self) -> str:
        return f"{self.severity} {self.code} {self.place or 'quiz'}: {self.says} {self.fix}"


_TEXTS: dict[str, tuple[Severity, str, str]] = {
    # ── Ways through the quiz ──
    "cycle": (
        "error",
        "The jump leads back, so somebody could go round for ever.",
        "Jump to a later question or to the end.",
    ),
    "dead_end": ("error", "Somebody can get stuck here: {why}.", "Give everybody a way on."),
    "unreachable_question": (
        "error",
        "Nobody is ever asked this: {why}.",
        "Change the condition, or delete the question.",
    ),
    "seldom_asked": (
        "warning",
        "In {walks:,} random walks nobody was asked this.",
        "Look whether its condition, and the jumps before it, are meant.",
    ),
    "never_true": (
        "warning",
        "This rule never holds, whatever is answered{why}.",
        "Change its condition, or delete the rule.",
    ),
    "always_true": ("warning", "This rule holds whatever is answered.", "Leave the condition out, or change it."),
    "impossible_value": (
        "error",
        "The rule compares with {value}, which nobody can answer to “{question}”: {why}.",
        "Compare with a value that the question takes.",
    ),
    # ── Outcomes ──
    "outcome_never": (
        "error",
        "Nobody can get this outcome: {why}.",
        "Give it points, loosen its condition, or delete it.",
    ),
    "outcome_rare": (
        "warning",
        "Only {share} of random walks end here{error}.",
        "Give it more points, or merge it with another outcome.",
    ),
    "outcome_dominant": (
        "warning",
        "{share} of random walks end here{error}, so the other answers hardly matter.",
        "Give the other outcomes more points, or this one a condition.",
    ),
    "ties": (
        "warning",
        "{share} of random walks end in a tie{error}, mostly {example}; a tie goes to the earlier outcome.",
        "Use points that differ more, or put the outcome first that should win.",
    ),
    # ── What the answers are for ──
    "pays_for_nothing": (
        "warning",
        "You ask, but never use it: no branch, outcome, use or offer depends on the answer.",
        "Use the answer, or delete the question.",
    ),
    "sensitive_without_consent": (
        "error",
        "“{attribute}” is sensitive, and is asked without a consent of its own.",
        "Mark the question as sensitive and write the sentence of its consent.",
    ),
    "sensitive_without_purpose": (
        "warning",
        "“{attribute}” is sensitive, and no use that this quiz asks about covers it.",
        "Ask about a use that covers it, or keep the answer out of the profile.",
    ),
    "unused_purpose": (
        "warning",
        "The quiz asks leave for “{purpose}”, which uses none of its answers.",
        "Take the use out of the quiz, or let it cover an attribute that is asked.",
    ),
    # ── Consent ──
    "begging": (
        "warning",
        "“{found}” begs for a yes ({language}).",
        "Say what the use is and what it gives; leave the choice open.",
    ),
    "threatening": (
        "warning",
        "“{found}” makes a no sound costly ({language}).",
        "A no takes nothing away; say only what a yes gives.",
    ),
    "bundling": (
        "warning",
        "“{found}” asks for more than one thing at once ({language}).",
        "Ask for each use by itself.",
    ),
    "shaming": ("warning", "“{found}” shames a no ({language}).", "Write yes and no in the same tone."),
    "preticked": ("error", "A consent is ticked by the customer, never beforehand.", "Remove “{field}”."),
    "forced_consent": (
        "error",
        "A sensitive question that must be answered leaves no way to say no.",
        "Let it be skipped or declined.",
    ),
    # ── Texts and time ──
    "missing_language": (
        "warning",
        "The site speaks {language}, the quiz doesn't.",
        "Translate the quiz, in every text.",
    ),
    "longer_than_stated": (
        "warning",
        "It says {minutes} min, and takes {mean} on average, {longest} at most.",
        "Say how long it takes, or ask less.",
    ),
    "shorter_than_stated": (
        "warning",
        "It says {minutes} min, and takes {mean} on average.",
        "Say how long it takes: a shorter quiz is started more often.",
    ),
}

# Faults that keep a definition from compiling: `Problem.kind` → what to do. Its message says why.
_FIXES = {
    "untranslated": "Write the text in every language of the quiz.",
    "missing_text": "Write the text.",
    "missing_alt": "Describe the picture for those who don't see it.",
    "missing_image": "Choose a picture.",
    "missing_color": "Choose a colour.",
    "missing_consent": "Write the sentence beside the box.",
    "unknown_question": "Name a question that is asked earlier.",
    "unknown_outcome": "Name an outcome of this quiz, or add it.",
    "unfit_value": "Compare with a value that the question takes.",
    "unfit_op": "Choose a comparison that fits the kind of question.",
    "unknown_attribute": "Choose an attribute that exists, or add it.",
    "unknown_purpose": "Choose an active use, or take it out.",
    "unknown_field": "Remove it, or correct its name.",
    "duplicate_key": "Give each its own key.",
    "duplicate_choice": "Give each choice its own value.",
}
_RENAMED = {
    "backward_jump": "cycle",
    "no_fallback": "dead_end",
    "empty_range": "dead_end",
    "no_way_out": "forced_consent",
    "unreachable_outcome": "outcome_never",
    "not_sensitive": "sensitive_without_consent",
}


def finding(code: str, place: str, **words: object) -> Finding:
    severity, says, fix = _TEXTS[code]
    return Finding(code, severity, place, says.format(**words), fix.format(**words))


def from_problem(kind: str, place: str, message: str) -> Finding:
    """A fault of the definition itself, as a finding; those that the check has a word for come under that word."""
    code = _RENAMED.get(kind, kind)
    says = f"{message[:1].upper()}{message[1:].removesuffix('.')}."
    fix = _FIXES.get(kind) or (_TEXTS[code][2] if code in _TEXTS else "Correct it.")
    return Finding(code, "error", place, says, fix)


def percent(share: float) -> str:
    return f"{share:.1%}" if share < 0.1 else f"{share:.0%}"


def duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes and rest else f"{minutes} min" if minutes else f"{rest} s"
