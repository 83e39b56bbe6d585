"""Pages turn round for languages written from right to left: no style knows left from right."""

import re
from typing import Any

import pytest
from django.test import Client

from config.data_folder import PROJECT

SIDES = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border|inset|scroll-margin|scroll-padding)-)?(?:left|right)(?:-[a-z-]+)?\s*:"
    r"|(?:text-align|float|clear)\s*:\s*(?:left|right)|translateX\("
)


@pytest.mark.parametrize("folder", ["css", "builder", "admin-proffer"])
def test_styles_speak_of_start_and_end(folder: str) -> None:
    found = {
        f"{path.name}:{number}: {line.strip()[:100]}"
        for path in sorted((PROJECT / "static" / folder).glob("*.css"))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if SIDES.search(line)
    }
    assert found == set()


LANGUAGES = [("en", "English"), ("id", "Bahasa Indonesia"), ("ar", "العربيّة"), ("he", "עברית")]
PAGES = [("ar", 'lang="ar" dir="rtl"'), ("he", 'lang="he" dir="rtl"'), ("id", 'lang="id"')]


@pytest.mark.parametrize(("code", "attributes"), PAGES)
def test_a_page_says_which_way_it_reads(code: str, attributes: str, db: object, settings: Any) -> None:
    settings.LANGUAGES = LANGUAGES
    page = Client().get("/", headers={"Accept-Language": code}).content.decode()
    assert f"<html {attributes}>" in page
