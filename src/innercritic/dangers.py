"""Train the gate's voice: a column a safety flag in a model that reads facets already."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .analyzer import InnerCritic
from .classifier import feature_matrix, parse_whole
from .corpus import LabelledSentence, SafetySentence
from .facets import LABEL_CODES, SafetyFlag
from .heads import FacetHead
from .model import WEIGHT_DIGITS, LinearModel
from .parsing import thread_parser

SPECIFICITY = {
    SafetyFlag.CRISIS: 0.997,
    SafetyFlag.HARM_FROM_OTHERS: 0.9985,
    SafetyFlag.HARM_TO_OTHERS: 0.998,
    SafetyFlag.DISORDERED_EATING: 0.998,
}
"""Share of the corpus without a flag on which the trained voice must not claim it, in voices it did not learn from.

The rules carry most of the recall; the trained voice is there for what no rule foresees.
"""
STRENGTH = 40.0
"""Inverse strength of the penalty: with 20, 60 and 200 it found 3,794, 3,833 and 3,825 of 4,597 in unheard voices."""
NB_WEIGHT = {
    SafetyFlag.CRISIS: 0.0,
    SafetyFlag.HARM_FROM_OTHERS: 0.5,
    SafetyFlag.HARM_TO_OTHERS: 0.5,
    SafetyFlag.DISORDERED_EATING: 0.0,
}
"""How much the log-count ratio counts, see `FacetHead`.

With 0 and with 0.5, leaving the same 0.998 of the corpus alone, the voices found of the dangers in unheard voices 5,749
and 6,049 of 8,083 (harm from others), 2,904 and 2,916 of 3,448 (harm to others), 6,212 and 6,282 of 7,981 (eating),
12,299 and 12,621 of 18,748 (crisis). Eating does without it since it took plain sentences with rare words for danger,
and crisis since the gate would miss a second one of the 24 real sentences that tell of it.
"""

_LABELLED = {flag: code for code, flag in LABEL_CODES.items() if isinstance(flag, SafetyFlag)}


def with_dangers(
    model: LinearModel, corpus: Sequence[LabelledSentence], safety: Sequence[SafetySentence]
) -> LinearModel:
    """Give a model the trained voice of the gate: a column, a threshold and a base rate a safety flag.

    Where the corpus is not labelled for a flag, its sentences count as free of it, but for those that raise the gate's
    rules: these are left out.

    Parameters
    ----------
    model : LinearModel
        A fitted model; columns it has for safety flags are replaced.
    corpus : sequence of LabelledSentence
        Sentences of the corpus that may be learned from.
    safety : sequence of SafetySentence
        The same of the safety set.

    Returns
    -------
    LinearModel
        Its facets score as before.
    """
    learned = learn(model, corpus, safety)
    facets = [column for column, label in enumerate(model.labels) if label not in list(SafetyFlag)]
    of_words = np.column_stack([np.round(danger.head.coef_[0], WEIGHT_DIGITS) for danger in learned])
    of_vectors = np.zeros((model.space.size - len(of_words), len(learned)))
    return replace(
        model,
        labels=(*(model.labels[column] for column in facets), *map(str, SafetyFlag)),
        weights=np.hstack([model.weights[:, facets], np.vstack([of_words, of_vectors])]).astype(np.float32),
        baseline=np.append(
            model.baseline[facets], [round(float(danger.head.intercept_[0]), 5) for danger in learned]
        ).astype(np.float32),
        thresholds=np.append(
            model.thresholds[facets],
            [
                least(danger.unheard[: len(corpus)], danger.wanted[: len(corpus)], SPECIFICITY[danger.flag])
                for danger in learned
            ],
        ).astype(np.float32),
        base_rates=np.append(
            model.base_rates[facets], [danger.wanted[: len(corpus)].mean() for danger in learned]
        ).astype(np.float32),
    )


@dataclass(frozen=True)
class Danger:
    """What a model of words learned of one safety flag from sentences of the corpus, and then of the safety set.

    Parameters
    ----------
    flag : SafetyFlag
    wanted : ndarray of bool, shape (sentences,)
        Which sentences carry it.
    used : ndarray of bool, shape (sentences,)
        Which of them it learned from.
    head : FacetHead
        Fitted on the words and cues of those.
    """

    flag: SafetyFlag
    wanted: NDArray[np.bool_]
    used: NDArray[np.bool_]
    head: FacetHead

    @property
    def unheard(self) -> NDArray[np.float64]:
        """What it says of each sentence by a model that did not hear the voice; NaN where it learned nothing."""
        said = np.full(len(self.used), np.nan)
        said[self.used] = self.head.out_of_fold_[:, 0]
        return said


def least(said: NDArray[np.float64], wanted: NDArray[np.bool_], specificity: float) -> float:
    """The probability that is not reached on that share of some sentences without a flag; NaN has no say."""
    return round(float(np.nanquantile(said[~wanted], specificity)), 4)


def learn(model: LinearModel, corpus: Sequence[LabelledSentence], safety: Sequence[SafetySentence]) -> list[Danger]:
    """Learn each safety flag; see `with_dangers`."""
    parsed = parse_whole(thread_parser(model.warm_words), [*(s.text for s in corpus), *(s.text for s in safety)])
    # Words and cues only: the static vectors, nine tenths of the numbers, tell of danger what the words tell already.
    features = feature_matrix(model.space, parsed)[:, : model.space.first_vector_feature]
    suspected = _suspected(model, [s.text for s in corpus])
    voices = np.array([*(s.voice for s in corpus), *(s.voice for s in safety)])
    learned = []
    for place, flag in enumerate(SafetyFlag):
        code = _LABELLED.get(flag)
        wanted = np.array([code in s.labels for s in corpus] + [flag in s.flags for s in safety])
        used = np.append((code is not None) | ~suspected[:, place], np.ones(len(safety), bool))
        head = FacetHead(C=STRENGTH, nb_weight=NB_WEIGHT[flag])
        head.fit(features[used], wanted[used].astype(int), groups=voices[used].tolist())
        learned.append(Danger(flag, wanted, used, head))
    return learned


def rules_alone(model: LinearModel) -> InnerCritic:
    """An analyzer whose gate has its rules and no trained voice."""
    silent = np.where([label in list(SafetyFlag) for label in model.labels], np.inf, model.thresholds)
    return InnerCritic(replace(model, thresholds=silent.astype(np.float32)), "rules alone", Path())


def _suspected(model: LinearModel, texts: Sequence[str]) -> NDArray[np.bool_]:
    """Which flags the gate's rules alone raise for each text: shape (texts, safety flags)."""
    scores = rules_alone(model).score(texts)
    raised = np.zeros((len(texts), len(SafetyFlag)), bool)
    np.logical_or.at(raised, scores.text, scores.flags)
    return raised
