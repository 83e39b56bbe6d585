"""A definition to read: every question, choice, rule and outcome in words, in the order they are asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from preferences.models import Attribute
from preferences.translated import pick

from ..questions.kinds import kind_words
from ..sentences import Voice

Raw = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """A question or an outcome. `facts` are short; `items` are its choices or steps; `rules` are sentences."""

    title: str
    facts: tuple[str, ...]
    texts: tuple[str, ...]
    items: tuple[tuple[str, str], ...]
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    title: str
    tagline: str
    exchange: tuple[tuple[str, str], ...]
    questions: tuple[Part, ...]
    outcomes: tuple[Part, ...]


def outline(raw: Raw, language: str) -> Outline:
    """Of a definition that was published, so it has what a definition must have."""
    voice = Voice(raw, language)
    labels = dict(Attribute.objects.values_list("key", "label"))
    outcomes = {each["key"]: pick(each.get("title"), language) for each in raw["outcomes"]}
    exchange = raw.get("exchange", {})
    words = {"get": gettext("They get"), "ask": gettext("We ask"), "use": gettext("We use it")}
    return Outline(
        title=pick(raw.get("title"), language),
        tagline=pick(raw.get("tagline"), language),
        exchange=tuple((words[name], pick(exchange.get(name), language)) for name in words),
        questions=tuple(_question(each, voice, outcomes, labels, language) for each in raw["questions"]),
        outcomes=tuple(_outcome(each, voice, language) for each in raw["outcomes"]),
    )


def _question(
    raw: Raw, voice: Voice, outcomes: Mapping[str, str], labels: Mapping[str, Mapping[str, str]], language: str
) -> Part:
    facts = [
        kind_words(raw["kind"]),
        gettext("may be skipped") if raw.get("required") is False else "",
        gettext("may be declined") if raw.get("may_decline") else "",
        gettext("sensitive") if raw.get("sensitive") else "",
        gettext("tells %(attribute)s") % {"attribute": _called(raw["attribute"], labels, language)}
        if raw.get("attribute")
        else "",
    ]
    rules = [
        gettext("Asked if %(condition)s") % {"condition": voice.condition(raw["show_if"])}
        if raw.get("show_if")
        else "",
        gettext("Must be answered if %(condition)s") % {"condition": voice.condition(raw["required_if"])}
        if raw.get("required_if")
        else "",
        *(voice.jump(each) for each in raw.get("jumps", ())),
    ]
    return Part(
        title=pick(raw.get("title"), language),
        facts=tuple(filter(None, facts)),
        texts=tuple(filter(None, (pick(raw.get(name), language) for name in ("help", "why", "consent")))),
        items=tuple(
            (pick(each.get("label"), language), _points(each.get("points", {}), outcomes))
            for each in (*raw.get("rows", ()), *raw.get("choices", ()))
        ),
        rules=tuple(filter(None, rules)),
    )


def _called(key: str, labels: Mapping[str, Mapping[str, str]], language: str) -> str:
    """By its label, with the key that files and reports know it by."""
    label = pick(labels.get(key), language)
    return f"{label} ({key})" if label and label != key else key


def _points(points: Mapping[str, float], outcomes: Mapping[str, str]) -> str:
    return ", ".join(f"{number:+g} {outcomes.get(key, key)}" for key, number in points.items() if number)


def _outcome(raw: Raw, voice: Voice, language: str) -> Part:
    condition = voice.condition(raw.get("when"))
    return Part(
        title=pick(raw.get("title"), language),
        facts=(),
        texts=(pick(raw.get("summary"), language),),
        items=tuple(
            (pick(each.get("title"), language), pick(each.get("text"), language)) for each in raw.get("steps", ())
        ),
        rules=(gettext("Only if %(condition)s") % {"condition": condition},) if condition else (),
    )
