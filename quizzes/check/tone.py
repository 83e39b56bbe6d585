"""Findings on consent wording that leans on people: a few phrases per language, found, not understood."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ..parts import Definition, Texts
from .context import Context
from .findings import Finding, finding

LEANING: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "en": {
        "begging": (
            "please (?:say yes|allow|agree|accept|let us|switch)", "we beg", "pretty please", "help us out",
            "don[’']t miss", "last chance", "just say yes", "we really need",
        ),
        "threatening": (
            "(?:you(?:[’']ll| will)|or) lose", "you won[’']t (?:be able|get|see)", "otherwise (?:you|we|your)",
            "if you (?:refuse|decline|don[’']t agree)", "without (?:this|your consent),? (?:you|we)",
            "you must (?:agree|accept|allow)",
        ),
        "bundling": (
            "i agree to (?:everything|all)", "(?:and|to|for) all (?:other )?(?:uses|purposes)", "by continuing",
            "any (?:other )?purpose", "terms (?:and|of)",
            "(?:and|with) (?:our |its )?(?:partners|affiliates|third parties)",
            "among other things",
        ),
        "shaming": (
            "no,? i (?:don[’']t (?:want|like|care)|hate|prefer to (?:miss|pay))", "smart (?:people|customers|shoppers)",
            "only (?:a fool|fools)", "everyone else (?:does|says|agrees)",
        ),
    },
    "id": {
        "begging": (
            "mohon (?:setujui|izinkan|aktifkan)", "tolong (?:setujui|izinkan|bantu)", "kami mohon",
            "jangan (?:sampai )?(?:lewatkan|ketinggalan)", "kesempatan terakhir",
        ),
        "threatening": (
            "(?:kamu|anda) (?:akan )?kehilangan", "(?:kamu|anda) tidak (?:akan )?(?:bisa|mendapat)",
            "(?:kalau|jika) (?:kamu |anda )?(?:menolak|tidak setuju)",
            "tanpa (?:ini|persetujuan(?:mu| anda)?),? (?:kamu|anda|kami)", "(?:kamu|anda) (?:harus|wajib) setuju",
        ),
        "bundling": (
            "setuju (?:dengan )?semua(?:nya)?", "untuk (?:semua|segala) (?:keperluan|tujuan)", "dengan melanjutkan",
            "syarat dan ketentuan", "(?:mitra|pihak ketiga|afiliasi) kami", "antara lain untuk",
        ),
        "shaming": (
            "tidak,? (?:saya|aku) (?:tidak (?:mau|suka|peduli)|benci|lebih suka (?:rugi|membayar))",
            "orang (?:pintar|cerdas)", "semua orang (?:lain )?(?:setuju|sudah)",
        ),
    },
}  # fmt: skip
_COMPILED = {
    language: {code: re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE) for code, words in codes.items()}
    for language, codes in LEANING.items()
}


def findings_on_tone(definition: Definition, context: Context) -> Iterator[Finding]:
    """Looks where consent is asked: the exchange, why we ask, a sensitive question, the notices of the uses."""
    yield from _leaning("exchange/use", definition.exchange.use)
    yield from _leaning("exchange/ask", definition.exchange.ask)
    for question in definition.questions:
        place = f"questions/{question.key}"
        yield from _leaning(f"{place}/why", question.why)
        yield from _leaning(f"{place}/consent", question.consent)
        if question.sensitive:
            yield from _leaning(f"{place}/help", question.help)
        for choice in question.choices:
            yield from _leaning(f"{place}/choices/{choice.value}/label", choice.label, only="shaming")
    for slug in definition.purposes:
        for name, texts in context.purposes[slug].notice.items() if slug in context.purposes else ():
            yield from _leaning(f"purposes/{slug}/{name}", texts)


def _leaning(place: str, texts: Texts, only: str = "") -> Iterator[Finding]:
    for language, text in texts.items():
        for code, words in _COMPILED.get(language.partition("-")[0], {}).items():
            if only in ("", code) and (match := words.search(text)):
                yield finding(code, f"{place}/{language}", found=match.group(), language=language)
