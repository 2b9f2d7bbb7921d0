"""The scores of many sentences as columns: what a frame is made of, and what travels back from worker processes."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from .facets import Facet, SafetyFlag
from .reading import BatchReading
from .results import SafetyVerdict

DIGITS = 6
"""Probabilities are rounded to so many digits: more than the model knows, and the same on every machine."""

_PLACE = {flag: place for place, flag in enumerate(SafetyFlag)}


@dataclass(frozen=True, slots=True)
class SentenceScores:
    """Scored sentences, a row each, in order.

    Parameters
    ----------
    text : ndarray of int32, shape (sentences,)
        Which text a sentence is of, from 0.
    start, end : ndarray of int32, shape (sentences,)
        Its character offsets in that text.
    abstained : ndarray of int8, shape (sentences,)
        Why it was not judged: a place in `abstention.REASONS`; 0 when it was.
    probabilities : ndarray of float32, shape (sentences, 6)
        A column a `Facet`, rounded to `DIGITS`; NaN where it was not judged.
    claimed : ndarray of bool, shape (sentences, 6)
        Which facets are claimed.
    flags : ndarray of bool, shape (sentences, 4)
        Which safety flags the gate names in this sentence, a column a `SafetyFlag`.
    """

    text: NDArray[np.int32]
    start: NDArray[np.int32]
    end: NDArray[np.int32]
    abstained: NDArray[np.int8]
    probabilities: NDArray[np.float32]
    claimed: NDArray[np.bool_]
    flags: NDArray[np.bool_]

    @property
    def number(self) -> NDArray[np.int32]:
        """Number of each sentence in its text, from 0."""
        first = np.searchsorted(self.text, self.text)
        return (np.arange(len(self.text)) - first).astype(np.int32)

    @classmethod
    def of(cls, batch: BatchReading, verdicts: Sequence[SafetyVerdict]) -> "SentenceScores":
        """Take over what is said of the sentences of some texts, with the gate's verdict of each text."""
        abstained = batch.abstained
        probabilities = np.where(abstained[:, None] > 0, np.nan, batch.probabilities)
        flags = np.zeros((len(abstained), len(SafetyFlag)), bool)
        for text, verdict in enumerate(verdicts):
            for item in verdict.evidence:
                for row in range(*batch.parsed.rows(text)):
                    if item.start < batch.ends[row] and batch.starts[row] < item.end:
                        flags[row, _PLACE[item.flag]] = True
        return cls(
            text=batch.parsed.text.astype(np.int32),
            start=np.array(batch.starts, np.int32),
            end=np.array(batch.ends, np.int32),
            abstained=abstained,
            probabilities=np.round(probabilities, DIGITS).astype(np.float32),
            claimed=batch.claimed,
            flags=flags,
        )

    @classmethod
    def join(cls, parts: Sequence["SentenceScores"], sizes: Sequence[int]) -> "SentenceScores":
        """Put the scores of several batches together.

        Parameters
        ----------
        parts : sequence of SentenceScores
            A batch each.
        sizes : sequence of int
            How many texts each batch was of.
        """
        if not parts:
            return cls.none()
        columns = {field.name: [getattr(part, field.name) for part in parts] for field in fields(cls)}
        offsets = np.cumsum([0, *sizes[:-1]])
        columns["text"] = [texts + np.int32(offset) for texts, offset in zip(columns["text"], offsets, strict=True)]
        return cls(**{name: np.concatenate(values) for name, values in columns.items()})

    @classmethod
    def none(cls) -> "SentenceScores":
        """The scores of no sentence."""
        integers, facets = np.zeros(0, np.int32), (0, len(Facet))
        return cls(
            integers,
            integers,
            integers,
            np.zeros(0, np.int8),
            np.zeros(facets, np.float32),
            np.zeros(facets, bool),
            np.zeros((0, len(SafetyFlag)), bool),
        )
