"""data/ -> models/: train, measure and write the bundled model. Only the command line and `studies` import it."""

import platform
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import asdict, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import sklearn
from numpy.typing import NDArray

from . import __version__
from .classifier import FacetClassifier, parse_whole
from .corpus import LabelledSentence, SafetySentence, corpus_hash, read_corpus, read_safety
from .dangers import NB_WEIGHT as DANGER_NB_WEIGHT
from .dangers import SPECIFICITY as DANGER_SPECIFICITY
from .dangers import STRENGTH as DANGER_STRENGTH
from .dangers import with_dangers
from .evaluation import Figures, best_for_f1, figures
from .facets import CRITIC_FACETS, LABEL_CODES, Facet, SafetyFlag
from .finetuning import Encoder, finetune
from .model import LinearModel
from .parsing import Parser, thread_parser
from .persistence import write_model
from .vectors import distil

NAME = "neff-fast"
FACET_SPECIFICITY = 0.99
"""Share of the unaimed sentences without a facet on which it must not be claimed; three critics leave 0.97 alone."""
STRENGTH = 20.0
"""Inverse strength of the penalty: of 2, 10, 20 and 30 the best mean average precision on voices unheard in fitting."""
GOLDEN = "golden.txt"
LABELS = tuple(str(label) for label in LABEL_CODES.values())
FACET_CODES = tuple(code for code, label in LABEL_CODES.items() if isinstance(label, Facet))


def train(data: Path, out: Path) -> dict[str, Any]:
    """Train the bundled model from the corpus and write it.

    Parameters
    ----------
    data : Path
        The data folder.
    out : Path
        The model folder to write.

    Returns
    -------
    dict
        The notes written to metadata.json.
    """
    sentences = read_corpus(data)
    known = known_to_words(sentences)
    heard, warned = known_to_gate(sentences, read_safety(data))
    fitted = fit(known, str(data / "vectors.npz"), [*heard, *warned], FACET_CODES)
    model = with_dangers(with_thresholds(fitted, known), heard, warned)
    notes = {
        "name": NAME,
        **origin(fitted, data),
        "danger": {"C": DANGER_STRENGTH, "nb_weight": DANGER_NB_WEIGHT},
        "specificity": {"facets": FACET_SPECIFICITY, "danger": DANGER_SPECIFICITY},
        **measured(model, sentences, data),
    }
    write_model(model, out, notes)
    return notes


def origin(fitted: FacetClassifier, data: Path) -> dict[str, Any]:
    """Notes on what a model was made from, and with."""
    return {
        "version": __version__,
        "parameters": {**fitted.get_params(), "vectors": NAME},
        "data_sha256": corpus_hash(data),
        "built_with": {
            "python": platform.python_version(),
            "numpy": np.__version__,
            "scikit-learn": sklearn.__version__,
            "spacy": version("spacy"),
            "processor": _processor(),
        },
    }


def measured(model: LinearModel, sentences: Sequence[LabelledSentence], data: Path) -> dict[str, Any]:
    """Notes on how right a model is on the test voices, and what it says of the golden sentences."""
    return {
        "evaluation": {"test_voices": asdict(measure(model, [s for s in sentences if s.split == "test"]))},
        "golden": golden_scores(model, (data / GOLDEN).read_text("utf-8").splitlines()),
    }


def known_to_words(sentences: Sequence[LabelledSentence]) -> list[LabelledSentence]:
    """Those sentences of the corpus that a model of words learns from; its thresholds too."""
    return [s for s in sentences if s.split in ("train", "dev")]


def known_to_gate(
    sentences: Sequence[LabelledSentence], safety: Sequence[SafetySentence]
) -> tuple[list[LabelledSentence], list[SafetySentence]]:
    """Those sentences of the corpus and of the safety set that the gate's trained voice learns from."""
    return [s for s in sentences if s.split != "test"], [s for s in safety if s.split in ("train", "dev")]


def fit(
    sentences: Sequence[LabelledSentence],
    vectors: str | None,
    met: Sequence[LabelledSentence | SafetySentence] = (),
    codes: Collection[str] = tuple(LABEL_CODES),
) -> FacetClassifier:
    """Fit a classifier for the labels, calibrated across voices.

    Parameters
    ----------
    sentences : sequence of LabelledSentence
        What it learns the labels from.
    vectors : str or None
        See `FacetClassifier`.
    met : sequence of LabelledSentence or SafetySentence
        Sentences that its terms are chosen from and counted in, though it learns no label from those not among the
        others: the gate speaks by the same terms, and has more to learn from.
    codes : collection of str
        Codes of the labels to learn; those of danger are learned apart for the gate (see `dangers`).
    """
    known = {s.text for s in sentences}
    more = [s for s in met if s.text not in known]
    return FacetClassifier(C=STRENGTH, vectors=vectors).fit(
        [s.text for s in sentences],
        [[code for code in s.labels if code in codes] for s in sentences],
        groups=[s.voice for s in sentences],
        unlabelled=[s.text for s in more],
        unlabelled_groups=[s.voice for s in more],
    )


def with_thresholds(fitted: FacetClassifier, sentences: Sequence[LabelledSentence]) -> LinearModel:
    """Set the thresholds on voices unseen in fitting.

    See `threshold`; the gate's voice is trained apart, see `dangers`.
    """
    lifelike, thresholds = lifelike_among(sentences), []
    for label, unseen in zip(fitted.classes_.tolist(), fitted.out_of_fold_.T, strict=True):
        code = list(LABEL_CODES)[LABELS.index(label)]
        gold = np.array([code in s.labels for s in sentences])
        thresholds.append(threshold(unseen, gold, lifelike) if code in FACET_CODES else 1.0)
    return replace(fitted.model_, thresholds=np.round(thresholds, 4).astype(np.float32))


