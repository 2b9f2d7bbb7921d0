import pickle

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

import innercritic as ic
from innercritic.classifier import FacetClassifier, TermFeatures
from innercritic.heads import FacetHead

CRITIC = ["I hate myself", "I'm such an idiot", "what a failure I am", "I'm useless at this", "I ruin it for them"]
PLAIN = ["We had soup", "The bus was late", "She rang on Monday", "It rained a lot", "He left the keys here"]
TEXTS = [f"{text} {end}" for end in ("today", "now", "lol", "really", "then", "tonight") for text in CRITIC + PLAIN]
LABELS = [["self_judgment"] if i % 10 < 5 else [] for i in range(len(TEXTS))]
MATRIX = np.array([[len(labels)] for labels in LABELS])


def small(**options):
    return FacetClassifier(**{"min_count": 2, "vectors": None, **options})


def test_it_learns_calibrates_and_predicts():
    fitted = small().fit(TEXTS, LABELS)
    assert fitted.classes_.tolist() == ["self_judgment"]
    high, low = fitted.predict_proba(["I'm such a failure", "The soup was late"])[:, 0]
    assert high > 0.6 > 0.3 > low
    assert fitted.predict(TEXTS).shape == (60, 1)
    assert fitted.score(TEXTS, MATRIX) > 0.9


@pytest.mark.parametrize("kind", [list, np.array, tuple, iter])
def test_it_takes_texts_as_people_hold_them(kind):
    assert small().fit(kind(TEXTS), LABELS).predict_proba(kind(TEXTS[:3])).shape == (3, 1)


def test_labels_as_codes_names_and_matrix_are_the_same():
    by_code = small().fit(TEXTS, [["SJ"] if labels else [] for labels in LABELS])
    by_name = small().fit(TEXTS, LABELS)
    by_matrix = small().fit(TEXTS, MATRIX)
    assert by_code.classes_.tolist() == by_name.classes_.tolist()
    assert np.allclose(by_code.predict_proba(TEXTS), by_matrix.predict_proba(TEXTS))
    assert np.allclose(small().fit(TEXTS, MATRIX.tolist()).predict_proba(TEXTS), by_matrix.predict_proba(TEXTS))
    frame = pd.DataFrame({"gloom": MATRIX.ravel()})
    assert small().fit(pd.Series(TEXTS), frame).classes_.tolist() == ["gloom"]
    six = np.zeros((60, 6), int)
    six[:, :1] = MATRIX
    assert small().fit(TEXTS, six).classes_.tolist() == [str(facet) for facet in ic.Facet]


def test_labels_of_ones_own():
    fitted = small().fit(TEXTS, [["gloom", "SJ"] if labels else [] for labels in LABELS])
    assert fitted.classes_.tolist() == ["self_judgment", "gloom"]


@pytest.mark.parametrize(
    ("texts", "labels", "error", "message"),
    [
        ("one string", [[]], TypeError, "put it into a list"),
        (["a", None], [[], []], TypeError, "position 1"),
        (["a", "b"], ["SJ", "IS"], ValueError, "2-D indicator"),
        (["a", "b"], [["SJ"]], ValueError, "2 sentences but 1"),
        (["a", "b"], [[], []], ValueError, "no sentence carries"),
        (["a", "b"], np.array([[2], [0]]), ValueError, "zeros and ones"),
        (["a", "b"], [[1, 0], [1]], ValueError, "2-D indicator"),
        (["a", "b"], [None, ["SJ"]], ValueError, "2-D indicator"),
    ],
)
def test_bad_input_gets_a_clear_error(texts, labels, error, message):
    with pytest.raises(error, match=message):
        small().fit(texts, labels)


def test_parameters_clone_and_not_fitted():
    estimator = small(C=2.5)
    assert clone(estimator).get_params() == estimator.get_params()
    assert estimator.set_params(C=1.0).C == 1.0
    with pytest.raises(NotFittedError):
        estimator.predict(["x"])


def test_pipeline_grid_search_and_pickle():
    search = GridSearchCV(make_pipeline(small()), {"facetclassifier__C": [0.1, 10.0]}, cv=3).fit(TEXTS, MATRIX)
    assert search.best_score_ > 0.8
    again = pickle.loads(pickle.dumps(search))
    assert np.array_equal(again.predict_proba(TEXTS), search.predict_proba(TEXTS))


def test_the_halves_stand_on_their_own():
    pipeline = make_pipeline(TermFeatures(min_count=2, vectors=None), FacetHead())
    assert pipeline.fit(TEXTS, MATRIX.ravel()).predict(TEXTS).shape == (60,)
    terms = pipeline[0].get_feature_names_out()
    assert {"hate", "i hate", "cue:first_person"} <= set(terms)
    assert pipeline[0].transform(["x", "", "I hate it"]).shape == (3, len(terms))


def test_blank_text_gets_the_base_rates():
    fitted = small().fit(TEXTS, LABELS)
    assert np.allclose(fitted.predict_proba(["", "  "]), 0.5)


def test_input_is_left_alone():
    texts, labels = list(TEXTS), [list(item) for item in LABELS]
    small().fit(texts, labels)
    assert texts == TEXTS and labels == LABELS


def test_terms_are_chosen_from_unlabelled_sentences_too():
    texts, labels = ["I hate myself.", "We had soup."] * 3, [["SJ"], []] * 3
    more = ["The harbour froze."] * 3
    alone = FacetClassifier(vectors=None, folds=0).fit(texts, labels)
    both = FacetClassifier(vectors=None, folds=0).fit(texts, labels, unlabelled=more)
    assert "harbour" in both.model_.space.terms and "harbour" not in alone.model_.space.terms
    assert not both.model_.weights[both.model_.space.terms.index("harbour")].any()
    with pytest.raises(ValueError, match="9 sentences but 6 groups"):
        FacetClassifier(vectors=None).fit(texts, labels, groups=list("ababab"), unlabelled=more)


def test_saved_and_loaded_through_both_doors(tmp_path):
    fitted = small().fit(TEXTS, [["SJ"] if labels else ["IS", "OI", "SK", "CH", "MI"] for labels in LABELS])
    fitted.save(tmp_path / "mine")
    again = FacetClassifier.load(tmp_path / "mine")
    assert np.array_equal(again.predict_proba(TEXTS), fitted.predict_proba(TEXTS))
    assert again.get_params() == fitted.get_params()
    assert ic.load(tmp_path / "mine").analyze("I hate myself").sentences


def test_the_bundled_model_as_an_estimator(critic):
    bundled = FacetClassifier.load()
    assert set(ic.Facet) <= set(bundled.classes_.tolist())
    text = "I'm such an idiot."
    column = bundled.classes_.tolist().index("self_judgment")
    assert bundled.predict_proba([text])[0, column] == critic.analyze(text).sentences[0].probabilities["self_judgment"]


def test_vectors_of_a_bundled_model_can_be_used():
    fitted = small(vectors="neff-fast").fit(TEXTS, LABELS)
    assert fitted.model_.space.vectors.shape[1] > 0
