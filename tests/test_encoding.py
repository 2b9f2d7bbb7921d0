"""The encoder of neff-accurate, by itself."""

import pickle
import sys
import threading

import numpy as np
import pytest

from innercritic import MissingExtraError
from innercritic.encoding import SentenceEncoder, _batches, _threads
from tests.benchmarks.writing import sentences

TEXTS = [*sentences(70), "Ok.", "I hate every bit of me, " * 60, "\U0001f62d \u05d0\u05e0\u05d9"]


@pytest.fixture(scope="module")
def encoder(accurate):
    return accurate.model.encoder


@pytest.fixture(scope="module")
def vectors(encoder):
    return encoder.vectors(TEXTS)


def test_nothing_in_nothing_out(encoder):
    assert encoder.vectors([]).shape == (0, encoder.dimensions)
    assert encoder.with_parts_left_out([], []) == []


def test_a_sentence_has_the_same_vector_in_any_company_and_order(encoder, vectors):
    alone = np.concatenate([encoder.vectors([text]) for text in TEXTS])
    assert np.allclose(alone, vectors, atol=1e-5)
    assert np.allclose(encoder.vectors(TEXTS[::-1])[::-1], vectors, atol=1e-5)


def test_the_same_call_gives_the_same_bits(encoder, vectors, monkeypatch):
    for threads in ("1", "3"):
        monkeypatch.setenv("OMP_NUM_THREADS", threads)
        assert encoder.vectors(TEXTS).tobytes() == vectors.tobytes()


def test_a_long_sentence_is_cut_and_takes_no_longer_than_another(encoder):
    long = "word " * 200
    assert np.array_equal(encoder.vectors([long]), encoder.vectors([long * 1000]))


def test_what_no_text_can_hold_is_read(encoder):
    assert np.isfinite(encoder.vectors(["I'm so \ud83d stupid", "", "\x00"])).all()


def test_parts_left_out_are_those_that_were_asked_for(encoder):
    text = "Honestly I am unbelievably worthless."
    ((parts, found),) = encoder.with_parts_left_out([text], [[0, 9, 11, 14, 27, 36]])
    assert parts == [0, 1, 2, 3, 4, 5]
    assert np.allclose(found[3], encoder.vectors(["Honestly I am worthless."])[0], atol=1e-5)


def test_parts_past_the_limit_are_not_seen(encoder):
    text = "so " * 300
    ((parts, found),) = encoder.with_parts_left_out([text], [list(range(0, 900, 3))])
    assert parts == list(range(len(parts))) and len(found) == len(parts) < 80


def test_batches_are_of_like_length_and_hold_everything_once():
    numbered = [[0] * (1 + place % 50) for place in range(1000)]
    found = list(_batches(numbered))
    assert sorted(place for batch in found for place in batch) == list(range(1000))
    assert max(abs(len(numbered[batch[0]]) - len(numbered[batch[-1]])) for batch in found) <= 3


@pytest.mark.parametrize(("asked", "expected"), [("1", 1), ("3", 3), ("", None), ("many", None), ("0", None)])
def test_threads_are_those_that_the_environment_allows(monkeypatch, asked, expected):
    monkeypatch.setenv("OMP_NUM_THREADS", asked)
    assert _threads() == expected or (expected is None and 1 <= _threads() <= 4)


def test_no_thread_is_left_behind(encoder, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    before = threading.active_count()
    encoder.vectors(TEXTS)
    assert threading.active_count() == before


def test_it_travels_to_other_processes(encoder, vectors):
    assert np.array_equal(pickle.loads(pickle.dumps(encoder)).vectors(TEXTS), vectors)


@pytest.mark.parametrize("package", ["onnxruntime", "tokenizers"])
def test_without_the_extra_it_says_how_to_get_it(monkeypatch, package):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtraError, match=r'pip install "innercritic\[accurate\]"'):
        SentenceEncoder(b"", "")


def test_what_is_no_network_is_refused():
    pytest.importorskip("onnxruntime", reason="the extra accurate is not installed")
    with pytest.raises(ValueError, match="not a sentence encoder"):
        SentenceEncoder(b"something else", "{}")
