from innercritic.marks import MAX_RUN
from innercritic.vocabulary import default_lexicon, warm_words


def test_the_lexicon_names_whose_mind_it_is():
    cues = default_lexicon().cues
    assert {"first_person", "second_person", "third_person", "negation", "reported", "past", "absolutist"} <= set(cues)
    assert "myself" in cues["first_person"]


def test_warm_words_are_frequent_and_nobodys_own():
    texts = ["the bus was late"] * 6 + ["Zaphodina called"] + ["x" * (MAX_RUN + 1)] * 9
    assert set(warm_words(texts)) == {"the", "bus", "was", "late"}
