import hashlib
import json
from pathlib import Path

import numpy as np

from innercritic import training
from innercritic.corpus import corpus_hash
from innercritic.facets import CRITIC_FACETS
from innercritic.persistence import read_model
from innercritic.resources import model_folder

DATA = Path(__file__).parents[1] / "data"


def _sha256(file):
    return hashlib.sha256(file.read_bytes()).hexdigest()


def notes_of(folder):
    return json.loads((folder / "metadata.json").read_text("utf-8"))


def test_the_bundled_model_was_made_from_these_data():
    assert notes_of(model_folder("neff-fast"))["data_sha256"] == corpus_hash(DATA)


def test_training_gives_the_bundled_model(rebuilt):
    """The same bytes with the same versions on the same processor; else the solver stops elsewhere, near enough."""
    stored, metadata = read_model(model_folder("neff-fast"))
    again, _ = read_model(rebuilt)
    assert again.space.terms == stored.space.terms
    if metadata["built_with"] == notes_of(rebuilt)["built_with"]:
        # Digests, never the bytes themselves: pytest would explain for hours how two binary files differ.
        assert _sha256(rebuilt / "weights.npz") == _sha256(model_folder("neff-fast") / "weights.npz")
    texts = [item["text"] for item in metadata["golden"]]
    assert np.abs(training.score(again, texts) - training.score(stored, texts)).max() < 0.03


def test_it_is_right_about_voices_it_never_heard(rebuilt):
    measured = notes_of(rebuilt)["evaluation"]["test_voices"]
    assert measured["macro_f1"] > 0.75 and measured["specificity"] > 0.94
    assert all(measured["labels"][facet]["calibration_error"] < 0.05 for facet in CRITIC_FACETS)


def test_the_model_is_small():
    assert sum(path.stat().st_size for path in model_folder("neff-fast").iterdir()) < 15_000_000
