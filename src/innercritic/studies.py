"""What a model is worth: measured on held-out voices and on other labelled sentences, beside simple means.

A development room: it reads the data folder of a checkout, and only the command line imports it.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .baselines import baselines
from .corpus import LabelledSentence
from .errors import CorpusError
from .evaluation import Indicator, figures, macro_f1
from .evaluation_report import Sample, Trial
from .facets import CRITIC_FACETS, LABEL_CODES
from .model import LinearModel
from .training import LABELS, fit, score, with_thresholds

FRACTIONS = (0.2, 0.4, 0.6, 0.8, 1.0)
_CRITIC = [LABELS.index(facet) for facet in CRITIC_FACETS]


def read_labelled(path: Path) -> list[LabelledSentence]:
    """Read labelled sentences from elsewhere: JSON lines with "text", "labels" (codes) and, if wanted, "source".

    Raises
    ------
    CorpusError
        When a line is not of that form; it names the line.
    """
    sentences, problems = [], []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
            labels = tuple(code for code in LABEL_CODES if code in row["labels"])
            source = str(row.get("source", path.stem))
            sentences.append(LabelledSentence(str(number), str(row["text"]), labels, source, "", "test"))
        except (ValueError, KeyError, TypeError, AttributeError):
            problems.append(f"{path.name}, line {number}: not a row with text and labels")
    if problems:
        raise CorpusError(problems)
    return sentences


def appraise(name: str, model: LinearModel, sentences: Sequence[LabelledSentence]) -> Sample:
    """Measure a model, and simple means beside it, on labelled sentences.

    Parameters
    ----------
    name : str
        What the sentences are.
    model : LinearModel
        The model; it must know the eight labels of the corpus.
    sentences : sequence of LabelledSentence
        The sentences, one reading each; their `voice` groups them.

    Returns
    -------
    Sample
    """
    texts, gold = [s.text for s in sentences], _gold(sentences)
    probabilities, thresholds = _columns(model, texts)
    claimed = probabilities >= thresholds
    groups = {}
    for voice in sorted({s.voice for s in sentences}):
        at = np.array([s.voice == voice for s in sentences])
        groups[voice] = (int(at.sum()), *_summary(gold[at], claimed[at][:, _CRITIC]))
    return Sample(
        name=name,
        figures=figures(LABELS, _CRITIC, gold, claimed, probabilities),
        gold=gold,
        claimed=claimed,
        probabilities=probabilities,
        baselines={means: _summary(gold, found) for means, found in baselines(texts).items()},
        groups=groups,
    )


def learning_curve(
    known: Sequence[LabelledSentence], samples: Mapping[str, Sequence[LabelledSentence]], vectors: str | None
) -> list[Trial]:
    """Train on a fifth of the sentences, two fifths and so on, and measure each model.

    Parameters
    ----------
    known : sequence of LabelledSentence
        What may be trained on.
    samples : mapping of str to sequence of LabelledSentence
        What to measure on, by name.
    vectors : str or None
        See `FacetClassifier`.

    Returns
    -------
    list of Trial
    """
    order = np.random.default_rng(0).permutation(len(known))
    parts = [[known[i] for i in sorted(order[: round(share * len(known))])] for share in FRACTIONS]
    return [trial(f"{share:.0%}", part, samples, vectors) for share, part in zip(FRACTIONS, parts, strict=True)]


def trial(
    name: str,
    known: Sequence[LabelledSentence],
    samples: Mapping[str, Sequence[LabelledSentence]],
    vectors: str | None,
) -> Trial:
    """Train once, thresholds and all, and give the macro-F1 on each sample."""
    model = with_thresholds(fit(known, vectors), known)
    measured = {}
    for sample, sentences in samples.items():
        probabilities, thresholds = _columns(model, [s.text for s in sentences])
        measured[sample] = macro_f1(_gold(sentences)[:, _CRITIC], (probabilities >= thresholds)[:, _CRITIC])
    return Trial(name, len(known), measured)


def _columns(model: LinearModel, texts: Sequence[str]) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """Probabilities and thresholds in the order of `LABELS`, whatever else the model knows."""
    columns = [model.labels.index(label) for label in LABELS]
    return score(model, texts)[:, columns], model.thresholds[columns]


def _gold(sentences: Sequence[LabelledSentence]) -> Indicator:
    return np.array([[code in s.labels for code in LABEL_CODES] for s in sentences], bool)


def _summary(gold: Indicator, claimed: Indicator) -> tuple[float, float]:
    """Macro-F1 over the critic facets, and specificity."""
    wanted = gold[:, _CRITIC]
    plain = np.asarray(~wanted.any(axis=1))
    quiet = np.asarray(~claimed.any(axis=1))
    return macro_f1(wanted, claimed), float(quiet[plain].mean()) if plain.any() else float("nan")
