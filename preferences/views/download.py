"""Everything we hold of a customer, as a file to take along."""

from django.http import FileResponse, HttpRequest
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from .. import selectors
from ..access import require_customer
from ..export.file import archive_of
from .fresh import fresh_code_required


@require_safe
@fresh_code_required
def download(request: HttpRequest) -> FileResponse:
    customer = require_customer(request)
    language = get_language() or "en"
    name = f"{slugify(selectors.brand(language).name) or 'data'}-{timezone.localdate().isoformat()}.zip"
    return FileResponse(archive_of(customer.id, language), as_attachment=True, filename=name)
