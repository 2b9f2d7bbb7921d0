import copy
import dataclasses
import inspect
import json
import pickle

import pytest

from innercritic import Facet, FacetScores, SafetyFlag, SafetyVerdict
from innercritic.results import Evidence, SafetyEvidence, SentenceReading

SCORES = FacetScores([0.1, 0.2, 0.3, 0.4, 0.5, 0.6])


def test_scores_are_a_mapping_by_name_or_member():
    assert SCORES["isolation"] == SCORES[Facet.ISOLATION] == 0.2
    assert list(SCORES) == list(Facet)
    assert dict(SCORES)["mindfulness"] == 0.6
    with pytest.raises(KeyError):
        SCORES["anger"]


def test_scores_compare_hash_pickle_and_cannot_change():
    again = pickle.loads(pickle.dumps(SCORES))
    assert again == SCORES and hash(again) == hash(SCORES) and copy.deepcopy(SCORES) == SCORES
    with pytest.raises(TypeError):
        SCORES["isolation"] = 1.0
    with pytest.raises(ValueError, match="6 values"):
        FacetScores([0.5])


def test_results_are_frozen(critic):
    analysis = critic.analyze("I'm such an idiot.")
    for value in (analysis, analysis.sentences[0], analysis.sentences[0].evidence[0], analysis.safety):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(value, dataclasses.fields(value)[0].name, "x")
    assert pickle.loads(pickle.dumps(analysis)) == analysis
    assert hash(analysis) == hash(critic.analyze("I'm such an idiot."))


def test_results_are_made_like_any_dataclass():
    said = SentenceReading("We had soup.", 0, 12, probabilities=SCORES)
    assert said == SentenceReading("We had soup.", 0, 12, SCORES) and hash(said) == hash(copy.copy(said))
    assert dataclasses.replace(said, start=1, end=13).end == 13
    assert list(inspect.signature(Evidence).parameters) == [field.name for field in dataclasses.fields(Evidence)]
    with pytest.raises(TypeError, match="missing"):
        SentenceReading("We had soup.", 0)

    class Numbered(SentenceReading):
        pass

    assert type(Numbered("We had soup.", 0, 12, SCORES)) is Numbered
    with pytest.raises(TypeError, match="unexpected"):
        Evidence(0, 1, "x", Facet.ISOLATION, 0.5, "words", loud=True)


def test_verdict_flags_once_each_in_order():
    def seen(flag):
        return SafetyEvidence(flag, 0, 1, "x", "rule", "reason")

    verdict = SafetyVerdict((seen(SafetyFlag.HARM_FROM_OTHERS), seen(SafetyFlag.CRISIS), seen(SafetyFlag.CRISIS)))
    assert verdict.flags == ("crisis", "harm_from_others")
    assert not verdict.clear and SafetyVerdict().clear


def test_to_dict_is_json_and_leaves_words_out_on_request(critic):
    text = "My cousin Zaphodina thinks I'm such an idiot. I want to die."
    full, bare = critic.analyze(text).to_dict(), critic.analyze(text).to_dict(text=False)
    assert json.loads(json.dumps(full, allow_nan=False)) == full
    assert full["sentences"][0]["text"].startswith("My cousin")
    assert set(bare["sentences"][0]["probabilities"]) == set(Facet)
    printed = json.dumps(bare).lower()
    assert "zaphodina" not in printed and "idiot" not in printed and "want to die" not in printed
    assert bare["safety"]["flags"] == ["crisis"]
