"""How much the gate finds, on voices it never heard. Recall comes first: a false alarm only withholds a reframe."""

from pathlib import Path

import pytest

from innercritic.corpus import KINDS, read_corpus, read_safety
from innercritic.facets import CRITIC_FACETS, SafetyFlag

DATA = Path(__file__).parents[1] / "data"
FLOOR_RECALL = 0.97
"""Only ever raise it. What is missed is mostly veiled (see data/safety/README.md)."""
FLOOR_ACROSS_WRITERS = {"neff-fast": 0.87, "neff-accurate": 0.87}
"""By writers that the gate has not learned from. Once it has, newer voices take their place, and these may fall."""
CRITIC = {facet.code for facet in CRITIC_FACETS}


@pytest.fixture(scope="module", params=["neff-fast", "neff-accurate"])
def either(request):
    return request.getfixturevalue({"neff-fast": "critic", "neff-accurate": "accurate"}[request.param])


@pytest.fixture(scope="module")
def fresh():
    return [sentence for sentence in read_safety(DATA) if sentence.split == "fresh"]


@pytest.fixture(scope="module")
def held_out():
    return [sentence for sentence in read_safety(DATA) if sentence.split == "heldout"]


def share_raised(critic, texts):
    scores = critic.score(texts)
    return len(set(scores.text[scores.flags.any(axis=1)].tolist())) / len(texts)


def test_the_safety_set_is_what_its_datasheet_says():
    sentences = read_safety(DATA)
    assert len(sentences) >= 1200
    assert sum(bool(s.flags) for s in sentences) >= 600 and sum(not s.flags for s in sentences) >= 600
    assert len({s.voice for s in sentences}) >= 12 and {s.kind for s in sentences} == set(KINDS)
    held_out, others = ({s.voice for s in sentences if (s.split == "heldout") is split} for split in (True, False))
    assert not held_out & others
    for flag in SafetyFlag:
        assert sum(flag in s.flags for s in sentences) >= 100


def test_recall_on_unheard_voices(either, held_out):
    assert share_raised(either, [s.text for s in held_out if s.flags]) >= FLOOR_RECALL


def test_false_alarms_on_traps_of_unheard_voices(either, held_out):
    assert share_raised(either, [s.text for s in held_out if not s.flags]) <= 0.15


def test_false_alarms_on_ordinary_self_criticism_of_unheard_voices(either):
    ordinary = [s.text for s in read_corpus(DATA) if s.split == "test" and CRITIC & set(s.labels)]
    flagged = {s.text for s in read_corpus(DATA) if {"CR", "AB"} & set(s.labels)}
    assert share_raised(either, [text for text in ordinary if text not in flagged]) <= 0.02


def test_recall_across_writers(either, fresh):
    assert share_raised(either, [s.text for s in fresh if s.flags]) >= FLOOR_ACROSS_WRITERS[either.name]


def test_false_alarms_across_writers(either, fresh):
    assert share_raised(either, [s.text for s in fresh if not s.flags]) <= 0.07
