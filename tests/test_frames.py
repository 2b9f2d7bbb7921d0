import datetime
import math
import re
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import innercritic as ic
from innercritic import batching
from innercritic.schema import columns, empty_frame, spark_ddl
from tests.conftest import UGLY

ENTRIES = pd.DataFrame(
    {
        "entry": [
            "I burnt the rice. I'm such an idiot.",
            "Okay.",
            None,
            "",
            "  \n",
            "I want to die. We had soup. Nobody likes me.",
            "Ich bin so dumm und hasse mich selbst.",
            "\u200b",
        ],
        "day": pd.date_range("2026-01-01", periods=8),
        "person": pd.Categorical(["ann", "ann", "bo", "bo", "bo", "ann", "ann", "bo"]),
    },
    index=pd.Index([10, 20, 30, 40, 50, 60, 70, 80], name="entry_id"),
)


def test_a_row_a_sentence_with_the_index_and_the_columns_kept():
    frame = ic.score_frame(ENTRIES, text="entry", keep=["day", "person"])
    assert frame.index.tolist() == [10, 10, 20, 30, 40, 50, 60, 60, 60, 70, 80]
    assert frame.index.name == "entry_id"
    assert frame["sentence"].tolist() == [0, 1, 0, -1, -1, -1, 0, 1, 2, 0, -1]
    assert frame["person"].dtype == ENTRIES["person"].dtype and frame["day"].dtype == ENTRIES["day"].dtype
    assert (frame["day"] == ENTRIES["day"].loc[frame.index]).all()
    reasons = frame["abstained"].astype(object).where(frame["abstained"].notna(), None).tolist()
    assert reasons == [None, None, "too_short", "missing", "empty", "empty", None, None, None, "not_english", "empty"]


def test_numbers_are_those_of_the_other_doors(critic):
    frame = ic.score_frame(ENTRIES, text="entry").reset_index()
    for place, text in zip(ENTRIES.index, ENTRIES["entry"], strict=True):
        analysis = critic.analyze(text if isinstance(text, str) else "")
        rows = frame[(frame["entry_id"] == place) & (frame["sentence"] >= 0)]
        assert len(rows) == len(analysis.sentences)
        assert (rows["document_clear"] == analysis.safety.clear).all()
        for flag in ic.SafetyFlag:
            assert (rows[f"document_{flag}"] == (flag in analysis.safety.flags)).all()
        for (_, row), sentence in zip(rows.iterrows(), analysis.sentences, strict=True):
            assert (row["start"], row["end"]) == (sentence.start, sentence.end)
            assert [facet for facet in ic.Facet if row[facet]] == list(sentence.facets)
            for facet, value in sentence.probabilities.items():
                expected = math.nan if sentence.abstained else np.float32(round(value, 6))
                assert np.array_equal(row[f"p_{facet}"], expected, equal_nan=True)


def test_the_gate_is_seen_in_its_sentence_and_in_the_whole_text():
    frame = ic.score_frame(ENTRIES, text="entry").loc[60]
    assert frame["crisis"].tolist() == [True, False, False]
    assert frame["document_crisis"].all() and not frame["document_clear"].any()
    assert not frame["document_harm_to_others"].any()


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        (None, "missing"),
        (float("nan"), "missing"),
        (pd.NA, "missing"),
        (pd.NaT, "missing"),
        (3.5, "not_text"),
        (["I'm an idiot."], "not_text"),
        (b"I'm an idiot.", "not_text"),
        (datetime.date(2026, 1, 1), "not_text"),
        (np.array([1.0, np.nan]), "not_text"),
        ({}, "not_text"),
    ],
)
def test_cells_that_are_no_text(cell, reason):
    column = np.empty(2, object)
    column[:] = [cell, "I'm an idiot."]
    frame = ic.score_frame(pd.DataFrame({"text": column}))
    assert frame.index.tolist() == [0, 1]
    assert frame["abstained"].iloc[0] == reason and frame["self_judgment"].tolist() == [False, True]
    assert frame["document_clear"].tolist() == [reason == "missing", True]
    assert frame.iloc[0][["sentence", "start", "end"]].tolist() == [-1, 0, 0]


