"""Texts in several languages: which one to show.

A translated text is a JSON object of language code to text, `{"en": "Dry", "id": "Kering"}`.
"""

from collections.abc import Mapping

DEFAULT_LANGUAGE = "en"


def pick(texts: Mapping[str, str] | None, language: str) -> str:
    """The text in `language`, its base language, the default one, any; "" when there is none."""
    if not texts:
        return ""
    return (
        texts.get(language)
        or texts.get(language.partition("-")[0])
        or texts.get(DEFAULT_LANGUAGE)
        or next((text for text in texts.values() if text), "")
    )


def missing_languages(texts: Mapping[str, str] | None, languages: tuple[str, ...]) -> tuple[str, ...]:
    """The languages for which there is no text."""
    return tuple(code for code in languages if not (texts or {}).get(code, "").strip())
