"""Scores of a sentence -> what is said of it: abstained or not, facets over their thresholds, evidence."""

from collections import defaultdict
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

_FACETS = tuple(Facet)
_IS_CRITIC = np.array([facet in CRITIC_FACETS for facet in Facet])

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
        wanted = (batch.abstained == 0)[:, None] & (batch.claimed | (explain == "all"))
        evidence = self._evidence(batch, texts, wanted)
        readings: list[list[SentenceReading]] = [[] for _ in texts]
        rows = zip(
            batch.parsed.text.tolist(),
            batch.starts,
            batch.ends,
            batch.probabilities.tolist(),
            batch.claimed.tolist(),
            batch.abstained.tolist(),
            np.any(batch.claimed & _IS_CRITIC, axis=1).tolist(),
            strict=True,
        )
        for row, (text, start, end, probabilities, claims, place, critical) in enumerate(rows):
            reason = REASONS[place]
            claimed = tuple(compress(_FACETS, claims)) if True in claims else ()
            readings[text].append(
                SentenceReading(
                    texts[text][start:end],
                    start,
                    end,
                    FacetScores(probabilities),
                    claimed,
                    reason,
                    tuple(evidence.get(row, ())),
                    (),
                    None if critical else "no_critic_facet" if reason is None else "abstained",
                )
            )
        return readings

    def _evidence(
        self, batch: BatchReading, texts: Sequence[str], wanted: NDArray[np.bool_]
    ) -> dict[int, list[Evidence]]:
        """The evidence by sentence, for the facets of it that are wanted."""
        rows, places = (indices.tolist() for indices in np.nonzero(wanted))
        columns = [self._columns[place] for place in places]
        evidence: dict[int, list[Evidence]] = defaultdict(list)
        if not rows:
            return evidence
        found = batch.scores.all_contributions(rows, columns)
        for row, place, column, items in zip(rows, places, columns, found, strict=True):
            number, first, facet = int(batch.parsed.text[row]), int(batch.parsed.first[row]), _FACETS[place]
            start, text = batch.starts[row], texts[number]
            evidence[row].append(Evidence(start, start, "", facet, float(self.model.baseline[column]), "baseline"))
            for source, begin, end, weight in items:
                start = stop = batch.starts[row]
                if begin < end:
                    start, stop = batch.parsed.original_span(number, first + begin, first + end)
                evidence[row].append(Evidence(start, stop, text[start:stop], facet, weight, source))
        return evidence

    @cached_property
    def _columns(self) -> list[int]:
        """Where the model keeps the facets."""
        return [self.model.labels.index(facet) for facet in Facet]
