"""Answers quoted in later texts: “Nice to meet you, {name}.” A template escapes the result like any other text.

`{name}` without an answer goes, and the comma before it; `{name|friend}` says friend then.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from preferences.translated import pick

from ..answers import Answers
from ..parts import QUOTE, Definition, Question
from .wording import answer_in_words

_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_WITH_LEAD = re.compile(r"(,?\s*)" + QUOTE.pattern)


def title_in_words(definition: Definition, question: Question, answers: Answers, language: str) -> str:
    """The question's title; `answers` are those that count, by key."""
    title = pick(question.title, language)
    return piped(title, words_from(definition, answers, language)) if question.quotes else title


def words_from(definition: Definition, answers: Answers, language: str) -> Callable[[str], str]:
    """What was answered to a question, in words; "" when nothing was."""

    def words(key: str) -> str:
        answer = answers.get(key)
        if answer is None or answer.state != "given" or key not in definition.position:
            return ""
        return answer_in_words(definition.question(key), answer, language)

    return words


def piped(text: str, words: Callable[[str], str]) -> str:
    def said(match: re.Match[str]) -> str:
        lead, key, fallback = match.groups()
        instead = words(key) or fallback
        return f"{lead}{_isolated(instead, text)}" if instead else ""

    made = _WITH_LEAD.sub(said, text).strip()
    if made and made[0] in ",;:" and not text.startswith(made[0]):
        made = made[1:].lstrip()
        made = made[:1].upper() + made[1:]
    return made


def _isolated(words: str, text: str) -> str:
    """Words that run the other way than the text they stand in do not pull its punctuation along."""
    if bool(_RIGHT_TO_LEFT.search(words)) == bool(_RIGHT_TO_LEFT.search(text)):
        return words
    return f"\u2068{words}\u2069"
