"""The same rows from threads and from processes, however these were started."""

import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import pandas as pd
import pytest

import innercritic as ic
from innercritic.parsing import thread_parser
from tests.benchmarks.writing import sentences

TABLE = pd.DataFrame({"text": sentences(240)})
PARTS = [TABLE.iloc[i : i + 30] for i in range(0, len(TABLE), 30)]


@pytest.fixture(scope="module")
def expected():
    return ic.score_frame(TABLE)


def test_eight_threads(expected):
    with ThreadPoolExecutor(8) as pool:
        for _ in range(3):
            pd.testing.assert_frame_equal(pd.concat(pool.map(ic.score_frame, PARTS)), expected)


def test_every_thread_of_a_pool_has_its_own_parser():
    with ThreadPoolExecutor(8) as pool:
        parsers = set(pool.map(lambda _: id(thread_parser()), range(64)))
    assert 1 <= len(parsers) <= 8 and id(thread_parser()) not in parsers


@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_processes(expected, method):
    if method == "fork" and sys.platform == "darwin":
        pytest.skip("macOS' own libraries do not survive a fork")
    with ProcessPoolExecutor(2, multiprocessing.get_context(method)) as pool:
        pd.testing.assert_frame_equal(pd.concat(pool.map(ic.score_frame, PARTS)), expected)


def test_a_critic_travels_to_processes(expected, critic):
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        scores = pool.submit(critic.score, TABLE["text"].tolist()).result()
    assert scores.start.tolist() == expected["start"].tolist()
    assert (scores.probabilities[:, 0] == expected["p_self_judgment"]).all()
