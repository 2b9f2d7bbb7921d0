from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from innercritic.arrays import Lookup, pooled, summed

KEYS = st.integers(0, 2**64 - 1)


@given(st.dictionaries(KEYS | st.integers(0, 20), st.integers(-5, 5)), st.lists(KEYS | st.integers(0, 20)))
def test_it_finds_what_a_dictionary_finds(known, others):
    lookup = Lookup.of(np.array(list(known), np.uint64), list(known.values()), otherwise=-7)
    asked = [*known, *others]
    assert lookup.find(np.array(asked, np.uint64)).tolist() == [known.get(key, -7) for key in asked]


@pytest.mark.parametrize("keys", [np.arange(5000), np.arange(5000) << 40, np.arange(5000) * 22_555])
def test_neighbouring_keys_are_spread(keys):
    free = np.flatnonzero(Lookup.of(keys, np.zeros(5000), otherwise=-1).keys == ~np.uint64(0))
    assert np.diff(free).max() < 16  # so many are in each other's way at most


@given(lengths=st.lists(st.integers(1, 9), max_size=12))
def test_rows_are_pooled_segment_by_segment(lengths):
    first = np.cumsum([0, *lengths])
    values = np.random.default_rng(0).integers(-9, 9, (first[-1], 5))
    expected = np.add.reduceat(values, first[:-1], axis=0) if lengths else values
    assert (pooled(values, first) == expected).all()


@pytest.mark.parametrize("dtype", [np.int16, np.float64])
def test_rows_add_up_to_the_same_bits_in_any_company(dtype):
    draw = np.random.default_rng(0)
    table = draw.integers(-128, 128, (50, 8)).astype(dtype) / (1 if dtype == np.int16 else 7)
    table, lengths = table.astype(dtype), draw.integers(1, 40, 400)
    first, rows = np.cumsum([0, *lengths]), draw.integers(0, 50, lengths.sum()).astype(np.int32)
    alone = [summed(table, rows[a:b], np.array([0, b - a])) for a, b in pairwise(first)]
    for some in (1, 5, 50, 400):
        assert (summed(table, rows[: first[some]], first[: some + 1]) == np.concatenate(alone[:some])).all()
