"""Numpy arrays as PostgreSQL arrays and back, in the binary protocol: thirty thousand numbers without a Python loop.

The wire format of a one-dimensional array without nulls: the number of dimensions, a flag, the element type, length and
lower bound, then each element behind its own length; all big-endian.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from psycopg.abc import Buffer
from psycopg.adapt import AdaptersMap, Dumper, Loader
from psycopg.pq import Format

WORD = 4  # bytes
HEAD_WORDS = 5


@dataclass(frozen=True, slots=True)
class Integers:
    """An integer[]."""

    values: NDArray[Any]


@dataclass(frozen=True, slots=True)
class Bigints:
    """A bigint[]."""

    values: NDArray[Any]


@dataclass(frozen=True, slots=True)
class Reals:
    """A real[]."""

    values: NDArray[Any]


class _ArrayDumper(Dumper):
    format = Format.BINARY
    element_oid: int
    element_type: str

    def dump(self, obj: Any) -> Buffer:
        values = np.ravel(obj.values)
        if not len(values):
            return struct.pack(">iii", 0, 0, self.element_oid)
        elements = np.empty(len(values), dtype=[("length", ">i4"), ("value", self.element_type)])
        elements["length"] = elements.dtype["value"].itemsize
        elements["value"] = values
        return struct.pack(">iiiii", 1, 0, self.element_oid, len(values), 1) + elements.tobytes()


class _IntegersDumper(_ArrayDumper):
    oid = 1007
    element_oid = 23
    element_type = ">i4"


class _BigintsDumper(_ArrayDumper):
    oid = 1016
    element_oid = 20
    element_type = ">i8"


class _RealsDumper(_ArrayDumper):
    oid = 1021
    element_oid = 700
    element_type = ">f4"


class _RawLoader(Loader):
    """Leaves an array as it came over the wire; `side_by_side` reads many at once."""

    format = Format.BINARY

    def load(self, data: Buffer) -> bytes:
        return bytes(data)


def side_by_side(column: Sequence[bytes], dtype: str = "<i4") -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Arrays of four-byte elements as they came, end to end, and where each starts (one more than there are arrays).

    `dtype` is what the elements become: "<i4" of integer[], "<f4" of real[].
    """
    words = np.frombuffer(b"".join(column), dtype=">u4")
    lengths = np.fromiter(map(len, column), dtype=np.int64, count=len(column)) // WORD
    counts = np.maximum(lengths - HEAD_WORDS, 0) // 2
    starts = np.concatenate(([0], np.cumsum(counts)))
    first = np.cumsum(lengths) - lengths + HEAD_WORDS + 1  # each element stands behind its length
    places = np.repeat(first, counts) + 2 * (np.arange(starts[-1]) - np.repeat(starts[:-1], counts))
    return words[places].astype("<u4").view(dtype), starts


def register(adapters: AdaptersMap) -> None:
    adapters.register_dumper(Integers, _IntegersDumper)
    adapters.register_dumper(Bigints, _BigintsDumper)
    adapters.register_dumper(Reals, _RealsDumper)
    adapters.register_loader(_IntegersDumper.oid, _RawLoader)
    adapters.register_loader(_RealsDumper.oid, _RawLoader)