def threshold(
    unseen: NDArray[np.float64],
    gold: NDArray[np.bool_],
    lifelike: NDArray[np.bool_],
    specificity: float = FACET_SPECIFICITY,
) -> float:
    """The best threshold for F1, or the one that keeps to the specificity where that is higher.

    Real sentences are fainter than ours, and false alarms are the worse mistake.

    Parameters
    ----------
    unseen : ndarray of float64, shape (sentences,)
        Probabilities of a facet in voices unseen in fitting.
    gold : ndarray of bool, shape (sentences,)
        Which sentences carry it.
    lifelike : ndarray of bool, shape (sentences,)
        On which of them the specificity is counted.
    specificity : float, default 0.99
        Share of the sentences without the facet on which it must not be claimed.
    """
    return max(float(np.quantile(unseen[lifelike & ~gold], specificity)), best_for_f1(gold, unseen))


def lifelike_among(sentences: Sequence[LabelledSentence]) -> NDArray[np.bool_]:
    """Which sentences to count the specificity on: those written with no label in mind, or all if there are none.

    What unaimed voices say without a facet is what plain sentences are like.
    """
    unaimed = np.array([s.unaimed for s in sentences])
    return unaimed if unaimed.any() else ~unaimed


def measure(model: LinearModel, sentences: Sequence[LabelledSentence]) -> Figures:
    """Measure a model on labelled sentences."""
    gold = np.array([[code in s.labels for code in LABEL_CODES] for s in sentences], bool)
    columns = [model.labels.index(label) for label in LABELS]
    probabilities = score(model, [s.text for s in sentences])[:, columns]
    critic = [LABELS.index(facet) for facet in CRITIC_FACETS]
    return figures(LABELS, critic, gold, probabilities >= model.thresholds[columns], probabilities)


def score(model: LinearModel, texts: Sequence[str]) -> NDArray[np.float64]:
    """Score texts as one sentence each."""
    return model.read(parse_whole(thread_parser(model.warm_words), texts)).probabilities


def golden_scores(model: LinearModel, texts: Sequence[str]) -> list[dict[str, Any]]:
    """What the model says of the golden sentences, to be compared whenever it is loaded."""
    return [
        {"text": text, "probabilities": [round(value, 6) for value in row]}
        for text, row in zip(texts, score(model, texts).tolist(), strict=True)
    ]


def _processor() -> str:
    """What sums the numbers: another kind of processor may round apart in the last bit."""
    try:
        described = Path("/proc/cpuinfo").read_text("utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    models = (line.partition(":")[2].strip() for line in described.splitlines() if line.startswith("model name"))
    return next(models, platform.machine())


def tuned_on(
    sentences: Sequence[LabelledSentence],
    safety: Sequence[SafetySentence],
    folder: Path,
    tuned: Path | None,
) -> Encoder:
    """Fine-tune the sentence encoder on the train and encoder voices, or take over weights that were saved before.

    It learns the labels of the corpus and the flags of the safety set. Unaimed sentences, the nearest to life, are read
    twice as often.

    Parameters
    ----------
    sentences : sequence of LabelledSentence
        The corpus; dev and test voices stay unheard.
    safety : sequence of SafetySentence
        The safety set; only its train voices are heard.
    folder : Path
        Folder of the sentence encoder; see `Encoder`.
    tuned : Path or None
        A safetensors file of the fine-tuned weights: read if it is there, else written.

    Returns
    -------
    Encoder
    """
    encoder = Encoder(folder)
    if tuned is not None and tuned.is_file():
        encoder.restore(tuned)
        return encoder
    finetune(encoder, *lessons(sentences, safety))
    if tuned is not None:
        encoder.save(tuned)
    return encoder


def lessons(
    sentences: Sequence[LabelledSentence], safety: Sequence[SafetySentence]
) -> tuple[list[str], NDArray[np.float64]]:
    """Texts to fine-tune an encoder on, and which labels each carries, NaN where the safety set does not say."""
    heard = [s for s in sentences if s.split in ("train", "encoder")]
    heard += [s for s in heard if s.unaimed]
    warned = [s for s in safety if s.split == "train"]
    taught = [*LABEL_CODES.values(), *(flag for flag in SafetyFlag if flag not in LABEL_CODES.values())]
    told = [{LABEL_CODES[code] for code in s.labels} for s in heard]
    of_corpus = [[label in carried for label in taught] for carried in told]
    of_safety = [[label in s.flags if label in list(SafetyFlag) else np.nan for label in taught] for s in warned]
    return [*(s.text for s in heard), *(s.text for s in warned)], np.array([*of_corpus, *of_safety], float)


def make_vectors(data: Path, folder: Path, tuned: Path | None) -> int:
    """Distil the static word vectors for the words of the corpus and write data/vectors.npz.

    Parameters
    ----------
    data : Path
        The data folder.
    folder : Path
        Folder of the sentence encoder.
    tuned : Path or None
        A file of its fine-tuned weights; see `tuned_on`.

    Returns
    -------
    int
        Number of words in the table.
    """
    sentences = read_corpus(data)
    encoders = [tuned_on(sentences, read_safety(data), folder, tuned), Encoder(folder)]
    counts = Counter(word for words in Parser().words([s.text for s in sentences]) for word in words)
    total = sum(counts.values())
    words = [word for word, n in counts.items() if n > 1]
    table = distil(encoders, words, {w: n / total for w, n in counts.items()})
    table.save(data / "vectors.npz")
    return len(table.words)
