"""Keys and values that nobody has to type: they follow what is written until they are published.

A key that somebody chose is left alone, and one that a published version has never changes by itself: reports join
versions by it. Rules and quoted answers are renamed with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.text import slugify

from preferences.translated import DEFAULT_LANGUAGE, pick

from ...checks import RESERVED
from ...models import Question, Quiz
from ...parts import CHOOSING, QUOTE
from .references import rename_question, rename_value

LONGEST = 40
_NUMBERED = re.compile(r"_\d+\Z")


@dataclass(frozen=True, slots=True)
class Names:
    """What a question and its parts are called, and what is written on them."""

    key: str
    kind: str
    title: str
    attribute_id: int | None
    attribute_key: str
    choices: dict[int, tuple[str, str]]

    @classmethod
    def of(cls, question: Question) -> Names:
        return cls(
            question.key,
            question.kind,
            pick(question.title, DEFAULT_LANGUAGE),
            question.attribute_id,  # type: ignore[attr-defined]
            _attribute_key(question),
            {each.pk: (each.value, pick(each.label, DEFAULT_LANGUAGE)) for each in question.choices.all()},
        )


def key_from(text: str) -> str:
    """“How dry is your skin?” becomes how_dry_is_your_skin; "" where no letter of a key is left."""
    words = slugify(QUOTE.sub(" ", text).replace("'", "").replace("’", "")).replace("-", "_").split("_")
    key = ""
    for word in filter(None, words):
        longer = f"{key}_{word}" if key else word[:LONGEST]
        if len(longer) > LONGEST:
            break
        key = longer
    return f"{key}_question" if key in RESERVED else key


def free(wanted: str, taken: Iterable[str]) -> str:
    """`wanted`, or with the first number that makes it another than those."""
    taken = set(taken)
    number, key = 2, wanted
    while key in taken:
        key, number = f"{wanted[:44]}_{number}", number + 1
    return key


def numbered(stem: str, taken: Iterable[str]) -> str:
    """A name for what is not written yet: question_1."""
    taken = set(taken)
    number = 1
    while f"{stem}_{number}" in taken:
        number += 1
    return f"{stem}_{number}"


def follow(*, quiz: Quiz, question: Question, before: Names) -> set[str]:
    """After saving: names what was written since `before`. Returns what was renamed: "key", or the ids of choices."""
    renamed: set[str] = set()
    wanted = _wanted_key(question, before)
    if wanted and question.key == before.key and _follows_question(before):
        others = quiz.questions.exclude(pk=question.pk).values_list("key", flat=True)
        key = free(wanted, {*others, *quiz.hidden})
        if key != question.key and not _was_published(quiz, {"key": question.key}):
            was, question.key = question.key, key
            question.save(update_fields=["key"])
            rename_question(quiz=quiz, question=question, was=was)
            renamed.add("key")
    return renamed | _follow_choices(quiz, question, before)


def _attribute_key(question: Question) -> str:
    return question.attribute.key if question.attribute else ""


def _wanted_key(question: Question, before: Names) -> str:
    """What its attribute is called, which is the same in every quiz; of a question that tells none, what is written.
    "" where neither has changed."""
    title, attribute = pick(question.title, DEFAULT_LANGUAGE), _attribute_key(question)
    if (title, attribute) == (before.title, before.attribute_key):
        return ""
    return key_from(attribute) or key_from(title)


def _follows_question(before: Names) -> bool:
    named_after = (before.key, _NUMBERED.sub("", before.key))
    told = key_from(before.attribute_key)
    return _follows(before.key, before.title, "question") or (told != "" and told in named_after)


def follow_rows(rows: list[dict[str, Any]], before: list[dict[str, Any]]) -> dict[str, str]:
    """Names the rows of a matrix in place. Returns old value → new value."""
    labels = {each["value"]: pick(each.get("label"), DEFAULT_LANGUAGE) for each in before}
    renamed = {}
    for row in rows:
        label, was = pick(row["label"], DEFAULT_LANGUAGE), labels.get(row["value"])
        wanted = key_from(label)
        if wanted and was is not None and label != was and _follows(row["value"], was, "row"):
            value = free(wanted, (each["value"] for each in rows if each is not row))
            if value != row["value"]:
                renamed[row["value"]], row["value"] = value, value
    return renamed


def _follow_choices(quiz: Quiz, question: Question, before: Names) -> set[str]:
    choices = list(question.choices.all())
    values = {each.pk: each.value for each in choices}
    known = _values_of_attribute(question)
    renamed = set()
    for choice in choices:
        value, label = before.choices.get(choice.pk, ("", ""))
        is_new = pick(choice.label, DEFAULT_LANGUAGE) != label or question.attribute_id != before.attribute_id  # type: ignore[attr-defined]
        if not is_new or choice.value != value or not _follows(value, label, "choice", *known.values()):
            continue
        written = {text.strip().casefold() for text in choice.label.values() if text}
        told = next((known[text] for text in written if text in known), "")
        wanted = told or key_from(pick(choice.label, DEFAULT_LANGUAGE))
        others = {each for pk, each in values.items() if pk != choice.pk}
        new = free(wanted, others) if wanted else value
        is_told = told and told not in others
        if new == value or (value in known.values() and not is_told):
            continue
        if not _was_published(quiz, {"key": question.key, "choices": [{"value": value}]}):
            rename_value(quiz=quiz, question=question, value=value, to=new)
            choice.value = values[choice.pk] = new
            choice.save(update_fields=["value"])
            renamed.add(str(choice.pk))
    return renamed


def _follows(name: str, text: str, stem: str, *allowed: str) -> bool:
    """Whether a name was given by itself: from the text that stood there, or as a placeholder."""
    base, wanted = _NUMBERED.sub("", name), key_from(text)
    return name == wanted or base in (wanted, stem) or (name in allowed and not text)


def _values_of_attribute(question: Question) -> dict[str, str]:
    """What its attribute's values are called, in any language, to the value."""
    if question.attribute is None or question.kind not in CHOOSING:
        return {}
    return {
        text.strip().casefold(): each.value
        for each in question.attribute.values.all()
        for text in each.label.values()
        if text
    }


def _was_published(quiz: Quiz, part: dict[str, Any]) -> bool:
    return quiz.versions.filter(definition__questions__contains=[part]).exists()
