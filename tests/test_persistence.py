import hashlib
import io
import json
import shutil
import zipfile

import numpy as np
import pytest

import innercritic as ic
from innercritic.persistence import METADATA, WEIGHTS, read_model, write_model
from innercritic.resources import model_folder


@pytest.fixture
def folder(tmp_path):
    copy = tmp_path / "model"
    shutil.copytree(model_folder("neff-fast"), copy)
    return copy


def change(folder, **entries):
    path = folder / METADATA
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | entries), "utf-8")


def test_a_round_trip_keeps_every_bit(folder, tmp_path):
    model, metadata = read_model(folder)
    notes = {
        key: metadata[key]
        for key in metadata
        if key not in ("format", "weights_sha256", "labels", "vector_scale", "lexicon")
    }
    for name in ("one", "two"):
        write_model(model, tmp_path / name, notes)
    assert (tmp_path / "one" / WEIGHTS).read_bytes() == (tmp_path / "two" / WEIGHTS).read_bytes()
    assert (tmp_path / "one" / METADATA).read_text("utf-8") == (folder / METADATA).read_text("utf-8")


def test_no_pickle_inside():
    with zipfile.ZipFile(model_folder("neff-fast") / WEIGHTS) as archive:
        for name in archive.namelist():
            array = np.lib.format.read_array(io.BytesIO(archive.read(name)), allow_pickle=False)
            assert array.dtype.kind in "fiu"


@pytest.mark.parametrize("place", [0.1, 0.5, 0.9])
def test_a_changed_byte_is_refused(folder, place):
    payload = bytearray((folder / WEIGHTS).read_bytes())
    payload[int(len(payload) * place)] ^= 1
    (folder / WEIGHTS).write_bytes(payload)
    with pytest.raises(ic.ModelFormatError, match="checksum"):
        ic.load(folder)


def test_a_truncated_file_is_refused(folder):
    payload = (folder / WEIGHTS).read_bytes()
    (folder / WEIGHTS).write_bytes(payload[: len(payload) // 2])
    with pytest.raises(ic.ModelFormatError, match="checksum"):
        read_model(folder)


@pytest.mark.parametrize("number", [0, 3, "1", None, True])
def test_another_format_is_refused(folder, number):
    change(folder, format=number)
    with pytest.raises(ic.ModelFormatError, match="reads formats 1 and 2"):
        read_model(folder)


def test_a_linear_model_that_calls_itself_contextual_is_refused(folder):
    change(folder, format=2)
    with pytest.raises(ic.ModelFormatError, match=r"encoder\.onnx"):
        read_model(folder)


@pytest.mark.parametrize("entries", [{"labels": ["self_judgment"]}, {"lexicon": {}}, {"vector_scale": "x"}])
def test_contents_that_do_not_fit_are_refused(folder, entries):
    change(folder, **entries)
    with pytest.raises(ic.ModelFormatError, match="do not fit together"):
        read_model(folder)


@pytest.mark.parametrize("name", [WEIGHTS, METADATA])
def test_a_missing_file_is_refused(folder, name):
    (folder / name).unlink()
    with pytest.raises(ic.ModelFormatError, match="FileNotFoundError"):
        read_model(folder)


def test_metadata_that_is_no_json_is_refused(folder):
    (folder / METADATA).write_text("{", "utf-8")
    with pytest.raises(ic.ModelFormatError, match="JSONDecodeError"):
        read_model(folder)


def test_an_array_of_objects_is_refused(folder):
    with np.load(folder / WEIGHTS) as stored:
        arrays = dict(stored)
    np.savez(folder / WEIGHTS, **{**arrays, "terms": np.array([{"a": 1}], dtype=object)})
    change(folder, weights_sha256=hashlib.sha256((folder / WEIGHTS).read_bytes()).hexdigest())
    with pytest.raises(ic.ModelFormatError, match="do not fit together"):
        read_model(folder)


@pytest.mark.parametrize("name", ["weights", "thresholds", "baseline", "idf"])
def test_numbers_that_are_none_are_refused(folder, name):
    """A threshold that is NaN would silence the gate's trained voice."""
    with np.load(folder / WEIGHTS) as stored:
        arrays = dict(stored)
    arrays[name] = np.full_like(arrays[name], np.nan)
    np.savez(folder / WEIGHTS, **arrays)
    change(folder, weights_sha256=hashlib.sha256((folder / WEIGHTS).read_bytes()).hexdigest())
    with pytest.raises(ic.ModelFormatError, match="do not fit together"):
        read_model(folder)


def test_golden_sentences_are_checked_on_load(folder):
    golden = json.loads((folder / METADATA).read_text("utf-8"))["golden"]
    assert len(golden) >= 32
    golden[3]["probabilities"][0] = 0.77
    change(folder, golden=golden)
    with pytest.raises(ic.ModelFormatError, match="golden sentences"):
        ic.load(folder)


def test_the_message_names_the_folder_and_no_golden_text(folder):
    change(folder, format=9)
    with pytest.raises(ic.ModelFormatError) as caught:
        read_model(folder)
    assert str(folder) in str(caught.value) and "rice" not in str(caught.value)
