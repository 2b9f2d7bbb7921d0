"""Three doors, one engine: the same numbers for the same sentence."""

import pytest
import spacy

import innercritic as ic

SENTENCES = [
    "I'm such an idiot and I can\u2019t do anything right!",
    "everyone else has it together, im the only one who doesnt",
    "I keep replaying what [NAME] said, it's all I think about.",
    "We moved to the coast when I was nine.",
    "I did what I could, and I can let that be enough.",
    "Lots of people feel like this in <b>winter</b>.",
    "he is such a coward \U0001f62d",
]


@pytest.fixture(scope="module")
def nlp():
    pipeline = spacy.blank("en")
    pipeline.add_pipe("sentencizer", config={"punct_chars": ["|"]})
    pipeline.add_pipe("innercritic")
    return pipeline


@pytest.mark.parametrize("text", SENTENCES)
def test_python_spacy_and_scikit_learn_agree(critic, nlp, text):
    (python,) = critic.analyze(text).sentences
    (through_spacy,) = nlp(text).spans["innercritic"].attrs["sentences"]
    estimator = ic.FacetClassifier.load()
    (row,) = estimator.predict_proba([text])
    through_sklearn = dict(zip(estimator.classes_.tolist(), row.tolist(), strict=True))
    for facet in ic.Facet:
        assert python.probabilities[facet] == through_spacy["probabilities"][facet] == through_sklearn[facet]


def test_thresholds_agree(critic, nlp):
    estimator = ic.FacetClassifier.load()
    claimed = estimator.predict(SENTENCES)
    for text, row in zip(SENTENCES, claimed, strict=True):
        by_sklearn = {label for label, on in zip(estimator.classes_.tolist(), row, strict=True) if on} & set(ic.Facet)
        assert by_sklearn == set(critic.analyze(text).sentences[0].facets)
        doc = nlp(text)
        assert by_sklearn == {span.label_ for span in doc.spans["innercritic"]}
