"""`manage.py import_quiz skin.json`: a definition file becomes the quiz's draft. Nothing is published."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from quizzes.check.files import MAX_FILE_BYTES, FileError, read_document
from quizzes.services.files import Imported, NotImportableError, import_document


class Command(BaseCommand):
    help = "Read a definition file into the draft of the quiz with its slug; says what that adds, changes and removes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="the file, or - for standard input")
        parser.add_argument("--dry-run", action="store_true", help="only say what would be done")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["file"]
        try:
            done = import_document(read_document(_content(name)), is_kept=not options["dry_run"])
        except OSError as error:
            raise CommandError(f"{name}: {error.strerror}") from None
        except FileError as error:
            raise CommandError(f"{name}: {error}\nNothing was written.") from None
        except NotImportableError as error:
            faults = "\n".join(f"{name}: {fault}" for fault in error.faults)
            raise CommandError(f"{faults}\nNothing was written.") from None
        self.stdout.write("\n".join(_lines(done, is_dry=options["dry_run"])))


def _content(name: str) -> bytes:
    """At most a byte more than is allowed, so that a huge file costs nothing."""
    if name == "-":
        return sys.stdin.buffer.read(MAX_FILE_BYTES + 1)
    with Path(name).open("rb") as file:
        return file.read(MAX_FILE_BYTES + 1)


def _lines(done: Imported, *, is_dry: bool) -> list[str]:
    lines = [str(each) for each in done.differences]
    for each in done.unfinished:
        lines.append(f"! {each}")
    if done.picture_count:
        lines.append(f"{done.picture_count} pictures come with it.")
    if not done.differences:
        return [*lines, f"{done.slug}: nothing to change."]
    verb = "would be" if is_dry else "is"
    what = "a new draft" if done.is_new else f"changed in {len(done.differences)} places"
    lines.append(f"{done.slug} {verb} {what}." + (" Nothing was written." if is_dry else ""))
    if done.unfinished:
        lines.append(f"It can't be published before {len(done.unfinished)} things are put right (!).")
    return lines
