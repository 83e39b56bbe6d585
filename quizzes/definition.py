"""Reads a quiz definition (JSON, `"schema": 1`) and refuses a broken one, naming every fault's place.

`compile_definition` is what publishing, importing and running share, so what a run meets has passed these checks.
The JSON schema for other tools is `schema.json` beside this file.
"""

from __future__ import annotations

import json
import re
from datetime import date

from preferences.conditions import Condition, to_json

from .checks import check
from .parts import (
    CORNERS,
    DEFAULT_SECONDS,
    KINDS,
    LETTERS,
    PROFILE_KINDS,
    SECONDS,
    Bound,
    Choice,
    Definition,
    Exchange,
    Jump,
    Look,
    Outcome,
    Question,
    Row,
    Start,
    Step,
)
from .problems import DefinitionError, Problem
from .reading import KEY, LANGUAGE, MAX_TEXT, Fields

SCHEMA = 1
MAX_BYTES = 1_000_000
MAX_QUESTIONS = 300
MAX_CHOICES = 60
MAX_ROWS = 20
MAX_HIDDEN = 10
MAX_FEEDBACK = 300
MAX_LABEL = 40
MAX_OUTCOMES = 40
MAX_STEPS = 12
MAX_POINTS = 100
COLOR = re.compile(r"#[0-9a-fA-F]{6}\Z")
ART = re.compile(r"[A-Za-z0-9][A-Za-z0-9/_.-]{0,199}\Z")
TODAY = "today"
# Which ends each kind has. Of a text the greatest is its length; of an age gate the least is the age.
BOUNDED = {
    **dict.fromkeys(("slider", "number"), ("min", "max")),
    **dict.fromkeys(("text", "long_text", "rating"), ("max",)),
    "age_gate": ("min",),
}


def compile_definition(raw: object) -> Definition:
    """The definition, checked. Raises DefinitionError with every Problem found (at most 100)."""
    problems: list[Problem] = []
    if len(json.dumps(raw, default=str)) > MAX_BYTES:
        raise DefinitionError((Problem("", "too_large", "", "a definition may have 1 MB"),))
    quiz = Fields(raw, "", problems)
    if quiz.take("schema") != SCHEMA:
        quiz.note("schema", "unknown_schema", f"“schema” must be {SCHEMA}")
    quiz.languages = _languages(quiz)
    exchange = Fields(quiz.take("exchange") or {}, "exchange", problems, languages=quiz.languages)
    definition = Definition(
        slug=quiz.slug("slug", what="slug"),
        languages=quiz.languages,
        title=quiz.texts("title", required=True),
        tagline=quiz.texts("tagline"),
        profile=quiz.one_of("profile", PROFILE_KINDS, default="self"),
        exchange=Exchange(
            get=exchange.texts("get", required=True),
            ask=exchange.texts("ask", required=True),
            use=exchange.texts("use", required=True),
        ),
        minutes=quiz.whole("minutes", default=2, least=1, most=60),
        cover=_art(quiz, "cover"),
        cover_alt=quiz.texts("cover_alt"),
        look=_look(quiz),
        start=_start(quiz),
        purposes=_purposes(quiz),
        hidden=_hidden(quiz),
        questions=tuple(_question(fields) for fields in quiz.items("questions", most=MAX_QUESTIONS)),
        outcomes=tuple(_outcome(fields) for fields in quiz.items("outcomes", most=MAX_OUTCOMES)),
    )
    exchange.finish()
    quiz.finish()
    check(definition, problems)
    if problems:
        raise DefinitionError(tuple(problems))
    return definition


def condition_json(condition: Condition | None) -> dict[str, object] | None:
    return None if condition is None else to_json(condition)


def _languages(quiz: Fields) -> tuple[str, ...]:
    """Declared, or else those of the title."""
    declared = quiz.take("languages")
    if declared is None:
        title = quiz.raw.get("title")
        declared = list(title) if isinstance(title, dict) else []
    if not isinstance(declared, list | tuple) or not all(
        isinstance(each, str) and LANGUAGE.match(each) for each in declared
    ):
        quiz.note("languages", "bad_language", "a list of language codes")
        return ()
    return tuple(declared)


