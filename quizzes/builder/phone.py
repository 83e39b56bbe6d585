"""The phone in the builder, in which customers' own pages are shown: who may frame them, and in which language."""

from csp.constants import SELF
from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

FRAMED = {**settings.CONTENT_SECURITY_POLICY["DIRECTIVES"], "frame-ancestors": [SELF]}


def asked_language(request: HttpRequest) -> str:
    """The language to preview in: the one asked for, or the marketer's own."""
    language = request.GET.get("language", "")
    return language if language in dict(settings.LANGUAGES) else translation.get_language() or settings.LANGUAGE_CODE
