"""What each kind of question is called, and which fields of the draft it needs."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..parts import CHOOSING, KINDS

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
}
# Beside what every question has. A kind that is not here gets all of them.
BOUNDS = ("minimum", "maximum", "step", "unit", "low", "high", "min_choices", "max_choices", "rows")
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
    "matrix": ("rows",),
    "age_gate": ("minimum",),
}


def kind_choices() -> list[tuple[str, str]]:
    return [(kind, kind_words(kind)) for kind in KINDS]


def kind_words(kind: str) -> str:
    return str(WORDS.get(kind) or kind.replace("_", " ").capitalize())


def fields_of(kind: str) -> tuple[str, ...]:
    return NEEDS.get(kind, BOUNDS)


def has_choices(kind: str) -> bool:
    return kind in CHOOSING or kind == "matrix"  # whose choices are the scale
