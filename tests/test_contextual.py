"""neff-accurate: words and context, its evidence, its files."""

import json
import os
import pickle
import shutil
import subprocess
import sys

import numpy as np
import pytest

import innercritic as ic
from innercritic.dangers import rules_alone
from innercritic.facets import SafetyFlag
from innercritic.parsing import Parser
from innercritic.persistence import ENCODER, METADATA, TOKENIZER, WEIGHTS, read_model, write_model
from innercritic.resources import model_folder
from tests.benchmarks.writing import sentences

TEXTS = ["I burned the rice, I'm such an idiot.", "We had soup.", "Nobody would notice if I left, I'm always alone."]
DANGER = "I want to die, and I have for weeks. I'm an idiot."


@pytest.fixture
def folder(accurate, tmp_path):
    copy = tmp_path / "model"
    shutil.copytree(model_folder("neff-accurate"), copy)
    return copy


def change(folder, **entries):
    path = folder / METADATA
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | entries), "utf-8")


def test_evidence_and_baseline_are_the_score(accurate):
    model = accurate.model
    scores = model.read(Parser().parse([*TEXTS, "so " * 200]))
    for row in range(len(scores.log_odds)):
        for column in range(len(model.labels)):
            total = model.baseline[column] + sum(weight for *_, weight in scores.contributions(row, column))
            assert np.isclose(total, scores.log_odds[row, column], atol=1e-4)


def test_evidence_says_what_it_is(accurate, critic):
    analysis = accurate.analyze(TEXTS[0])
    assert analysis.evidence_kind == analysis.to_dict()["evidence_kind"] == "approximate"
    assert critic.analyze(TEXTS[0]).evidence_kind == "exact"
    evidence = analysis.sentences[0].evidence
    assert {"baseline", "words", "context", "sentence"} <= {item.source for item in evidence}
    for item in evidence:
        assert TEXTS[0][item.start : item.end] == item.text
        assert bool(item.text) != (item.source in ("baseline", "sentence"))
    context = [item for item in evidence if item.source == "context" and item.facet == "self_judgment"]
    assert "idiot" in max(context, key=lambda item: item.weight).text


def test_asking_for_evidence_changes_nothing_else(accurate):
    for claimed, every in zip(accurate.pipe(TEXTS), accurate.pipe(TEXTS, explain="all"), strict=True):
        for one, other in zip(claimed.sentences, every.sentences, strict=True):
            assert (one.probabilities, one.facets, one.reframes) == (other.probabilities, other.facets, other.reframes)
            assert {item.facet for item in other.evidence} == set(ic.Facet)


def test_the_gate_listens_to_the_encoder_too(accurate):
    flags = [accurate.model.labels.index(flag) for flag in SafetyFlag]
    assert accurate.model.context_weights[:, flags].any(axis=0).all()
    assert accurate.analyze(DANGER).safety.flags and not accurate.analyze(DANGER).sentences[-1].reframes
    assert not any(analysis.safety.flags for analysis in accurate.pipe(TEXTS[:2]))


def test_the_rules_of_the_gate_are_those_of_neff_fast(accurate, critic):
    """Whatever a rule raises by itself is raised by both."""
    texts = [DANGER, "My husband hits me.", *TEXTS, *sentences(40)]
    one, other = ([a.safety for a in rules_alone(each.model).pipe(texts)] for each in (accurate, critic))
    assert one == other and one[0].raised and one[1].raised


def test_it_holds_what_neff_fast_holds(accurate, critic):
    """Else neff-fast was rebuilt and neff-accurate was not: see CONTRIBUTING.md."""
    ours, theirs = accurate.model, critic.model
    assert (ours.space.terms, ours.labels, ours.warm_words) == (theirs.space.terms, theirs.labels, theirs.warm_words)
    assert np.array_equal(ours.space.vectors, theirs.space.vectors)
    for column in [ours.labels.index(flag) for flag in SafetyFlag]:
        assert np.corrcoef(ours.weights[:, column], theirs.weights[:, column])[0, 1] > 0.999


def test_abstentions_are_those_of_neff_fast(accurate, critic):
    texts = ["Ok.", "\U0001f62d", "Je ne sais pas pourquoi je suis comme ça.", "", "12 34"]
    for one, other in zip(accurate.pipe(texts), critic.pipe(texts), strict=True):
        assert [s.abstained for s in one.sentences] == [s.abstained for s in other.sentences]
        assert not any(s.facets for s in one.sentences)


