"""Scores of a sentence -> what is said of it: abstained or not, facets over their thresholds, evidence."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count, islice
from typing import Final, Literal, get_args

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
EXPLAIN: Final[tuple[Explain, ...]] = get_args(Explain)


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

    def critical(self) -> NDArray[np.bool_]:
        """Mark the sentences in which an uncompassionate facet is claimed."""
        return np.asarray((self.claimed & _IS_CRITIC).any(axis=1))

    def critical_texts(self) -> set[int]:
        """Which texts have such a sentence."""
        return set(self.parsed.text[self.critical()].tolist())


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
        columns, thresholds, base_rates = self._numbers
        probabilities = scores.probabilities[:, columns]
        claimed = judged & (probabilities >= thresholds)
        probabilities = np.where(judged, probabilities, base_rates)
        starts, ends = parsed.original_spans(parsed.text, parsed.first, parsed.last)
        return BatchReading(parsed, scores, starts, ends, abstained, probabilities, claimed)

    def readings(self, batch: BatchReading, texts: Sequence[str], explain: Explain) -> Iterator[list[SentenceReading]]:
        """Give the sentences of each text as values, with evidence, one text after the other.

        Whoever lets go of one text before the next is read spares Python's garbage collector most of its work.

        Parameters
        ----------
        batch : BatchReading
            What is said of them.
        texts : sequence of str
            The texts as they were given.
        explain : {"claimed", "all"}
            Which facets to give evidence for.

        Yields
        ------
        list of SentenceReading
            A list a text.
        """
        wanted = (batch.abstained == 0)[:, None] & (batch.claimed | (explain == "all"))
        evidence = self._evidence(batch, texts, wanted)
        claims: dict[int, tuple[Facet, ...]] = {}
        for row, place in zip(*(indices.tolist() for indices in batch.claimed.nonzero()), strict=True):
            claims[row] = (*claims.get(row, ()), _FACETS[place])
        probabilities = iter(batch.probabilities.ravel().tolist())
        rows = zip(
            count(),
            batch.starts,
            batch.ends,
            zip(*[probabilities] * len(_FACETS), strict=True),
            batch.abstained.tolist(),
            batch.critical().tolist(),
            strict=False,
        )
        numbers = np.bincount(batch.parsed.text, minlength=len(texts)).tolist()
        for text, number in zip(texts, numbers, strict=True):
            yield [
                SentenceReading(
                    text[start:end],
                    start,
                    end,
                    FacetScores(values),
                    claims.get(row, ()),
                    REASONS[place],
                    tuple(evidence[row]) if row in evidence else (),
                    (),
                    None if critical else "abstained" if place else "no_critic_facet",
                )
                for row, start, end, values, place, critical in islice(rows, number)
            ]

    def _evidence(
        self, batch: BatchReading, texts: Sequence[str], wanted: NDArray[np.bool_]
    ) -> dict[int, list[Evidence]]:
        """The evidence by sentence, for the facets of it that are wanted."""
        rows, places = (indices.tolist() for indices in wanted.nonzero())
        evidence: dict[int, list[Evidence]] = defaultdict(list)
        if not rows:
            return evidence
        columns = [self._columns[place] for place in places]
        found = batch.scores.all_contributions(rows, columns)
        parsed, row_of = batch.parsed, np.repeat(rows, list(map(len, found)))
        begin, end = np.array([item[1:3] for items in found for item in items], np.int64).reshape(-1, 2).T
        first = parsed.first[row_of]
        spans = zip(*parsed.original_spans(parsed.text[row_of], first + begin, first + end), strict=True)
        baseline, of_text = self.model.baseline.tolist(), parsed.text[rows].tolist()
        for row, number, place, column, items in zip(rows, of_text, places, columns, found, strict=True):
            start, facet, text = batch.starts[row], _FACETS[place], texts[number]
            told = evidence[row]
            told.append(Evidence(start, start, "", facet, baseline[column], "baseline"))
            for (source, a, b, weight), span in zip(items, spans, strict=False):
                at, stop = span if a < b else (start, start)
                told.append(Evidence(at, stop, text[at:stop], facet, weight, source))
        return evidence

    @cached_property
    def _numbers(self) -> tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.float64]]:
        """Where the model keeps the facets, their thresholds and base rates, as arrays."""
        columns = np.array(self._columns)
        return columns, self.model.thresholds[columns], self.model.base_rates[columns].astype(np.float64)

    @cached_property
    def _columns(self) -> list[int]:
        """Where the model keeps the facets."""
        return [self.model.labels.index(facet) for facet in Facet]
