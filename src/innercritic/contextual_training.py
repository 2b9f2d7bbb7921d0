"""data/ -> models/neff-accurate: an encoder beside neff-fast's own features. Only the command line imports it.

The encoder is fine-tuned on the train and encoder voices. It has seen what these sentences are labelled, so its vectors
of them are surer than they have a right to be; the heads on top, their calibration and their thresholds come from the
dev voices, which it never heard: of the corpus for the facets, of the safety set as well for the gate. Beside the
vector the heads read the log-odds that neff-fast gives in voices unheard in fitting.
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
from .corpus import LabelledSentence, SafetySentence, corpus_hash, read_corpus, read_safety
from .dangers import Danger, learn, least
from .encoding import SentenceEncoder
from .errors import ModelFormatError
from .exporting import export
from .facets import LABEL_CODES, Facet, SafetyFlag
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
DANGER_SPECIFICITY = {
    SafetyFlag.CRISIS: 0.9975,
    SafetyFlag.HARM_FROM_OTHERS: 0.996,
    SafetyFlag.HARM_TO_OTHERS: 0.996,
    SafetyFlag.DISORDERED_EATING: 0.9983,
}
"""Surer of crisis than neff-fast, as 2% of false alarms among real sentences ask of it, and yet it finds more."""
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
    dangers = learn(words, heard, warned)
    model = with_heads(words, encoder, fitted, dangers, sentences, safety)
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
    words: LinearModel,
    encoder: SentenceEncoder,
    fitted: FacetClassifier,
    dangers: Sequence[Danger],
    sentences: Sequence[LabelledSentence],
    safety: Sequence[SafetySentence],
) -> ContextualModel:
    """Learn from the dev voices how an encoder and the words together tell the facets and the dangers.

    Parameters
    ----------
    words : LinearModel
        neff-fast as it is.
    encoder : SentenceEncoder
        Fine-tuned on other voices.
    fitted : FacetClassifier
        Fitted as neff-fast was, with what it says of each sentence of the train and dev voices unheard.
    dangers : sequence of Danger
        The same of the gate's trained voice.
    sentences : sequence of LabelledSentence
        The corpus.
    safety : sequence of SafetySentence
        The safety set.

    Returns
    -------
    ContextualModel
    """
    unheard = [s for s in sentences if s.split == "dev"]
    vectors = _vectors(encoder, [s.text for s in unheard])
    centre = vectors.mean(axis=0)
    gold = np.array([[_CODES[facet] in s.labels for facet in Facet] for s in unheard])
    places = [fitted.classes_.tolist().index(facet) for facet in Facet]
    said = fitted.out_of_fold_[[s.split == "dev" for s in known_to_words(sentences)]][:, places]
    head = _head(vectors - centre, said, gold, [s.voice for s in unheard])
    lifelike = lifelike_among(unheard)
    cuts = [threshold(head.out_of_fold_[:, i], gold[:, i], lifelike, FACET_SPECIFICITY) for i in range(len(Facet))]
    model = with_context(words, encoder, np.zeros((len(centre), len(words.labels)), np.float32), centre)
    model = _joined(model, head, list(Facet), cuts)

    warned = [s for s in safety if s.split == "dev"]
    vectors = np.vstack([vectors, _vectors(encoder, [s.text for s in warned])])
    heard, known = known_to_gate(sentences, safety)
    dev = np.array([*(s.split == "dev" for s in heard), *(s.split == "dev" for s in known)])
    voices = np.array([*(s.voice for s in unheard), *(s.voice for s in warned)])
    of_corpus = np.arange(len(vectors)) < len(unheard)
    for danger in dangers:
        used, wanted = danger.used[dev], danger.wanted[dev]
        said = danger.unheard[dev][used, None]
        head = _head(vectors[used] - centre, said, wanted[used], voices[used].tolist())
        plain = of_corpus[used]
        cut = least(head.out_of_fold_[plain, 0], wanted[used][plain], DANGER_SPECIFICITY[danger.flag])
        model = _joined(model, head, [danger.flag], [cut])
    return model


def _head(
    vectors: NDArray[np.float32], said: NDArray[np.float64], gold: NDArray[np.bool_], voices: Sequence[str]
) -> FacetHead:
    features = np.hstack([vectors.astype(np.float64), _log_odds(said)])
    return FacetHead(C=STRENGTH).fit(features, gold.astype(int), groups=voices)


def _joined(
    model: ContextualModel, head: FacetHead, labels: Sequence[Facet | SafetyFlag], thresholds: Sequence[float]
) -> ContextualModel:
    """A model whose labels are told by a head on the encoder's vector and on what its words say of the same labels."""
    columns, dimensions = [model.labels.index(label) for label in labels], len(model.centre)
    of_vector, of_words = head.coef_[:, :dimensions].T, head.coef_[:, dimensions:].T
    arrays = [model.weights, model.baseline, model.thresholds, model.context_weights]
    weights, baseline, cuts, context_weights = (array.copy() for array in arrays)
    weights[:, columns] = np.round(model.weights[:, columns] @ of_words / WEIGHT_STEP) * WEIGHT_STEP
    baseline[columns] = np.round(model.baseline[columns] @ of_words + head.intercept_, 5)
    cuts[columns] = np.round(thresholds, 4)
    context_weights[:, columns] = np.round(of_vector, 5)
    return replace(model, weights=weights, baseline=baseline, thresholds=cuts, context_weights=context_weights)


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
