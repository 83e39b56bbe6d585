"""What a published quiz is made of, compiled: frozen, checked once, read by every run of a version.

Texts stay as language → text; `preferences.translated.pick` chooses when a page is made.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from preferences.conditions import Condition, Decider, decider, settled

Texts = Mapping[str, str]
Bound = int | float | str | None
Leads = tuple[tuple[Decider, str], ...]

CHOOSING_ONE = frozenset({"single", "image", "swatch"})
CHOOSING = CHOOSING_ONE | {"multiple", "ranking"}
SCALES = frozenset({"rating", "nps"})
NUMERIC = frozenset({"slider", "number"}) | SCALES
TYPED = frozenset({"text", "long_text", "email", "phone"})
KINDS = (
    "single",
    "multiple",
    "image",
    "swatch",
    "slider",
    "number",
    "text",
    "ranking",
    "date",
    "boolean",
    "long_text",
    "email",
    "phone",
    "rating",
    "nps",
    "matrix",
    "age_gate",
    "section",
)
PROFILE_KINDS = ("self", "pet", "child")

# How long a question takes, when its author does not say. Typed answers take longer than a tap.
SECONDS = {
    "single": 7,
    "multiple": 12,
    "image": 7,
    "swatch": 7,
    "slider": 6,
    "number": 9,
    "text": 15,
    "ranking": 20,
    "long_text": 40,
    "email": 15,
    "phone": 15,
    "rating": 5,
    "nps": 6,
    "matrix": 25,
    "age_gate": 4,
    "section": 6,
}
DEFAULT_SECONDS = 8
TEXT_LENGTHS = {"text": 500, "long_text": 2000, "email": 254, "phone": 30}
END = "end"
CORNERS = ("sharp", "soft", "round")
LETTERS = ("serif", "sans")
# An answer quoted in a later text, with what to say when there is none: {name} or {name|friend}.
QUOTE = re.compile(r"\{([a-z0-9_-]+)(?:\|([^{}|]*))?\}")


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: Texts
    help: Texts
    image: str
    alt: Texts
    color: str
    points: Mapping[str, float]
    feedback: Texts
    is_last: bool  # when the choices are shuffled


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a matrix: something to be placed on the scale that its choices make."""

    value: str
    label: Texts


@dataclass(frozen=True, slots=True)
class Jump:
    """Leads forward to a later question, or to the end, when its condition holds."""

    condition: Condition
    to: str


