"""Exporting, tried on an encoder too small to know anything; needs the extra "train"."""

import sys

import numpy as np
import pytest

from innercritic import MissingExtraError
from innercritic.exporting import export
from innercritic.finetuning import LONGEST, Encoder, finetune

TEXTS = ["we had soup", "soup soup we had had we", "we"]


@pytest.fixture(scope="module")
def small():
    for package in ("torch", "transformers", "onnx", "onnxscript"):
        pytest.importorskip(package, reason="the extra train is not installed")
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "we", "had", "soup", *(f"w{n}" for n in range(600))]
    tokenizer = Tokenizer(models.WordPiece({word: n for n, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    encoder = Encoder.__new__(Encoder)
    encoder.fine_tuning = {"seeds": [7]}
    encoder.tokenizer = PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="[PAD]", mask_token="[UNK]")
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=120,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=160,
        initializer_range=0.3,
    )
    encoder.model = BertModel(config, add_pooling_layer=False).train(False)
    return encoder


@pytest.fixture(scope="module")
def exported(small):
    return export(small)


def test_vectors_are_those_of_the_encoder_but_for_the_eight_bits(small, exported):
    expected = small.embed(TEXTS)
    found = exported.vectors(TEXTS)
    alike = (expected * found).sum(1) / np.linalg.norm(expected, axis=1) / np.linalg.norm(found, axis=1)
    assert exported.dimensions == 120 and alike.min() > 0.995
    assert np.abs(found - expected).max() > 0


def test_padding_has_no_part_in_it(exported):
    assert np.allclose(exported.vectors(TEXTS)[2], exported.vectors(TEXTS[2:])[0], atol=1e-5)


def test_large_weights_are_in_eight_bits_and_no_folder_is_named(exported):
    import onnx

    network = onnx.load_from_string(exported.network)
    large = [stored for stored in network.graph.initializer if np.prod(stored.dims) >= 10_000]
    assert len(large) >= 13 and {stored.data_type for stored in large} == {onnx.TensorProto.INT8}
    assert b"site-packages" not in exported.network and b"exporting" not in exported.network


def test_the_tokenizer_cuts_where_training_did(exported):
    long = exported._tokens("soup " * 200)
    assert len(long.ids) == LONGEST


def test_the_same_encoder_gives_the_same_bytes(small, exported):
    again = export(small)
    assert (again.network, again.tokenizer) == (exported.network, exported.tokenizer)


def test_fine_tuned_weights_can_be_saved_and_taken_over(small, exported, tmp_path):
    import copy

    small.save(tmp_path / "tuned.safetensors")
    other = Encoder.__new__(Encoder)
    other.tokenizer, other.model = small.tokenizer, copy.deepcopy(small.model)
    for weights in other.model.parameters():
        weights.data.zero_()
    other.restore(tmp_path / "tuned.safetensors")
    assert np.array_equal(other.embed(TEXTS), small.embed(TEXTS)) and other.fine_tuning == {"seeds": [7]}


def test_several_runs_of_fine_tuning_end_in_the_mean_of_their_weights(small):
    import copy

    def tuned(*seeds):
        other = Encoder.__new__(Encoder)
        other.tokenizer, other.model = small.tokenizer, copy.deepcopy(small.model)
        finetune(other, TEXTS, np.eye(len(TEXTS))[:, :2], seeds)
        return other

    first, second, both = tuned(0), tuned(1), tuned(0, 1)
    for one, other, mean in zip(*(e.model.parameters() for e in (first, second, both)), strict=True):
        assert np.allclose(mean.detach(), (one + other).detach() / 2, atol=1e-5)
    assert not np.allclose(first.embed(TEXTS), second.embed(TEXTS)) and both.fine_tuning["seeds"] == [0, 1]


def test_without_the_extra_it_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(MissingExtraError, match=r'pip install "innercritic\[train\]"'):
        export(Encoder.__new__(Encoder))