def _look(quiz: Fields) -> Look:
    raw = quiz.take("look")
    if raw is None:
        return Look()
    fields = Fields(raw, "look", quiz.problems)
    look = Look(
        accent=_color(fields, "accent"),
        ground=_color(fields, "ground"),
        corners=fields.one_of("corners", ("", *CORNERS), default=""),
        letters=fields.one_of("letters", ("", *LETTERS), default=""),
    )
    fields.finish()
    return look


def _start(quiz: Fields) -> Start:
    fields = Fields(quiz.take("start") or {}, "start", quiz.problems, languages=quiz.languages)
    start = Start(label=fields.texts("label", limit=MAX_LABEL), note=fields.texts("note"))
    fields.finish()
    return start


def _color(fields: Fields, name: str) -> str:
    color = fields.line(name)
    if color and not COLOR.match(color):
        fields.note(name, "bad_color", "a colour is written #rrggbb")
    return color


def _purposes(quiz: Fields) -> tuple[str, ...]:
    value = quiz.take("purposes")
    if value is None:
        return ()
    if not isinstance(value, list | tuple) or not all(isinstance(each, str) and each for each in value):
        quiz.note("purposes", "not_a_list", "a list of purposes' slugs")
        return ()
    if len(set(value)) != len(value):
        quiz.note("purposes", "duplicate", "a purpose is asked once")
    return tuple(value)


def _hidden(quiz: Fields) -> tuple[str, ...]:
    """Names of what a link may bring along, such as utm_source. Conditions ask about them as about questions."""
    value = quiz.take("hidden")
    if value is None:
        return ()
    if not isinstance(value, list | tuple) or not all(isinstance(each, str) and KEY.match(each) for each in value):
        quiz.note("hidden", "bad_key", "a list of names in small letters, digits, _ and -")
        return ()
    if len(value) > MAX_HIDDEN or len(set(value)) != len(value):
        quiz.note("hidden", "too_many", f"at most {MAX_HIDDEN}, each once")
    return tuple(value)


def _art(fields: Fields, name: str) -> str:
    """A path under the static files; nothing that could lead elsewhere."""
    value = fields.line(name)
    if value and (not ART.match(value) or ".." in value):
        fields.note(name, "bad_path", "a path under static, like art/skin/cover.svg")
        return ""
    return value


def _question(fields: Fields) -> Question:
    key = fields.key = fields.slug("key", what="key")
    kind = fields.one_of("kind", KINDS, default="")
    choices = tuple(_choice(each) for each in fields.items("choices", most=MAX_CHOICES))
    required = fields.flag("required", default=True)
    required_if = fields.condition("required_if")
    required = required and required_if is None  # then it is required where the condition holds
    attribute = fields.take("attribute")
    if attribute is not None and not (isinstance(attribute, str) and attribute):
        fields.note("attribute", "bad_key", "an attribute's key, or null")
        attribute = None
    least, most, step = _range(fields, kind)
    question = Question(
        key=key,
        kind=kind,
        attribute=attribute if isinstance(attribute, str) else None,
        title=fields.texts("title", required=True),
        help=fields.texts("help", limit=MAX_TEXT),
        why=fields.texts("why", limit=MAX_TEXT),
        required=required,
        may_decline=fields.flag("may_decline"),
        seconds=fields.whole("seconds", default=SECONDS.get(kind, DEFAULT_SECONDS), least=1, most=600),
        sensitive=fields.flag("sensitive"),
        consent=fields.texts("consent", limit=MAX_TEXT),
        names_profile=fields.flag("names_profile"),
        show_if=fields.condition("show_if"),
        required_if=required_if,
        shuffle=fields.flag("shuffle"),
        shuffle_group=fields.slug("shuffle_group", what="group") if fields.take("shuffle_group") else "",
        by_year=fields.flag("by_year"),
        jumps=tuple(jump for each in fields.items("jumps", most=20) if (jump := _jump(each, key))),
        choices=choices,
        rows=tuple(_row(each) for each in fields.items("rows", most=MAX_ROWS)),
        min=least,
        max=most,
        step=step,
        unit=fields.texts("unit"),
        low=fields.texts("low"),
        high=fields.texts("high"),
        min_choices=fields.whole("min_choices", default=int(required), least=0, most=MAX_CHOICES),
        max_choices=fields.whole("max_choices", default=len(choices), least=1, most=MAX_CHOICES) if choices else 0,
    )
    fields.seen |= {"min_choices", "max_choices"}
    fields.finish()
    return question


