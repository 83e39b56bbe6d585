"""The archive a customer takes along: the same tables as JSON with its schema, as CSV, and as a page to read.

Every table is read from the database once, and kept on disk for the moment it takes to write it in three forms: memory
stays the same for three values or a hundred thousand, and the three forms say the same. Pure: no Django, no clock.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from html import escape
from itertools import chain
from tempfile import TemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from ..registry import Section

FORMAT = "proffer-export/1"
# What a spreadsheet would take for a formula. The apostrophe makes it text; the JSON has it as it is.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
STYLE = """
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
h1, h2 { font-family: ui-serif, Georgia, serif; font-weight: 500; line-height: 1.2; }
h2 { margin-top: 3rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid color-mix(in oklch, currentColor 20%, transparent); padding: .5rem .75rem .5rem 0; }
th, td { text-align: start; vertical-align: top; }
th { font-weight: 600; }
small { opacity: .75; }
"""


@dataclass(frozen=True, slots=True)
class Words:
    """What the page to read says itself, in `language`."""

    language: str
    direction: str
    title: str
    intro: str
    empty: str


def write_archive(file: IO[bytes], sections: Sequence[Section], *, words: Words, made_at: str) -> None:
    """Writes the zip into `file`. `made_at` is ISO 8601."""
    with ExitStack() as spools, ZipFile(file, "w", ZIP_DEFLATED) as archive:
        kept = [(section, _spooled(section, spools)) for section in sections]
        _write(archive, "index.html", _page(kept, words, made_at))
        _write(archive, "data.json", _json(kept, words, made_at))
        archive.writestr("schema.json", json.dumps(schema(sections), ensure_ascii=False, indent=2))
        for section, spool in kept:
            _write(archive, f"{section.name}.csv", _csv(section, _rows(spool)))


def schema(sections: Sequence[Section]) -> dict[str, Any]:
    """The JSON Schema of data.json."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": FORMAT,
        "type": "object",
        "required": ["format", "made_at", "language", "sections"],
        "properties": {
            "format": {"const": FORMAT},
            "made_at": {"type": "string", "format": "date-time"},
            "language": {"type": "string"},
            "sections": {
                "type": "object",
                "additionalProperties": False,
                "required": [section.name for section in sections],
                "properties": {section.name: _schema_of(section) for section in sections},
            },
        },
    }


def _schema_of(section: Section) -> dict[str, Any]:
    return {
        "type": "array",
        "title": section.title,
        "items": {
            "type": "object",
            "additionalProperties": False,
            "required": list(section.columns),
            "properties": {name: {"description": what} for name, what in section.columns.items()},
        },
    }


def _spooled(section: Section, spools: ExitStack) -> IO[str]:
    spool = spools.enter_context(TemporaryFile("w+", encoding="utf-8"))  # noqa: SIM115 (the stack closes it)
    for row in section.rows():
        spool.write(json.dumps({name: row.get(name) for name in section.columns}, ensure_ascii=False) + "\n")
    return spool


def _lines(spool: IO[str]) -> Iterator[str]:
    spool.seek(0)
    return (line.rstrip("\n") for line in spool)


def _rows(spool: IO[str]) -> Iterator[Mapping[str, object]]:
    return (json.loads(line) for line in _lines(spool))


def _write(archive: ZipFile, name: str, pieces: Iterator[str]) -> None:
    with archive.open(name, "w", force_zip64=True) as entry:
        for piece in pieces:
            entry.write(piece.encode())


def _json(kept: Sequence[tuple[Section, IO[str]]], words: Words, made_at: str) -> Iterator[str]:
    head = {"format": FORMAT, "made_at": made_at, "language": words.language}
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "sections": {'
    for place, (section, spool) in enumerate(kept):
        yield f"{',' if place else ''}\n{json.dumps(section.name)}: ["
        for number, line in enumerate(_lines(spool)):
            yield f"{',' if number else ''}\n  {line}"
        yield "]"
    yield "\n}}\n"


def csv_lines(section: Section) -> Iterator[str]:
    """One table by itself."""
    return _csv(section, section.rows())


def _csv(section: Section, rows: Iterable[Mapping[str, object]]) -> Iterator[str]:
    line = io.StringIO()
    writer = csv.writer(line)
    yield "\ufeff"  # or spreadsheets take it for another encoding
    writer.writerow(section.columns)
    for found in rows:
        writer.writerow([_cell(found.get(name)) for name in section.columns])
        yield line.getvalue()
        line.seek(0)
        line.truncate()
    yield line.getvalue()


def _cell(value: object) -> str:
    text = _text(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA) else text


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case list():
            return ", ".join(_text(each) for each in value)
        case dict():
            return ", ".join(f"{name}: {_text(each)}" for name, each in value.items())
    return str(value)


def _page(kept: Sequence[tuple[Section, IO[str]]], words: Words, made_at: str) -> Iterator[str]:
    yield (
        f'<!doctype html>\n<html lang="{escape(words.language)}" dir="{escape(words.direction)}"><head>'
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(words.title)}</title><style>{STYLE}</style></head><body><main>"
        f"<h1>{escape(words.title)}</h1><p>{escape(words.intro)} <small>{escape(made_at)}</small></p>\n"
    )
    for section, spool in kept:
        yield f"<section><h2>{escape(section.title)}</h2>"
        rows = _rows(spool)
        first = next(rows, None)
        if first is None:
            yield f"<p>{escape(words.empty)}</p></section>\n"
            continue
        heads = "".join(f'<th scope="col">{escape(what)}</th>' for what in section.columns.values())
        yield f'<div class="wide"><table><thead><tr>{heads}</tr></thead><tbody>\n'
        for row in chain([first], rows):
            cells = "".join(f'<td dir="auto">{escape(_text(row[name]))}</td>' for name in section.columns)
            yield f"<tr>{cells}</tr>\n"
        yield "</tbody></table></div></section>\n"
    yield "</main></body></html>\n"
