"""Reads the survey of cuisines: one person a row, what each told as the codes our attributes have.

The file is FiveThirtyEight's "food-world-cup" as published: comma-separated, in an old Macintosh encoding (its no-break
spaces are the single byte 0xCA), the ratings 1 to 5 or "N/A" for a cuisine never tried, empty where nothing was said.
"""

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

NOT_SAID = ("", "N/A")
LIKING = re.compile(r"Please rate how much you like the traditional cuisine of (?:the )?(.+?)[.:]?\Z")
RATINGS = ("1", "2", "3", "4", "5")
GRANTING_PERCENT = 70

# Questions about the person: how each column's title begins, our key for it, and each of its answers with our code.
ABOUT: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "Generally speaking, how would you rate your level of knowledge": (
        "cuisine_knowledge",
        {"Novice": "novice", "Intermediate": "intermediate", "Advanced": "advanced", "Expert": "expert"},
    ),
    "How much, if at all, are you interested": (
        "cuisine_interest",
        {"Not at all": "none", "Not much": "little", "Some": "some", "A lot": "much"},
    ),
    "Gender": ("gender", {"Female": "female", "Male": "male"}),
    "Age": ("age_group", {"18-29": "18_29", "30-44": "30_44", "45-60": "45_60", "> 60": "over_60"}),
    "Household Income": (
        "household_income",
        {
            "$0 - $24,999": "under_25k",
            "$25,000 - $49,999": "25k_50k",
            "$50,000 - $99,999": "50k_100k",
            "$100,000 - $149,999": "100k_150k",
            "$150,000+": "over_150k",
        },
    ),
    "Education": (
        "education",
        {
            "Less than high school degree": "some_school",
            "High school degree": "high_school",
            "Some college or Associate degree": "some_college",
            "Bachelor degree": "bachelor",
            "Graduate degree": "graduate",
        },
    ),
    "Location (Census Region)": (
        "region",
        {
            "New England": "new_england",
            "Middle Atlantic": "middle_atlantic",
            "South Atlantic": "south_atlantic",
            "East North Central": "east_north_central",
            "East South Central": "east_south_central",
            "West North Central": "west_north_central",
            "West South Central": "west_south_central",
            "Mountain": "mountain",
            "Pacific": "pacific",
        },
    ),
}


class SurveyError(Exception):
    """The file cannot be used; the message names the line and says what is wrong there."""


@dataclass(frozen=True, slots=True)
class Column:
    """One question: our key, its title as printed, the answers it can have with our codes."""

    key: str
    title: str
    codes: Mapping[str, str]
    is_cuisine: bool


@dataclass(frozen=True, slots=True)
class Person:
    """`told` has a code for each question that the person answered."""

    id: str
    told: Mapping[str, str]

    @property
    def grants(self) -> bool:
        """Whether this person lets us tailor offers: about 70 %, the same ones every time."""
        return int.from_bytes(hashlib.sha256(self.id.encode()).digest()[:4]) % 100 < GRANTING_PERCENT


@dataclass(frozen=True, slots=True)
class Survey:
    columns: tuple[Column, ...]
    people: tuple[Person, ...]


def read_survey(file: Path) -> Survey:
    """The questions and the people of the file. Raises SurveyError."""
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise SurveyError(f"{file} cannot be read: {error.strerror}.") from error
    return parse_survey(_decode(raw), name=file.name)


def parse_survey(text: str, *, name: str = "the file") -> Survey:
    rows = csv.reader(io.StringIO(text, newline=""))
    header = next(rows, [])
    if not header or _clean(header[0]) != "RespondentID":
        raise SurveyError(f"{name}, line 1: the first column must be “RespondentID”. Is this the cuisine survey?")
    columns = tuple(_column(title, name=name) for title in header[1:])
    people: list[Person] = []
    seen: dict[str, int] = {}
    for line, row in _numbered(rows, name):
        if len(row) != len(header):
            raise SurveyError(f"{name}, line {line}: {len(row)} values, but {len(header)} columns.")
        id = _clean(row[0])
        if not id.isdigit():
            raise SurveyError(f"{name}, line {line}: “{id[:40]}” is not a respondent's number.")
        if id in seen:
            raise SurveyError(f"{name}, line {line}: respondent {id} was on line {seen[id]} already.")
        seen[id] = line
        people.append(Person(id, dict(_told(columns, row[1:], f"{name}, line {line}"))))
    if not people:
        raise SurveyError(f"{name} has a header, but nobody's answers.")
    return Survey(columns, tuple(people))


def _decode(raw: bytes) -> str:
    """UTF-8 if it is; otherwise one byte a letter, with what old systems wrote for a no-break space as a space."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.replace(b"\xca", b" ").replace(b"\xa0", b" ").decode("latin-1")


def _numbered(rows: Iterator[list[str]], name: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not blank, with its line in the file."""
    lines = getattr(rows, "line_num", 1)
    try:
        for row in rows:
            lines = getattr(rows, "line_num", lines)
            if row:
                yield lines, row
    except csv.Error as error:
        raise SurveyError(f"{name}, line {lines + 1}: {error}.") from error


def _clean(text: str) -> str:
    return " ".join(text.split())  # no-break spaces are white space too


def _column(title: str, *, name: str) -> Column:
    title = _clean(title)
    liking = LIKING.match(title)
    if liking:
        country = liking.group(1)
        key = "likes_" + re.sub(r"[^a-z]+", "_", country.lower()).strip("_")
        return Column(key, country, {rating: rating for rating in RATINGS}, is_cuisine=True)
    for start, (key, codes) in ABOUT.items():
        if title.startswith(start):
            return Column(key, title, codes, is_cuisine=False)
    raise SurveyError(f"{name}, line 1: nothing is known of the question “{title[:80]}”.")


def _told(columns: tuple[Column, ...], values: list[str], place: str) -> Iterator[tuple[str, str]]:
    for column, value in zip(columns, map(_clean, values), strict=True):
        if value in NOT_SAID:
            continue
        if value not in column.codes:
            raise SurveyError(f"{place}: “{value[:40]}” is no answer to “{column.title[:60]}”.")
        yield column.key, column.codes[value]