def _choice(fields: Fields) -> Choice:
    points: dict[str, float] = {}
    raw = fields.take("points") or {}
    if not isinstance(raw, dict):
        fields.note("points", "not_an_object", 'points are written {"outcome": 2}')
        raw = {}
    for outcome, number in raw.items():
        if isinstance(number, bool) or not isinstance(number, int | float) or abs(number) > MAX_POINTS:
            fields.note(f"points.{outcome}", "out_of_range", f"a number from -{MAX_POINTS} to {MAX_POINTS}")
        else:
            points[str(outcome)] = number
    choice = Choice(
        value=fields.slug("value", what="value"),
        label=fields.texts("label", required=True),
        help=fields.texts("help"),
        image=_art(fields, "image"),
        alt=fields.texts("alt"),
        color=_color(fields, "color"),
        points=points,
        feedback=fields.texts("feedback", limit=MAX_FEEDBACK),
        is_last=fields.flag("last"),
    )
    fields.finish()
    return choice


def _row(fields: Fields) -> Row:
    row = Row(value=fields.slug("value", what="value"), label=fields.texts("label", required=True))
    fields.finish()
    return row


def _jump(fields: Fields, key: str) -> Jump | None:
    fields.key = key
    condition = fields.condition("if")
    if condition is None and fields.raw.get("if") is None:
        fields.note("if", "missing_condition", "a jump needs a condition")
    to = fields.slug("to", what="target")
    fields.finish()
    return Jump(condition, to) if condition is not None and to else None


def _range(fields: Fields, kind: str) -> tuple[Bound, Bound, int | float | None]:
    """Least, greatest and step. Stars start at one and are five unless said otherwise; a recommendation is 0 to 10."""
    least, most = _bound(fields, "min", kind), _bound(fields, "max", kind)
    step = fields.number("step")
    if kind == "rating":
        return 1, 5 if most is None else most, 1
    return (0, 10, 1) if kind == "nps" else (least, most, step)


def _bound(fields: Fields, name: str, kind: str) -> Bound:
    if kind != "date":
        number = fields.number(name)
        if number is not None and name not in BOUNDED.get(kind, ()):
            fields.note(name, "unfit_field", f"a {kind} question has no “{name}”")
        return number
    value = fields.line(name)
    if not value or value == TODAY:
        return value or None
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        fields.note(name, "not_a_date", "a date, YYYY-MM-DD, or “today”")
        return None


def _outcome(fields: Fields) -> Outcome:
    fields.key = fields.slug("key", what="key")
    outcome = Outcome(
        key=fields.key,
        title=fields.texts("title", required=True),
        summary=fields.texts("summary", required=True, limit=MAX_TEXT),
        when=fields.condition("when"),
        art=_art(fields, "art"),
        art_alt=fields.texts("art_alt"),
        steps=tuple(_step(each) for each in fields.items("steps", most=MAX_STEPS)),
    )
    fields.finish()
    return outcome


def _step(fields: Fields) -> Step:
    step = Step(
        title=fields.texts("title", required=True),
        text=fields.texts("text", required=True, limit=MAX_TEXT),
        when_to_use=fields.texts("when_to_use"),
        product=fields.line("product", limit=100),
    )
    fields.finish()
    return step
