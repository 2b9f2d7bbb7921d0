"""Scores of a sentence -> what is said of it: abstained or not, facets over their thresholds, evidence."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from .abstention import Abstention
from .facets import Facet
from .model import LinearModel, Scores
from .parsing import ParsedText
from .results import Evidence, FacetScores, SentenceReading

Explain = Literal["claimed", "all"]


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

    def readings(
        self, text: str, tokens: ParsedText, scores: Scores, first_row: int, explain: Explain
    ) -> list[SentenceReading]:
        """Read the sentences of one text.

        Parameters
        ----------
        text : str
            The text as it was given.
        tokens : ParsedText
            The same, parsed.
        scores : Scores
            Scores of a batch this text is part of.
        first_row : int
            Row of its first sentence there.
        explain : {"claimed", "all"}
            Which facets to give evidence for.

        Returns
        -------
        list of SentenceReading
        """
        return [
            self._reading(text, tokens, sentence, scores, row, explain)
            for row, sentence in enumerate(tokens.sentences, first_row)
        ]

    def _reading(
        self, text: str, tokens: ParsedText, sentence: tuple[int, int], scores: Scores, row: int, explain: Explain
    ) -> SentenceReading:
        start, end = tokens.original_span(sentence)
        known = scores.batch.words_of(row) > 0
        reason = self.abstention.reason(tokens, sentence, known)
        if reason is not None:
            return SentenceReading(text[start:end], start, end, self._scores(self.model.base_rates), abstained=reason)
        probabilities = scores.probabilities[row]
        over = probabilities >= self.model.thresholds
        claimed = tuple(facet for facet in Facet if over[self._column(facet)])
        evidence = tuple(
            item
            for facet in (tuple(Facet) if explain == "all" else claimed)
            for item in self._evidence(text, tokens, sentence, scores, row, facet)
        )
        return SentenceReading(text[start:end], start, end, self._scores(probabilities), claimed, None, evidence)

    def _evidence(
        self, text: str, tokens: ParsedText, sentence: tuple[int, int], scores: Scores, row: int, facet: Facet
    ) -> list[Evidence]:
        place, column = tokens.original_span(sentence)[0], self._column(facet)
        items = [Evidence(place, place, "", facet, float(self.model.baseline[column]), "baseline")]
        for source, first, last, weight in scores.contributions(row, column):
            start, end = tokens.original_span((sentence[0] + first, sentence[0] + last))
            items.append(Evidence(start, end, text[start:end], facet, weight, source))
        return items

    def _scores(self, values: np.ndarray) -> FacetScores:
        return FacetScores([float(values[self._column(facet)]) for facet in Facet])

    def _column(self, facet: Facet) -> int:
        return self.model.labels.index(facet)
