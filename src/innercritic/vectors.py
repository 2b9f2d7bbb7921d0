"""Static word vectors: a small quantised table, distilled from a sentence encoder.

Reading the table needs numpy alone; making it (`distil`) needs the extra "train" and is done once a release.
Method: Minish Lab's Model2Vec (2024) in outline: embed every word alone with the encoder, reduce by principal
components, weight by how rare the word is (Arora et al. 2017, smooth inverse frequency). Each word is read twice, by
the encoder as it came and by the same encoder after fine-tuning on our corpus: one knows words, the other the task.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .finetuning import Encoder

DIMENSIONS = 256
RARITY = 1e-3
"""The `a` of smooth inverse frequency: a / (a + share of the word)."""


@dataclass(frozen=True)
class WordVectors:
    """A table of word vectors, a signed byte a number.

    Parameters
    ----------
    words : tuple of str
        The words.
    table : ndarray of int8, shape (words, dimensions)
        Their vectors, already weighted by rarity.
    scale : float
        What one step is worth.
    """

    words: tuple[str, ...]
    table: NDArray[np.int8]
    scale: float

    def save(self, path: Path) -> None:
        """Write an npz file without objects in it."""
        joined = np.frombuffer("\n".join(self.words).encode(), np.uint8)
        np.savez_compressed(path, words=joined, table=self.table, scale=np.float32(self.scale))

    @classmethod
    def read(cls, path: Path) -> "WordVectors":
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            words = tuple(arrays["words"].tobytes().decode().split("\n"))
            return cls(words, arrays["table"], float(arrays["scale"]))


def quantised(words: Sequence[str], vectors: NDArray[np.float64], shares: Mapping[str, float]) -> WordVectors:
    """Reduce, weight and quantise word vectors.

    Parameters
    ----------
    words : sequence of str
        The words.
    vectors : ndarray, shape (words, dimensions of the encoder)
        What the encoder makes of each word alone.
    shares : mapping of str to float
        Share of all running words that is this word; 0 when it is missing.

    Returns
    -------
    WordVectors
        With at most `DIMENSIONS` dimensions.
    """
    centred = vectors - vectors.mean(axis=0)
    _, _, components = np.linalg.svd(centred, full_matrices=False)
    components = components[:DIMENSIONS]
    components *= np.sign(components[np.arange(len(components)), np.abs(components).argmax(axis=1)])[:, None]
    reduced = centred @ components.T
    reduced /= np.linalg.norm(reduced, axis=1).mean()
    rarity = np.array([RARITY / (RARITY + shares.get(word, 0.0)) for word in words])
    weighted = reduced * rarity[:, None]
    scale = float(np.abs(weighted).max()) / 127
    return WordVectors(tuple(words), np.round(weighted / scale).astype(np.int8), scale)


def distil(encoders: Sequence[Encoder], words: Sequence[str], shares: Mapping[str, float]) -> WordVectors:
    """Make the table from sentence encoders.

    Parameters
    ----------
    encoders : sequence of Encoder
        What every word is read with; where there are several, their views of a word stand side by side before the
        table is reduced to its principal components.
    words : sequence of str
        Words to embed, besides the whole words of the encoders' own vocabulary.
    shares : mapping of str to float
        See `quantised`.

    Returns
    -------
    WordVectors
        Ready to save.
    """
    everything = sorted(encoders[0].whole_words | {word for word in words if word.strip()})
    views = [encoder.embed(everything) for encoder in encoders]
    scaled = [view / np.linalg.norm(view, axis=1).mean() for view in views]
    return quantised(everything, np.hstack(scaled), shares)
