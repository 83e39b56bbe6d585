"""Reads a file of orders, line by line: what each line says, or which of its columns says nothing usable.

The file is a table as shops and spreadsheets write it: comma, semicolon or tab; with or without a byte order mark, as
UTF-8 (or UTF-16 with its mark); fields in quotes where needed, line breaks inside them included. Columns are found by
their names in the first line and may come in any order; others are not looked at.

One record is in memory at a time, and a record has a most length, so a quote that is never closed costs the lines it
swallows and no more. Nothing of a field is ever repeated in what is said about it: it may be an address.

Pure: no Django, no clock (`now` is an argument).
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import BinaryIO, TextIO

NAMES = {
    "order_id": ("order id", "order", "order number"),
    "customer": ("customer", "email", "e mail", "customer email"),
    "product": ("product slug", "product", "slug"),
    "bought_at": ("bought at", "ordered at", "date"),
    "quantity": ("quantity", "qty"),
}
SHOWN = {
    "order_id": "order id",
    "customer": "customer",
    "product": "product slug",
    "bought_at": "bought_at",
    "quantity": "quantity",
}
REQUIRED = ("order_id", "customer", "product", "bought_at")
DELIMITERS = ",;\t"
MOST_LETTERS = 4000  # of one field; a quote left open ends there
MOST_LETTERS_A_LINE = 64_000
ORDER_LETTERS, ADDRESS_LETTERS, SLUG_LETTERS = 200, 254, 80
EARLIEST_YEAR = 1990
AHEAD = timedelta(days=1)  # a clock or a time zone may differ; tomorrow's purchases are a mistake

slug = re.compile(r"[A-Za-z0-9_-]{1,80}\Z")
address = re.compile(r"[^@\s]+@[^@\s]+\Z")


class UnreadableFile(ValueError):
    """Not a table of orders; the message says why, without quoting it."""


@dataclass(frozen=True, slots=True)
class OrderLine:
    """`line`: where it begins in the file, the first line being 1."""

    line: int
    order_id: str
    customer: str
    product: str
    bought_at: datetime


@dataclass(frozen=True, slots=True)
class BadLine:
    """`column`: what is wrong, by its name; empty when the line as a whole cannot be read."""

    line: int
    column: str


def read_orders(file: BinaryIO, *, now: datetime, zone: tzinfo) -> Iterator[OrderLine | BadLine]:
    """Every record after the first line. `zone`: of times that do not name theirs. Raises UnreadableFile at once."""
    with _most_letters():
        lines = _text_lines(file)
        header = next(lines, None)
        if header is None or not header.strip():
            raise UnreadableFile("The file is empty.")
        delimiter, columns = _columns(header)
    return _records(lines, delimiter, columns, now, zone)


def _records(
    lines: Iterator[str], delimiter: str, columns: dict[str, int], now: datetime, zone: tzinfo
) -> Iterator[OrderLine | BadLine]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    width = max(columns.values()) + 1
    while True:
        first = reader.line_num + 2
        try:
            with _most_letters():
                fields = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield BadLine(first, "")
            continue
        if not any(field.strip() for field in fields):
            continue  # an empty line
        if len(fields) < width and columns.get("quantity") == width - 1:
            fields = [*fields, ""]
        yield _record(first, fields, columns, now, zone) if len(fields) >= width else BadLine(first, "")


def _record(line: int, fields: list[str], columns: dict[str, int], now: datetime, zone: tzinfo) -> OrderLine | BadLine:
    told = {name: fields[place].strip() for name, place in columns.items()}
    for name, text in told.items():
        if any(character < " " or "\ud800" <= character <= "\udfff" for character in text):
            return BadLine(line, SHOWN[name])  # a line break, a zero, or not UTF-8
    if not 0 < len(told["order_id"]) <= ORDER_LETTERS:
        return BadLine(line, SHOWN["order_id"])
    if len(told["customer"]) > ADDRESS_LETTERS or not address.match(told["customer"]):
        return BadLine(line, SHOWN["customer"])
    if not slug.match(told["product"]):
        return BadLine(line, SHOWN["product"])
    bought_at = _moment(told["bought_at"], zone)
    if bought_at is None or bought_at > now + AHEAD:
        return BadLine(line, SHOWN["bought_at"])
    if not _is_count(told.get("quantity", "")):
        return BadLine(line, SHOWN["quantity"])
    return OrderLine(line, told["order_id"], told["customer"], told["product"], bought_at)


def _moment(text: str, zone: tzinfo) -> datetime | None:
    """ISO 8601: a day, or a day and a time, with or without its zone."""
    try:
        found = datetime.fromisoformat(text)
        found = found if found.tzinfo else found.replace(tzinfo=zone)
        return found if found.year >= EARLIEST_YEAR and found.timestamp() else None
    except (ValueError, OverflowError):
        return None


def _is_count(text: str) -> bool:
    """A whole number of at least one. What was given back (a negative number) is no purchase."""
    return not text or (text.isascii() and text.isdigit() and len(text) <= 9 and int(text) > 0)


def _columns(header: str) -> tuple[str, dict[str, int]]:
    """The delimiter under which most columns are found, and where they are."""
    best: tuple[str, dict[str, int]] = (",", {})
    for delimiter in DELIMITERS:
        try:
            names = next(csv.reader([header], delimiter=delimiter, strict=True), [])
        except csv.Error:
            continue
        found: dict[str, int] = {}
        for place, name in enumerate(names):
            column = _column(name)
            if column in found:
                raise UnreadableFile(f"Two columns are called “{SHOWN[column]}”.")
            if column:
                found[column] = place
        if len(found) > len(best[1]):
            best = (delimiter, found)
    missing = [SHOWN[name] for name in REQUIRED if name not in best[1]]
    if missing:
        raise UnreadableFile(
            f"The first line must name the columns; missing: {', '.join(missing)}. "
            "Columns: order id, customer, product slug, bought_at and, if you like, quantity."
        )
    return best


def _column(name: str) -> str:
    plain = re.sub(r"[\s_-]+", " ", name.strip().lower())
    return next((column for column, names in NAMES.items() if plain in names), "")


def _text_lines(file: BinaryIO) -> Iterator[str]:
    """Lines of text; what is not UTF-8 stays in as single surrogates, for its own line to be refused."""
    start = file.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding, start = ("utf-16-le" if start.startswith(codecs.BOM_UTF16_LE) else "utf-16-be"), start[2:]
    else:
        encoding, start = "utf-8", start.removeprefix(codecs.BOM_UTF8)
    # "ignore" would hide what is wrong, and only UTF-8 can carry it along.
    wrong = "surrogateescape" if encoding == "utf-8" else "replace"
    text = io.TextIOWrapper(io.BufferedReader(_Begun(start, file)), encoding=encoding, errors=wrong, newline="")
    yield from _short_lines(text)


def _short_lines(text: TextIO) -> Iterator[str]:
    """Of a line that is too long nothing is kept but that it was there."""
    while line := text.readline(MOST_LETTERS_A_LINE):
        part, is_whole = line, True
        while part and not part.endswith(("\n", "\r")):
            part = text.readline(MOST_LETTERS_A_LINE)
            is_whole = is_whole and not part
        yield line if is_whole else "-\n"


class _Begun(io.RawIOBase):
    """A file of which the first bytes were read already."""

    def __init__(self, start: bytes, file: BinaryIO) -> None:
        self._start, self._file = start, file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        found = self._start[: len(view)] or self._file.read(len(view))
        self._start = self._start[len(view) :]
        view[: len(found)] = found
        return len(found)


@contextmanager
def _most_letters() -> Iterator[None]:
    before = csv.field_size_limit(MOST_LETTERS)
    try:
        yield
    finally:
        csv.field_size_limit(before)
