"""Translations are compiled where they are newer, without gettext."""

import os
from pathlib import Path

from config.message_catalogues import compile_catalogues

SOURCE = """msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Sign in"
msgstr "Masuk"
"""


def test_only_what_changed_is_compiled(tmp_path: Path) -> None:
    folder = tmp_path / "id" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(SOURCE)
    assert compile_catalogues(tmp_path) == [folder / "django.mo"]
    assert compile_catalogues(tmp_path) == []
    os.utime(folder / "django.mo", (0, 0))
    assert compile_catalogues(tmp_path) == [folder / "django.mo"]
