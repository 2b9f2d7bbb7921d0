"""A batch of sentences -> those the gate must be asked about -> one verdict a text.

Asking the gate's rules about every sentence is slow, and few sentences hold a word that any rule looks for. Which ones
do takes one look-up a token, in arrays; `tests/test_screening.py` holds that this never changes a verdict.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from spacy.strings import get_string_id

from .facets import SafetyFlag
from .model import LinearModel, Scores
from .parsing import ParsedText
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

    def asked(self, parsed: Sequence[ParsedText]) -> NDArray[np.bool_]:
        """Mark the sentences of some texts that hold a token which concerns the gate's rules (see `Gate.concerns`).

        Parameters
        ----------
        parsed : sequence of ParsedText
            The texts.

        Returns
        -------
        ndarray of bool, shape (sentences,)
            In order; where it is False, no rule of the gate can be raised.
        """
        norms = np.concatenate([np.zeros(0, np.uint64), *(text.norms for text in parsed)])
        hashes, concern = self._known
        at = np.minimum(np.searchsorted(hashes, norms), len(hashes) - 1)
        known = hashes[at] == norms
        flags = known & concern[at]
        first = np.cumsum([0, *(len(text.norms) for text in parsed)])
        new, where, back = np.unique(norms[~known], return_index=True, return_inverse=True)
        places = np.flatnonzero(~known)[where]
        texts = np.searchsorted(first, places, side="right") - 1
        answers = [
            self.gate.concerns(_written(parsed[text], place - int(first[text])))
            for text, place in zip(texts.tolist(), places.tolist(), strict=True)
        ]
        flags[~known] = np.array(answers, bool)[back] if len(new) else False
        counts = np.concatenate([np.zeros(1, np.int64), np.cumsum(flags)])
        spans = [(start + b, end + b) for text, b in zip(parsed, first.tolist(), strict=False) for start, end in text.sentences]
        edges = np.array(spans, np.int64).reshape(-1, 2)
        return np.asarray(counts[edges[:, 1]] > counts[edges[:, 0]])

    def danger(self, scores: Scores) -> NDArray[np.bool_]:
        """Mark what the trained voice claims: shape (sentences, safety flags the model knows), in the order of `flags`."""
        columns = list(self.flags.values())
        return np.asarray(scores.probabilities[:, columns] >= self.model.thresholds[columns])

    def verdict(
        self,
        text: str,
        tokens: ParsedText,
        scores: Scores,
        first_row: int,
        asked: NDArray[np.bool_],
        abstained: Sequence[str | None],
    ) -> SafetyVerdict:
        """Judge one text of a batch.

        Parameters
        ----------
        text : str
            The text as it was given.
        tokens : ParsedText
            The same, parsed.
        scores : Scores
            Scores of the batch.
        first_row : int
            Row of its first sentence there.
        asked : ndarray of bool
            From `asked`, for the batch.
        abstained : sequence of str or None
            For each sentence of the text why it was not judged.
        """
        if self.off is not None:
            return SafetyVerdict(off=self.off)
        brought = []
        for row, (span, reason) in enumerate(zip(tokens.sentences, abstained, strict=True), first_row):
            danger = {} if reason in _UNREADABLE else self._danger(scores, row)
            if danger or asked[row]:
                brought.append(_gate_sentence(text, tokens, span, danger))
        return self.gate.verdict(brought)

    @cached_property
    def flags(self) -> dict[SafetyFlag, int]:
        """The safety flags that the model has a column for."""
        return {flag: self.model.labels.index(flag) for flag in SafetyFlag if flag in self.model.labels}

    def _danger(self, scores: Scores, row: int) -> dict[SafetyFlag, tuple[int, int]]:
        over = scores.probabilities[row] >= self.model.thresholds
        return {flag: scores.most_telling(row, column) for flag, column in self.flags.items() if over[column]}

    @cached_property
    def _known(self) -> tuple[NDArray[np.uint64], NDArray[np.bool_]]:
        """Hashes of the common NORM words, in order, and whether each concerns the gate."""
        words = sorted({*self.model.space.words, *(self.gate.triggers or ()), *_SIGNS} - {""})
        hashes = np.array([get_string_id(word) for word in words], np.uint64)
        order = np.argsort(hashes)
        return hashes[order], np.array([self.gate.concerns(word) for word in words], bool)[order]


def _written(text: ParsedText, token: int) -> str:
    return text.clean.text[text.starts[token] : text.ends[token]]


def _gate_sentence(
    text: str, tokens: ParsedText, span: tuple[int, int], danger: dict[SafetyFlag, tuple[int, int]]
) -> GateSentence:
    places = range(*span)
    return GateSentence(
        given=text,
        tokens=tuple(_written(tokens, place) for place in places),
        places=tuple(tokens.original_span((place, place + 1)) for place in places),
        glued=tuple(place > span[0] and bool(tokens.starts[place] == tokens.ends[place - 1]) for place in places),
        danger=danger,
    )
