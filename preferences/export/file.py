"""The archive as a file without a name, ready to be sent."""

from tempfile import TemporaryFile
from typing import IO

from django.utils import timezone
from django.utils.translation import get_language_bidi, gettext

from .. import selectors
from .archive import Words, write_archive
from .own import sections


def archive_of(customer_id: int, language: str) -> IO[bytes]:
    """Written to a nameless file first: then it is sent with its length, so that the browser shows how far it is, and
    however slow the line, no transaction is held open for it."""
    words = Words(
        language=language,
        direction="rtl" if get_language_bidi() else "ltr",
        title=gettext("Everything %(brand)s knows about you") % {"brand": selectors.brand(language).name},
        intro=gettext("data.json holds the same for other programs, schema.json says what is in it."),
        empty=gettext("Nothing."),
    )
    file = TemporaryFile()  # noqa: SIM115 (the response closes it)
    write_archive(file, sections(customer_id, language), words=words, made_at=timezone.now().isoformat())
    file.seek(0)
    return file
