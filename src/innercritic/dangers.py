"""Train the gate's voice: a column a safety flag in a model that reads facets already."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from .analyzer import InnerCritic
from .classifier import feature_matrix, parse_whole
from .corpus import LabelledSentence, SafetySentence
from .facets import LABEL_CODES, SafetyFlag
from .heads import FacetHead
from .model import WEIGHT_DIGITS, LinearModel
from .parsing import thread_parser

SPECIFICITY = 0.9975
UNLABELLED_SPECIFICITY = 0.999
"""Share of the corpus without a flag on which the trained voice must not claim it, in voices it did not learn from.

The rules carry most of the recall; the trained voice is there for what no rule foresees. For a flag the corpus is not
labelled for, it learned from few sentences, so it has to be surer.
"""

_LABELLED = {flag: code for code, flag in LABEL_CODES.items() if isinstance(flag, SafetyFlag)}


def with_dangers(
    model: LinearModel, corpus: Sequence[LabelledSentence], safety: Sequence[SafetySentence], C: float = 10.0
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
    C : float, default 10.0
        Inverse strength of the L2 penalty.

    Returns
    -------
    LinearModel
        Its facets score as before.
    """
    parsed = parse_whole(thread_parser(model.warm_words), [*(s.text for s in corpus), *(s.text for s in safety)])
    features = feature_matrix(model.space, parsed)
    suspected = _suspected(model, [s.text for s in corpus])
    learned = [_learn(flag, features, corpus, safety, suspected[:, i], C) for i, flag in enumerate(SafetyFlag)]
    facets = [column for column, label in enumerate(model.labels) if label not in list(SafetyFlag)]
    weights, baselines, thresholds, rates = zip(*learned, strict=True)
    return replace(
        model,
        labels=(*(model.labels[column] for column in facets), *map(str, SafetyFlag)),
        weights=np.column_stack([model.weights[:, facets], *weights]).astype(np.float32),
        baseline=np.append(model.baseline[facets], baselines).astype(np.float32),
        thresholds=np.append(model.thresholds[facets], thresholds).astype(np.float32),
        base_rates=np.append(model.base_rates[facets], rates).astype(np.float32),
    )


def _learn(
    flag: SafetyFlag,
    features: sp.csr_matrix,
    corpus: Sequence[LabelledSentence],
    safety: Sequence[SafetySentence],
    suspected: NDArray[np.bool_],
    C: float,
) -> tuple[NDArray[np.float64], float, float, float]:
    code = _LABELLED.get(flag)
    wanted = np.array([code in s.labels for s in corpus] + [flag in s.flags for s in safety])
    used = np.append((code is not None) | ~suspected, np.ones(len(safety), bool))
    voices = np.array([*(s.voice for s in corpus), *(s.voice for s in safety)])
    head = FacetHead(C=C).fit(features[used], wanted[used].astype(int), groups=voices[used].tolist())
    plain = (~wanted & (np.arange(len(wanted)) < len(corpus)))[used]
    threshold = float(np.quantile(head.out_of_fold_[plain, 0], SPECIFICITY if code else UNLABELLED_SPECIFICITY))
    rate = float(wanted[: len(corpus)].mean())
    return np.round(head.coef_[0], WEIGHT_DIGITS), round(float(head.intercept_[0]), 5), round(threshold, 4), rate


def _suspected(model: LinearModel, texts: Sequence[str]) -> NDArray[np.bool_]:
    """Which flags the gate's rules alone raise for each text: shape (texts, safety flags)."""
    silent = np.where([label in list(SafetyFlag) for label in model.labels], np.inf, model.thresholds)
    rules_alone = InnerCritic(replace(model, thresholds=silent.astype(np.float32)), "rules alone", Path())
    scores = rules_alone.score(texts)
    raised = np.zeros((len(texts), len(SafetyFlag)), bool)
    np.logical_or.at(raised, scores.text, scores.flags)
    return raised
