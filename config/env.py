"""Reads settings from the environment, and fails loudly.

A setting `NAME` comes from the variable NAME, or from the file that NAME_FILE names (for secrets mounted by an
orchestrator). `read_file` adds what a `.env` file says to the environment; what is set already wins.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.conf.locale import LANG_INFO

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}


class SettingError(Exception):
    """A setting is missing or makes no sense; the message names it and says what is expected."""


def text(name: str, default: str | None = None) -> str:
    """The setting's text. Without a default it must be there and not be empty."""
    value = os.environ.get(name, "")
    file_name = os.environ.get(f"{name}_FILE", "")
    if value and file_name:
        raise SettingError(f"Set {name} or {name}_FILE, not both.")
    if file_name:
        try:
            value = Path(file_name).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise SettingError(f"{name}_FILE names {file_name}, which cannot be read: {error.strerror}.") from error
    if value:
        return value
    if default is None:
        raise SettingError(
            f"{name} is not set. Set it, or {name}_FILE to a file that holds it; .env.example says more."
        )
    return default


def boolean(name: str, *, default: bool) -> bool:
    value = text(name, "yes" if default else "no").lower()
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise SettingError(f"{name} is {value!r}: expected yes or no.")


def integer(name: str, default: int) -> int:
    value = text(name, str(default))
    try:
        return int(value)
    except ValueError:
        raise SettingError(f"{name} is {value!r}: expected a whole number.") from None


def choice(name: str, options: Iterable[str], default: str) -> str:
    value = text(name, default)
    if value not in options:
        raise SettingError(f"{name} is {value!r}: expected one of {', '.join(options)}.")
    return value


def words(name: str, default: str = "") -> list[str]:
    """A list separated by commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def languages(codes: list[str]) -> list[tuple[str, str]]:
    """Django's LANGUAGES: each code with the language's name in itself."""
    if "en" not in codes:
        raise SettingError("PROFFER_LANGUAGES must contain en: what a text has no other words for is shown in English.")
    named = [(code, LANG_INFO.get(code, {}).get("name_local")) for code in dict.fromkeys(codes)]
    if unknown := [code for code, name in named if not name]:
        raise SettingError(f"PROFFER_LANGUAGES names {', '.join(unknown)}: expected codes Django knows, like en,id,ar.")
    return [(code, str(name)) for code, name in named]


def database(name: str) -> dict[str, object]:
    """Django's settings for the database that the URL in `name` points to: postgresql://user:password@host:port/database."""
    return parse_database_url(text(name), name=name)


def parse_database_url(url: str, *, name: str = "the database URL") -> dict[str, object]:
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise SettingError(f"{name} must look like postgresql://user:password@host:5432/database.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


def prefixed(prefix: str) -> dict[str, str]:
    """Every setting whose name begins so, by the rest of its name; of NAME_FILE, what the file holds."""
    names = {name.removesuffix("_FILE") for name in os.environ if name.startswith(prefix)}
    return {name.removeprefix(prefix): text(name) for name in sorted(names)}


def read_file(path: Path) -> None:
    """Add NAME=value lines to the environment; a name that is set already keeps its value."""
    if not path.is_file():
        return
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        name, separator, value = line.partition("=")
        if not separator or not name.strip().replace("_", "").isalnum():
            raise SettingError(f"{path}, line {number}: expected NAME=value.")
        value = value.strip()
        if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
            value = value[1:-1]
        os.environ.setdefault(name.strip(), value)
