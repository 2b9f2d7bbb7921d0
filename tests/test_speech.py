"""Sentence boundaries of speech without punctuation, against passages authored with their boundaries.

`speech_dev.txt` was looked at while the rules were written, `speech_test.txt` was not. A bar is a boundary. A cut
before "and", "but", "so", "or", "because" or "then" is neither right nor wrong: people differ there, too.
"""

from pathlib import Path

import pytest

from innercritic.parsing import thread_parser

FREE = ("and ", "but ", "so ", "or ", "because ", "then ")


def passages(name):
    lines = (Path(__file__).parent / f"speech_{name}.txt").read_text("utf-8").splitlines()
    return [[part.strip() for part in line.split("|")] for line in lines if line]


def found(text):
    parsed = thread_parser().parse([text])[0]
    return {parsed.original_span(sentence)[0] for sentence in parsed.sentences} - {0}


def counts(name):
    right = wrong = missed = 0
    for parts in passages(name):
        text = " ".join(parts)
        gold = {len(" ".join(parts[:number])) + 1 for number in range(1, len(parts))}
        cuts = found(text)
        right += len(cuts & gold)
        wrong += len([cut for cut in cuts - gold if not text[cut:].startswith(FREE)])
        missed += len(gold - cuts)
    return right, wrong, missed


@pytest.mark.parametrize("name", ["dev", "test"])
def test_boundaries_are_found(name):
    right, wrong, missed = counts(name)
    assert right / (right + wrong) >= 0.8 and right / (right + missed) >= 0.7


def test_what_is_said_is_read_as_if_it_were_punctuated(critic):
    """The facets of a passage hardly depend on its full stops; without boundaries most of them were lost."""
    both = only_one = 0
    for parts in [*passages("dev"), *passages("test")]:
        spoken = {facet for s in critic.analyze(" ".join(parts)).sentences for facet in s.critic_facets}
        written = {facet for s in critic.analyze(". ".join(parts) + ".").sentences for facet in s.critic_facets}
        both += len(spoken & written)
        only_one += len(spoken ^ written)
    assert both > only_one


def test_written_sentences_are_left_alone():
    for text in (
        "I went to the shop, and she came with me, and we talked about the house that he bought when we were young "
        "and in love and had no idea of the price.",
        "I hate myself I can't do anything right",
        "I was so afraid of what they would say about the thing I did at the party that I left before she came.",
    ):
        assert not found(text)
