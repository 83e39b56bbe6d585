"""What each kind of question is called, and which fields of the draft it needs."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ...parts import CHOOSING, KINDS

WORDS: Mapping[str, str | Promise] = {
    "single": _("One choice"),
    "multiple": _("Several choices"),
    "image": _("One picture"),
    "swatch": _("One colour"),
    "slider": _("Slider"),
    "number": _("Number"),
    "text": _("Text"),
    "ranking": _("Ranking"),
    "date": _("Date"),
    "boolean": _("Yes or no"),
    "long_text": _("Long text"),
    "email": _("E-mail address"),
    "phone": _("Phone number"),
    "rating": _("Stars"),
    "nps": _("How likely, from 0 to 10"),
    "matrix": _("Matrix"),
    "age_gate": _("Age gate"),
    "section": _("Section"),
}
# Beside what every question has. A kind that is not here gets all of them.
BOUNDS = ("minimum", "maximum", "step", "unit", "low", "high", "min_choices", "max_choices")
NEEDS: Mapping[str, tuple[str, ...]] = {
    "single": (),
    "image": (),
    "swatch": (),
    "ranking": (),
    "boolean": (),
    "multiple": ("min_choices", "max_choices"),
    "slider": ("minimum", "maximum", "step", "unit", "low", "high"),
    "number": ("minimum", "maximum", "step", "unit"),
    "text": ("maximum",),
    "date": ("minimum", "maximum"),
    "long_text": ("maximum",),
    "email": (),
    "phone": (),
    "rating": ("maximum", "low", "high"),
    "nps": ("low", "high"),
    "matrix": (),
    "age_gate": ("minimum", "by_year"),
    "section": (),
}
# What a new question of a kind starts with, so that it can be seen at once.
STARTS: Mapping[str, Mapping[str, object]] = {
    "slider": {"minimum": "0", "maximum": "10", "step": 1.0},
    "age_gate": {"minimum": "16"},
}
# What stands above the fields of words, where “question” would be wrong.
_TITLES: Mapping[str, str | Promise] = {"section": _("Heading")}
_HELPS: Mapping[str, str | Promise] = {"section": _("Text")}
# Ends by another name: of a text, its length; of an age gate, the age; of stars, their number.
_ENDS: Mapping[tuple[str, str], str | Promise] = {
    ("text", "maximum"): _("Most characters"),
    ("long_text", "maximum"): _("Most characters"),
    ("age_gate", "minimum"): _("From which age"),
    ("rating", "maximum"): _("How many stars"),
    ("date", "minimum"): _("Earliest day"),
    ("date", "maximum"): _("Latest day"),
}
KINDS_IN_ORDER = (
    (_("Choosing"), ("single", "multiple", "image", "swatch", "boolean", "ranking")),
    (_("Rating"), ("slider", "rating", "nps", "matrix")),
    (_("Typing"), ("text", "long_text", "number", "date", "email", "phone")),
    (_("Between questions"), ("section", "age_gate")),
)


def kind_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Grouped, as a select shows them."""
    return [(str(words), [(kind, kind_words(kind)) for kind in kinds]) for words, kinds in KINDS_IN_ORDER]


def is_kind(kind: str) -> bool:
    return kind in KINDS


def label_for(kind: str, name: str) -> str | Promise | None:
    """What a field is called for this kind; None where its own name says it."""
    return {"title": _TITLES, "help": _HELPS}.get(name, {}).get(kind) or _ENDS.get((kind, name))


def kind_words(kind: str) -> str:
    return str(WORDS.get(kind) or kind.replace("_", " ").capitalize())


def fields_of(kind: str) -> tuple[str, ...]:
    return NEEDS.get(kind, BOUNDS)


def can_shuffle(kind: str) -> bool:
    return kind in CHOOSING


def can_say_no(kind: str) -> bool:
    """Whether it may be skipped or declined, and tell something beyond the quiz."""
    return kind not in ("section", "age_gate")


def has_choices(kind: str) -> bool:
    return kind in CHOOSING or kind == "matrix"  # whose choices are the scale
