import pytest
from hypothesis import given
from hypothesis import strategies as st

from innercritic import wording
from innercritic.safety import default_gate
from innercritic.wording import Speller, spellings

SPELLER = Speller(
    spellings({"want to": ["wanna"], "not": ["n't"], "kill myself": ["kms"]}),
    frozenset({"kill", "suicide", "die", "kms", "rape"}),
)


@pytest.mark.parametrize(
    ("token", "plain"),
    [
        ("Wanna", "want to"),
        ("SUICIDE", "suicide"),
        ("su1c1de", "suicide"),
        ("su!cide", "suicide"),
        ("s*icide", "suicide"),
        ("s.u.i.c.i.d.e", "suicide"),
        ("k!ll", "kill"),
        ("ki11", "kill"),
        ("killll", "kill"),
        ("r@pe", "rape"),
        ("\u217ck\u0456ll".replace("\u217c", ""), "kill"),
        ("k\u0456ll", "kill"),
        ("\uff4b\uff49\uff4c\uff4c", "kill"),
        ("soup", "soup"),
        ("sh*t", "sh t"),
        ("2024", "2024"),
        ("...", "..."),
    ],
)
def test_one_token_in_plain_words(token, plain):
    assert SPELLER.plain(token) == plain


@pytest.mark.parametrize(
    ("tokens", "glued", "text", "word", "evidence"),
    [
        (["I", "wanna", "d", "i", "e"], "00000", "i want to die", "die", "d i e"),
        (["k", "-", "m", "-", "s"], "01111", "kill myself", "kill", "k - m - s"),
        (["$", "uicide"], "01", "suicide", "suicide", "$ uicide"),
        (["kil", "*", "him"], "010", "kill him", "kill", "kil *"),
    ],
)
def test_words_across_tokens(tokens, glued, text, word, evidence):
    wording = SPELLER.read(tokens, [flag == "1" for flag in glued])
    assert wording.text == text
    start = text.index(word)
    first, last = wording.token_range(start, start + len(word))
    assert " ".join(tokens[first:last]) == evidence


def test_every_disguised_word_has_a_letter_that_gives_it_away_when_spelled_out():
    speller = default_gate().speller
    for word in speller.disguised:
        assert any(speller.is_odd(letter) for letter in word), word


@given(
    st.lists(st.sampled_from([*"killdie.-_*#+a1 \n", "kil", "d-i-e", "sui", "cide", "so", "IIII"]), max_size=12),
    st.data(),
)
def test_tokens_that_may_not_join_do_not(tokens, data):
    """The cheap look never misses a word in disguise."""
    glued = [False, *data.draw(st.lists(st.booleans(), min_size=len(tokens), max_size=len(tokens)))][: len(tokens)]
    quick = SPELLER.read(tokens, glued)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wording, "may_join", lambda _: True)
        assert SPELLER.read(tokens, glued).text == quick.text
