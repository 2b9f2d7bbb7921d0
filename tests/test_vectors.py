from typing import ClassVar

import numpy as np

from innercritic.vectors import DIMENSIONS, WordVectors, distil, quantised


def table():
    rng = np.random.default_rng(1)
    words = [f"w{place}" for place in range(300)]
    return quantised(words, rng.normal(size=(300, 280)), {"w0": 0.5})


def test_vectors_are_reduced_quantised_and_weighted_by_rarity():
    made = table()
    assert made.table.shape == (300, DIMENSIONS) and made.table.dtype == np.int8
    lengths = np.linalg.norm(made.table.astype(float), axis=1)
    assert lengths[0] < 0.05 * lengths[1:].mean()


def test_the_same_input_gives_the_same_bytes(tmp_path):
    table().save(tmp_path / "a.npz")
    table().save(tmp_path / "b.npz")
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    again = WordVectors.read(tmp_path / "a.npz")
    assert again.words == table().words and (again.table == table().table).all()


class Views:
    """What `distil` asks of an encoder: two of them that see words differently."""

    whole_words: ClassVar = {"soup", "rain"}

    def __init__(self, seed):
        self.seed = seed

    def embed(self, texts):
        return np.random.default_rng(self.seed).normal(size=(len(texts), 150))


def test_the_views_of_several_encoders_stand_side_by_side():
    words = [f"w{place}" for place in range(300)]
    made = distil([Views(1), Views(2)], words, {})
    assert made.words == tuple(sorted({*words, "soup", "rain"}))
    assert made.table.shape == (302, DIMENSIONS)  # 300 dimensions of both, reduced
