"""Where sentences start and end, found for a whole batch of tokens at once."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from spacy.strings import get_string_id

from .arrays import before, true_at
from .chunks import (
    HAS_BREAK,
    HAS_BREAKS,
    IS_CLOSER,
    IS_END,
    IS_FIRST,
    IS_GLUED,
    IS_PAUSE,
    IS_SPACE,
    STARTS_LETTER,
    STARTS_LOWER,
    STARTS_UPPER,
)
from .speech import RUN_ON, SIGNS, UNPUNCTUATED, clause_starts
from .tokenizing import Tokens

MAX_SENTENCE = 120
"""Longest sentence in tokens; longer ones are cut, at a conjunction where there is one."""

_LONG_LINE = 50
_JOINTS: Final = np.array(
    [get_string_id(word) for word in ("and", "but", "so", "because", "then", "i")], dtype=np.uint64
)


def sentence_cuts(tokens: Tokens, texts: Sequence[str]) -> list[int]:
    """Find the tokens at which a sentence starts (the first token of each text aside).

    People at keyboards end sentences with full stops, question marks, line breaks or nothing. Closing quotes and
    brackets stay with the sentence they close; a line that was only wrapped goes on; an ellipsis ends a sentence
    only before a capital; speech without punctuation is cut where a clause starts (see `speech`); what is still longer
    than `MAX_SENTENCE` tokens is cut at a conjunction or "I".

    Parameters
    ----------
    tokens : Tokens
        The tokens of a batch.
    texts : sequence of str
        The texts they are of.

    Returns
    -------
    list of int
        In ascending order.
    """
    if not len(tokens.traits):
        return []
    cuts = _stops(tokens, texts)
    if len(tokens.traits) <= UNPUNCTUATED:  # a single sentence, most often
        return cuts
    edges = _edges(tokens, cuts)
    lengths = edges[1:] - edges[:-1]
    longest = lengths.max()
    if longest > UNPUNCTUATED:
        is_long = lengths > UNPUNCTUATED
        cuts = sorted({*cuts, *_speech_cuts(edges[:-1][is_long], edges[1:][is_long], tokens)})
        if longest > MAX_SENTENCE:
            cuts = sorted({*cuts, *_long_cuts(_edges(tokens, cuts).tolist(), tokens.norms)})
    return cuts


def _stops(tokens: Tokens, texts: Sequence[str]) -> list[int]:
    stops = (tokens.traits & (IS_END | IS_PAUSE | IS_SPACE)) > 0
    stops[tokens.first[1:] - 1] = False  # what ends its text cuts nothing
    candidates = true_at(stops).tolist()
    traits = np.concatenate((tokens.traits, [IS_FIRST])).data  # few are looked at, so no list of them
    cuts: list[int] = []
    done = 0
    for i in candidates:
        if i < done:
            continue
        kind = traits[i]
        if kind & IS_SPACE:
            if kind & HAS_BREAKS or (kind & HAS_BREAK and not _is_wrapped(tokens, texts, i)):
                done = i + 1
                cuts.append(done)
            continue
        after, closed = i + 1, False
        while traits[after] & IS_GLUED and traits[after] & (IS_END | IS_CLOSER):
            closed |= not traits[after] & IS_END
            after += 1
        at_end = traits[after] & IS_FIRST
        following = 0 if at_end else traits[after]
        goes_on = following & STARTS_LOWER and (closed or kind & IS_PAUSE)
        glued = following & IS_GLUED and not following & (IS_SPACE | STARTS_LETTER)
        if not goes_on and not glued and not (kind & IS_PAUSE and not following & STARTS_UPPER):
            done = after
            if not at_end:
                cuts.append(after)
    return cuts


def sentence_spans(tokens: Tokens, cuts: Sequence[int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give the first token of each sentence, and the one behind its last.

    White space at either end is left out, and so are sentences of nothing else.
    """
    edges = _edges(tokens, cuts)
    first, last = edges[:-1], edges[1:]
    is_space = (tokens.traits & IS_SPACE) > 0
    if np.count_nonzero(is_space):
        place = np.arange(len(is_space))
        next_word = np.minimum.accumulate(np.where(is_space, len(place), place)[::-1])[::-1]
        last_word = np.maximum.accumulate(np.where(is_space, -1, place))
        first, last = next_word[first], last_word[last - 1] + 1
        first, last = first[first < last], last[first < last]
    return first, last


def _edges(tokens: Tokens, cuts: Sequence[int]) -> NDArray[np.int64]:
    """Where sentences start, and where the last one ends."""
    edges = np.concatenate((tokens.first, np.array(cuts, np.int64)))
    edges.sort()
    return np.concatenate((edges[:1], edges[1:][edges[1:] > edges[:-1]]))


def _is_wrapped(tokens: Tokens, texts: Sequence[str], i: int) -> bool:
    """Whether the line break at token i only wraps a long line."""
    following = int(tokens.traits[i + 1])  # there is one: what ends its text was no candidate
    if tokens.traits[i] & IS_FIRST or not following & STARTS_LOWER:
        return False
    text, at = texts[int(np.searchsorted(tokens.first, i, "right")) - 1], int(tokens.starts[i])
    return at - (text.rfind("\n", 0, at) + 1) >= _LONG_LINE


def _speech_cuts(starts: NDArray[np.int64], ends: NDArray[np.int64], tokens: Tokens) -> list[int]:
    """Cut the long stretches in which there is no sign at all."""
    signs = before(tokens.found(SIGNS))
    stopped = (tokens.traits[ends - 1] & (IS_END | IS_PAUSE | IS_CLOSER)) > 0
    unpunctuated = (signs[starts] == signs[ends]) & (~stopped | (ends - starts > RUN_ON))
    cuts: list[int] = []
    for start, end in zip(starts[unpunctuated].tolist(), ends[unpunctuated].tolist(), strict=True):
        cuts += [start + place for place in clause_starts(tokens.norms[start:end].tolist())]
    return cuts


def _long_cuts(edges: Sequence[int], norms: NDArray[np.uint64]) -> list[int]:
    joints = np.flatnonzero(np.isin(norms, _JOINTS))
    cuts: list[int] = []
    for start, end in pairwise(edges):
        while end - start > MAX_SENTENCE:
            low, high = np.searchsorted(joints, (start + MAX_SENTENCE // 2, start + MAX_SENTENCE))
            start = int(joints[high - 1]) if high > low else start + MAX_SENTENCE
            cuts.append(start)
    return cuts
