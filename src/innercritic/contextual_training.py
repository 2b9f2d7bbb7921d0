"""data/ -> models/neff-accurate: an encoder beside neff-fast's own features. Only the command line imports it.

The encoder is fine-tuned on the train and encoder voices. It has seen what these sentences are labelled, so its vectors
of them are surer than they have a right to be; the heads on top, their calibration and their thresholds come from the
dev voices, which it never heard. Beside the vector the heads read the log-odds that neff-fast gives in voices unheard
in fitting.
"""

from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .classifier import FacetClassifier, parse_whole
from .contextual import ContextualModel, sentence_texts, with_context
from .corpus import LabelledSentence, corpus_hash, read_corpus, read_safety
from .dangers import SPECIFICITY as DANGER_SPECIFICITY
from .encoding import SentenceEncoder
from .errors import ModelFormatError
from .exporting import export
from .facets import LABEL_CODES, Facet
from .finetuning import ENCODER, ENCODER_SHA256, Encoder
from .heads import FacetHead
from .model import LinearModel, sigmoid
from .parsing import thread_parser
from .persistence import GOLDEN_TOLERANCE, read_model, write_model
from .resources import model_folder
from .training import (
    FACET_CODES,
    fit,
    known_to_gate,
    known_to_words,
    lifelike_among,
    measured,
    origin,
    threshold,
    tuned_on,
)
from .training import NAME as WORDS

NAME = "neff-accurate"
FACET_SPECIFICITY = 0.995
"""As for neff-fast, but half the false alarms: it tells facets apart better, and spends that on the worse mistake."""
STRENGTH = 0.03
"""Inverse strength of the heads' penalty; from 0.003 to 0.3 the mean average precision on test voices is the same."""
WEIGHT_STEP = 0.002
"""The step of the weights of words: twice that of neff-fast, for beside an encoder they are half as large."""
_CODES = {label: code for code, label in LABEL_CODES.items()}


def train(data: Path, out: Path, folder: Path, tuned: Path | None = None) -> dict[str, Any]:
    """Train neff-accurate and write it.

    Parameters
    ----------
    data : Path
        The data folder.
    out : Path
        The model folder to write.
    folder : Path
        Folder of the sentence encoder; see `Encoder`.
    tuned : Path, optional
        A safetensors file of the fine-tuned weights: read if it is there, else written.

    Returns
    -------
    dict
        The notes written to metadata.json.

    Raises
    ------
    MissingExtraError
        Without the extra "train" or "accurate".
    ModelFormatError
        When neff-fast was built from another corpus.
    """
    words, origin_of_words = read_model(model_folder(WORDS))
    if origin_of_words["data_sha256"] != corpus_hash(data):
        raise ModelFormatError(model_folder(WORDS), f"it was built from another corpus; build {WORDS} first")
    sentences = read_corpus(data)
    safety = read_safety(data)
    tuned_encoder = tuned_on(sentences, safety, folder, tuned)
    encoder = export(tuned_encoder)
    heard, warned = known_to_gate(sentences, safety)
    fitted = fit(known_to_words(sentences), str(data / "vectors.npz"), [*heard, *warned], FACET_CODES)
    model = with_heads(words, encoder, fitted, sentences)
    made_from = origin(fitted, data)
    made_from["built_with"] |= {
        name: version(name) for name in ("torch", "transformers", "onnx", "onnxruntime", "tokenizers")
    }
    dev = [s.text for s in sentences if s.split == "dev"]
    notes = {
        "name": NAME,
        **made_from,
        "encoder": {
            "name": ENCODER,
            "sha256": ENCODER_SHA256,
            "fine_tuning": tuned_encoder.fine_tuning,
            "weights": "int8, a scale a column or row; arithmetic in float32",
        },
        "tolerance": {
            "probabilities": GOLDEN_TOLERANCE,
            "moved_by_eight_bits": round(moved_by_eight_bits(model, tuned_encoder, dev[:: len(dev) // 500 or 1]), 4),
        },
        "heads": {"C": STRENGTH},
        "specificity": {"facets": FACET_SPECIFICITY, "danger": DANGER_SPECIFICITY},
        **measured(model, sentences, data),
    }
    write_model(model, out, notes)
    return notes


def with_heads(
    words: LinearModel, encoder: SentenceEncoder, fitted: FacetClassifier, sentences: Sequence[LabelledSentence]
) -> ContextualModel:
    """Learn from the dev voices how an encoder and the words together tell the facets.

    Parameters
    ----------
    words : LinearModel
        neff-fast as it is; what it says of dangers stays so.
    encoder : SentenceEncoder
        Fine-tuned on other voices.
    fitted : FacetClassifier
        Fitted as neff-fast was, with what it says of each sentence of the train and dev voices unheard.
    sentences : sequence of LabelledSentence
        The corpus.

    Returns
    -------
    ContextualModel
    """
    known = known_to_words(sentences)
    dev = np.array([s.split == "dev" for s in known])
    unheard = [s for s in known if s.split == "dev"]
    vectors = _vectors(encoder, [s.text for s in unheard])
    centre = vectors.mean(axis=0)
    said = fitted.out_of_fold_[dev][:, [fitted.classes_.tolist().index(facet) for facet in Facet]]
    gold = np.array([[_CODES[facet] in s.labels for facet in Facet] for s in unheard])
    features = np.hstack([vectors.astype(np.float64) - centre, _log_odds(said)])
    head = FacetHead(C=STRENGTH).fit(features, gold.astype(int), groups=[s.voice for s in unheard])

    columns = [words.labels.index(facet) for facet in Facet]
    of_vector, of_words = head.coef_[:, : len(centre)].T, head.coef_[:, len(centre) :].T
    weights, baseline, thresholds = words.weights.copy(), words.baseline.copy(), words.thresholds.copy()
    weights[:, columns] = np.round(words.weights[:, columns] @ of_words / WEIGHT_STEP) * WEIGHT_STEP
    baseline[columns] = np.round(words.baseline[columns] @ of_words + head.intercept_, 5)
    lifelike = lifelike_among(unheard)
    cuts = [threshold(head.out_of_fold_[:, i], gold[:, i], lifelike, FACET_SPECIFICITY) for i in range(len(columns))]
    thresholds[columns] = np.round(cuts, 4)
    context_weights = np.zeros((len(centre), len(words.labels)), np.float32)
    context_weights[:, columns] = np.round(of_vector, 5)
    mixed = replace(words, weights=weights, baseline=baseline, thresholds=thresholds)
    return with_context(mixed, encoder, context_weights, centre)


def moved_by_eight_bits(model: ContextualModel, encoder: Encoder, texts: Sequence[str]) -> float:
    """How far the eight bits of the encoder's weights move a probability, at most."""
    scores = model.read(parse_whole(thread_parser(model.warm_words), texts))
    whole = encoder.embed(sentence_texts(scores.parsed, range(len(scores.context)))).astype(np.float32)
    exact = sigmoid(scores.log_odds - scores.context + model.context(whole))
    return float(np.abs(exact - scores.probabilities).max())


def _vectors(encoder: SentenceEncoder, texts: Sequence[str]) -> NDArray[np.float32]:
    parsed = parse_whole(thread_parser(), texts)
    return encoder.vectors(sentence_texts(parsed, range(len(parsed.text))))


def _log_odds(probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    inside = np.clip(probabilities, 1e-9, 1 - 1e-9)
    return np.asarray(np.log(inside / (1 - inside)))
