"""What numpy does too slowly for us: looking up many keys, and combining the wide rows of each sentence."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

_ROOM = 4
"""Places a key, so that few are in another's way."""
_FEW, _MANY = 10, 200
_MOST_BYTES = 255
"""So many signed bytes add up to no more than 16 bits hold."""
_MIXER: Final = np.uint64(0x9E3779B97F4A7C15)
"""The golden ratio in 64 bits, which spreads neighbouring numbers (Knuth, TAOCP 3, 6.4)."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """Numbers by 64-bit key: what ``searchsorted`` would find, several times faster.

    Each key lies where its first bits say, or, where others are in the way, a few places on, in ascending order.

    Parameters
    ----------
    keys : ndarray of uint64
        The keys, mixed; where there is none, the largest number there is.
    values : ndarray of int32, of the same shape
        What each stands for.
    otherwise : int32
        What every other key stands for.
    shift : uint64
        How far to shift a key for its place.
    """

    keys: NDArray[np.uint64]
    values: NDArray[np.int32]
    otherwise: np.int32
    shift: np.uint64

    @classmethod
    def of(cls, keys: ArrayLike, values: ArrayLike, otherwise: int) -> "Lookup":
        """Build it from keys and values, and the value of every other key.

        Examples
        --------
        >>> Lookup.of([7, 5], [70, 50], otherwise=-1).find(np.array([5, 6, 7], np.uint64)).tolist()
        [50, -1, 70]
        """
        mixed = np.asarray(keys, np.uint64) * _MIXER
        order = np.argsort(mixed)
        bits = max(int(len(mixed) * _ROOM).bit_length(), 1)
        shift, number = np.uint64(64 - bits), np.arange(len(mixed))
        place = np.maximum.accumulate((mixed[order] >> shift).astype(np.int64) - number) + number
        size = max(1 << bits, int(place.max(initial=0)) + 1) + 1
        laid, told = np.full(size, ~np.uint64(0)), np.full(size, otherwise, np.int32)
        laid[place], told[place] = mixed[order], np.asarray(values, np.int32)[order]
        return cls(laid, told, np.int32(otherwise), shift)

    def find(self, keys: NDArray[np.uint64]) -> NDArray[np.int32]:
        """Look keys up.

        Parameters
        ----------
        keys : ndarray of uint64
            Any keys.

        Returns
        -------
        ndarray of int32, of the same shape
            Their values.
        """
        mixed = keys * _MIXER
        at = (mixed >> self.shift).astype(np.int64)
        found = self.keys.take(at)
        low = true_at(found < mixed)
        while len(low):  # few are out of their place
            at[low] += 1
            found[low] = self.keys.take(at[low])
            low = low[found[low] < mixed[low]]
        return np.where(found == mixed, self.values.take(at), self.otherwise)


def true_at(marked: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Which are marked: ``np.flatnonzero`` at a fifth of its fixed cost, which counts for a single sentence.

    Examples
    --------
    >>> true_at(np.array([True, False, True])).tolist()
    [0, 2]
    """
    return marked.nonzero()[0]


def before(sizes: NDArray[Any]) -> NDArray[np.int64]:
    """How much stands before each, and before the end: where segments of these sizes start.

    Examples
    --------
    >>> before(np.array([2, 3])).tolist()
    [0, 2, 5]
    """
    result = np.zeros(len(sizes) + 1, np.int64)
    np.add.accumulate(sizes, out=result[1:])
    return result


