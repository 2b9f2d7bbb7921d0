"""Save and load a fitted model without pickle: arrays in an npz file, everything else in JSON.

Format 1: a folder with ``weights.npz`` (no object arrays) and ``metadata.json``, which holds the format number and the
SHA-256 of the weights. To change the format, raise `FORMAT`, keep reading the older one, and keep a test that does.
"""

import hashlib
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import GoldenMismatchError, ModelFormatError
from .features import FeatureSpace, Lexicon
from .model import LinearModel
from .parsing import thread_parser

FORMAT = 1
WEIGHTS, METADATA = "weights.npz", "metadata.json"
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
    np.savez_compressed(
        folder / WEIGHTS,
        idf=space.idf,
        vectors=space.vectors,
        weights=model.weights,
        baseline=model.baseline,
        thresholds=model.thresholds,
        base_rates=model.base_rates,
        terms=_pack(space.terms),
        vector_words=_pack(space.vector_words),
        warm_words=_pack(model.warm_words),
    )
    lexicon = space.lexicon
    metadata = {
        "format": FORMAT,
        "weights_sha256": hashlib.sha256((folder / WEIGHTS).read_bytes()).hexdigest(),
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
        payload = (folder / WEIGHTS).read_bytes() if (folder / WEIGHTS).stat().st_size < _MOST_BYTES else b""
    except (OSError, ValueError) as error:
        raise ModelFormatError(folder, f"{type(error).__name__} while reading it") from None
    if not isinstance(metadata, dict) or metadata.get("format") != FORMAT:
        found = metadata.get("format") if isinstance(metadata, dict) else None
        raise ModelFormatError(folder, f"it has format {found!r}, this version of innercritic reads format {FORMAT}")
    if hashlib.sha256(payload).hexdigest() != metadata.get("weights_sha256"):
        raise ModelFormatError(folder, "the weights do not match their checksum (damaged, or changed by hand)")
    try:
        return _assemble(_read_arrays(folder), metadata), metadata
    except (KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
        raise ModelFormatError(folder, f"its contents do not fit together ({type(error).__name__})") from None


def _read_arrays(folder: Path) -> dict[str, NDArray[Any]]:
    with np.load(folder / WEIGHTS, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in _ARRAYS}
    for name, kind in _ARRAYS.items():
        if arrays[name].dtype != np.dtype(kind):
            raise ValueError(name)
    return arrays


def _assemble(arrays: Mapping[str, NDArray[Any]], metadata: Mapping[str, Any]) -> LinearModel:
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
        and all(np.isfinite(array).all() for array in arrays.values())
    )
    if not fits:
        raise ValueError("shapes")
    return model


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
