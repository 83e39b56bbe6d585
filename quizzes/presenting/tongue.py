"""Which language a quiz speaks on a page of another one: its words are read aloud, and run, as they are written."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString

from preferences.fields import is_bidi
from preferences.translated import DEFAULT_LANGUAGE

from ..parts import Definition


def tongue(definition: Definition, language: str) -> SafeString:
    """The attributes for what the quiz says; none where it speaks the page's own language."""
    spoken = spoken_on(definition.languages, language)
    if spoken in ("", language):
        return SafeString()
    return format_html(' lang="{}" dir="{}"', spoken, "rtl" if is_bidi(spoken) else "ltr")


def spoken_on(languages: tuple[str, ...], language: str) -> str:
    """The one of the quiz's languages that `translated.pick` would choose; "" when it says nothing."""
    wanted = (language, language.partition("-")[0], DEFAULT_LANGUAGE)
    return next((each for each in wanted if each in languages), next(iter(languages), ""))