def segments(begin: NDArray[np.int64], end: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """All numbers of some ranges, one after the other, and of which range each is.

    Examples
    --------
    >>> [found.tolist() for found in segments(np.array([7, 3]), np.array([9, 4]))]
    [[7, 8, 3], [0, 0, 1]]
    """
    past = before(end - begin)
    of = np.arange(len(begin)).repeat(end - begin)
    return np.arange(past[-1]) + (begin - past[:-1]).take(of), of


@dataclass(frozen=True, slots=True)
class Lists:
    """Lists of whole numbers by number, in two arrays.

    Parameters
    ----------
    values : ndarray of int64
        What all lists hold, one after the other.
    first : ndarray of int64, shape (lists + 1,)
        Where each list starts among them.

    Examples
    --------
    >>> lists = Lists.of([[7, 5], [], [3]])
    >>> [found.tolist() for found in lists.extended([[2]]).at(np.array([3, 0]))]
    [[2, 7, 5], [0, 1, 1]]
    """

    values: NDArray[np.int64]
    first: NDArray[np.int64]

    @classmethod
    def of(cls, lists: Sequence[Collection[int]]) -> "Lists":
        """Lay them out."""
        sizes = np.fromiter(map(len, lists), np.int64, len(lists))
        return cls(np.fromiter(chain.from_iterable(lists), np.int64, sizes.sum()), before(sizes))

    def extended(self, lists: Sequence[Collection[int]]) -> "Lists":
        """Put others behind them."""
        more = self.of(lists)
        first = np.concatenate((self.first, self.first[-1] + more.first[1:]))
        return Lists(np.concatenate((self.values, more.values)), first)

    def at(self, places: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """What the lists at these places hold, one after the other, and of which of the places each is."""
        begin, end = self.first.take(places), self.first.take(places + 1)
        filled = true_at(end > begin)  # most are empty
        at, of = segments(begin.take(filled), end.take(filled))
        return self.values.take(at), filled.take(of)


def pooled(values: NDArray[Any], first: NDArray[np.int64]) -> NDArray[Any]:
    """Add up the rows of each segment: ``np.add.reduceat``, several times faster where rows are wide.

    It goes through every segment from left to right, whatever its company.

    Parameters
    ----------
    values : ndarray, shape (rows of it, width)
        The rows, one after the other in memory.
    first : ndarray of int64, shape (segments + 1,)
        Where each segment starts, and where the last one ends; none is empty.

    Returns
    -------
    ndarray, shape (segments, width)

    Examples
    --------
    >>> pooled(np.array([[1, 5], [2, 4], [7, 7]]), np.array([0, 2, 3])).tolist()
    [[3, 9], [7, 7]]
    """
    if len(first) <= _FEW and values.dtype.kind in "iu":  # whole numbers give the same either way
        if len(first) == 2:  # most often
            return np.asarray(np.add.reduce(values, axis=0, dtype=values.dtype, keepdims=True))
        return np.asarray(np.add.reduceat(values, first[:-1], axis=0) if len(first) > 1 else values[:0])
    lengths = first[1:] - first[:-1]
    longest_first = np.argsort(-lengths, kind="stable")
    at = first[:-1][longest_first]
    pool = values.take(at, axis=0)
    longer = np.searchsorted(-lengths[longest_first], -np.arange(1, lengths.max(initial=1)), "left")
    for place, count in enumerate(longer.tolist(), 1):
        pool[:count] += values.take(at[:count] + place, axis=0)
    result = np.empty_like(pool)
    result[longest_first] = pool
    return result


def summed(table: NDArray[Any], rows: NDArray[np.int32], first: NDArray[np.int64]) -> NDArray[Any]:
    """Add up rows of a table, segment by segment, each from left to right.

    Parameters
    ----------
    table : ndarray of int16 or float64, shape (rows of it, width)
        No whole number in it is over 127 or below -128.
    rows : ndarray of int32
        Which rows to add up.
    first : ndarray of int64, shape (segments + 1,)
        Where each segment starts among them, and where the last one ends; none is empty.

    Returns
    -------
    ndarray, shape (segments, width)
        Whole numbers are exact; others are the same in whatever company.

    Examples
    --------
    >>> summed(np.array([[1, -5], [2, 4]], np.int16), np.array([0, 1, 1], np.int32), np.array([0, 2, 3])).tolist()
    [[3, -1], [2, 4]]
    """
    is_whole = table.dtype.kind == "i"
    if len(first) <= _MANY or (is_whole and (first[1:] - first[:-1]).max() > _MOST_BYTES):
        picked = table.take(rows, axis=0)
        if is_whole or not 1 < len(first) <= _FEW:
            return pooled(picked.astype(np.int32) if is_whole else picked, first)
        # not reduceat, which goes through long segments in another order than the sparse product does
        return np.concatenate([np.add.accumulate(picked[a:b], axis=0)[-1:] for a, b in pairwise(first.tolist())])
    from scipy.sparse import csr_array  # several times faster, but slow to import for a single text

    chosen = csr_array((np.ones(len(rows), table.dtype), rows, first), shape=(len(first) - 1, len(table)))
    return np.asarray(chosen @ table)
