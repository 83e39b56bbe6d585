"""What a purchase says for and against offers.

    whoever bought X:  offers of what goes with X    + the edge's weight
                       offers of X itself            `bought`, at the end of the scale: never
                       offers of X's own category    `substitutes`

A purchase is a feature like any other, so this makes plain weights: the engine adds them up, and a reason "because you
bought X" is again the arithmetic itself.

Distance is counted in the tree of categories, steps up and down between the places of two products: 0 in the same
category, 2 between categories of the same parent. What has no common root has no distance. Edges farther apart than
`distance` count for nothing, whoever set them: a coat suggests gloves, never cat food. Of the same category an edge
wins over the rule for substitutes. What stands in a sensitive category says nothing at all: nothing sensitive is
inferred.

Pure: no Django, no clock.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from recommendations.discretion import Branch, sensitive_categories
from recommendations.scoring import Weight

LOWEST = -10.0
NEVER = -math.inf  # no sum brings an offer back
FEWEST_PEOPLE = 20
STRONGEST = 3.0


@dataclass(frozen=True, slots=True)
class Item:
    """A product, and the feature that stands for having bought it (None: it cannot be told)."""

    id: int
    category_id: int
    feature_id: int | None


@dataclass(frozen=True, slots=True)
class Edge:
    """Whoever bought the one may like the other."""

    product_id: int
    suggested_id: int
    weight: float


@dataclass(frozen=True, slots=True)
class Policy:
    bought: float = LOWEST
    substitutes: float = -4.0
    distance: int = 2


DEFAULT = Policy()


class Tree:
    """The categories, as a tree to measure in. A ring, which nobody should have made, ends where it began."""

    def __init__(self, branches: Iterable[Branch]) -> None:
        self._branches = {branch.id: branch for branch in branches}

    def distance(self, one: int, other: int) -> int | None:
        """Steps from one category to the other; None where they have no root in common."""
        steps = {category: count for count, category in enumerate(self._upwards(one))}
        for count, category in enumerate(self._upwards(other)):
            if category in steps:
                return steps[category] + count
        return None

    def is_within(self, one: int, other: int, most: int) -> bool:
        found = self.distance(one, other)
        return found is not None and found <= most

    def _upwards(self, category_id: int) -> Iterator[int]:
        seen: set[int] = set()
        branch = self._branches.get(category_id)
        while branch is not None and branch.id not in seen:
            seen.add(branch.id)
            yield branch.id
            branch = self._branches.get(branch.parent_id) if branch.parent_id is not None else None


def purchase_weights(
    *,
    items: Iterable[Item],
    offered: Mapping[int, Iterable[int]],
    edges: Iterable[Edge],
    branches: Sequence[Branch],
    policy: Policy = DEFAULT,
) -> list[Weight]:
    """`offered`: product id → ids of its offers; `edges`: those that count. In a stable order."""
    tree, sensitive = Tree(branches), sensitive_categories(branches)
    by_id = {item.id: item for item in items}
    speaking = {pk: item for pk, item in by_id.items() if item.category_id not in sensitive}
    of_category: dict[int, list[int]] = defaultdict(list)
    for item in by_id.values():
        if item.id in offered:
            of_category[item.category_id].append(item.id)
    said: dict[tuple[int, int], float] = {}
    for item in speaking.values():
        if policy.substitutes:
            said |= {(item.id, other): _at_least(policy.substitutes) for other in of_category[item.category_id]}
        said[item.id, item.id] = _at_least(policy.bought)
    for edge in edges:
        one, other = speaking.get(edge.product_id), by_id.get(edge.suggested_id)
        if one and other and one is not other and tree.is_within(one.category_id, other.category_id, policy.distance):
            said[one.id, other.id] = edge.weight
    return [
        Weight(offer_id, feature_id, weight)
        for (bought, product), weight in sorted(said.items())
        if weight and (feature_id := by_id[bought].feature_id) is not None
        for offer_id in sorted(offered.get(product, ()))
    ]


def _at_least(weight: float) -> float:
    return NEVER if weight <= LOWEST else weight


def suggestions(
    *,
    together: Iterable[tuple[int, int, int]],
    bought: Mapping[int, int],
    people: int,
    items: Iterable[Item],
    branches: Sequence[Branch],
    distance: int = DEFAULT.distance,
    fewest: int = FEWEST_PEOPLE,
) -> list[Edge]:
    """Which products go together, from counts of people: `together` (one product, another, how many bought both),
    `bought` product id → how many bought it, of `people` who bought anything.

    At least `fewest` people for a pair, so that nobody is recognised in it. Strength is the logarithm of the lift (how
    much likelier together than by chance), so what everybody buys goes with nothing. Products of one category stand in
    for each other and are never suggested, nor is anything beyond the distance or in a sensitive category.
    """
    tree, sensitive = Tree(branches), sensitive_categories(branches)
    by_id = {item.id: item for item in items if item.category_id not in sensitive}
    found = []
    for one, other, count in together:
        if count < fewest or one == other or one not in by_id or other not in by_id:
            continue
        steps = tree.distance(by_id[one].category_id, by_id[other].category_id)
        if not steps or steps > distance:
            continue
        strength = round(min(math.log2(count * people / (bought[one] * bought[other])), STRONGEST), 2)
        if strength > 0:
            found += [Edge(one, other, strength), Edge(other, one, strength)]
    return sorted(found, key=lambda edge: (edge.product_id, edge.suggested_id))
