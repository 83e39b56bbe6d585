"""Which profiles do a condition's words fit? Conditions evaluated for a whole block of profiles at once.

The meaning of a leaf is defined once, by `preferences.conditions.holds`. A block of profiles holds only a few different
sets of values of one attribute, so each leaf asks `holds` once per different set and spreads the answers over the rows;
`all`, `any` and `not` are then Kleene's three-valued logic on arrays. Truth is an int8 array of 1 (true), 0 (unknown)
and -1 (false), which makes `all` a minimum, `any` a maximum and `not` a change of sign.

Pure: no Django, no clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from preferences import conditions

Truth = NDArray[np.int8]
TRUE, UNKNOWN, FALSE = 1, 0, -1
WORD_BITS = 62  # so many codes fit into one number
TABLE_BITS = 8  # of so few, all sets there can be are asked once for good
FEW_ROWS = 16  # so few are looked at one by one: slicing a sparse matrix takes longer than reading a row of it


@dataclass(frozen=True, slots=True)
class AttributeColumns:
    """Where an attribute's features stand in the feature matrix: columns and the codes they mean, in the same order."""

    columns: NDArray[np.intp]
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Combinations:
    """The different sets of codes of one attribute in a block, and which of them each row has."""

    sets: tuple[frozenset[str], ...]
    row_set: NDArray[np.intp]


@dataclass
class Block:
    """Rows of profiles as a sparse one-hot matrix; remembers what was already worked out about each attribute."""

    matrix: sparse.csr_array
    attributes: Mapping[str, AttributeColumns]
    truths: dict[conditions.Test, Truth] = field(default_factory=dict)
    _words: dict[str, NDArray[np.int64]] = field(default_factory=dict)
    _combinations: dict[str, Combinations] = field(default_factory=dict)

    @property
    def row_count(self) -> int:
        return int(self.matrix.shape[0])

    @cached_property
    def by_column(self) -> sparse.csc_array:
        return self.matrix.tocsc()

    def words(self, attribute: str) -> NDArray[np.int64]:
        """Each row's codes of the attribute as the bits of one number."""
        if attribute not in self._words:
            words = self._words[attribute] = np.zeros(self.row_count, dtype=np.int64)
            for place, column in enumerate(self.attributes[attribute].columns):
                words[self.by_column.indices[self.by_column.indptr[column] : self.by_column.indptr[column + 1]]] |= (
                    1 << place
                )
        return self._words[attribute]

    def combinations(self, attribute: str) -> Combinations:
        if attribute not in self._combinations:
            where = self.attributes[attribute]
            if self.row_count <= FEW_ROWS or len(where.codes) > WORD_BITS:
                self._combinations[attribute] = _row_by_row(self.matrix, where)
            else:
                self._combinations[attribute] = _combinations(self.words(attribute), where)
        return self._combinations[attribute]


def _combinations(words: NDArray[np.int64], where: AttributeColumns) -> Combinations:
    present, row_set = np.unique(words, return_inverse=True)
    return Combinations(tuple(_codes_of(word, where.codes) for word in present.tolist()), np.asarray(row_set))


def _codes_of(word: int, codes: tuple[str, ...]) -> frozenset[str]:
    return frozenset(code for place, code in enumerate(codes) if word >> place & 1)


def _row_by_row(matrix: sparse.csr_array, where: AttributeColumns) -> Combinations:
    code_of = dict(zip(where.columns.tolist(), where.codes, strict=True))
    ends = matrix.indptr.tolist()
    held = matrix.indices.tolist()
    rows = [
        frozenset(code_of[column] for column in held[first:end] if column in code_of) for first, end in pairwise(ends)
    ]
    place_of = {codes: place for place, codes in enumerate(dict.fromkeys(rows))}
    return Combinations(tuple(place_of), np.array([place_of[codes] for codes in rows], dtype=np.intp))


def truth(condition: conditions.Condition, block: Block) -> Truth:
    """For each row: 1 where the condition holds, -1 where it does not, 0 where the profile's features don't say."""
    match condition:
        case conditions.Test():
            return _test(condition, block)
        case conditions.Not(part):
            return np.negative(truth(part, block))
        case conditions.All(parts):
            return _fold(np.minimum, TRUE, parts, block)
        case conditions.AnyOf(parts):
            return _fold(np.maximum, FALSE, parts, block)


def _test(test: conditions.Test, block: Block) -> Truth:
    if test not in block.truths:
        block.truths[test] = _ask(test, block)
    return block.truths[test]


def _ask(test: conditions.Test, block: Block) -> Truth:
    if test.key not in block.attributes:
        return np.full(block.row_count, _answer(test, frozenset()), dtype=np.int8)
    codes = block.attributes[test.key].codes
    if block.row_count > FEW_ROWS and len(codes) <= TABLE_BITS:
        return _answers(test, codes)[block.words(test.key)]
    combinations = block.combinations(test.key)
    answers = np.array([_answer(test, codes) for codes in combinations.sets], dtype=np.int8)
    return answers[combinations.row_set]


@lru_cache(maxsize=4096)
def _answers(test: conditions.Test, codes: tuple[str, ...]) -> Truth:
    """For every word that can be made of these codes."""
    return np.array([_answer(test, _codes_of(word, codes)) for word in range(1 << len(codes))], dtype=np.int8)


def _answer(test: conditions.Test, codes: frozenset[str]) -> int:
    verdict = conditions.holds(test, {test.key: codes} if codes else {})
    return UNKNOWN if verdict is None else TRUE if verdict else FALSE


def _fold(combine: np.ufunc, start: int, parts: tuple[conditions.Condition, ...], block: Block) -> Truth:
    folded = np.full(block.row_count, start, dtype=np.int8)
    for part in parts:
        combine(folded, truth(part, block), out=folded)
    return folded
