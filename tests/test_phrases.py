import pytest

from innercritic.phrases import compile_phrases, words_of


def found(phrase, text):
    match = compile_phrases([phrase]).search(text, words_of(text))
    return match and match.group()


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        ("go home|away", "please go away now", "go away"),
        ("go home|away", "gone away", None),
        ("cut*", "she was cutting it", "cutting"),
        ("hurt ... myself", "hurt nobody else but myself", "hurt nobody else but myself"),
        ("hurt ... myself", "hurt one two three four five myself", None),
        ("hurt ... ... myself", "hurt 1 2 3 4 5 6 7 8 myself", "hurt 1 2 3 4 5 6 7 8 myself"),
        ("hurt ... ... myself", "hurt 1 2 3 4 5 6 7 8 9 myself", None),
        ("go (right) home", "go home", "go home"),
        ("go (right) home", "go right home", "go right home"),
        ("don't care", "i dont care", "dont care"),
        ("me|my_own arm", "on my own arm", "my own arm"),
        ("self harm*", "self-harming since", "self-harming"),
    ],
)
def test_the_little_language(phrase, text, expected):
    assert found(phrase, text) == expected


def test_a_phrase_of_nothing_is_refused():
    with pytest.raises(ValueError, match="must be there"):
        compile_phrases(["... (maybe)"])
