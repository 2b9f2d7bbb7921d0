import threading
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from innercritic import tokenizing
from innercritic.parsing import Parser, thread_parser
from innercritic.sentences import MAX_SENTENCE


def split(text, boundaries=None):
    parsed = Parser().parse([text], [boundaries])[0]
    return [text[slice(*parsed.original_span(sentence))] for sentence in parsed.sentences]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("I'm sad. So is he.", ["I'm sad.", "So is he."]),
        ("i hate it. i want out", ["i hate it.", "i want out"]),
        ("Dr. Smith left. Fine.", ["Dr. Smith left.", "Fine."]),
        ('"Why?" she said. "I know."', ['"Why?" she said.', '"I know."']),
        ("What now?! Really?? Yes...", ["What now?!", "Really??", "Yes..."]),
        ("I tried... and failed", ["I tried... and failed"]),
        ("I tried... It failed", ["I tried...", "It failed"]),
        ("It cost 3.50 at www.shop.com yesterday.", ["It cost 3.50 at www.shop.com yesterday."]),
        ("first line\nsecond line", ["first line", "second line"]),
        ("one\n\ntwo\r\nthree", ["one", "two", "three"]),
        (
            "this line is long enough that it was wrapped by hand\nhere and goes on",
            ["this line is long enough that it was wrapped by hand\nhere and goes on"],
        ),
        ("(I left.) He stayed.", ["(I left.)", "He stayed."]),
        ("", []),
        ("  \n ", []),
    ],
)
def test_sentences(text, sentences):
    assert split(text) == sentences


def test_given_boundaries_are_kept():
    assert split("I went home. and slept", [0]) == ["I went home. and slept"]
    assert split("one two three", [0, 4]) == ["one", "two three"]


def test_a_run_on_is_cut_at_a_conjunction():
    parts = split("walking to the shop, buying bread and " * 40)
    assert len(parts) > 1 and all(len(part.split()) <= MAX_SENTENCE for part in parts)
    assert all(part.startswith("and ") for part in parts[1:])


@settings(deadline=None)  # the first text pays for the parser
@given(st.text(max_size=80))
def test_sentences_tile_the_text(text):
    parsed = Parser.parse(thread_parser(()), [text])[0]
    spans = [parsed.original_span(sentence) for sentence in parsed.sentences]
    assert all(start < end for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    left_out = (
        text[: spans[0][0]] + "".join(text[a[1] : b[0]] for a, b in pairwise(spans)) + text[spans[-1][1] :]
        if spans
        else text
    )
    assert not any(character.isalnum() for character in left_out)


def test_nothing_a_user_wrote_stays_in_the_vocabulary():
    parser = Parser()
    before = len(parser._tokenizer._nlp.vocab.strings)
    parser.parse([f"zaphodina{number} hates me" for number in range(500)])
    assert len(parser._tokenizer._nlp.vocab.strings) <= before + 3
    assert "zaphodina7" not in parser._tokenizer._nlp.vocab.strings


def test_the_vocabulary_is_renewed_after_much_text(monkeypatch):
    monkeypatch.setattr(tokenizing, "_MOST_LEXEMES", 2000)
    parser = Parser()
    first = parser._tokenizer._nlp.vocab
    expected = Parser().parse(["Zaph0dina's here. Yes."])[0]
    for number in range(6):
        parser.parse([f"zaphodina's{number}x{n} hates me" for n in range(500)])
    assert parser._tokenizer._nlp.vocab is not first and len(parser._tokenizer._nlp.vocab) < 5000
    assert parser.parse(["Zaph0dina's here. Yes."])[0].sentences == expected.sentences


def test_an_error_inside_leaves_the_parser_usable():
    parser = Parser()
    with pytest.raises(Exception):  # noqa: B017 - whatever spaCy raises for a text that is no text
        parser.parse(["fine", None])
    assert len(parser.parse(["Still fine. Yes."])[0].sentences) == 2


def test_models_that_take_turns_warm_the_parser_once(monkeypatch):
    parser, first, second = Parser(), ("one", "two"), ("three",)
    for words in (first, second):
        parser.warm(words)
    monkeypatch.setattr(parser, "_tokenizer", None)
    for words in (first, second, first):
        parser.warm(words)


def test_every_thread_has_its_own_parser():
    found = []
    threads = [threading.Thread(target=lambda: found.append(thread_parser(()))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(map(id, found))) == 3


def test_32000_emoji_take_less_than_a_second():
    parser = Parser()
    start = time.perf_counter()
    parser.parse(["\U0001f62d" * 32_000])
    assert time.perf_counter() - start < 1