def test_ugly_text_is_read(accurate, ugly):
    ugly = ugly[:5000]
    (analysis,) = accurate.pipe([ugly])
    for sentence in analysis.sentences:
        assert ugly[sentence.start : sentence.end] == sentence.text
        assert all(0 <= p <= 1 for p in sentence.probabilities.values())


def test_the_files_are_small_and_name_no_folder_of_the_builder(accurate):
    files = [model_folder("neff-accurate") / name for name in (ENCODER, TOKENIZER, WEIGHTS, METADATA)]
    assert sum(path.stat().st_size for path in files) <= 30_000_000
    network = files[0].read_bytes()
    assert b"site-packages" not in network and b".py" not in network


def test_metadata_names_what_it_was_made_from(accurate):
    metadata = json.loads((model_folder("neff-accurate") / METADATA).read_text("utf-8"))
    assert metadata["format"] == 2
    assert {"name", "sha256", "fine_tuning"} <= metadata["encoder"].keys()
    assert {"torch", "onnxruntime", "tokenizers", "numpy"} <= metadata["built_with"].keys()
    assert metadata["tolerance"]["probabilities"] <= 0.001 and len(metadata["golden"]) >= 32


def test_a_round_trip_keeps_every_bit(folder, tmp_path):
    model, metadata = read_model(folder)
    written = ("format", "weights_sha256", "encoder_sha256", "tokenizer_sha256", "labels", "vector_scale", "lexicon")
    write_model(model, tmp_path / "again", {key: metadata[key] for key in metadata if key not in written})
    for name in (ENCODER, TOKENIZER):
        assert (tmp_path / "again" / name).read_bytes() == (folder / name).read_bytes()
    assert json.loads((tmp_path / "again" / METADATA).read_text("utf-8")) == metadata


@pytest.mark.parametrize("name", [ENCODER, TOKENIZER, WEIGHTS])
@pytest.mark.parametrize("damage", ["changed", "truncated", "missing"])
def test_a_damaged_file_is_refused(folder, name, damage):
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    if damage == "missing":
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(content if damage == "changed" else content[: len(content) // 2])
    with pytest.raises(ic.ModelFormatError, match=name):
        ic.load(folder)


def test_a_file_from_elsewhere_is_refused_whatever_the_checksum_says(folder):
    import hashlib

    (folder / ENCODER).write_bytes(b"something else")
    change(folder, encoder_sha256=hashlib.sha256(b"something else").hexdigest())
    with pytest.raises(ic.ModelFormatError, match="do not fit together"):
        ic.load(folder)


def test_it_is_not_taken_for_a_model_of_words(folder):
    change(folder, format=1)
    with pytest.raises(ic.ModelFormatError, match="golden sentences"):
        ic.load(folder)


def test_a_newer_format_is_refused(folder):
    change(folder, format=3)
    with pytest.raises(ic.ModelFormatError, match="reads formats 1 and 2"):
        ic.load(folder)


def test_golden_sentences_are_checked_on_load(folder):
    golden = json.loads((folder / METADATA).read_text("utf-8"))["golden"]
    golden[3]["probabilities"][0] = 0.77
    change(folder, golden=golden)
    with pytest.raises(ic.ModelFormatError, match="golden sentences"):
        ic.load(folder)


def test_without_the_extra_loading_says_how_to_get_it(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(ic.MissingExtraError, match=r'pip install "innercritic\[accurate\]"'):
        ic.load(folder)


def test_the_command_line_says_it_too(accurate):
    code = "import sys; sys.modules['onnxruntime'] = None; from innercritic.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "analyze", "I hate me.", "--model", "neff-accurate"], capture_output=True
    )
    assert done.returncode == 1 and b"innercritic[accurate]" in done.stderr and b"Traceback" not in done.stderr


def test_no_word_stays(accurate):
    canary = "zaphodina"
    accurate.analyze(f"My cousin {canary} says I'm such an idiot, {canary}.")
    assert canary.encode() not in pickle.dumps(accurate) + pickle.dumps(accurate.model.encoder)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux says what a process took at most")
def test_memory_stays_below_half_a_gigabyte(accurate):
    code = (
        "import innercritic as ic; from tests.benchmarks.writing import sentences; "
        "ic.load('neff-accurate').score(sentences(150)); print(open('/proc/self/status').read())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    (peak,) = (int(line.split()[1]) for line in done.stdout.splitlines() if line.startswith("VmHWM"))
    assert peak * 1024 < 500e6


def test_it_is_found_by_its_name_only_where_asked_for(accurate):
    assert ic.load().name == "neff-fast" and accurate.name == "neff-accurate"
    assert os.path.basename(model_folder("neff-accurate")) == "neff-accurate"
