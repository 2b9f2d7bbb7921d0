"""Sentence boundaries in speech that was written down without full stops, as recognisers write it.

Written rules, not learned ones: on 30 authored passages they find more of the boundaries than a classifier trained on
our corpus with its punctuation taken away (see tests/test_speech.py for the figures). The words are in
assets/speech.toml.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from spacy.strings import get_string_id

from .arrays import Lookup
from .resources import asset

UNPUNCTUATED: Final = 25
"""More tokens than this without a sign among or behind them are taken for such speech: writers use a comma."""

RUN_ON: Final = 60
"""So many may stand before a full stop: whoever sets one at the end would have set one before."""

LEAST: Final = 3
"""Fewest tokens of a sentence that is cut off."""

_SIGNS: Final = [get_string_id(sign) for sign in ",;:-()\u2013\u2014"]
SIGNS: Final = Lookup.of(_SIGNS, [1] * len(_SIGNS), otherwise=0)
"""1 for signs inside a sentence that show that somebody, or something, punctuated it."""

_END = 0


@dataclass(frozen=True)
class SpeechWords:
    """The words of assets/speech.toml, hashed as the tokenizer hashes them."""

    backchannels: frozenset[int]
    subjects: frozenset[int]
    determiners: frozenset[int]
    links: frozenset[int]
    openers: frozenset[tuple[int, int]]
    verbs: frozenset[int]
    before_verbs: frozenset[int]
    goes_on_after: frozenset[int]


@cache
def speech_words() -> SpeechWords:
    """Read them once."""
    lists = dict(asset("speech.toml"))
    openers = [tuple(map(get_string_id, opener.split())) for opener in lists.pop("openers")]
    hashed = {name: frozenset(map(get_string_id, words.split())) for name, words in lists.items()}
    return SpeechWords(openers=frozenset((first, second) for first, second in openers), **hashed)


def clause_starts(norms: Sequence[int]) -> list[int]:
    """Find where sentences start in a stretch of speech without punctuation.

    Parameters
    ----------
    norms : sequence of int
        NORM hashes of its tokens.

    Returns
    -------
    list of int
        Places in it, in order; the first token aside.

    Examples
    --------
    >>> said = "i was late again my boss called me and i just froze".split()
    >>> clause_starts([get_string_id(word) for word in said])
    [4, 8]
    """
    words = speech_words()
    padded = [*norms, *[_END] * 4]
    cuts, last, place, size = [], 0, LEAST, len(norms)
    while place < size - 1:
        subject = _past_links(padded, place, words)
        if (
            place - last >= LEAST
            and padded[place - 1] not in words.goes_on_after
            and _is_clause(padded, subject, words)
        ):
            cuts.append(place)
            last, place = place, subject
        place += 1
    return cuts


def _past_links(norms: Sequence[int], place: int, words: SpeechWords) -> int:
    while True:
        if norms[place] in words.links:
            place += 1
        elif (norms[place], norms[place + 1]) in words.openers:
            place += 2
        else:
            return place


def _is_clause(norms: Sequence[int], place: int, words: SpeechWords) -> bool:
    """Whether a subject and its verb stand here: "she (just) looked", "my (other) sister (never) came"."""
    first, second, third, fourth = norms[place : place + 4] if place + 4 <= len(norms) else [_END] * 4
    if first in words.subjects:
        return second in words.verbs or (second in words.before_verbs and third in words.verbs)
    if first not in words.determiners or second in words.verbs or second in words.links:
        return False
    if second in words.subjects or third in words.subjects:
        return False
    if third in words.verbs:
        return True
    return fourth in words.verbs and (third in words.before_verbs or third not in words.goes_on_after)
