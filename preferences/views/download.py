"""Everything we hold of a customer, as a file to take along."""

from tempfile import TemporaryFile

from django.http import FileResponse, HttpRequest
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import get_language, get_language_bidi, gettext
from django.views.decorators.http import require_safe

from .. import selectors
from ..access import require_customer
from ..export.archive import Words, write_archive
from ..export.own import sections


@require_safe
def download(request: HttpRequest) -> FileResponse:
    """The archive, written to a nameless file first: then it is sent with its length, so that the browser shows how far
    it is, and however slow the line, no transaction is held open for it."""
    customer = require_customer(request)
    language = get_language() or "en"
    brand = selectors.brand(language).name
    today = timezone.localdate().isoformat()
    words = Words(
        language=language,
        direction="rtl" if get_language_bidi() else "ltr",
        title=gettext("Everything %(brand)s knows about you") % {"brand": brand},
        intro=gettext("data.json holds the same for other programs, schema.json says what is in it."),
        empty=gettext("Nothing."),
    )
    file = TemporaryFile()  # noqa: SIM115 (the response closes it)
    write_archive(file, sections(customer.id, language), words=words, made_at=timezone.now().isoformat())
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{slugify(brand) or 'data'}-{today}.zip")
