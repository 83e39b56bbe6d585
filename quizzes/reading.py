"""Reads one JSON object field by field, noting what is wrong instead of stopping at the first fault."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from preferences.conditions import Condition, ConditionError, parse

from .parts import Texts
from .problems import Problem

KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,49}\Z")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})?\Z")
MAX_TITLE = 200
MAX_TEXT = 2000
MAX_PROBLEMS = 100


class Fields:
    """The fields of one object at one path; `finish` reports those nobody asked for."""

    def __init__(
        self, raw: object, path: str, problems: list[Problem], *, languages: tuple[str, ...] = (), key: str = ""
    ) -> None:
        self.path = path
        self.problems = problems
        self.languages = languages
        self.key = key
        self.raw: Mapping[str, object] = raw if isinstance(raw, Mapping) else {}
        self.seen: set[str] = set()
        if not isinstance(raw, Mapping):
            self.note("", "not_an_object", "an object is expected here")

    def at(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path and name else self.path or name

    def note(self, name: str, kind: str, message: str) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(self.at(name), kind, self.key, message))

    def take(self, name: str) -> object:
        self.seen.add(name)
        return self.raw.get(name)

    def finish(self) -> None:
        for name in sorted(set(self.raw) - self.seen, key=str):
            self.note(str(name), "unknown_field", "there is no such field")

    def line(self, name: str, *, default: str = "", limit: int = MAX_TITLE) -> str:
        value = self.take(name)
        if value is None:
            return default
        if not isinstance(value, str) or len(value) > limit:
            self.note(name, "not_a_text", f"a text of at most {limit} characters")
            return default
        return value.strip()

    def slug(self, name: str, *, what: str) -> str:
        value = self.take(name)
        if not isinstance(value, str) or not KEY.match(value):
            self.note(name, "bad_key", f"the {what} is written in small letters, digits, _ and -, at most 50")
            return ""
        return value

    def one_of(self, name: str, allowed: tuple[str, ...], *, default: str) -> str:
        value = self.take(name)
        if value is None and (default or default in allowed):
            return default
        if not isinstance(value, str) or value not in allowed:
            self.note(name, "not_allowed", f"one of {', '.join(filter(None, allowed))}")
            return default or allowed[0]
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self.take(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.note(name, "not_a_flag", "true or false")
            return default
        return value

    def whole(self, name: str, *, default: int, least: int, most: int) -> int:
        value = self.take(name)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.note(name, "out_of_range", f"a whole number from {least} to {most}")
            return default
        return value

    def number(self, name: str) -> int | float | None:
        value = self.take(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not -1e12 <= value <= 1e12:
            self.note(name, "not_a_number", "a number")
            return None
        return value

    def texts(self, name: str, *, required: bool = False, limit: int = MAX_TITLE) -> Texts:
        """A text in every declared language: complete when present at all, present when `required`."""
        value = self.take(name)
        if value is None or value == {}:
            if required:
                self.note(name, "missing_text", "a text is needed here")
            return {}
        if not isinstance(value, Mapping):
            self.note(name, "not_texts", 'texts are written {"en": "…"}')
            return {}
        texts: dict[str, str] = {}
        for language, text in value.items():
            if not isinstance(language, str) or not LANGUAGE.match(language):
                self.note(name, "bad_language", f"“{language}” is not a language code")
            elif not isinstance(text, str) or len(text) > limit:
                self.note(f"{name}.{language}", "not_a_text", f"a text of at most {limit} characters")
            elif text.strip():
                texts[language] = text.strip()
        missing = [language for language in self.languages if language not in texts]
        if missing and (required or texts):
            self.note(name, "untranslated", f"not written in: {', '.join(missing)}")
        return texts

    def condition(self, name: str) -> Condition | None:
        value = self.take(name)
        if value is None:
            return None
        try:
            return parse(value, operand="question", path=self.at(name))
        except ConditionError as error:
            self.problems.append(Problem(error.path, error.kind, self.key, error.message))
            return None

    def items(self, name: str, *, most: int) -> Iterator[Fields]:
        """The objects of a list, each at its own path."""
        value = self.take(name)
        if value is None:
            return
        if not isinstance(value, list | tuple):
            self.note(name, "not_a_list", "a list is expected here")
            return
        if len(value) > most:
            self.note(name, "too_many", f"at most {most}")
        for index, raw in enumerate(value[:most]):
            yield Fields(raw, f"{self.at(name)}[{index}]", self.problems, languages=self.languages, key=self.key)
