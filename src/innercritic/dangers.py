"""Train the gate's voice: a column a safety flag in a model that reads facets already."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from .analyzer import InnerCritic
from .classifier import feature_matrix, parse_whole
from .corpus import LabelledSentence, SafetySentence
from .facets import LABEL_CODES, SafetyFlag
from .heads import FacetHead
from .model import LinearModel
from .parsing import thread_parser

SPECIFICITY = 0.997
UNLABELLED_SPECIFICITY = 0.999
"""Share of the corpus without a flag on which the trained voice must not claim it, in voices it did not learn from.

The rules carry most of the recall; the trained voice is there for what no rule foresees. For a flag the corpus is not
labelled for, it learned from few sentences, so it has to be surer.
"""

_LABELLED = {flag: code for code, flag in LABEL_CODES.items() if isinstance(flag, SafetyFlag)}


@dataclass(frozen=True)
class DangerVoice:
    """What was learned of one flag.

    Parameters
    ----------
    weights : ndarray of float64, shape (features,)
        Log-odds a feature.
    baseline : float
        Log-odds without any.
    threshold : float
        Probability from which the flag is claimed.
    base_rate : float
        Share of the corpus that carries it.
    wanted : ndarray of bool, shape (sentences of the corpus and then of the safety set,)
        Which sentences carry it.
    unheard : ndarray of float64, the same shape
        Its probability by voices that did not learn from that sentence's writer; NaN where the sentence was left out.
    """

    weights: NDArray[np.float64]
    baseline: float
    threshold: float
    base_rate: float
    wanted: NDArray[np.bool_]
    unheard: NDArray[np.float64]


def with_dangers(model: LinearModel, voices: Sequence[DangerVoice]) -> LinearModel:
    """Give a model the trained voice of the gate: a column, a threshold and a base rate a safety flag.

    Parameters
    ----------
    model : LinearModel
        A fitted model; columns it has for safety flags are replaced.
    voices : sequence of DangerVoice
        One a safety flag; see `learn_dangers`.

    Returns
    -------
    LinearModel
        Its facets score as before.
    """
    facets = [column for column, label in enumerate(model.labels) if label not in list(SafetyFlag)]
    return replace(
        model,
        labels=(*(model.labels[column] for column in facets), *map(str, SafetyFlag)),
        weights=np.column_stack([model.weights[:, facets], *(v.weights for v in voices)]).astype(np.float32),
        baseline=np.append(model.baseline[facets], [v.baseline for v in voices]).astype(np.float32),
        thresholds=np.append(model.thresholds[facets], [v.threshold for v in voices]).astype(np.float32),
        base_rates=np.append(model.base_rates[facets], [v.base_rate for v in voices]).astype(np.float32),
    )


def learn_dangers(
    model: LinearModel, corpus: Sequence[LabelledSentence], safety: Sequence[SafetySentence], C: float = 10.0
) -> list[DangerVoice]:
    """Learn the trained voice of the gate from a model's features.

    Where the corpus is not labelled for a flag, its sentences count as free of it, but for those that raise the gate's
    rules: these are left out.

    Parameters
    ----------
    model : LinearModel
        A fitted model.
    corpus : sequence of LabelledSentence
        Sentences of the corpus that may be learned from.
    safety : sequence of SafetySentence
        The same of the safety set.
    C : float, default 10.0
        Inverse strength of the L2 penalty.

    Returns
    -------
    list of DangerVoice
        In the order of `SafetyFlag`.
    """
    parsed = parse_whole(thread_parser(model.warm_words), [*(s.text for s in corpus), *(s.text for s in safety)])
    features = feature_matrix(model.space, parsed)
    suspected = _suspected(model, [s.text for s in corpus])
    voices = [*(s.voice for s in corpus), *(s.voice for s in safety)]
    return [_learn(flag, features, corpus, safety, voices, suspected[:, i], C) for i, flag in enumerate(SafetyFlag)]


def danger_threshold(flag: SafetyFlag, unheard: NDArray[np.float64]) -> float:
    """The threshold that keeps to the specificity, from probabilities of corpus sentences without the flag."""
    return float(np.quantile(unheard, SPECIFICITY if flag in _LABELLED else UNLABELLED_SPECIFICITY))


def _learn(
    flag: SafetyFlag,
    features: sp.csr_matrix,
    corpus: Sequence[LabelledSentence],
    safety: Sequence[SafetySentence],
    voices: Sequence[str],
    suspected: NDArray[np.bool_],
    C: float,
) -> DangerVoice:
    code = _LABELLED.get(flag)
    wanted = np.array([code in s.labels for s in corpus] + [flag in s.flags for s in safety])
    used = np.append((code is not None) | ~suspected, np.ones(len(safety), bool))
    heard = [voice for voice, is_used in zip(voices, used, strict=True) if is_used]
    head = FacetHead(C=C).fit(features[used], wanted[used].astype(int), groups=heard)
    unheard = np.full(len(wanted), np.nan)
    unheard[used] = head.out_of_fold_[:, 0]
    plain = used & ~wanted & (np.arange(len(wanted)) < len(corpus))
    return DangerVoice(
        weights=np.round(head.coef_[0], 5),
        baseline=round(float(head.intercept_[0]), 5),
        threshold=round(danger_threshold(flag, unheard[plain]), 4),
        base_rate=float(wanted[: len(corpus)].mean()),
        wanted=wanted,
        unheard=unheard,
    )


def _suspected(model: LinearModel, texts: Sequence[str]) -> NDArray[np.bool_]:
    """Which flags the gate's rules alone raise for each text: shape (texts, safety flags)."""
    silent = np.where([label in list(SafetyFlag) for label in model.labels], np.inf, model.thresholds)
    rules_alone = InnerCritic(replace(model, thresholds=silent.astype(np.float32)), "rules alone", Path())
    scores = rules_alone.score(texts)
    raised = np.zeros((len(texts), len(SafetyFlag)), bool)
    np.logical_or.at(raised, scores.text, scores.flags)
    return raised
