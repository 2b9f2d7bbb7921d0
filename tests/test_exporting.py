"""Exporting, tried on an encoder too small to know anything; needs the extra "train"."""

import copy
import random
import sys

import numpy as np
import pytest

from innercritic import MissingExtraError
from innercritic.exporting import export
from innercritic.finetuning import LONGEST, Encoder, finetune, joined

TEXTS = ["we had soup", "soup soup we had had we", "we"]


@pytest.fixture(scope="module")
def small():
    for package in ("torch", "transformers", "onnx", "onnxscript"):
        pytest.importorskip(package, reason="the extra train is not installed")
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    marks, foreign = ["[PAD]", "[unused0]", "[UNK]", "[CLS]", "[SEP]"], ["суп", "##湯", "σ"]
    words = [*marks, *foreign, "we", "had", "soup", "£5", *(f"w{n}" for n in range(600))]
    tokenizer = Tokenizer(models.WordPiece({word: n for n, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        "[CLS] $A [SEP]", special_tokens=[("[CLS]", 3), ("[SEP]", 4)]
    )
    encoder = Encoder.__new__(Encoder)
    encoder.fine_tuning = {"seed": 7}
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


def twin(encoder):
    """The same encoder, to be changed."""
    other = Encoder.__new__(Encoder)
    other.tokenizer, other.model = encoder.tokenizer, copy.deepcopy(encoder.model)
    return other


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


def test_pieces_that_no_english_sentence_has_are_left_out_and_marks_renumbered(small, exported):
    kept = exported._tokenizer.get_vocab()
    assert {"суп", "##湯", "σ", "[unused0]"}.isdisjoint(kept) and {"soup", "£5", "[CLS]"} <= set(kept)
    assert sorted(kept.values()) == list(range(len(kept)))
    assert exported._tokens("we").ids == [kept["[CLS]"], kept["we"], kept["[SEP]"]]
    assert np.allclose(exported.vectors(["we суп"]), exported.vectors(["we σ"]))


def test_the_same_encoder_gives_the_same_bytes(small, exported):
    again = export(small)
    assert (again.network, again.tokenizer) == (exported.network, exported.tokenizer)


def test_fine_tuned_weights_can_be_saved_and_taken_over(small, exported, tmp_path):
    small.save(tmp_path / "tuned.safetensors")
    other = twin(small)
    for weights in other.model.parameters():
        weights.data.zero_()
    other.restore(tmp_path / "tuned.safetensors")
    assert np.array_equal(other.embed(TEXTS), small.embed(TEXTS)) and other.fine_tuning == {"seed": 7}


def test_fine_tuning_learns_its_labels(small):
    other = twin(small)
    finetune(other, TEXTS, np.eye(len(TEXTS))[:, :2], seed=3)
    assert other.fine_tuning["seed"] == 3 and not np.allclose(other.embed(TEXTS), small.embed(TEXTS))


def test_fine_tuning_goes_part_of_the_way_from_the_encoders_own_weights(small, monkeypatch):
    from innercritic import finetuning

    found = []
    for kept in (0.0, 0.5, 1.0):
        monkeypatch.setattr(finetuning, "KEPT", kept)
        other = twin(small)
        finetune(other, TEXTS, np.eye(len(TEXTS))[:, :2], seed=3)
        found.append(np.concatenate([weights.detach().numpy().ravel() for weights in other.model.parameters()]))
    own = np.concatenate([weights.detach().numpy().ravel() for weights in small.model.parameters()])
    assert np.array_equal(found[0], own) and not np.allclose(found[2], own)
    assert np.allclose(found[1], (own + found[2]) / 2, atol=1e-6)


def test_two_sentences_together_carry_what_either_does():
    start, end, unsaid = 101, 102, np.nan
    rows = [[start, n, end] for n in range(200)]
    told = np.array([[1, 0, unsaid, 0]] * 100 + [[0, 0, 1, unsaid]] * 100, np.float32)
    longer, labels = joined(rows, told, random.Random(1))
    pairs = [(row, list(label)) for row, label in zip(longer, labels, strict=True) if len(row) == 4]
    assert 30 < len(pairs) < 90 and all(row[0] == start and row[-1] == end for row, _ in pairs)
    for (_, first, second, _), found in pairs:
        kinds = {first < 100, second < 100}
        wanted = {True: [1, 0, unsaid, 0], False: [0, 0, 1, unsaid]}
        assert np.array_equal(found, [1, 0, 1, unsaid] if len(kinds) == 2 else wanted[kinds.pop()], equal_nan=True)
    alone = [place for place, row in enumerate(longer) if len(row) == 3]
    assert np.array_equal(labels[alone], told[alone], equal_nan=True)
    long = [[start, *range(50), end]] * 9
    assert joined(long, told[:9], random.Random(1))[0] == long


def test_without_the_extra_it_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(MissingExtraError, match=r'pip install "innercritic\[train\]"'):
        export(Encoder.__new__(Encoder))
