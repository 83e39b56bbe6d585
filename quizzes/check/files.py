"""Reads a definition file that anybody may have sent: strict JSON, with the line of every value.

Refused, each with its line: what isn't JSON, two values under one key, more nesting than a definition has, numbers no
quiz needs (NaN and the like too), and characters that a database can't keep.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any

from .findings import Phrase, _
from .places import steps

MAX_BYTES = 1_000_000  # of the definition
MAX_FILE_BYTES = 8_000_000  # with its pictures
MAX_VALUES = 300_000
PICTURES = "pictures"  # path → the picture in base64; beside the definition, not part of it
MAX_DEPTH = 24
MAX_NUMBER = 1e12
MAX_DIGITS = 30
_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_WORDS = {"true": True, "false": False, "null": None}
_UNKEEPABLE = re.compile(r"[\x00\ud800-\udfff]")


class FileError(ValueError):
    """A file that can't be read as a definition: `line` from 1, `key` the path of the value, "" for the file itself.

    `phrase` says it so that it can be translated; in English the message may be said otherwise.
    """

    def __init__(self, line: int, key: str, phrase: Phrase, message: str = "") -> None:
        self.line = line
        self.key = key
        self.phrase = phrase
        self.message = message or str(phrase)
        super().__init__(f"line {line}{f', {key}' if key else ''}: {self.message}")


@dataclass(frozen=True, slots=True)
class Document:
    """The object in the file, and where its values stand."""

    raw: dict[str, Any]
    lines: Mapping[str, int]

    def line_of(self, path: str) -> int:
        """The line of the value at this JSON path, or of what it would be in."""
        parts = steps(path)
        while parts:
            if (line := self.lines.get(joined(parts))) is not None:
                return line
            parts = parts[:-1]
        return self.lines[""]


def joined(parts: tuple[str | int, ...]) -> str:
    text = ""
    for part in parts:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def read_document(content: bytes) -> Document:
    """Raises FileError."""
    if len(content) > MAX_FILE_BYTES or (len(content) > MAX_BYTES and b'"pictures"' not in content):
        raise _too_large(MAX_FILE_BYTES if b'"pictures"' in content else MAX_BYTES)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError(content.count(b"\n", 0, error.start) + 1, "", Phrase(_("the file is not UTF-8"))) from None
    reader = _Reader(text)
    raw = reader.read()
    if not isinstance(raw, dict):
        raise FileError(1, "", Phrase(_("a definition is an object: {{…}}")))
    pictures = raw.get(PICTURES)
    shown = sum(len(each) for each in pictures.values() if isinstance(each, str)) if isinstance(pictures, dict) else 0
    if len(content) - shown > MAX_BYTES:
        raise _too_large(MAX_BYTES)
    return Document(raw, reader.lines)


def _too_large(most: int) -> FileError:
    words = {"most": most // 1_000_000}
    return FileError(1, "", Phrase(_("the file is larger than {most} MB; a definition is smaller"), words))


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self.lines: dict[str, int] = {}

    def read(self) -> object:
        value = self._value("", 0)
        self._skip()
        if self.at < len(self.text):
            raise self._error("", _("nothing may follow the definition"))
        return value

    def _value(self, path: str, depth: int) -> object:
        self._skip()
        self.lines.setdefault(path, self._line())
        if len(self.lines) > MAX_VALUES:
            raise self._error(path, _("more values than any quiz has"))
        if depth > MAX_DEPTH:
            raise self._error(path, _("nested more than {most} levels deep"), most=MAX_DEPTH)
        match self.text[self.at : self.at + 1]:
            case "{":
                return self._object(path, depth)
            case "[":
                return self._array(path, depth)
            case '"':
                return self._string(path)
            case "":
                raise self._error(path, _("the file ends too early"))
        return self._number_or_word(path)

    def _object(self, path: str, depth: int) -> dict[str, object]:
        found: dict[str, object] = {}
        self.at += 1
        if self._follows("}"):
            return found
        while True:
            self._skip()
            if self.text[self.at : self.at + 1] != '"':
                raise self._error(path, _("a name in double quotes is expected here"))
            name = self._string(path)
            here = f"{path}.{name}" if path else name
            if name in found:
                raise self._error(here, _("“{named}” is there twice"), named=name[:50])
            self.lines[here] = self._line()
            if not self._follows(":"):
                raise self._error(here, _("“:” is expected here"))
            found[name] = self._value(here, depth + 1)
            if self._follows("}"):
                return found
            if not self._follows(","):
                raise self._error(here, _("“,” or “}}” is expected here"))

    def _array(self, path: str, depth: int) -> list[object]:
        found: list[object] = []
        self.at += 1
        if self._follows("]"):
            return found
        while True:
            found.append(self._value(f"{path}[{len(found)}]", depth + 1))
            if self._follows("]"):
                return found
            if not self._follows(","):
                raise self._error(path, _("“,” or “]” is expected here"))

    def _string(self, path: str) -> str:
        try:
            text, end = scanstring(self.text, self.at + 1, True)
        except json.JSONDecodeError as error:
            self.at = error.pos
            raise self._error(path, _("not a text: {reason}"), reason=error.msg[:1].lower() + error.msg[1:]) from None
        if _UNKEEPABLE.search(text):
            raise self._error(path, _("a character that can't be stored"))
        self.at = end
        return str(text)

    def _number_or_word(self, path: str) -> object:
        for word, value in _WORDS.items():
            if self.text.startswith(word, self.at):
                self.at += len(word)
                return value
        match = _NUMBER.match(self.text, self.at)
        if match is None:
            found = re.compile(r"[-\w]{1,20}|.", re.DOTALL).match(self.text, self.at)
            raise self._error(path, _("“{named}” is not a value"), named=found.group() if found else "")
        digits, is_float = match.group(), match.group(1) or match.group(2)
        if len(digits) > MAX_DIGITS or abs(number := float(digits)) > MAX_NUMBER:
            raise self._error(path, _("a number larger or longer than any quiz needs"))
        self.at = match.end()
        return number if is_float else int(digits)

    def _follows(self, sign: str) -> bool:
        self._skip()
        if self.text.startswith(sign, self.at):
            self.at += 1
            return True
        return False

    def _skip(self) -> None:
        match = _SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def _line(self) -> int:
        return bisect_right(self.starts, self.at)

    def _error(self, path: str, text: str, **words: object) -> FileError:
        return FileError(self._line(), path[:200], Phrase(text, words))
