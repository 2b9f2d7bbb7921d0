import sys

import pytest

from innercritic import MissingExtraError
from innercritic.finetuning import Encoder, _batches


def test_without_the_extra_it_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "transformers", None)
    with pytest.raises(MissingExtraError, match=r'pip install "innercritic\[train\]"'):
        Encoder(tmp_path)


def test_another_encoder_is_refused(tmp_path):
    pytest.importorskip("transformers", reason="the extra train is not installed")
    (tmp_path / "model.safetensors").write_bytes(b"something else")
    with pytest.raises(ValueError, match="is not sentence-transformers/all-MiniLM-L6-v2"):
        Encoder(tmp_path)


def test_every_sentence_is_in_one_batch_and_batches_are_of_like_length():
    import random

    rows = [[0] * (1 + place % 50) for place in range(1000)]
    batches = _batches(rows, random.Random(0))
    assert sorted(place for batch in batches for place in batch) == list(range(1000))
    lengths = [[len(rows[place]) for place in batch] for batch in batches]
    assert max(max(batch) - min(batch) for batch in lengths) < 10
