"""neff-accurate behind every door: the same numbers, from threads and from processes too."""

import json
import multiprocessing
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import joblib
import numpy as np
import pandas as pd
import pytest
import spacy

import innercritic as ic
from tests.benchmarks.writing import sentences

from .test_doors import SENTENCES

MODEL = "neff-accurate"
TABLE = pd.DataFrame({"text": [*SENTENCES, None, "", *sentences(45)]})
P = [f"p_{facet}" for facet in ic.Facet]


@pytest.fixture(scope="module")
def nlp(accurate):
    pipeline = spacy.blank("en")
    pipeline.add_pipe("sentencizer", config={"punct_chars": ["|"]})
    pipeline.add_pipe("innercritic", config={"model": MODEL})
    return pipeline


@pytest.fixture(scope="module")
def expected(accurate):
    return ic.score_frame(TABLE, model=MODEL)


def same(one: pd.DataFrame, other: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(one.drop(columns=P), other.drop(columns=P))
    assert np.allclose(one[P], other[P], atol=2e-6, equal_nan=True)


def test_python_spacy_and_scikit_learn_agree(accurate, nlp):
    estimator = ic.FacetClassifier.load(MODEL)
    by_sklearn, claimed = estimator.predict_proba(SENTENCES), estimator.predict(SENTENCES)
    for text, row, on in zip(SENTENCES, by_sklearn, claimed, strict=True):
        (python,) = accurate.analyze(text).sentences
        (through_spacy,) = nlp(text).spans["innercritic"].attrs["sentences"]
        through_sklearn = dict(zip(estimator.classes_.tolist(), row.tolist(), strict=True))
        for facet in ic.Facet:
            found = (python.probabilities[facet], through_spacy["probabilities"][facet], through_sklearn[facet])
            assert max(found) - min(found) < 2e-6
        names = {name for name, said in zip(estimator.classes_.tolist(), on, strict=True) if said} & set(ic.Facet)
        assert names == set(python.facets)


def test_tables_and_streams_agree(accurate, expected):
    texts = [text if isinstance(text, str) else "" for text in TABLE["text"]]
    rows = [sentence for analysis in accurate.pipe(texts, batch_size=7) for sentence in analysis.sentences]
    found = expected[expected["sentence"] >= 0]
    assert len(rows) == len(found)
    for sentence, (_, row) in zip(rows, found.iterrows(), strict=True):
        assert sentence.abstained == (None if pd.isna(row["abstained"]) else row["abstained"])
        assert {str(facet) for facet in sentence.facets} == {f for f in map(str, ic.Facet) if row[f]}
        if sentence.abstained is None:
            assert all(abs(sentence.probabilities[f] - row[f"p_{f}"]) < 2e-6 for f in ic.Facet)


def test_a_table_scores_alike_from_any_cut(expected):
    parts = [ic.score_frame(TABLE.iloc[at : at + 20], model=MODEL) for at in range(0, len(TABLE), 20)]
    same(pd.concat(parts), expected)


def test_the_command_line_and_the_journal_agree(accurate, tmp_path):
    text = SENTENCES[0]
    done = subprocess.run(
        [sys.executable, "-m", "innercritic", "analyze", text, "--json", "--model", MODEL],
        capture_output=True,
        check=True,
    )
    (found,) = json.loads(done.stdout)["sentences"]
    assert found["probabilities"] == pytest.approx(accurate.analyze(text).to_dict()["sentences"][0]["probabilities"])
    frame = pd.DataFrame({"text": SENTENCES, "date": pd.date_range("2026-01-01", periods=len(SENTENCES))})
    journal = ic.Journal.from_frame(frame, text="text", time="date", model=MODEL)
    sj = [bool(set(a.sentences[0].facets) & {"self_judgment"}) for a in accurate.pipe(SENTENCES)]
    assert journal.sentences()["self_judgment"].tolist() == sj


def test_transcripts_agree(accurate, tmp_path):
    path = tmp_path / "session.txt"
    path.write_text("CLIENT: I'm such an idiot and I can't do anything right.\nTHERAPIST: Hm.\n" * 2, "utf-8")
    out = tmp_path / "scores.parquet"
    ic.transcripts.analyze([path], out=out, model=MODEL, n_jobs=1)
    frame = pd.read_parquet(out)
    (sentence,) = accurate.analyze("I'm such an idiot and I can't do anything right.").sentences
    assert len(frame) == 2 and frame["p_self_judgment"].to_numpy() == pytest.approx(
        sentence.probabilities["self_judgment"], abs=2e-6
    )


def test_eight_threads(accurate, expected):
    with ThreadPoolExecutor(8) as pool:
        for _ in range(2):
            parts = pool.map(lambda at: ic.score_frame(TABLE.iloc[at : at + 13], model=MODEL), range(0, len(TABLE), 13))
            same(pd.concat(parts), expected)


def test_workers_of_loky_read_on_as_many_threads_as_they_are_allowed(accurate, expected):
    cuts = range(0, len(TABLE), 30)
    parts = joblib.Parallel(n_jobs=2)(joblib.delayed(scored)(TABLE.iloc[at : at + 30]) for at in cuts)
    same(pd.concat([frame for frame, _ in parts]), expected)
    allowed = max(joblib.cpu_count() // 2, 1)
    assert all(threads <= allowed for _, threads in parts)


def scored(frame: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    from innercritic.encoding import _threads

    return ic.score_frame(frame, model=MODEL), _threads()


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="this system does not fork")
@pytest.mark.skipif(sys.platform == "darwin", reason="macOS' own libraries do not survive a fork")
def test_a_forked_process_goes_on_reading(accurate):
    expected = accurate.score(SENTENCES).probabilities
    with multiprocessing.get_context("fork").Pool(1) as pool:
        found = pool.apply(forked)
    assert np.allclose(found, expected, atol=2e-6, equal_nan=True)


def forked() -> object:
    return ic.load(MODEL).score(SENTENCES).probabilities
