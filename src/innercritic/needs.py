"""Which words a phrase needs, as bits: so that a batch of sentences can be asked at once which phrases it may hold."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray
from spacy.strings import get_string_id

from .arrays import Lists, Lookup, true_at
from .chunks import IS_WORD
from .nearness import ALWAYS, NOTHING, Beside, Run, in_reach, is_beside
from .parsing import ParsedTexts
from .phrases import Phrase
from .wording import Speller

_ODD, _FIRST = 1, 2
"""The bits that a part of a word in disguise sets, and of the first need."""
_IS_ODD: Final = np.uint64(1 << _ODD)
_LAST_SIGN: Final = "\U0010ffff"
_NO_BITS: Final = frozenset[int]()
_BESIDE: Final = 2
"""So many needs beside the rarest are looked for before all are."""


@dataclass(frozen=True)
class Needs:
    """The needs of phrases, to look the tokens of a batch up in.

    Each token sets the bits of the needs it meets. A phrase comes into question where its rarest need is met, and can
    occur where all of its needs are.

    Parameters
    ----------
    speller : Speller
        Brings tokens into plain form.
    by_word : mapping of str to list of int
        The bits that a plain word sets.
    by_start : mapping of str to list of (str, int)
        The bits that beginnings of words set, by their first three letters.
    size : int
        How many bits there are.
    in_order : ndarray of int64, shape (needs, phrases)
        The bits of each phrase; padded with a bit that is always set.
    reach : ndarray of int64, shape (needs, phrases)
        How many words behind the need before each, in order, a need may be met.
    beside : tuple of Beside
        For each phrase a need that stands beside the rarest one, and then another.
    in_question : mapping of int to list of int
        The phrases whose rarest need has a bit.
    rows : Lookup
        The row of each common word by the hash of its NORM; -1 for other words.
    bits : ndarray of uint64, shape (rows, a 64th of the bits)
        What the words of a row set, bit by bit.
    is_several : ndarray of bool, shape (rows,)
        Whether one of them is several words at once ("wanna").
    asks : Lists
        The phrases that a row brings into question.
    """

    speller: Speller
    by_word: Mapping[str, list[int]]
    by_start: Mapping[str, list[tuple[str, int]]]
    size: int
    in_order: NDArray[np.int64]
    reach: NDArray[np.int64]
    beside: tuple[Beside, ...]
    in_question: Mapping[int, list[int]]
    rows: Lookup
    bits: NDArray[np.uint64]
    is_several: NDArray[np.bool_]
    asks: Lists

    @classmethod
    def of(
        cls,
        phrases: Sequence[Phrase],
        speller: Speller,
        shares: Mapping[str, float],
        written: Mapping[str, Collection[str]],
    ) -> "Needs":
        """Lay out the needs of phrases.

        Parameters
        ----------
        phrases : sequence of Phrase
            The phrases; each must need something.
        speller : Speller
            Brings tokens into plain form.
        shares : mapping of str to float
            Common words as spaCy's NORM has them, and in which share of sentences each occurs.
        written : mapping of str to collection of str
            Those of them that may be written otherwise, and how: they set the bits of any of these words too.
        """
        share, known = dict(shares), sorted(shares)
        for word in {word for phrase in phrases for part in phrase.needs for words in part for word in words}:
            if word.endswith("*"):
                first, last = bisect_left(known, word[:-1]), bisect_left(known, word[:-1] + _LAST_SIGN)
                share[word] = sum(map(shares.__getitem__, known[first:last]))
            share.setdefault(word, 0.0)
        needs = [
            [frozenset(min(words, key=share.__getitem__) for words in part) for part in phrase.needs]
            for phrase in phrases
        ]
        common = {need: sum(share[word] for word in need) for needed in needs for need in needed}
        rarest = [min(range(len(needed)), key=lambda i: common[needed[i]]) for needed in needs]
        number = {need: bit for bit, need in enumerate(dict.fromkeys(chain(*needs)), _FIRST)}
        by_word: defaultdict[str, list[int]] = defaultdict(list)
        by_start: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        for need, bit in number.items():
            for word in need:
                if word.endswith("*"):
                    by_start[word[:3]].append((word[:-1], bit))
                else:
                    by_word[word].append(bit)
        forms = [(word, *written.get(word, ())) for word in known]
        sets = [
            # a letter that spaCy split off ("m" in "im", its NORM "am") makes no word typed letter by letter alone
            frozenset(
                chain(
                    *(
                        _bits(f, speller, by_word, by_start) - ({_ODD} if len(f) == 1 and f != w else set())
                        for f in (w, *fs)
                    )
                )
            )
            for w, *fs in forms
        ]
        shape = max(map(len, needs), default=0), len(phrases)
        in_order, reach = np.full(shape, ALWAYS), np.zeros(shape, np.int64)
        beside = np.zeros((_BESIDE, 3, len(phrases)), np.int64)
        in_question: defaultdict[int, list[int]] = defaultdict(list)
        for place, needed in enumerate(needs):
            in_order[: len(needed), place] = [number[need] for need in needed]
            reach[1 : len(needed), place] = phrases[place].reach
            in_question[number[needed[rarest[place]]]].append(place)
            near = _beside(needed, rarest[place], phrases[place].reach, common)
            for rank, (need, side, within) in enumerate(near[:_BESIDE]):
                beside[rank, :, place] = number[need], side, within

        distinct = list(dict.fromkeys([frozenset[int](), *sets]))
        row = {found: place for place, found in enumerate(distinct)}
        is_several = np.zeros(len(distinct), bool)
        is_several[
            [row[found] for found, f in zip(sets, forms, strict=True) if any(" " in speller.plain(w) for w in f)]
        ] = True
        size = _FIRST + len(number)
        bits = np.array([_packed(found, size) for found in distinct])
        return cls(
            speller,
            dict(by_word),
            dict(by_start),
            size,
            in_order,
            reach,
            tuple(Beside(*each) for each in beside),
            dict(in_question),
            Lookup.of([get_string_id(word) for word in known], [row[found] for found in sets], otherwise=-1),
            bits,
            is_several,
            Lists.of([_in_question(found, in_question) for found in distinct]),
        )

    def possible(
        self, parsed: ParsedTexts, rows: NDArray[np.int32], new: Mapping[int, Collection[int]]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
        """Say which phrases can occur in which sentences.

        Parameters
        ----------
        parsed : ParsedTexts
            The texts.
        rows : ndarray of int32, shape (tokens,)
            The row of each of their `sentence_tokens`; -1 where it is none of the common words.
        new : mapping of int to collection of int
            Those of these tokens that are none of the common words and set bits (see `bits_of`), with these.

        Returns
        -------
        sentence, phrase : ndarray of int64, shape (pairs,)
            Where the needs of a phrase are met one after the other, close enough.
        odd : ndarray of bool, shape (sentences,)
            Where there may be a phrase in disguise.
        """
        rows, bits, asks, is_several = np.maximum(rows, NOTHING), self.bits, self.asks, self.is_several
        if new:
            rows[list(new)] = np.arange(len(bits), len(bits) + len(new))
            bits = np.concatenate((bits, [_packed(found, self.size) for found in new.values()]))
            asks = asks.extended([_in_question(found, self.in_question) for found in new.values()])
            is_several = np.concatenate((is_several, np.ones(len(new), bool)))
        odd = np.zeros(len(parsed.text), bool)
        odd[parsed.sentence_of[true_at(bits[rows, 0] & _IS_ODD > 0)]] = True
        run = Run(rows, ((parsed.tokens.traits[parsed.sentence_tokens] & IS_WORD) > 0).cumsum(), bits, is_several)
        phrase, token = asks.at(rows)
        if len(parsed.text) == 1:  # rules most of them out by a single look
            met = run.sets_all([beside.bits.take(phrase) for beside in self.beside])
            token, phrase = token[met], phrase[met]
        for beside in self.beside:
            if len(phrase):
                met = is_beside(run, beside, token, phrase)
                token, phrase = token[met], phrase[met]
        if not len(phrase):
            return token, phrase, odd
        total = self.reach.shape[1]
        sentence, phrase = np.divmod(np.unique(parsed.sentence_of[token] * total + phrase), total)
        near = in_reach(run, parsed.first_of, self.in_order, self.reach, sentence, phrase)
        return sentence[near], phrase[near], odd

    def bits_of(self, tokens: Iterable[str]) -> dict[str, frozenset[int]]:
        """The bits that each of some tokens sets; those that set none are left out."""
        by_word, by_start, is_plain = self.by_word, self.by_start, self.speller.is_plain
        found = {}
        for token in tokens:
            word = token.lower()
            if word in by_word or word[:3] in by_start or len(word) == 1 or not is_plain(word):  # few are
                found[token] = _bits(token, self.speller, by_word, by_start)
        return {token: bits for token, bits in found.items() if bits}


def _beside(
    needed: Sequence[frozenset[str]], rarest: int, reach: Sequence[int], common: Mapping[frozenset[str], float]
) -> list[tuple[frozenset[str], int, int]]:
    """The other needs of a phrase, on which side of the rarest and how far away: the least likely to be met first."""
    others = [
        (need, 1 if i > rarest else -1, sum(reach[min(i, rarest) : max(i, rarest)]))
        for i, need in enumerate(needed)
        if i != rarest
    ]
    return sorted(others, key=lambda other: common[other[0]] * other[2])


def _bits(
    token: str, speller: Speller, by_word: Mapping[str, list[int]], by_start: Mapping[str, list[tuple[str, int]]]
) -> frozenset[int]:
    found = [_ODD] if speller.is_odd(token) else []
    for word in speller.plain(token).split():
        found += by_word.get(word, ())
        for start, bit in by_start.get(word[:3], ()):
            if word.startswith(start):
                found.append(bit)
    return frozenset(found) if found else _NO_BITS


def _in_question(found: Iterable[int], in_question: Mapping[int, list[int]]) -> list[int]:
    return [place for bit in found for place in in_question.get(bit, ())]


def _packed(found: Iterable[int], size: int) -> NDArray[np.uint64]:
    bits = [1 << ALWAYS] + [0] * ((size - 1) // 64)
    for bit in found:
        bits[bit >> 6] |= 1 << (bit & 63)
    return np.array(bits, np.uint64)
