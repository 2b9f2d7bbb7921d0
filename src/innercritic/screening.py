"""A batch of sentences -> those the gate must be asked about -> one verdict a text.

Asking the gate's rules about every sentence is slow, and few sentences hold a word that any rule looks for. Which ones
do takes one look-up a token, in arrays; `tests/test_screening.py` holds that this never changes a verdict.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from operator import eq

import numpy as np
from numpy.typing import NDArray
from spacy.attrs import NORM, ORTH
from spacy.lang.en import English

from .abstention import REASONS
from .arrays import before, segments, true_at
from .facets import SafetyFlag
from .model import LinearModel, Scores
from .needs import Needs
from .parsing import ParsedTexts
from .reading import BatchReading
from .results import SafetyVerdict
from .safety import Gate, GateSentence
from .wording import may_join

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
        possible, odd = self._possible(batch.parsed)
        told = self._told(batch.scores, danger)
        brought: defaultdict[int, list[GateSentence]] = defaultdict(list)
        is_odd = set(true_at(odd).tolist())
        rows = sorted({*possible, *told, *is_odd})
        clear = self.gate.verdict(())
        if not rows:
            return [clear] * len(texts)
        for row, (text, tokens, places, glued) in zip(rows, _tokens_of(batch.parsed, rows), strict=True):
            phrases = None if row in is_odd and self._is_disguised(tokens, glued) else possible.get(row, ())
            if phrases == () and row not in told:
                continue
            if (rewritten := batch.parsed.rewritten.get(text)) is not None:
                places = [rewritten.original_span(*place) for place in places]
            danger = told.get(row, {})
            brought[text].append(GateSentence(texts[text], tokens, tuple(places), glued, danger, phrases))
        return [self.gate.verdict(brought[text]) if text in brought else clear for text in range(len(texts))]

    def _is_disguised(self, tokens: Sequence[str], glued: Sequence[bool]) -> bool:
        """Whether some of these tokens make up a word together, or nothing is known of what the gate looks for."""
        if self._needs is None:
            return True
        return may_join(tokens) and len(self.gate.speller.read(tokens, glued).tokens) < len(tokens)

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
        possible, odd = self._possible(parsed)
        odd[list(possible)] = True
        return odd

    def _possible(self, parsed: ParsedTexts) -> tuple[dict[int, list[int]], NDArray[np.bool_]]:
        """By sentence the phrases that can occur in it; and the sentences in which one may be in disguise."""
        if (needs := self._needs) is None:
            return {}, np.ones(len(parsed.text), bool)
        rows = parsed.tokens.found(needs.rows).take(parsed.sentence_tokens)
        sentence, phrase, odd = needs.possible(parsed, rows, self._new(needs, parsed, rows))
        possible: defaultdict[int, list[int]] = defaultdict(list)
        for place, number in zip(sentence.tolist(), phrase.tolist(), strict=True):
            possible[place].append(number)
        return possible, odd

    def _new(self, needs: Needs, parsed: ParsedTexts, rows: NDArray[np.int32]) -> dict[int, frozenset[int]]:
        """Those tokens that are not among the common words and set bits, with these; the others are noted."""
        harmless, row_of = parsed.tokens.noted(needs)
        unknown = true_at((rows < 0) & ~harmless.take(row_of).take(parsed.sentence_tokens))
        if not len(unknown):
            return {}
        at, text = parsed.sentence_tokens[unknown], parsed.text[parsed.sentence_of[unknown]]
        columns = (text, parsed.tokens.starts[at], parsed.tokens.ends[at])
        spans = zip(*(column.tolist() for column in columns), strict=True)
        written = [parsed.texts[text][start:end] for text, start, end in spans]
        bits = needs.bits_of(set(written))
        harmless[row_of[at]] = [word not in bits for word in written]
        return {place: bits[word] for place, word in zip(unknown.tolist(), written, strict=True) if word in bits}

    def danger(self, scores: Scores) -> NDArray[np.bool_]:
        """Mark what the trained voice claims: shape (sentences, flags it knows), in the order of `flags`."""
        columns, thresholds = self._numbers
        return np.asarray(scores.probabilities[:, columns] >= thresholds)

    def _told(self, scores: Scores, danger: NDArray[np.bool_]) -> dict[int, dict[SafetyFlag, tuple[int, int]]]:
        """For each sentence in which the trained voice claims a flag the tokens that told it most."""
        told: defaultdict[int, dict[SafetyFlag, tuple[int, int]]] = defaultdict(dict)
        rows, places = (indices.tolist() for indices in danger.nonzero())
        if rows:
            flags = [list(self.flags)[place] for place in places]
            tokens = scores.most_telling(rows, [self.flags[flag] for flag in flags])
            for row, flag, span in zip(rows, flags, tokens, strict=True):
                told[row][flag] = span
        return told

    @cached_property
    def flags(self) -> dict[SafetyFlag, int]:
        """The safety flags that the model has a column for."""
        return {flag: self.model.labels.index(flag) for flag in SafetyFlag if flag in self.model.labels}

    @cached_property
    def _numbers(self) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The columns of `flags` and their thresholds, as arrays."""
        columns = np.array(list(self.flags.values()), np.int64)
        return columns, self.model.thresholds[columns]

    @cached_property
    def _needs(self) -> Needs | None:
        """What the gate's phrases need; None where the gate, or a phrase, does not say."""
        gate, space = self.gate, self.model.space
        if gate.triggers is None or not gate.phrases or not all(phrase.needs for phrase in gate.phrases):
            return None
        written = _written_as()
        common = {word: 0.0 for word in (*space.words, *gate.triggers, *_SIGNS, *written) if word}
        shares = zip(space.terms, np.exp(1 - space.idf).tolist(), strict=True)
        common.update((term, share) for term, share in shares if term in common)
        return Needs.of(gate.phrases, gate.speller, common, written)


def _written_as() -> dict[str, frozenset[str]]:
    """By NORM, what spaCy's exceptions write otherwise: "do" is written "did" in "didn't"."""
    written: defaultdict[str, set[str]] = defaultdict(set)
    for parts in English.Defaults.tokenizer_exceptions.values():
        for part in parts:
            if NORM in part:
                written[str(part[NORM])].add(str(part[ORTH]).lower())
    return {norm: frozenset(forms) for norm, forms in written.items()}


def _tokens_of(
    parsed: ParsedTexts, rows: Sequence[int]
) -> Iterator[tuple[int, tuple[str, ...], Sequence[tuple[int, int]], tuple[bool, ...]]]:
    """For some sentences the text each is of, its tokens, their places in the tidy text, and which are glued."""
    first, last = parsed.first[rows], parsed.last[rows]
    token, _ = segments(first, last)
    starts, ends = parsed.tokens.starts[token].tolist(), parsed.tokens.ends[token].tolist()
    edges = pairwise(before(last - first).tolist())
    for text, (begin, end) in zip(parsed.text[rows].tolist(), edges, strict=True):
        places, tidy = list(zip(starts[begin:end], ends[begin:end], strict=True)), parsed.texts[text]
        tokens = tuple([tidy[start:stop] for start, stop in places])
        yield text, tokens, places, (False, *map(eq, starts[begin + 1 : end], ends[begin : end - 1]))