def test_ugly_texts_have_rows_that_slice_back():
    texts = pd.Series({name: text for name, text in UGLY.items() if len(text) < 1000}, dtype=object, name="text")
    frame = ic.score_frame(texts.to_frame(), include_text=True)
    assert set(frame.index) == set(texts.index)
    for name, row in frame.iterrows():
        if row["sentence"] >= 0:
            written = texts[name][row["start"] : row["end"]]
            assert row["text"] == re.sub("[\ud800-\udfff]", "\ufffd", written)  # no column of text can hold those


def test_without_text_no_word_of_the_user_is_in_it():
    frame = ic.score_frame(ENTRIES, text="entry")
    assert "text" not in frame
    for name in frame.select_dtypes(exclude=["number", "bool"]):
        assert set(frame[name].dropna()) <= {"missing", "empty", "too_short", "no_words", "not_english", "not_text"}


@pytest.mark.parametrize("include_text", [False, True])
def test_the_schema_is_what_comes_out(include_text):
    frame = ic.score_frame(ENTRIES, text="entry", keep="day", include_text=include_text)
    expected = {column.name: column.dtype for column in columns(include_text)}
    assert frame.drop(columns="day").dtypes.astype(str).to_dict() == expected
    assert len({column.name for column in ic.SCHEMA}) == len(ic.SCHEMA) and all(column.meaning for column in ic.SCHEMA)
    none = ic.score_frame(ENTRIES.iloc[:0], text="entry", keep="day", include_text=include_text)
    pd.testing.assert_frame_equal(none, frame.iloc[:0])
    pd.testing.assert_frame_equal(empty_frame(ENTRIES[["day"]], include_text), frame.iloc[:0])
    ddl = dict(part.split(" ") for part in spark_ddl({"day": "timestamp"}, include_text).split(", "))
    assert list(ddl) == list(frame) and ddl["p_isolation"] == "float" and ddl["start"] == "int"


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.sampled_from([*ENTRIES["entry"], "I failed. I always do, you know.", 7.5]), max_size=12),
    st.integers(1, 200),
)
def test_any_cut_of_a_table_gives_the_same_rows(cells, size):
    df = pd.DataFrame({"text": pd.Series(cells, dtype=object)})
    whole = ic.score_frame(df)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batching, "BATCH_CHARACTERS", size)
        pd.testing.assert_frame_equal(ic.score_frame(df), whole)
    parts = [ic.score_frame(df.iloc[i : i + 1]) for i in range(len(df))]
    if parts:
        pd.testing.assert_frame_equal(pd.concat(parts), whole, check_dtype=True)


def test_processes_give_the_same_rows(monkeypatch):
    monkeypatch.setattr(batching, "BATCH_CHARACTERS", 2_000)
    df = pd.concat([ENTRIES] * 40)
    pd.testing.assert_frame_equal(ic.score_frame(df, "entry", n_jobs=2), ic.score_frame(df, "entry"))


def test_duplicate_and_multiple_indexes_are_kept():
    df = pd.DataFrame({"text": ["One. Two.", "Three."]}, index=pd.MultiIndex.from_tuples([("a", 1), ("a", 1)]))
    frame = ic.score_frame(df)
    assert frame.index.tolist() == [("a", 1)] * 3 and frame.index.nlevels == 2


def test_columns_are_checked():
    with pytest.raises(ic.ColumnError, match="'entry' is not there"):
        ic.score_frame(pd.DataFrame({"text": []}), text="entry")
    with pytest.raises(ic.ColumnError, match="more than once"):
        ic.score_frame(pd.DataFrame([["a", "b"]], columns=["text", "text"]))
    with pytest.raises(ic.ColumnError, match="'start' cannot be kept"):
        ic.score_frame(pd.DataFrame({"text": ["x"], "start": [1]}), keep="start")
    with pytest.raises(TypeError, match="got list"):
        ic.score_frame(["I'm an idiot."])
    with pytest.raises(ic.ModelNotFoundError):
        ic.score_frame(pd.DataFrame({"text": ["x"]}), model="neff-slow")


def test_the_table_given_is_left_alone(critic):
    before = ENTRIES.copy(deep=True)
    ic.score_frame(ENTRIES, text="entry", keep="day", model=critic)
    pd.testing.assert_frame_equal(ENTRIES, before)


def test_without_pandas_the_error_says_what_to_install():
    code = "import sys; sys.modules['pandas'] = None; import innercritic as ic; ic.SCHEMA; ic.score_frame(None)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert 'pip install "innercritic[notebook]"' in run.stderr
