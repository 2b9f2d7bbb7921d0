"""Which words a phrase needs, as bits: so that a batch of sentences can be asked at once which phrases it may hold."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from spacy.strings import get_string_id

from .arrays import Lookup, before, pooled, segments, true_at
from .phrases import Phrase
from .wording import Speller

_ALWAYS, _ODD, _FIRST = 0, 1, 2
"""The bits that each token sets, that a part of a word in disguise sets, and of the first need."""
_IS_ODD = np.uint64(1 << _ODD)
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
    width : int
        How many whole numbers of 64 bits hold all bits.
    narrow : int
        How many of them hold those of the needs that are second in `rarest_first`.
    rarest_first, in_order : ndarray of int64, shape (needs, phrases)
        The bits of each phrase; padded with a bit that is always set.
    reach : ndarray of int64, shape (needs, phrases)
        How many words behind the need before each, in order, a need may be met.
    in_question : mapping of int to list of int
        The phrases whose rarest need has a bit.
    rows : Lookup
        The row of each common word by the hash of its NORM; -1 for other words.
    bits : ndarray of uint64, shape (rows, width)
        What the words of a row set.
    first : ndarray of int64, shape (rows + 1,)
        Where in `phrases` those begin which a row brings into question.
    phrases : ndarray of int64
        These phrases.
    """

    speller: Speller
    by_word: Mapping[str, list[int]]
    by_start: Mapping[str, list[tuple[str, int]]]
    width: int
    narrow: int
    rarest_first: NDArray[np.int64]
    in_order: NDArray[np.int64]
    reach: NDArray[np.int64]
    in_question: Mapping[int, list[int]]
    rows: Lookup
    bits: NDArray[np.uint64]
    first: NDArray[np.int64]
    phrases: NDArray[np.int64]

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
        second = dict.fromkeys(needed[1] for needed in ranked if len(needed) > 1)
        number = {need: bit for bit, need in enumerate(dict.fromkeys((*second, *chain(*needs))), _FIRST)}
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
        width, narrow = ((_FIRST + size + 63) // 64 for size in (len(number), len(second)))
        lists = [_in_question(found, in_question) for found in distinct]
        return cls(
            speller,
            dict(by_word),
            dict(by_start),
            width,
            narrow,
            rarest_first,
            in_order,
            reach,
            dict(in_question),
            Lookup.of([get_string_id(word) for word in words], [row[found] for found in sets], otherwise=-1),
            np.array([_packed(found, width) for found in distinct]),
            before(np.array(list(map(len, lists)), np.int64)),
            np.array([place for places in lists for place in places], np.int64),
        )

    def possible(
        self,
        rows: NDArray[np.int32],
        first: NDArray[np.int64],
        is_word: NDArray[np.bool_],
        new: Sequence[tuple[int, Collection[int]]],
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
        """Say which phrases can occur in which sentences.

        Parameters
        ----------
        rows : ndarray of int32, shape (tokens,)
            The row of each token; -1 where it is none of the common words.
        first : ndarray of int64, shape (sentences + 1,)
            Where each sentence starts among them; none is empty.
        is_word : ndarray of bool, shape (tokens,)
            Which of them are words for sure.
        new : sequence of (int, collection of int)
            Those that are none of the common words and set bits (see `bits_of`), with these.

        Returns
        -------
        sentence, phrase : ndarray of int64, shape (pairs,)
            Where the needs of a phrase are met one after the other, close enough.
        odd : ndarray of bool, shape (sentences,)
            Where there may be a phrase in disguise.
        """
        rows, bits, phrases, starts = np.maximum(rows, _NOTHING), self.bits, self.phrases, self.first
        if new:
            places, found = zip(*new, strict=True)
            rows[list(places)] = np.arange(len(bits), len(bits) + len(new))
            bits = np.concatenate((bits, [_packed(one, self.width) for one in found]))
            further = [_in_question(one, self.in_question) for one in found]
            starts = np.concatenate((starts, starts[-1] + before(np.array(list(map(len, further))))[1:]))
            phrases = np.concatenate((phrases, np.array([number for one in further for number in one], np.int64)))
        odd = np.zeros(len(first) - 1, bool)
        odd[first.searchsorted(true_at(bits[rows, 0] & _IS_ODD > 0), "right") - 1] = True
        asking = true_at(starts[rows + 1] > starts[rows])
        at, of = segments(starts[rows[asking]], starts[rows[asking] + 1])
        phrase, sentence = phrases[at], first.searchsorted(asking, "right")[of] - 1
        for needs, narrow in ((self.rarest_first[1:2], self.narrow), (self.rarest_first[2:], self.width)):
            if len(phrase):  # most often there are none left, for a single sentence
                met = _met(bits[:, :narrow], rows, first, sentence, needs[:, phrase])
                sentence, phrase = sentence[met], phrase[met]
        if not len(phrase):
            return sentence, phrase, odd
        total = self.reach.shape[1]
        sentence, phrase = np.divmod(np.unique(sentence * total + phrase), total)
        near = self._in_reach(rows, bits, first, is_word.cumsum(), sentence, phrase)
        return sentence[near], phrase[near], odd

    def _in_reach(
        self,
        rows: NDArray[np.int32],
        bits: NDArray[np.uint64],
        first: NDArray[np.int64],
        words: NDArray[np.int64],
        sentence: NDArray[np.int64],
        phrase: NDArray[np.int64],
    ) -> NDArray[np.bool_]:
        """Mark those pairs where each need is met by a word close behind one that meets the need before it."""
        token, pair = segments(first[sentence], first[sentence + 1])
        row, word, of = rows[token], words[token], phrase[pair]
        far = -len(words) - self.reach.max(initial=0) - 1
        start = before(first[sentence + 1] - first[sentence])
        places = np.arange(len(token))
        there = _is_set(bits, row, self.in_order[0, of])
        for needed, reach in zip(self.in_order[1:], self.reach[1:], strict=True):
            last = np.maximum.accumulate(np.where(there, places, -1))
            last_word = np.where(last >= start[pair], word[last], far)
            there = _is_set(bits, row, needed[of]) & (word - last_word <= reach[of])
        return np.bincount(pair[there], minlength=len(phrase)) > 0

    def bits_of(self, token: str) -> frozenset[int]:
        """The bits that a token sets."""
        return _bits(token, self.speller, self.by_word, self.by_start)


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
    """Whether each of some sentences, in ascending order, sets all the bits of its column."""
    place = sentence
    if len(first) > 2:  # only those that are asked about
        is_new = np.concatenate(([True], sentence[1:] > sentence[:-1]))
        asked, place = sentence[is_new], is_new.cumsum() - 1
        token, _ = segments(first[asked], first[asked + 1])
        rows, first = rows[token], before(first[asked + 1] - first[asked])
    together = pooled(bits, first, np.bitwise_or, rows)
    return np.asarray(_is_set(together, place, needed).all(axis=0))


def _is_set(bits: NDArray[np.uint64], row: NDArray[Any], bit: NDArray[np.int64]) -> NDArray[np.bool_]:
    return np.asarray(bits[row, bit >> 6] >> (bit & 63).astype(np.uint64) & np.uint64(1), bool)


def _in_question(found: Iterable[int], in_question: Mapping[int, list[int]]) -> list[int]:
    return [place for bit in found for place in in_question.get(bit, ())]


def _packed(found: Iterable[int], width: int) -> NDArray[np.uint64]:
    bits = [1 << _ALWAYS] + [0] * (width - 1)
    for bit in found:
        bits[bit >> 6] |= 1 << (bit & 63)
    return np.array(bits, np.uint64)
