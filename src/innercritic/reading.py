"""Scores of a sentence -> what is said of it: abstained or not, facets over their thresholds, evidence."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import compress
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from .abstention import REASONS, Abstention
from .facets import CRITIC_FACETS, Facet
from .model import LinearModel, Scores
from .parsing import ParsedTexts
from .results import Evidence, FacetScores, SentenceReading

Explain = Literal["claimed", "all"]


@dataclass(frozen=True, slots=True)
class BatchReading:
    """What is said of the sentences of a batch, as columns.

    Parameters
    ----------
    parsed : ParsedTexts
        The texts.
    scores : Scores
        Their scores.
    starts, ends : list of int
        Character offsets of the sentences in the texts that were given.
    abstained : ndarray of int8, shape (sentences,)
        Why a sentence was not judged: a place in `abstention.REASONS`; 0 when it was.
    probabilities : ndarray of float64, shape (sentences, 6)
        A column a `Facet`; the base rates where it was not judged.
    claimed : ndarray of bool, shape (sentences, 6)
        Which facets are claimed.
    """

    parsed: ParsedTexts
    scores: Scores
    starts: list[int]
    ends: list[int]
    abstained: NDArray[np.int8]
    probabilities: NDArray[np.float64]
    claimed: NDArray[np.bool_]


@dataclass(frozen=True)
class SentenceReader:
    """Turns scores into readings.

    Parameters
    ----------
    model : LinearModel
        What scored them; it must know all six facets.
    abstention : Abstention
        Decides what is not judged.
    """

    model: LinearModel
    abstention: Abstention

    def read(self, parsed: ParsedTexts) -> BatchReading:
        """Score a batch and say what is judged and claimed."""
        scores = self.model.read(parsed)
        abstained = self.abstention.reasons(parsed, scores.batch)
        judged = (abstained == 0)[:, None]
        probabilities = scores.probabilities[:, self._columns]
        claimed = judged & (probabilities >= self.model.thresholds[self._columns])
        probabilities = np.where(judged, probabilities, self.model.base_rates[self._columns].astype(np.float64))
        return BatchReading(parsed, scores, *parsed.original_spans(), abstained, probabilities, claimed)

    def readings(self, batch: BatchReading, texts: Sequence[str], explain: Explain) -> list[list[SentenceReading]]:
        """Give the sentences of each text as values, with evidence.

        Parameters
        ----------
        batch : BatchReading
            What is said of them.
        texts : sequence of str
            The texts as they were given.
        explain : {"claimed", "all"}
            Which facets to give evidence for.

        Returns
        -------
        list of list of SentenceReading
            A list a text.
        """
        readings: list[list[SentenceReading]] = [[] for _ in texts]
        rows = zip(
            batch.parsed.text.tolist(),
            batch.starts,
            batch.ends,
            batch.probabilities.tolist(),
            batch.claimed.tolist(),
            batch.abstained.tolist(),
            strict=True,
        )
        for row, (text, start, end, probabilities, claims, place) in enumerate(rows):
            reason = REASONS[place]
            claimed = tuple(compress(Facet, claims)) if True in claims else ()
            asked = tuple(Facet) if explain == "all" and reason is None else claimed
            reading = SentenceReading(
                text=texts[text][start:end],
                start=start,
                end=end,
                probabilities=FacetScores(probabilities),
                facets=claimed,
                abstained=reason,
                evidence=tuple(item for facet in asked for item in self._evidence(batch, texts[text], row, facet)),
                no_reframe="abstained"
                if reason
                else None
                if any(map(CRITIC_FACETS.__contains__, claimed))
                else "no_critic_facet",
            )
            readings[text].append(reading)
        return readings

    def _evidence(self, batch: BatchReading, text: str, row: int, facet: Facet) -> list[Evidence]:
        column, first = self.model.labels.index(facet), int(batch.parsed.first[row])
        items = [
            Evidence(batch.starts[row], batch.starts[row], "", facet, float(self.model.baseline[column]), "baseline")
        ]
        for source, begin, end, weight in batch.scores.contributions(row, column):
            start, stop = batch.parsed.original_span(int(batch.parsed.text[row]), first + begin, first + end)
            items.append(Evidence(start, stop, text[start:stop], facet, weight, source))
        return items

    @cached_property
    def _columns(self) -> list[int]:
        """Where the model keeps the facets."""
        return [self.model.labels.index(facet) for facet in Facet]


def _no_reframe(abstained: str | None, claimed: Sequence[Facet]) -> str | None:
    """Say at once where no reframe is due, whatever the gate says."""
    if abstained is not None:
        return "abstained"
    return None if any(facet in CRITIC_FACETS for facet in claimed) else "no_critic_facet"
