"""What the bundled model must be able to do: minimum functionality, invariance, direction (Ribeiro et al. 2020).

The cases lie in cases/, the share to be passed in floors.toml; `python -m tests.behaviour` prints both.
"""

import json
from collections import Counter
from pathlib import Path

import pytest

from innercritic.behaviour import measure_behaviour
from innercritic.cases import Claims, Same, read_cases
from innercritic.corpus import near_duplicates

from .floors import CASES, earned, raised, read_floors, write_floors

ALL = read_cases(CASES)
FLOORS = read_floors()
CAPABILITIES = list(dict.fromkeys(case.capability for case in ALL))
SENTENCES = Path(__file__).parents[2] / "data" / "sentences.jsonl"


@pytest.fixture(scope="module")
def measured(critic):
    return {row.capability: row for row in measure_behaviour(critic, CASES)}


@pytest.mark.parametrize("capability", CAPABILITIES)
def test_a_capability_keeps_to_its_floor(measured, capability):
    row, floor = measured[capability], FLOORS[capability]
    assert row.rate >= floor, f"{row.passed} of {row.cases} passed; python -m tests.behaviour --failures says which not"


def test_every_floor_has_a_capability():
    assert FLOORS.keys() == set(CAPABILITIES)


def test_the_suite_is_broad():
    assert len(ALL) >= 1_000 and len(CAPABILITIES) >= 70
    assert set(Counter(case.kind for case in ALL)) == {"minimum functionality", "invariance", "direction"}
    assert min(Counter(case.capability for case in ALL).values()) >= 10


def test_half_of_the_plain_cases_are_harmless():
    harmless = [not case.expected.facets for case in ALL if isinstance(case.expected, Claims)]
    assert 0.45 <= sum(harmless) / len(harmless) <= 0.55


def test_every_case_is_read(critic):
    """What the model abstains from would pass as harmless."""
    texts = [text for case in ALL for text in case.texts]
    silent = [analysis.text for analysis in critic.pipe(texts) if all(s.abstained for s in analysis.sentences)]
    assert silent == []


def test_invariance_is_not_tried_on_silent_sentences_alone(critic):
    firsts = [case.texts[0] for case in ALL if isinstance(case.expected, Same)]
    spoken = [any(sentence.facets for sentence in analysis.sentences) for analysis in critic.pipe(firsts)]
    assert sum(spoken) / len(spoken) >= 0.5


def test_no_plain_case_says_what_another_says():
    plain = [case.texts[0] for case in ALL if isinstance(case.expected, Claims)]
    assert [(plain[one], plain[other]) for one, other in near_duplicates(plain)] == []


def test_no_case_is_a_sentence_of_the_corpus():
    """A model must not have been trained on what it is tried with. The remedy is to reword the case."""
    texts = list(dict.fromkeys(text for case in ALL for text in case.texts))
    corpus = [json.loads(line)["text"] for line in SENTENCES.read_text("utf-8").splitlines()]
    found = near_duplicates([*texts, *corpus])  # cases first: a corpus sentence that comes up can only match a case
    assert sorted({texts[one] for one, other in found if other >= len(texts) > one}) == []


def test_floors_only_rise(measured, tmp_path):
    rows = list(measured.values())
    high = dict.fromkeys(CAPABILITIES, 0.95)
    assert all(floor >= 0.95 for floor in raised(high, rows).values())
    assert raised({"gone": 0.5}, rows).keys() == set(CAPABILITIES)
    assert all(earned(row) <= row.rate for row in rows)
    write_floors(raised(high, rows), tmp_path / "floors.toml")
    assert read_floors(tmp_path / "floors.toml") == raised(high, rows)