@dataclass(frozen=True)
class Question:
    key: str
    kind: str
    attribute: str | None
    title: Texts
    help: Texts
    why: Texts
    required: bool
    may_decline: bool
    seconds: int
    sensitive: bool
    consent: Texts
    names_profile: bool
    show_if: Condition | None
    required_if: Condition | None
    shuffle: bool
    shuffle_group: str  # neighbours of the same group are asked in an order drawn for each run
    by_year: bool  # an age gate that asks for the year of birth
    jumps: tuple[Jump, ...]
    choices: tuple[Choice, ...]
    rows: tuple[Row, ...]
    min: Bound
    max: Bound
    step: int | float | None
    unit: Texts
    low: Texts
    high: Texts
    min_choices: int
    max_choices: int

    @cached_property
    def choice_by_value(self) -> Mapping[str, Choice]:
        return {choice.value: choice for choice in self.choices}

    @cached_property
    def shows(self) -> Decider | None:
        """Whether facts make it shown; None when it always is."""
        return None if self.show_if is None else decider(self.show_if)

    @cached_property
    def requires(self) -> Decider | None:
        """Whether facts make it required that otherwise isn't; None when nothing does."""
        return None if self.required_if is None else decider(self.required_if)

    @cached_property
    def if_required(self) -> Question:
        """The question where it is required."""
        return replace(self, required=True, min_choices=max(1, self.min_choices) if self.choices else 0)

    @cached_property
    def leads(self) -> Leads:
        """Its jumps: when, and where to."""
        return tuple((decider(jump.condition), jump.to) for jump in self.jumps)

    def leads_after(self, fact: object) -> Leads:
        """The jumps that are still possible once its own answer says this; of a choice they are found out once."""
        return self._leads_by_choice.get(fact, self.leads) if isinstance(fact, str) else self.leads

    @cached_property
    def _leads_by_choice(self) -> Mapping[str, Leads]:
        return {value: tuple(self._possible(value)) for value in self.choice_by_value}

    @cached_property
    def leads_nowhere(self) -> frozenset[str]:
        """The choices after which no jump is possible, whatever else was answered."""
        return frozenset(value for value, leads in self._leads_by_choice.items() if not leads)

    def _possible(self, fact: str) -> Iterator[tuple[Decider, str]]:
        for jump in self.jumps:
            left = settled(jump.condition, self.key, fact)
            if left is True:
                yield (lambda _facts: True), jump.to
                return
            if left is not False:
                yield decider(left), jump.to

    @cached_property
    def quotes(self) -> frozenset[str]:
        """The questions whose answers its title and help quote."""
        texts = (*self.title.values(), *self.help.values())
        return frozenset(key for text in texts for key, _fallback in QUOTE.findall(text))

    @cached_property
    def is_same_for_all(self) -> bool:
        """Whether its page, while it is not answered, says nothing that depends on the run."""
        return not (self.quotes or self.shuffle or self.required_if is not None)

    @cached_property
    def max_length(self) -> int:
        """In characters; 0 for what isn't typed as text."""
        return (
            int(self.max)
            if self.kind in TYPED and isinstance(self.max, int | float)
            else TEXT_LENGTHS.get(self.kind, 0)
        )


@dataclass(frozen=True, slots=True)
class Step:
    title: Texts
    text: Texts
    when_to_use: Texts
    product: str


@dataclass(frozen=True, slots=True)
class Outcome:
    key: str
    title: Texts
    summary: Texts
    when: Condition | None
    art: str
    art_alt: Texts
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Exchange:
    """What the customer gets, what we ask for it, what we use it for."""

    get: Texts
    ask: Texts
    use: Texts


@dataclass(frozen=True, slots=True)
class Look:
    """How the quiz departs from the brand's look; empty where it doesn't."""

    accent: str = ""
    ground: str = ""
    corners: str = ""
    letters: str = ""


@dataclass(frozen=True, slots=True)
class Start:
    """The start screen's own words: its button, and a note beside it."""

    label: Texts
    note: Texts


@dataclass(frozen=True)
class Definition:
    """A quiz as published. `languages` are those in which every text is complete."""

    slug: str
    languages: tuple[str, ...]
    title: Texts
    tagline: Texts
    profile: str
    exchange: Exchange
    minutes: int
    cover: str
    cover_alt: Texts
    look: Look
    start: Start
    purposes: tuple[str, ...]
    hidden: tuple[str, ...]
    questions: tuple[Question, ...]
    outcomes: tuple[Outcome, ...]
    scratch: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)  # what is worked out once and kept

    @cached_property
    def position(self) -> Mapping[str, int]:
        """Where each question stands, by key."""
        return {question.key: index for index, question in enumerate(self.questions)}

    def question(self, key: str) -> Question:
        """The question with this key. KeyError when there is none."""
        return self.questions[self.position[key]]

    @cached_property
    def groups(self) -> Mapping[str, slice]:
        """Where the questions of each shuffle group stand; they are neighbours."""
        found: dict[str, slice] = {}
        for index, question in enumerate(self.questions):
            if group := question.shuffle_group:
                found[group] = slice(found[group].start if group in found else index, index + 1)
        return found

    @cached_property
    def outcome_by_key(self) -> Mapping[str, Outcome]:
        return {outcome.key: outcome for outcome in self.outcomes}

    @cached_property
    def naming_question(self) -> str | None:
        """The question whose answer names the profile the run is about."""
        return next((question.key for question in self.questions if question.names_profile), None)
