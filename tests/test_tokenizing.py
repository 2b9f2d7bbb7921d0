import re
from itertools import product

import numpy as np
import pytest
import spacy
from hypothesis import example, given, settings
from hypothesis import strategies as st
from spacy.attrs import IDX, IS_ALPHA, IS_ASCII, LENGTH, NORM
from spacy.attrs import IS_SPACE as BLANK

from innercritic.chunks import IS_ASCII as ASCII
from innercritic.chunks import IS_SPACE, IS_WORD
from innercritic.normalising import clean
from innercritic.tokenizing import Tokenizer
from tests.benchmarks.writing import sentences
from tests.conftest import UGLY

SPACY = spacy.blank("en").tokenizer
TOKENIZER = Tokenizer()
TOKENIZER.warm(["Anna,", "I'm", "well"])

PIECES = st.sampled_from(
    """I'm don't cannot wanna im Im it's It's we'll I'd Ill Id U.S. e.g. p.m. 10am 3.5 vs. Mr. no. No. co xD NAME A AB
    AB. word word. Word, word! word? word?! word... "word" 'word' (word) word-word word- -word word word/word he/she s'
    O'Brien O'Brien's www.shop.com a@b.org #tag @me 50% $5 km 5km 1,000 1st \u2026 \u2014 don\u2019t caf\u00e9 \u0130
    \u00df \U0001f62d x2 '' " . , ! ? ; -- ... ' ( ) dont Dont Cant cant whats Whats ive lol. u r gonna 'cause c'mon
    y'all ma'am""".split()
)
BLANKS = st.sampled_from(["", " ", " ", " ", "  ", "\n", "\n\n", " \n ", "\t", "\u2028", "\u3000"])
EMOTICONS = ":;<>=^()[]8XxDoO0/\\|\u00b0\u00ac\u30c4\u256f"
TEXTS = st.lists(st.tuples(PIECES, BLANKS), max_size=10).map(lambda pairs: "".join(a + b for a, b in pairs))


def by_spacy(text):
    return SPACY(text).to_array([NORM, IDX, LENGTH, BLANK, IS_ALPHA, IS_ASCII]).reshape(-1, 6).tolist()


def by_us(texts):
    tokens = TOKENIZER.tokenise(texts)
    traits = [(tokens.traits & trait > 0).astype(int) for trait in (IS_SPACE, IS_WORD, ASCII)]
    columns = [tokens.norms, tokens.starts, tokens.ends - tokens.starts, *traits]
    rows = list(zip(*(column.tolist() for column in columns), strict=True))
    return [[list(row) for row in rows[a:b]] for a, b in zip(tokens.first[:-1], tokens.first[1:], strict=True)]


@settings(max_examples=300, deadline=None)
@given(st.lists(TEXTS, max_size=4))
@example([" ", "", "\n", " a", "a ", "  a  \n b\t", "a\n", "\n a"])
def test_tokens_are_those_spacy_makes_of_the_whole_text(texts):
    assert by_us(texts) == [by_spacy(text) for text in texts]


@settings(max_examples=100, deadline=None)
@given(
    st.text(
        st.characters(blacklist_categories=["Cs"], blacklist_characters=":;<>=^()[]8XxDoO0/\\|\u00b0\u00ac\u30c4\u256f")
    )
)
def test_tokens_of_any_text_without_emoticons_are_spacys(text):
    assert by_us([clean(text).text]) == [by_spacy(clean(text).text)]


def test_tokens_of_many_sentences_are_spacys():
    texts = [*sentences(1500), *(clean(text).text for text in UGLY.values() if len(text) < 1000)]
    assert by_us(texts) == [by_spacy(text) for text in texts]


def test_words_with_signs_at_either_end_are_spacys():
    words = """word Word WORD a I x-I a-b self-esteem Ex-wife AB-cd self-vs word-im no etc vs Mr can e.g im and-or
        and/or he/she/it 7 2019 x1 word's WORD's let's he's Anna's it's a's I's""".split()
    signs = ["".join(signs) for size in range(4) for signs in product('.,!?;:)"-', repeat=size)]
    texts = [before + word + after for before in ("", "(", '"', "-") for word in words for after in signs]
    emoticons = re.compile(r"[:;()]+-?[:;()]")
    texts = [text for text in texts if not emoticons.search(text)]
    assert by_us(texts) == [by_spacy(text) for text in texts]


@pytest.mark.parametrize("text", ["( :)", "(:) ) :)", "fine :) )", "o.O :o"])
def test_an_emoticon_is_read_alike_in_any_company(text):
    alone = [row[0] for chunk in text.split() for row in by_us([chunk])[0]]
    assert [row[0] for row in by_us([text])[0]] == alone


def test_what_is_warm_changes_the_speed_alone():
    texts = sentences(200, seed=1)
    cold, warm = Tokenizer(), Tokenizer()
    warm.warm({word for text in texts for word in text.split()})
    assert all(
        np.array_equal(getattr(cold.tokenise(texts), name), getattr(warm.tokenise(texts), name))
        for name in ("norms", "starts", "ends", "traits", "first")
    )


def test_what_was_met_is_read_alike_again_and_after_it_was_forgotten(monkeypatch):
    monkeypatch.setattr("innercritic.tokenizing.MOST_MET", 40)
    tokenizer = Tokenizer()
    texts = ["Zaphodina7's (well-known) c'mon.", "zaphodina7's I'm,", *sentences(60, seed=3)]
    for batch in (texts[:2], texts, texts[::-1], texts[:2]):
        assert tokenizer.tokenise(batch).norms.tolist() == [row[0] for text in batch for row in by_spacy(text)]
    tokenizer.warm(["c'mon.", "zaphodina7's"])
    assert tokenizer.tokenise(texts[:2]).norms.tolist() == [row[0] for text in texts[:2] for row in by_spacy(text)]


def test_a_very_long_text_leaves_no_room_behind():
    tokenizer = Tokenizer()
    long = " ".join(map("".join, product("abcdefghijklmn", "bcd", "aeiou", "fgh", "aeiou", "klmn", "aeiou")))
    assert len(tokenizer.tokenise([long]).norms) > 50_000
    assert len(tokenizer._table.first) < 10_000
    assert tokenizer.tokenise(["abafaka I'm here"]).starts.tolist() == [0, 8, 9, 12]


def test_tokens_tile_their_text():
    for text in sentences(50, seed=2):
        tokens = TOKENIZER.tokenise([text])
        spans = zip(tokens.starts.tolist(), tokens.ends.tolist(), strict=True)
        assert "".join(text[start:end] for start, end in spans) == "".join(text.split())
