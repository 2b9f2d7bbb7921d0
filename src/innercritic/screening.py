"""A batch of sentences -> those the gate must be asked about -> one verdict a text.

Asking the gate's rules about every sentence is slow, and few sentences hold a word that any rule looks for. Which ones
do takes one look-up a token, in arrays; `tests/test_screening.py` holds that this never changes a verdict.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from spacy.attrs import NORM, ORTH
from spacy.lang.en import English
from spacy.strings import get_string_id

from .abstention import REASONS
from .arrays import Lookup, before
from .facets import SafetyFlag
from .model import LinearModel, Scores
from .parsing import ParsedTexts
from .phrases import MOST_NEEDS
from .reading import BatchReading
from .results import SafetyVerdict
from .safety import Gate, GateSentence

_SIGNS = (*".,;:?!()[]\"'-/&%", "...", "--", "'s", "'d", "n't", *map(str, range(100)))
"""Met in nearly every text, and in no vocabulary."""
_READABLE = np.array([reason not in ("no_words", "not_english") for reason in REASONS])
"""By the reason of abstention: whether the trained voice is asked about a sentence. The rules always are."""


@dataclass(frozen=True)
class Screening:
    """Brings the sentences of a batch before the gate.

    Parameters
    ----------
    gate : Gate
        The gate.
    model : LinearModel
        Where the gate's trained voice speaks, in the columns named like a `SafetyFlag`.
    off : str or None
        Why the gate is switched off; None when it is not.
    """

    gate: Gate
    model: LinearModel
    off: str | None = None

    def verdicts(self, batch: BatchReading, texts: Sequence[str]) -> list[SafetyVerdict]:
        """Judge each text of a batch.

        Parameters
        ----------
        batch : BatchReading
            What was read of them.
        texts : sequence of str
            The texts as they were given.
        """
        if self.off is not None:
            return [SafetyVerdict(off=self.off)] * len(texts)
        danger = self.danger(batch.scores) & _READABLE[batch.abstained][:, None]
        can_occur, odd = self._can_occur(batch.parsed)
        told = self._told(batch.scores, danger)
        brought: defaultdict[int, list[GateSentence]] = defaultdict(list)
        for row in np.flatnonzero(danger.any(axis=1) | can_occur.any(axis=1) | odd).tolist():
            possible = None if odd[row] else np.flatnonzero(can_occur[row]).tolist()
            text = int(batch.parsed.text[row])
            brought[text].append(_gate_sentence(texts[text], batch.parsed, row, told.get(row, {}), possible))
        clear = self.gate.verdict(())
        return [self.gate.verdict(brought[text]) if text in brought else clear for text in range(len(texts))]

    def asked(self, parsed: ParsedTexts) -> NDArray[np.bool_]:
        """Mark the sentences of some texts in which a phrase of the gate's can occur.

        That is, in which each part of a phrase that must be there has a word, or which hold part of a word in disguise.

        Parameters
        ----------
        parsed : ParsedTexts
            The texts.

        Returns
        -------
        ndarray of bool, shape (sentences,)
            In order; where it is False, no rule of the gate can be raised.
        """
        can_occur, odd = self._can_occur(parsed)
        return np.asarray(can_occur.any(axis=1) | odd)

    def _can_occur(self, parsed: ParsedTexts) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Which phrases can occur in a sentence (a column each), and in which sentences one may be in disguise."""
        size, phrases = len(parsed.text), len(self.gate.phrases)
        if self.gate.triggers is None:
            return np.zeros((size, phrases), bool), np.ones(size, bool)
        places = parsed.sentence_tokens
        sentence = np.repeat(np.arange(size), parsed.last - parsed.first)
        known, (first, codes) = self._known
        row = known.find(parsed.tokens.norms[places])
        new = self._new_codes(parsed, places[row < 0])
        first = np.concatenate((first, first[-1] + before(np.array(list(map(len, new)), np.int64))[1:]))
        codes = np.concatenate((codes, np.array([code for found in new for code in found], np.int64)))
        row[row < 0] = np.arange(len(first) - 1 - len(new), len(first) - 1)

        count = (first[1:] - first[:-1])[row]
        past = before(count)
        found = codes[np.arange(past[-1]) + np.repeat(first[row] - past[:-1], count)]
        met = np.zeros((size, (MOST_NEEDS + 1) * phrases), bool)
        met.reshape(-1)[np.repeat(sentence * met.shape[1], count) + found] = True
        needs = met[:, : MOST_NEEDS * phrases].reshape(size, MOST_NEEDS, phrases)
        odd = np.asarray(met[:, MOST_NEEDS * phrases :].any(axis=1), bool)
        return np.asarray(np.logical_and.reduce(needs | self._unneeded, axis=1)), odd

    def _new_codes(self, parsed: ParsedTexts, places: NDArray[np.int64]) -> list[list[int]]:
        """The codes of tokens that are not among the common words."""
        tokens, answers = parsed.tokens, dict[str, list[int]]()
        text = np.searchsorted(tokens.first, places, "right") - 1
        columns = (text, tokens.starts[places], tokens.ends[places])
        found = []
        for number, start, end in zip(*(column.tolist() for column in columns), strict=True):
            written = parsed.texts[number][start:end]
            if written not in answers:
                answers[written] = self._codes(written)
            found.append(answers[written])
        return found

    def danger(self, scores: Scores) -> NDArray[np.bool_]:
        """Mark what the trained voice claims: shape (sentences, flags it knows), in the order of `flags`."""
        columns = list(self.flags.values())
        return np.asarray(scores.probabilities[:, columns] >= self.model.thresholds[columns])

    def _told(self, scores: Scores, danger: NDArray[np.bool_]) -> dict[int, dict[SafetyFlag, tuple[int, int]]]:
        """For each sentence in which the trained voice claims a flag the tokens that told it most."""
        rows, places = (indices.tolist() for indices in np.nonzero(danger))
        flags = [list(self.flags)[place] for place in places]
        told: defaultdict[int, dict[SafetyFlag, tuple[int, int]]] = defaultdict(dict)
        if rows:
            tokens = scores.most_telling(rows, [self.flags[flag] for flag in flags])
            for row, flag, span in zip(rows, flags, tokens, strict=True):
                told[row][flag] = span
        return told

    @cached_property
    def flags(self) -> dict[SafetyFlag, int]:
        """The safety flags that the model has a column for."""
        return {flag: self.model.labels.index(flag) for flag in SafetyFlag if flag in self.model.labels}

    def _codes(self, token: str) -> list[int]:
        """Which needs of which phrases a token meets: slot * phrases + phrase; in the slot past the last, it is odd."""
        if self.gate.speller.is_odd(token):
            return [MOST_NEEDS * len(self.gate.phrases)]
        by_word, by_start = self._needs
        words = self.gate.speller.plain(token).split()
        codes = {code for word in words for code in by_word.get(word, ())}
        for word in words:
            codes.update(code for start, code in by_start.get(word[:3], ()) if word.startswith(start))
        return sorted(codes)

    @cached_property
    def _needs(self) -> tuple[dict[str, list[int]], dict[str, list[tuple[str, int]]]]:
        """The codes by word, and by the first three letters of a beginning."""
        by_word: defaultdict[str, list[int]] = defaultdict(list)
        by_start: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        for number, phrase in enumerate(self.gate.phrases):
            for slot, (whole, starts) in enumerate(phrase.needs):
                code = slot * len(self.gate.phrases) + number
                for word in whole:
                    by_word[word].append(code)
                for start in starts:
                    by_start[start[:3]].append((start, code))
        return dict(by_word), dict(by_start)

    @cached_property
    def _unneeded(self) -> NDArray[np.bool_]:
        """The slots that a phrase has no need for: shape (slots, phrases)."""
        needs = np.array([len(phrase.needs) for phrase in self.gate.phrases])
        return np.asarray(np.arange(MOST_NEEDS)[:, None] >= needs)

    @cached_property
    def _known(self) -> tuple[Lookup, tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """The row of each common NORM word, -1 for the others; where the codes of each row start, and the codes."""
        written = _written_as()
        words = sorted({*self.model.space.words, *(self.gate.triggers or ()), *_SIGNS, *written} - {""})
        hashes = np.array([get_string_id(word) for word in words], np.uint64)
        found = [sorted({c for form in (word, *written.get(word, ())) for c in self._codes(form)}) for word in words]
        first = before(np.array(list(map(len, found)), np.int64))
        codes = np.array([code for codes in found for code in codes], np.int64)
        return Lookup.of(hashes, np.arange(len(words)), otherwise=-1), (first, codes)


def _written_as() -> dict[str, frozenset[str]]:
    """By NORM, what spaCy's exceptions write otherwise: "do" is written "did" in "didn't"."""
    written: defaultdict[str, set[str]] = defaultdict(set)
    for parts in English.Defaults.tokenizer_exceptions.values():
        for part in parts:
            if NORM in part:
                written[str(part[NORM])].add(str(part[ORTH]).lower())
    return {norm: frozenset(forms) for norm, forms in written.items()}


def _gate_sentence(
    text: str,
    parsed: ParsedTexts,
    row: int,
    danger: Mapping[SafetyFlag, tuple[int, int]],
    possible: Sequence[int] | None,
) -> GateSentence:
    number, first, last = int(parsed.text[row]), int(parsed.first[row]), int(parsed.last[row])
    places = list(zip(parsed.tokens.starts[first:last].tolist(), parsed.tokens.ends[first:last].tolist(), strict=True))
    tidy, rewritten = parsed.texts[number], parsed.rewritten.get(number)
    return GateSentence(
        given=text,
        tokens=tuple(tidy[start:end] for start, end in places),
        places=tuple(places if rewritten is None else (rewritten.original_span(*place) for place in places)),
        glued=(False, *(before[1] == after[0] for before, after in pairwise(places))),
        danger=danger,
        possible=possible,
    )
