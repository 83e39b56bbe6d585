"""Why something was made: the use that allowed it and exactly the things it came from."""

from dataclasses import dataclass

from .. import registry, selectors
from .items import ItemView, anchor, item_view
from .uses import PurposeCard, card


@dataclass(frozen=True, slots=True)
class WhyPage:
    """`title` is empty when it is gone; then only what it had been made from is known."""

    key: str
    title: str
    url: str
    items: tuple[ItemView, ...]
    use: PurposeCard | None

    @property
    def only(self) -> str:
        return " ".join(item.anchor for item in self.items)


def why(
    customer_id: int, profile_id: int, slug: str, language: str, *, objects: bool, only: frozenset[str] = frozenset()
) -> WhyPage | None:
    """None when there is no such thing. `only`: the anchors of what it came from, as the page showed them before."""
    told = selectors.told(customer_id, language, profile_id)
    purposes = selectors.purposes(customer_id, language)
    granted = [registry.Change("withdraw", customer_id, purpose=each.slug) for each in purposes if each.is_granted]
    about = registry.about(customer_id, language, granted)
    found = next((each for each in about.made if (each.profile_id, each.slug) == (profile_id, slug)), None)
    if found is None and not only:
        return None
    used = selectors.last_uses(customer_id, {each.id: each.title for each in purposes})
    speaking = set(found.features) if found else set()
    items = [
        item_view(item, purposes, used.get((profile_id, item.attribute.id)), about.made)
        for item in told
        if not speaking.isdisjoint(item.features) or anchor(profile_id, item.attribute.key) in only
    ]
    purpose = next((each for each in purposes if found and each.slug == found.purpose), None)
    lost = {change.purpose: losses for change, losses in zip(granted, about.losses, strict=True)}
    return WhyPage(
        key=f"{profile_id}:{slug}",
        title=found.title if found else "",
        url=found.url if found else "",
        items=tuple(items),
        use=card(purpose, told, lost.get(purpose.slug, ()), objects, selectors.standing(customer_id))
        if purpose
        else None,
    )
