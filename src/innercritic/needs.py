"""Which words a phrase needs, as bits: so that a batch of sentences can be asked at once which phrases it may hold."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from spacy.strings import get_string_id

from .arrays import Lists, Lookup, before, pooled, segments, true_at
from .chunks import IS_WORD
from .parsing import ParsedTexts
from .phrases import Phrase
from .wording import Speller

_ALWAYS, _ODD, _FIRST = 0, 1, 2
"""The bits that each token sets, that a part of a word in disguise sets, and of the first need."""
_IS_ODD: Final = np.uint64(1 << _ODD)
_NO_BITS: Final = frozenset[int]()
_NOTHING: Final = 0
"""The row of words that meet no need."""


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
    rarest_first, in_order : ndarray of int64, shape (needs, phrases)
        The bits of each phrase; padded with a bit that is always set.
    reach : ndarray of int64, shape (needs, phrases)
        How many words behind the need before each, in order, a need may be met.
    in_question : mapping of int to list of int
        The phrases whose rarest need has a bit.
    rows : Lookup
        The row of each common word by the hash of its NORM; -1 for other words.
    bits : tuple of ndarray of uint64, shape (rows, a 64th of the bits)
        What the words of a row set, bit by bit: of those bits alone that phrases need second by rarity, up to third,
        and of all.
    asks : Lists
        The phrases that a row brings into question.
    """

    speller: Speller
    by_word: Mapping[str, list[int]]
    by_start: Mapping[str, list[tuple[str, int]]]
    size: int
    rarest_first: NDArray[np.int64]
    in_order: NDArray[np.int64]
    reach: NDArray[np.int64]
    in_question: Mapping[int, list[int]]
    rows: Lookup
    bits: tuple[NDArray[np.uint64], ...]
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
        share = dict(shares)
        for word in {word for phrase in phrases for part in phrase.needs for words in part for word in words}:
            if word.endswith("*"):
                share[word] = sum(found for known, found in shares.items() if known.startswith(word[:-1]))
            share.setdefault(word, 0.0)
        needs = [
            [frozenset(min(words, key=share.__getitem__) for words in part) for part in phrase.needs]
            for phrase in phrases
        ]
        common = {need: sum(share[word] for word in need) for needed in needs for need in needed}
        ranked = [sorted(needed, key=common.__getitem__) for needed in needs]
        second, third = (dict.fromkeys(needed[rank] for needed in ranked if len(needed) > rank) for rank in (1, 2))
        number = {need: bit for bit, need in enumerate(dict.fromkeys((*second, *third, *chain(*needs))), _FIRST)}
        by_word: defaultdict[str, list[int]] = defaultdict(list)
        by_start: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        for need, bit in number.items():
            for word in need:
                if word.endswith("*"):
                    by_start[word[:3]].append((word[:-1], bit))
                else:
                    by_word[word].append(bit)
        words = sorted(shares)
        forms = [(word, *written.get(word, ())) for word in words]
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
        rarest_first, in_order = np.full(shape, _ALWAYS), np.full(shape, _ALWAYS)
        reach = np.zeros(shape, np.int64)
        in_question: defaultdict[int, list[int]] = defaultdict(list)
        for place, needed in enumerate(needs):
            in_order[: len(needed), place] = [number[need] for need in needed]
            rarest_first[: len(needed), place] = [number[need] for need in ranked[place]]
            reach[1 : len(needed), place] = phrases[place].reach
            in_question[number[ranked[place][0]]].append(place)

        distinct = list(dict.fromkeys([frozenset[int](), *sets]))
        row = {found: place for place, found in enumerate(distinct)}
        size = _FIRST + len(number)
        bits = np.array([_packed(found, size) for found in distinct])
        narrow = [bits[:, : (_FIRST + len(few) + 63) // 64].copy() for few in (second, second | third)]
        return cls(
            speller,
            dict(by_word),
            dict(by_start),
            size,
            rarest_first,
            in_order,
            reach,
            dict(in_question),
            Lookup.of([get_string_id(word) for word in words], [row[found] for found in sets], otherwise=-1),
            (*narrow, bits),
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
        rows, bits, asks = np.maximum(rows, _NOTHING), self.bits, self.asks
        if new:
            rows[list(new)] = np.arange(len(bits[0]), len(bits[0]) + len(new))
            further = np.array([_packed(found, self.size) for found in new.values()])
            bits = tuple(np.concatenate((known, further[:, : known.shape[1]])) for known in bits)
            asks = asks.extended([_in_question(found, self.in_question) for found in new.values()])
        odd = np.zeros(len(parsed.text), bool)
        odd[parsed.sentence_of[true_at(bits[0][rows, 0] & _IS_ODD > 0)]] = True
        phrase, token = asks.at(rows)
        sentence = parsed.sentence_of[token]
        for needed, narrow in zip(self.rarest_first[1:], bits[:-1], strict=False):
            if len(phrase):  # most often there are none left, for a single sentence
                met = _met(narrow, rows, parsed.first_of, sentence, needed[phrase])
                sentence, phrase = sentence[met], phrase[met]
        if not len(phrase):
            return sentence, phrase, odd
        total = self.reach.shape[1]
        sentence, phrase = np.divmod(np.unique(sentence * total + phrase), total)
        near = self._in_reach(parsed, rows, bits[-1], sentence, phrase)
        return sentence[near], phrase[near], odd

    def _in_reach(
        self,
        parsed: ParsedTexts,
        rows: NDArray[np.int32],
        bits: NDArray[np.uint64],
        sentence: NDArray[np.int64],
        phrase: NDArray[np.int64],
    ) -> NDArray[np.bool_]:
        """Mark those pairs where each need is met by a word close behind one that meets the need before it."""
        first = parsed.first_of
        token, pair = segments(first[sentence], first[sentence + 1])
        words = ((parsed.tokens.traits[parsed.sentence_tokens] & IS_WORD) > 0).cumsum()
        row, word, of = rows[token], words[token], phrase[pair]
        far = -len(words) - self.reach.max(initial=0) - 1
        start = before(first[sentence + 1] - first[sentence])[pair]
        places = np.arange(len(token))
        there = _is_set(bits, row, self.in_order[0, of])
        for needed, reach in zip(self.in_order[1:], self.reach[1:], strict=True):
            if not needed[phrase].any():  # nothing but padding
                break
            last = np.maximum.accumulate(np.where(there, places, -1))
            last_word = np.where(last >= start, word[last], far)
            there = _is_set(bits, row, needed[of]) & (word - last_word <= reach[of])
        return np.bincount(pair[there], minlength=len(phrase)) > 0

    def bits_of(self, tokens: Iterable[str]) -> dict[str, frozenset[int]]:
        """The bits that each of some tokens sets; those that set none are left out."""
        by_word, by_start, is_plain = self.by_word, self.by_start, self.speller.is_plain
        found = {}
        for token in tokens:
            word = token.lower()
            if word in by_word or word[:3] in by_start or len(word) == 1 or not is_plain(word):  # few are
                found[token] = _bits(token, self.speller, by_word, by_start)
        return {token: bits for token, bits in found.items() if bits}


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


def _met(
    bits: NDArray[np.uint64],
    rows: NDArray[np.int32],
    first: NDArray[np.int64],
    sentence: NDArray[np.int64],
    needed: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """Whether each of some sentences, in ascending order, sets the bit that is needed of it."""
    place = sentence
    if len(first) > 2:  # only those that are asked about
        is_new = np.concatenate(([True], sentence[1:] > sentence[:-1]))
        asked, place = sentence[is_new], is_new.cumsum() - 1
        token, _ = segments(first[asked], first[asked + 1])
        rows, first = rows[token], before(first[asked + 1] - first[asked])
    return _is_set(pooled(bits, first, np.bitwise_or, rows), place, needed)


def _is_set(bits: NDArray[np.uint64], row: NDArray[Any], bit: NDArray[np.int64]) -> NDArray[np.bool_]:
    return np.asarray(bits[row, bit >> 6] >> (bit & 63).astype(np.uint64) & np.uint64(1), bool)


def _in_question(found: Iterable[int], in_question: Mapping[int, list[int]]) -> list[int]:
    return [place for bit in found for place in in_question.get(bit, ())]


def _packed(found: Iterable[int], size: int) -> NDArray[np.uint64]:
    bits = [1 << _ALWAYS] + [0] * ((size - 1) // 64)
    for bit in found:
        bits[bit >> 6] |= 1 << (bit & 63)
    return np.array(bits, np.uint64)
