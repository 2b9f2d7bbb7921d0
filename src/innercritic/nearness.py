"""Which needs of a phrase are met by words close together, for many phrases and sentences at once (see `needs`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from .arrays import before, segments, true_at

ALWAYS: Final = 0
"""The bit that each token sets."""
NOTHING: Final = 0
"""The row of words that meet no need."""
_FAR: Final = 1 << 40
"""Further than any word is from another."""
_ONE: Final = np.uint64(1)


@dataclass(frozen=True)
class Run:
    """The tokens of some sentences, one after the other, and what they meet.

    Parameters
    ----------
    rows : ndarray of int32, shape (tokens,)
        The row of each in `bits`.
    words : ndarray of int64, shape (tokens,)
        How many words there are up to each.
    bits : ndarray of uint64, shape (rows, a 64th of the bits)
        What a row sets, bit by bit.
    is_several : ndarray of bool, shape (rows,)
        Whether a token of a row may be several words at once ("wanna").
    """

    rows: NDArray[np.int32]
    words: NDArray[np.int64]
    bits: NDArray[np.uint64]
    is_several: NDArray[np.bool_]

    @cached_property
    def steps(self) -> tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int64]]:
        """Row and words of the tokens that meet something, between two that are far; and where each token is there."""
        meets = self.rows > NOTHING
        row = np.concatenate(([NOTHING], self.rows[meets], [NOTHING]))
        return row, np.concatenate(([-_FAR], self.words[meets], [_FAR])), meets.cumsum()

    def sets(self, row: NDArray[Any], bit: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether each of some rows sets the bit beside it."""
        return _are_set(self.bits.ravel().take(row * self.bits.shape[1] + (bit >> 6)), bit)

    def sets_all(self, bits: Sequence[NDArray[np.int64]]) -> NDArray[np.bool_]:
        """Whether all tokens together set these bits: of each array the first, the second and so on."""
        together = np.bitwise_or.reduce(self.bits.take(self.rows, axis=0), axis=0)
        return np.asarray(np.logical_and.reduce([_are_set(together.take(bit >> 6), bit) for bit in bits]))


def _are_set(found: NDArray[np.uint64], bit: NDArray[np.int64]) -> NDArray[np.bool_]:
    return np.asarray(found & (_ONE << (bit & 63).astype(np.uint64)) > 0)


@dataclass(frozen=True, slots=True)
class Beside:
    """A need beside the rarest of each phrase.

    Parameters
    ----------
    bits : ndarray of int64, shape (phrases,)
        The bit of that need; where a phrase has none, `ALWAYS`.
    sides : ndarray of int64, shape (phrases,)
        Whether it stands behind the rarest (1) or before (-1).
    within : ndarray of int64, shape (phrases,)
        How many words away at most.
    """

    bits: NDArray[np.int64]
    sides: NDArray[np.int64]
    within: NDArray[np.int64]


def is_beside(run: Run, beside: Beside, token: NDArray[np.int64], phrase: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Mark those tokens and phrases where a word close by meets the need beside the rarest, whatever the sentence.

    It goes from word to word, away from the token, and looks at one or two most often. A token that is several words
    may meet both needs itself.

    Parameters
    ----------
    run : Run
        The tokens.
    beside : Beside
        That need of each phrase.
    token, phrase : ndarray of int64, shape (pairs,)
        Tokens, and phrases whose rarest need they meet.
    """
    row, word, place = run.steps
    needed, own = beside.bits.take(phrase), run.rows.take(token)
    found: NDArray[np.bool_] = (needed == ALWAYS) | (run.is_several.take(own) & run.sets(own, needed))
    left = true_at(~found)
    token, phrase, needed = token.take(left), phrase.take(left), needed.take(left)
    at, side = place.take(token), beside.sides.take(phrase)
    within = run.words.take(token) * side + beside.within.take(phrase)
    while len(left):
        at += side
        is_far, met = word.take(at) * side > within, run.sets(row.take(at), needed)
        found[left[met & ~is_far]] = True
        goes_on = true_at(~(met | is_far))
        left, at, needed, side, within = (column.take(goes_on) for column in (left, at, needed, side, within))
    return found


def in_reach(
    run: Run,
    first: NDArray[np.int64],
    needs: NDArray[np.int64],
    reach: NDArray[np.int64],
    sentence: NDArray[np.int64],
    phrase: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """Mark those sentences and phrases where each need is met by a word close behind one that meets the need before it.

    Parameters
    ----------
    run : Run
        The tokens.
    first : ndarray of int64, shape (sentences + 1,)
        Where each sentence starts among them.
    needs, reach : ndarray of int64, shape (needs, phrases)
        The bits of each phrase in order, padded with `ALWAYS`, and how many words behind the one before each may be.
    sentence, phrase : ndarray of int64, shape (pairs,)
        Which sentences to look for which phrases in.
    """
    token, pair = segments(first[sentence], first[sentence + 1])
    row, word, of = run.rows[token], run.words[token], phrase[pair]
    start = before(first[sentence + 1] - first[sentence])[pair]
    places = np.arange(len(token))
    there = run.sets(row, needs[0, of])
    for needed, steps in zip(needs[1:], reach[1:], strict=True):
        if not needed[phrase].any():  # nothing but padding
            break
        last = np.maximum.accumulate(np.where(there, places, -1))
        last_word = np.where(last >= start, word[last], -_FAR)
        there = run.sets(row, needed[of]) & (word - last_word <= steps[of])
    return np.asarray(np.bincount(pair[there], minlength=len(phrase)) > 0)
