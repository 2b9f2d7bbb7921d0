"""Speed, in ratios of CPU time of one run; ``python -m tests.benchmarks`` prints the table."""

import time
from statistics import median

import pytest
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from .measuring import seconds
from .work import batches
from .writing import sentences


@pytest.fixture(scope="module")
def measured():
    return seconds(batches(sentences(3000)), rounds=5)


@pytest.mark.parametrize(
    ("door", "of_spacy", "of_vader"),
    [("score_frame", 0.70, 1.4), ("pipe", 0.55, 1.1)],
)
def test_batches_keep_up_with_tokenising_alone(measured, door, of_spacy, of_vader):
    assert measured["spaCy"] / measured[door] >= of_spacy
    assert measured["VADER"] / measured[door] >= of_vader


def test_one_sentence_takes_at_most_ten_of_vaders(critic):
    vader, ours, theirs = SentimentIntensityAnalyzer(), [], []
    for text in sentences(400):
        for times, read in ((ours, critic.analyze), (theirs, vader.polarity_scores)):
            start = time.process_time()
            read(text)
            times.append(time.process_time() - start)
    assert median(ours) <= 10 * median(theirs)


def test_time_is_linear_in_length(critic):
    short, long = " ".join(sentences(200)), " ".join(sentences(3200))
    measured = seconds({"short": lambda: critic.analyze(short), "long": lambda: critic.analyze(long)}, rounds=3)
    assert measured["long"] / measured["short"] < 1.5 * len(long) / len(short)
