"""A linear model that reads sentences as a whole too: what an encoder makes of each joins the weights of its words."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from .arrays import before
from .encoding import SentenceEncoder
from .model import Contribution, LinearModel, Scores, reading_order, runs
from .parsing import ParsedTexts
from .results import EvidenceKind

PARTS = 8
"""A sentence is read again without each of at most so many stretches of it, to see which tell: each costs a reading."""


@dataclass(frozen=True)
class ContextualModel(LinearModel):
    """A `LinearModel` with one more term: a vector a sentence, by an encoder, times weights of its own.

    Parameters
    ----------
    encoder : SentenceEncoder
        What reads the sentences.
    context_weights : ndarray of float32, shape (dimensions, labels)
        Log-odds a unit of the vector; zero for labels that words alone decide.
    centre : ndarray of float32, shape (dimensions,)
        The vector that adds nothing: the mean of the sentences it was trained on.
    """

    encoder: SentenceEncoder = field(kw_only=True)
    context_weights: NDArray[np.float32] = field(kw_only=True)
    centre: NDArray[np.float32] = field(kw_only=True)

    evidence_kind: ClassVar[EvidenceKind] = "approximate"

    def read(self, parsed: ParsedTexts) -> "ContextualScores":
        """Score every sentence of some parsed texts."""
        words = super().read(parsed)
        context = self.context(self.encoder.vectors(sentence_texts(parsed, range(len(parsed.text)))))
        return ContextualScores(
            self, words.batch, words.lengths, words.log_odds + context, parsed=parsed, context=context
        )

    def context(self, vectors: NDArray[np.float32]) -> NDArray[np.float64]:
        """What vectors add to the log-odds: shape (vectors, labels)."""
        weights = self.context_weights.astype(np.float64)
        # Row by row: a product of matrices rounds by how many rows there are.
        rows = [vector @ weights for vector in vectors.astype(np.float64) - self.centre]
        return np.array(rows).reshape(len(vectors), len(self.labels))


@dataclass(frozen=True)
class ContextualScores(Scores):
    """The log-odds of a batch of sentences, and how they came about, as far as that can be told.

    Parameters
    ----------
    parsed : ParsedTexts
        The sentences.
    context : ndarray of float64, shape (sentences, labels)
        The part of `log_odds` that is the encoder's.
    """

    model: ContextualModel
    parsed: ParsedTexts = field(kw_only=True)
    context: NDArray[np.float64] = field(kw_only=True)

    def all_contributions(self, sentences: Sequence[int], labels: Sequence[int]) -> list[list[Contribution]]:
        """Give the `contributions` for pairs of a sentence and a label, all at once.

        Beside the exact ones of words and cues there are those of the encoder, approximate ones: runs of words
        (source ``"context"``) weigh what the score loses without them (Zeiler & Fergus 2014, occlusion), and the rest,
        which no run of words accounts for, is told of no token (source ``"sentence"``, an empty range).
        """
        result = self._of_words(sentences, labels)
        asked = [i for i, label in enumerate(labels) if self.model.context_weights[:, label].any()]
        without = self._left_out(sorted({sentences[i] for i in asked}))
        lost = [without[sentences[i]][:, labels[i]] for i in asked]
        joined = runs(
            np.concatenate([np.zeros(0), *lost]), before(np.array([len(part) for part in lost], int)), "context"
        )
        for i, per_token, found in zip(asked, lost, joined, strict=True):
            rest = float(self.context[sentences[i], labels[i]] - per_token.sum())
            result[i] = sorted([*result[i], *found, ("sentence", 0, 0, rest)], key=reading_order)
        return result

    def _left_out(self, rows: Sequence[int]) -> dict[int, NDArray[np.float64]]:
        """By sentence what the log-odds lose without each of its tokens: shape (tokens, labels).

        Tokens are left out some at a time, and share what is lost without them.
        """
        parsed = self.parsed
        tokens = [parsed.tokens.starts[parsed.first[row] : parsed.last[row]] for row in rows]
        parts = [np.arange(len(starts)) * PARTS // max(len(starts), PARTS) for starts in tokens]
        firsts = [np.searchsorted(part, np.arange(part[-1] + 1)) for part in parts]
        begins = [(starts[first] - starts[0]).tolist() for starts, first in zip(tokens, firsts, strict=True)]
        found = self.model.encoder.with_parts_left_out(sentence_texts(parsed, rows), begins)
        result = {}
        for row, part, (seen, vectors) in zip(rows, parts, found, strict=True):
            lost = np.zeros((part[-1] + 1, len(self.model.labels)))
            lost[seen] = self.context[row] - self.model.context(vectors)
            result[row] = (lost / np.bincount(part)[:, None])[part]
        return result


def with_context(
    words: LinearModel,
    encoder: SentenceEncoder,
    context_weights: NDArray[np.float32],
    centre: NDArray[np.float32],
) -> ContextualModel:
    """Give a model of words a reader of sentences; see `ContextualModel`."""
    fitted = {part.name: getattr(words, part.name) for part in fields(LinearModel)}
    return ContextualModel(**fitted, encoder=encoder, context_weights=context_weights, centre=centre)


def sentence_texts(parsed: ParsedTexts, rows: Sequence[int]) -> list[str]:
    """The sentences as the tokenizer saw them."""
    texts, starts, ends = parsed.text, parsed.tokens.starts[parsed.first], parsed.tokens.ends[parsed.last - 1]
    return [parsed.texts[texts[row]][starts[row] : ends[row]] for row in rows]
