"""The picture of where everything goes, with the same in words."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language_bidi, gettext, ngettext

from ..flow_picture import MADE, PEOPLE, THINGS, USES, Node, Picture, Tie, tall, wide
from ..registry import Made
from ..selectors import ProfileRef
from .items import ItemView
from .uses import PurposeCard

MOST_THINGS, MOST_HEAPS, MOST_MADE = 6, 8, 6


@dataclass(frozen=True, slots=True)
class Heap:
    """Things under one heading of the page."""

    title: str
    url: str
    profile: ProfileRef
    items: tuple[ItemView, ...]


@dataclass(frozen=True, slots=True)
class FlowView:
    wide: Picture
    tall: Picture
    sentences: tuple[str, ...]


def flow(heaps: Sequence[Heap], uses: Sequence[PurposeCard], made: Sequence[Made]) -> FlowView | None:
    """From whom it is about over the things told, or their headings where there are many, to what came of them."""
    uses = [use for use in uses if use.is_optional]
    if not heaps or not uses:
        return None
    heaps = _few(heaps)
    people = list(dict.fromkeys(heap.profile for heap in heaps))
    nodes = [Node(f"whom-{each.id}", PEOPLE, _name(each), figure=each.kind) for each in people]
    ties: list[Tie] = []
    is_by_thing = sum(len(heap.items) for heap in heaps) <= MOST_THINGS
    for number, heap in enumerate(heaps):
        parts = [(each.label, f"#{each.anchor}", [each]) for each in heap.items] if is_by_thing else []
        for place, (text, url, items) in enumerate(parts or [(heap.title, heap.url, list(heap.items))]):
            key = f"thing-{number}-{place}"
            note = "" if is_by_thing else _things(len(items))
            nodes.append(Node(key, THINGS, text, url, note=note))
            ties.append(Tie(f"whom-{heap.profile.id}", key, len(items)))
            counts = Counter(use.purpose for item in items for use in item.uses if use.is_on)
            ties += [Tie(key, f"use-{use.slug}", counts[use.slug]) for use in uses if use.is_on and counts[use.slug]]
    of_use = Counter(each.purpose for each in made)
    for use in uses:
        note = _offers(of_use[use.slug]) if of_use[use.slug] else ""
        state = "on" if use.is_used else "held" if use.is_on else "off"
        nodes.append(Node(f"use-{use.slug}", USES, use.title, f"#use-{use.slug}", state, note=note))
    shown = list(made[:MOST_MADE])
    for place, each in enumerate(shown):
        url = reverse("preferences:why", args=[each.profile_id, each.slug])
        nodes.append(Node(f"made-{place}", MADE, each.title, url))
        ties.append(Tie(f"use-{each.purpose}", f"made-{place}"))
    if len(made) > len(shown):
        more = len(made) - len(shown)
        nodes.append(Node("made-more", MADE, gettext("and {count} more").format(count=more), made[0].url))
        ties.append(Tie(f"use-{made[0].purpose}", "made-more"))
    is_mirrored = get_language_bidi()
    is_known = {node.key for node in nodes}
    ties = [tie for tie in ties if tie.origin in is_known and tie.end in is_known]
    return FlowView(
        wide(_without_notes(nodes), ties, is_mirrored=is_mirrored),
        tall(nodes, ties, is_mirrored=is_mirrored),
        tuple(_sentence(use, heaps, [each.title for each in made if each.purpose == use.slug]) for use in uses),
    )


def _few(heaps: Sequence[Heap]) -> list[Heap]:
    """The headings with most under them; what is left goes into one."""
    if len(heaps) <= MOST_HEAPS:
        return list(heaps)
    by_size = sorted(heaps, key=lambda heap: -len(heap.items))
    first, rest = by_size[: MOST_HEAPS - 1], by_size[MOST_HEAPS - 1 :]
    left = tuple(item for heap in rest for item in heap.items)
    kept = [heap for heap in heaps if heap in first]
    return [*kept, Heap(gettext("and more"), rest[0].url, rest[0].profile, left)]


def _without_notes(nodes: Sequence[Node]) -> list[Node]:
    """Beside what was made, its number says nothing more."""
    return [
        Node(node.key, node.column, node.text, node.url, node.state, node.figure) if node.column == USES else node
        for node in nodes
    ]


def _sentence(use: PurposeCard, heaps: Sequence[Heap], made: list[str]) -> str:
    if use.is_on and not use.is_used:
        return gettext("“{use}” is switched on, and uses nothing while everything is stopped.").format(use=use.title)
    if not use.is_on:
        return gettext("“{use}” uses nothing.").format(use=use.title)
    items = [item for heap in heaps for item in heap.items]
    used = [item.label for item in items if any(each.is_on and each.purpose == use.slug for each in item.uses)]
    if not used:
        return gettext("“{use}” is on, and nothing you told us is for it.").format(use=use.title)
    text = gettext("“{use}” uses: {things}.").format(use=use.title, things=", ".join(used))
    if made:
        text += " " + gettext("From it come: {made}.").format(made=", ".join(f"“{each}”" for each in made))
    return text


def _name(profile: ProfileRef) -> str:
    if profile.kind == "self":
        return gettext("You")
    return profile.name or (gettext("Your pet") if profile.kind == "pet" else gettext("Your child"))


def _things(count: int) -> str:
    return ngettext("{count} thing", "{count} things", count).format(count=count)


def _offers(count: int) -> str:
    return ngettext("{count} offer", "{count} offers", count).format(count=count)
