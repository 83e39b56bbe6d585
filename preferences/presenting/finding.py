"""Finding one thing among many: what is looked for, and what there is to choose from.

What somebody types may be personal, so it is sent in a form's body and is in no address.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.html import strip_tags

from .items import ItemView, is_lately

LONGEST = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """`only` are the anchors of exactly these things."""

    words: str = ""
    use: str = ""
    whom: str = ""
    source: str = ""
    is_lately_used: bool = False
    only: frozenset[str] = frozenset()

    @property
    def is_anything(self) -> bool:
        return self != Wanted()

    def finds(self, item: ItemView, heading: str) -> bool:
        if self.only:
            return item.anchor in self.only
        text = f"{item.label} {strip_tags(item.sentence)} {item.value_text} {heading} {item.source}".casefold()
        return (
            all(word in text for word in self.words.casefold().split())
            and (not self.use or any(use.is_on and use.purpose == self.use for use in item.uses))
            and (not self.whom or item.anchor.startswith(f"item-{self.whom}-"))
            and (not self.source or item.source == self.source)
            and (not self.is_lately_used or is_lately(item.last_used_on, timezone.now()))
        )


@dataclass(frozen=True, slots=True)
class FindForm:
    """What the form shows. Its choices are what this customer has, as (value, words) pairs."""

    wanted: Wanted
    uses: Sequence[tuple[str, str]]
    people: Sequence[tuple[str, str]]
    sources: Sequence[tuple[str, str]]

    @property
    def is_sifted(self) -> bool:
        return bool(self.wanted.use or self.wanted.whom or self.wanted.source or self.wanted.is_lately_used)

    @property
    def only(self) -> str:
        return " ".join(sorted(self.wanted.only))


def wanted(sent: Mapping[str, str] | MultiValueDict[str, str]) -> Wanted:
    """What a form asks for; what makes no sense finds nothing or is left out."""
    only = frozenset(str(sent.get("only", "")).split())
    if only and "everything" not in sent:
        return Wanted(only=only)
    return Wanted(
        words=str(sent.get("words", ""))[:LONGEST].strip(),
        use=str(sent.get("use", "")),
        whom=str(sent.get("whom", "")),
        source=str(sent.get("source", "")),
        is_lately_used=sent.get("lately") == "yes",
    )


def find_form(
    look: Wanted, items: Iterable[ItemView], uses: Sequence[tuple[str, str]], people: Sequence[tuple[str, str]]
) -> FindForm:
    sources = sorted({item.source for item in items})
    return FindForm(replace(look), uses, people if len(people) > 1 else (), [(each, each) for each in sources])
