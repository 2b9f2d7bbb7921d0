"""What is measured against what: our doors, spaCy's tokenizer alone, VADER as its users call it."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence

import pandas as pd
import spacy
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

import innercritic as ic

from .writing import sentences


def batches() -> dict[str, Callable[[Sequence[str]], object]]:
    """Ways to read texts."""
    tokenizer, both = spacy.blank("en"), spacy.blank("en")
    both.add_pipe("sentencizer")
    vader, critic = SentimentIntensityAnalyzer(), ic.load()
    return {
        "spaCy": lambda texts: _read(tokenizer.pipe(texts)),
        "spaCy, sentencizing": lambda texts: _read(both.pipe(texts)),
        "VADER": lambda texts: _read(map(vader.polarity_scores, texts)),
        "score_frame": lambda texts: ic.score_frame(pd.DataFrame({"text": texts})),
        "pipe": lambda texts: _read(critic.pipe(texts)),
    }


def _read(stream: Iterable[object]) -> None:
    """Go through a stream as who reads a million texts does: nothing is kept."""
    deque(stream, maxlen=0)


def singles() -> dict[str, Callable[[str], object]]:
    """Ways to read one sentence."""
    return {"VADER": SentimentIntensityAnalyzer().polarity_scores, "analyze": ic.load().analyze}


def new_texts(number: int, rounds: int) -> Iterator[list[str]]:
    """Texts that nobody has met, for each round others, as in life."""
    return (sentences(number, seed) for seed in range(rounds + 1))


def same_texts(number: int, rounds: int) -> Iterator[list[str]]:
    """The same texts each round: spaCy looks up what it made of each word the first time, and keeps every word."""
    return (sentences(number) for _ in range(rounds + 1))
