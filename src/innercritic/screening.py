"""A batch of sentences -> those the gate must be asked about -> one verdict a text.

Asking the gate's rules about every sentence is slow, and few sentences hold a word that any rule looks for. Which ones
do takes one look-up a token, in arrays; `tests/test_screening.py` holds that this never changes a verdict.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import compress, pairwise

import numpy as np
from numpy.typing import NDArray
from spacy.strings import get_string_id

from .abstention import REASONS
from .arrays import Lookup, before
from .facets import SafetyFlag
from .model import LinearModel, Scores
from .parsing import ParsedTexts
from .reading import BatchReading
from .results import SafetyVerdict
from .safety import Gate, GateSentence

_SIGNS = (*".,;:?!()[]\"'-/&%", "...", "--", "'s", "'d", "n't", *map(str, range(100)))
"""Met in nearly every text, and in no vocabulary."""
_UNREADABLE = ("no_words", "not_english")
"""What the trained voice is not asked about; the rules are."""


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
        unreadable = [REASONS.index(reason) for reason in _UNREADABLE]
        danger = self.danger(batch.scores) & ~np.isin(batch.abstained, unreadable)[:, None]
        brought: defaultdict[int, list[GateSentence]] = defaultdict(list)
        for row in np.flatnonzero(danger.any(axis=1) | self.asked(batch.parsed)).tolist():
            flags = list(compress(self.flags, danger[row].tolist()))
            told = {flag: batch.scores.most_telling(row, self.flags[flag]) for flag in flags}
            text = int(batch.parsed.text[row])
            brought[text].append(_gate_sentence(texts[text], batch.parsed, row, told))
        clear = self.gate.verdict(())
        return [self.gate.verdict(brought[text]) if text in brought else clear for text in range(len(texts))]

    def asked(self, parsed: ParsedTexts) -> NDArray[np.bool_]:
        """Mark the sentences of some texts that hold a token which concerns the gate's rules (see `Gate.concerns`).

        Parameters
        ----------
        parsed : ParsedTexts
            The texts.

        Returns
        -------
        ndarray of bool, shape (sentences,)
            In order; where it is False, no rule of the gate can be raised.
        """
        tokens, norms = parsed.tokens, parsed.tokens.norms
        concern = self._known.find(norms)
        new = np.flatnonzero(concern < 0)
        if len(new):
            answers: dict[int, bool] = {}
            place = np.searchsorted(tokens.first, new, "right") - 1
            columns = (new, norms[new], place, tokens.starts[new], tokens.ends[new])
            spans = zip(*(column.tolist() for column in columns), strict=True)
            for token, norm, text, start, end in spans:
                if norm not in answers:
                    answers[norm] = self.gate.concerns(parsed.texts[text][start:end])
                concern[token] = answers[norm]
        counts = before(concern.astype(np.int64))
        return np.asarray(counts[parsed.last] > counts[parsed.first])

    def danger(self, scores: Scores) -> NDArray[np.bool_]:
        """Mark what the trained voice claims: shape (sentences, flags it knows), in the order of `flags`."""
        columns = list(self.flags.values())
        return np.asarray(scores.probabilities[:, columns] >= self.model.thresholds[columns])

    @cached_property
    def flags(self) -> dict[SafetyFlag, int]:
        """The safety flags that the model has a column for."""
        return {flag: self.model.labels.index(flag) for flag in SafetyFlag if flag in self.model.labels}

    @cached_property
    def _known(self) -> Lookup:
        """Whether each common NORM word concerns the gate; -1 for the others."""
        words = sorted({*self.model.space.words, *(self.gate.triggers or ()), *_SIGNS} - {""})
        hashes = np.array([get_string_id(word) for word in words], np.uint64)
        return Lookup.of(hashes, [self.gate.concerns(word) for word in words], otherwise=-1)


def _gate_sentence(
    text: str, parsed: ParsedTexts, row: int, danger: Mapping[SafetyFlag, tuple[int, int]]
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
    )
