import numpy as np
import pytest

from innercritic import MissingExtraError
from innercritic.vectors import DIMENSIONS, WordVectors, distil, quantised


def table():
    rng = np.random.default_rng(1)
    words = [f"w{place}" for place in range(300)]
    return quantised(words, rng.normal(size=(300, 200)), {"w0": 0.5})


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


def test_distilling_without_the_extra_says_how_to_get_it(tmp_path, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(MissingExtraError, match=r'pip install "innercritic\[train\]"'):
        distil(tmp_path, [], {})
