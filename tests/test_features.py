import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from innercritic.features import PARTED, encode, occurrences, vector_sums
from innercritic.parsing import Parser
from innercritic.space import FeatureSpace, is_parted
from innercritic.vocabulary import default_lexicon, learn_space, terms_of

PARSER = Parser()
LEXICON = default_lexicon()
WORDS = ["i", "am", "not", "sad", ",", "but", "never", "alone", "u", "!", "\u2019m", "im", "dont", "."]


def space_of(*texts):
    return learn_space(PARSER.words(texts) * 2, LEXICON, min_count=1)


def names(space, text):
    found = occurrences(space, encode(space, PARSER.parse([text], [()])))
    return {space.terms[f] for f in found.feature if f < len(space.terms)}


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=14).map(" ".join))
def test_arrays_find_the_terms_that_words_say(text):
    space = space_of(text)
    words = [LEXICON.aliases.get(word, word) for word in PARSER.words([text])[0]]
    assert names(space, text) == terms_of(words, LEXICON)


@pytest.mark.parametrize("variant", ["I'm alone.", "I\u2019m alone.", "im alone.", "IM ALONE.", "Im alone."])
def test_spellings_of_the_same_words_are_the_same_terms(variant):
    space = space_of("I'm alone.", "I'm alone.")
    assert {"i am", "am alone"} <= names(space, variant) or {"i", "alone"} <= names(space, variant)


def test_a_denial_reaches_to_the_end_of_the_clause_and_no_further_than_the_sentence():
    assert "!alone" in terms_of(["i", "am", "not", "alone"], LEXICON)
    assert "!alone" not in terms_of(["i", "am", "not", "sad", ",", "alone"], LEXICON)
    space = space_of("not alone", "alone")
    batch = encode(space, PARSER.parse(["I did not. Alone again."]))
    found = occurrences(space, batch)
    assert space.terms.index("!alone") not in found.feature.tolist()


def test_terms_of_a_sentence_have_length_one_parted_pairs_half_of_that_and_cues_count():
    space = space_of("I hate my hair", "my hair is long")
    found = occurrences(space, encode(space, PARSER.parse(["I hate my hair"])))
    is_term = found.feature < len(space.terms)
    parted = np.array([f < len(space.terms) and is_parted(space.terms[f]) for f in found.feature])
    assert np.isclose((found.value[is_term & ~parted] ** 2).sum(), 1)
    assert np.isclose((found.value[parted] ** 2).sum(), PARTED**2)
    assert {space.terms[f] for f in found.feature[parted]} == {"i _ my", "hate _ hair"}
    cues = [list(LEXICON.cues)[f - len(space.terms)] for f in found.feature[~is_term]]
    assert cues.count("first_person") == 2


def test_vectors_are_scaled_to_length_one_and_unknown_words_give_zero():
    space = FeatureSpace(
        LEXICON, (), np.zeros(0, np.float32), ("hair", "soup"), np.array([[3, 4], [0, 5]], np.int8), 0.5
    )
    sums, lengths = vector_sums(space, encode(space, PARSER.parse(["hair", "soup hair", "xyzzy"])))
    assert sums.tolist() == [[3, 4], [3, 9], [0, 0]]
    assert np.allclose(lengths, [5, np.hypot(3, 9), 1])


def test_no_sentences_no_rows():
    space = space_of("I am sad")
    batch = encode(space, PARSER.parse([""]))
    assert batch.size == 0 and len(occurrences(space, batch).feature) == 0


def test_a_term_needs_two_writers():
    words = PARSER.words(["zaphodina left", "zaphodina stayed", "the bus left", "the bus came"])
    space = learn_space(words, LEXICON, min_count=2, writers=["a", "a", "a", "b"])
    assert "zaphodina" not in space.terms and "the bus" in space.terms


def test_a_parted_pair_must_occur_twice_as_often():
    words = PARSER.words(["the red bus", "the old bus", "the new bus"])
    for times, kept in ((1, True), (2, False)):
        assert ("the _ bus" in learn_space(words, LEXICON, min_count=times).terms) is kept
    assert "the" in learn_space(words, LEXICON, min_count=2).terms
