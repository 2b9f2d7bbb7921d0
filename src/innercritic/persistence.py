"""Save and load a fitted model without pickle: arrays in an npz file, everything else in JSON.

Format 1, a linear model: a folder with ``weights.npz`` (no object arrays) and ``metadata.json``, which holds the format
number and the SHA-256 of the weights. Format 2, a contextual model: the same with more arrays, ``encoder.onnx`` and
``tokenizer.json``, and their SHA-256. To change a format, give it a new number, keep reading the older one, and keep a
test that does.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .contextual import ContextualModel, with_context
from .encoding import SentenceEncoder
from .errors import GoldenMismatchError, ModelFormatError
from .model import LinearModel
from .parsing import thread_parser
from .space import FeatureSpace, Lexicon

LINEAR, CONTEXTUAL = 1, 2
"""The formats."""
WEIGHTS, METADATA = "weights.npz", "metadata.json"
ENCODER, TOKENIZER = "encoder.onnx", "tokenizer.json"
GOLDEN_TOLERANCE = 1e-3

_MOST_BYTES = 100_000_000
_ARRAYS = {
    "idf": "f4",
    "vectors": "i1",
    "weights": "f4",
    "baseline": "f4",
    "thresholds": "f4",
    "base_rates": "f4",
    "terms": "u1",
    "vector_words": "u1",
    "warm_words": "u1",
}
_CONTEXT_ARRAYS = {"context_weights": "f4", "centre": "f4"}


def write_model(model: LinearModel, folder: Path, notes: Mapping[str, Any]) -> None:
    """Save a model; the same model and notes give the same bytes.

    Parameters
    ----------
    model : LinearModel
        The model.
    folder : Path
        Made if it is not there.
    notes : mapping
        JSON-ready facts to keep beside it (parameters, data hash, golden sentences, evaluation).
    """
    folder.mkdir(parents=True, exist_ok=True)
    space = model.space
    contextual = model if isinstance(model, ContextualModel) else None
    np.savez_compressed(
        folder / WEIGHTS,
        idf=space.idf,
        vectors=np.asfortranarray(space.vectors),  # compresses better column by column
        weights=model.weights,
        baseline=model.baseline,
        thresholds=model.thresholds,
        base_rates=model.base_rates,
        terms=_pack(space.terms),
        vector_words=_pack(space.vector_words),
        warm_words=_pack(model.warm_words),
        **({name: getattr(contextual, name) for name in _CONTEXT_ARRAYS} if contextual else {}),
    )
    lexicon = space.lexicon
    metadata = {
        "format": CONTEXTUAL if contextual else LINEAR,
        "weights_sha256": hashlib.sha256((folder / WEIGHTS).read_bytes()).hexdigest(),
        **(_write_encoder(contextual.encoder, folder) if contextual else {}),
        "labels": list(model.labels),
        "vector_scale": space.vector_scale,
        "lexicon": {
            "aliases": dict(lexicon.aliases),
            "negations": sorted(lexicon.negations),
            "breaks": sorted(lexicon.breaks),
            "cues": {name: sorted(words) for name, words in lexicon.cues.items()},
        },
        **notes,
    }
    (folder / METADATA).write_text(json.dumps(metadata, indent=1, ensure_ascii=False) + "\n", "utf-8")


def _write_encoder(encoder: SentenceEncoder, folder: Path) -> dict[str, str]:
    (folder / ENCODER).write_bytes(encoder.network)
    (folder / TOKENIZER).write_bytes(encoder.tokenizer.encode())
    return {
        "encoder_sha256": hashlib.sha256(encoder.network).hexdigest(),
        "tokenizer_sha256": hashlib.sha256(encoder.tokenizer.encode()).hexdigest(),
    }


def read_model(folder: Path) -> tuple[LinearModel, dict[str, Any]]:
    """Load a model; whatever is missing, damaged, tampered with or too new is refused.

    Parameters
    ----------
    folder : Path
        A model folder.

    Returns
    -------
    model : LinearModel
    metadata : dict
        Everything in metadata.json.

    Raises
    ------
    ModelFormatError
        With the reason.
    """
    try:
        metadata = json.loads((folder / METADATA).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ModelFormatError(folder, f"{type(error).__name__} while reading it") from None
    found = metadata.get("format") if isinstance(metadata, dict) else None
    if type(found) is not int or found not in (LINEAR, CONTEXTUAL):
        raise ModelFormatError(
            folder, f"it has format {found!r}, this version of innercritic reads formats {LINEAR} and {CONTEXTUAL}"
        )
    weights = _checked(folder, WEIGHTS, metadata.get("weights_sha256"))
    encoder = _read_encoder(folder, metadata) if found == CONTEXTUAL else None
    try:
        return _assemble(_read_arrays(weights, encoder is not None), metadata, encoder), metadata
    except (KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
        raise ModelFormatError(folder, f"its contents do not fit together ({type(error).__name__})") from None


def _read_encoder(folder: Path, metadata: Mapping[str, Any]) -> SentenceEncoder:
    network = _checked(folder, ENCODER, metadata.get("encoder_sha256"))
    tokenizer = _checked(folder, TOKENIZER, metadata.get("tokenizer_sha256"))
    try:
        return SentenceEncoder(network, tokenizer.decode())
    except ValueError as error:
        raise ModelFormatError(folder, f"its contents do not fit together ({error})") from None


def _checked(folder: Path, name: str, expected: object) -> bytes:
    """Read a file of a model, if it is the one that was written."""
    path = folder / name
    try:
        content = path.read_bytes() if path.stat().st_size < _MOST_BYTES else b""
    except OSError as error:
        raise ModelFormatError(folder, f"{type(error).__name__} while reading {name}") from None
    if hashlib.sha256(content).hexdigest() != expected:
        raise ModelFormatError(folder, f"{name} does not match its checksum (damaged, or changed by hand)")
    return content


def _read_arrays(weights: bytes, contextual: bool) -> dict[str, NDArray[Any]]:
    kinds = _ARRAYS | _CONTEXT_ARRAYS if contextual else _ARRAYS
    with np.load(io.BytesIO(weights), allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in kinds}
    for name, kind in kinds.items():
        if arrays[name].dtype != np.dtype(kind) or not np.isfinite(arrays[name]).all():
            raise ValueError(name)
    return arrays


def _assemble(
    arrays: Mapping[str, NDArray[Any]], metadata: Mapping[str, Any], encoder: SentenceEncoder | None
) -> LinearModel:
    stored = metadata["lexicon"]
    lexicon = Lexicon(
        aliases=dict(stored["aliases"]),
        negations=frozenset(stored["negations"]),
        breaks=frozenset(stored["breaks"]),
        cues={name: frozenset(words) for name, words in stored["cues"].items()},
    )
    space = FeatureSpace(
        lexicon=lexicon,
        terms=_unpack(arrays["terms"]),
        idf=arrays["idf"],
        vector_words=_unpack(arrays["vector_words"]),
        vectors=arrays["vectors"],
        vector_scale=float(metadata["vector_scale"]),
    )
    labels = tuple(metadata["labels"])
    model = LinearModel(
        space=space,
        labels=labels,
        weights=arrays["weights"],
        baseline=arrays["baseline"],
        thresholds=arrays["thresholds"],
        base_rates=arrays["base_rates"],
        warm_words=_unpack(arrays["warm_words"]),
    )
    fits = (
        model.weights.shape == (space.size, len(labels))
        and len(space.idf) == len(space.terms)
        and len(space.vectors) == len(space.vector_words)
        and model.baseline.shape == model.thresholds.shape == model.base_rates.shape == (len(labels),)
        and (
            encoder is None
            or (arrays["context_weights"].shape, arrays["centre"].shape)
            == ((encoder.dimensions, len(labels)), (encoder.dimensions,))
        )
    )
    if not fits:
        raise ValueError("shapes")
    if encoder is None:
        return model
    return with_context(model, encoder, arrays["context_weights"], arrays["centre"])


def _pack(words: tuple[str, ...]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(words).encode(), np.uint8)


def _unpack(array: NDArray[np.uint8]) -> tuple[str, ...]:
    return tuple(array.tobytes().decode().split("\n")) if array.size else ()


def verify(model: LinearModel, golden: Sequence[Mapping[str, Any]], folder: Path) -> None:
    """Refuse a model whose golden sentences no longer score as they did when it was made.

    Parameters
    ----------
    model : LinearModel
        The model.
    golden : sequence of mapping
        Sentences ("text") and what the model said of them ("probabilities"); may be empty.
    folder : Path
        Where it was loaded from, for the message.

    Raises
    ------
    GoldenMismatchError
        When a probability differs by more than `GOLDEN_TOLERANCE`.
    """
    if not golden:
        return
    parsed = thread_parser(model.warm_words).parse([item["text"] for item in golden], [()] * len(golden))
    expected = np.array([item["probabilities"] for item in golden])
    worst = float(np.abs(model.read(parsed).probabilities - expected).max())
    if worst > GOLDEN_TOLERANCE:
        raise GoldenMismatchError(folder, worst)
