"""Compiles the translations (locale/*/LC_MESSAGES/*.po) where they are newer than what was compiled."""

from pathlib import Path

import polib

from config.data_folder import PROJECT


def compile_catalogues(folder: Path = PROJECT / "locale") -> list[Path]:
    """Returns the catalogues that were compiled. Needs no gettext on the machine."""
    compiled = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            polib.pofile(str(source)).save_as_mofile(str(target))
            compiled.append(target)
    return compiled


if __name__ == "__main__":
    for catalogue in compile_catalogues():
        print(catalogue)
