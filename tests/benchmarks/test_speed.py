"""Speed, in ratios of CPU time of one run: floors that no change may fall through.

The aims: `score_frame` 0.70 of spaCy and 1.4 of VADER, `pipe` 0.55 and 1.1, one sentence at most ten VADERs. Beside
other work on the same cores, ratios move by a third. Raise a floor when it was passed for good.
``python -m tests.benchmarks`` prints the table.
"""

import pytest

from .measuring import seconds
from .work import batches, new_texts, same_texts, singles
from .writing import sentences


@pytest.fixture(scope="module")
def doors():
    return batches()


@pytest.fixture(scope="module")
def measured(doors):
    """In turns, which pytest-benchmark does not do: it takes one door after the other, and is not for ratios."""
    return {texts: seconds(doors, texts(2000, rounds=5)) for texts in (new_texts, same_texts)}


@pytest.mark.parametrize(
    ("door", "texts", "of_spacy", "of_vader"),
    [
        ("score_frame", new_texts, 1.05, 1.15),
        ("pipe", new_texts, 0.90, 1.00),
        ("score_frame", same_texts, 0.58, 1.40),
        ("pipe", same_texts, 0.40, 0.95),
    ],
)
def test_batches_keep_up_with_tokenising_alone(benchmark, doors, measured, door, texts, of_spacy, of_vader):
    ratios = {peer: measured[texts][peer] / measured[texts][door] for peer in ("spaCy", "VADER")}
    benchmark.extra_info |= ratios
    drawn = list(texts(500, rounds=3))
    benchmark.pedantic(doors[door], setup=lambda: ((drawn.pop(),), {}), rounds=3, warmup_rounds=1)
    assert ratios["spaCy"] >= of_spacy
    assert ratios["VADER"] >= of_vader


def test_one_sentence_takes_a_few_of_vaders(benchmark):
    ways, texts = singles(), sentences(400)
    measured = seconds(ways, texts)
    ratio = measured["analyze"] / measured["VADER"]
    benchmark.extra_info |= {"VADER": ratio}
    benchmark(ways["analyze"], texts[0])
    assert ratio <= 12


def test_the_accurate_model_takes_some_times_longer(critic, accurate):
    texts = sentences(200)
    measured = seconds({"fast": lambda _: critic.score(texts), "accurate": lambda _: accurate.score(texts)}, range(3))
    assert measured["accurate"] <= 600 * measured["fast"]  # on texts met before, where the fast one is fastest


def test_time_is_linear_in_length(critic):
    short, long = " ".join(sentences(200)), " ".join(sentences(3200))
    measured = seconds({"short": lambda _: critic.analyze(short), "long": lambda _: critic.analyze(long)}, range(4))
    assert measured["long"] / measured["short"] < 1.5 * len(long) / len(short)
