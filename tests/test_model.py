import numpy as np

from innercritic.classifier import FacetClassifier
from innercritic.model import sigmoid
from innercritic.parsing import Parser

TEXTS = ["I'm not an idiot but nobody, nobody likes me at all.", "We had soup.", "always alone, always", "\U0001f62d"]


def test_contributions_and_baseline_are_the_score(critic):
    model = critic.model
    scores = model.read(Parser().parse(TEXTS))
    for row in range(len(scores.log_odds)):
        for column in range(len(model.labels)):
            total = model.baseline[column] + sum(weight for *_, weight in scores.contributions(row, column))
            assert np.isclose(total, scores.log_odds[row, column], atol=1e-4)


def test_the_matrix_for_scikit_learn_gives_the_same_scores(critic):
    from innercritic.classifier import feature_matrix, parse_whole

    parsed = parse_whole(Parser(), TEXTS)
    product = feature_matrix(critic.model.space, parsed) @ critic.model.weights + critic.model.baseline
    assert np.allclose(product, critic.model.read(parsed).log_odds, atol=1e-4)


def test_a_sentence_scores_alike_alone_and_in_company(critic):
    parser = Parser()
    alone = [critic.model.read(parser.parse([text])).log_odds for text in TEXTS]
    assert np.allclose(np.concatenate(alone), critic.model.read(parser.parse(TEXTS)).log_odds, atol=1e-5)


def test_sigmoid_never_overflows():
    assert sigmoid(np.array([-1e6, 0.0, 1e6])).tolist() == [0.0, 0.5, 1.0]


def test_an_unfitted_label_set_is_refused(critic):
    import pytest

    from innercritic import InnerCritic

    texts, labels = ["I hate myself", "We had soup"] * 4, [["mood"], []] * 4
    model = FacetClassifier(min_count=1, vectors=None, folds=0).fit(texts, labels).model_
    with pytest.raises(ValueError, match="self_judgment"):
        InnerCritic(model, "mood", critic._folder)
