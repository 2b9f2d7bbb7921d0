import pytest
from hypothesis import given
from hypothesis import strategies as st

from innercritic.normalising import MAX_RUN, clean

PIECES = st.sampled_from(
    [
        "[NAME]",
        "{{city}}",
        "<b>",
        "</p>",
        "&amp;",
        "&#39;",
        "\u200b",
        "XXXX",
        "***",
        "[laughs]",
        "\ud800",
        "\x00",
        "a" * 70,
        "\u2019",
    ]
)
MIXED = st.lists(
    st.one_of(st.text(max_size=12), PIECES, st.sampled_from([" ", "\n", "I'm", "(", "["])), max_size=12
).map("".join)


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("I\u2019m \u201cfine\u201d", 'I\'m "fine"'),
        ("I told [NAME] so", "I told Person so"),
        ("I told <PERSON_1> so", "I told Person so"),
        ("I told [**First Name8 (NamePattern2) **] so", "I told Person so"),
        ("we live in {{city}}", "we live in Place"),
        ("it was XXXX then", "it was Redacted then"),
        ("well [crosstalk] yes", "well   yes"),
        ("no [inaudible 00:12:31] no", "no   no"),
        ("<b>bad</b> &amp; worse", " bad  & worse"),
        ("fail\u200bure", "failure"),
        ("a\x00b \ud800", "a b \ufffd"),
        ("f*** this <3", "f*** this <3"),
        ("plain (really) & simple", "plain (really) & simple"),
    ],
)
def test_what_is_rewritten(given_text, expected):
    assert clean(given_text).text == expected


def test_runs_are_broken_and_mapped_back():
    tidy = clean("x" + "y" * 200)
    assert max(map(len, tidy.text.split())) <= MAX_RUN
    assert tidy.original_span(0, len(tidy.text)) == (0, 201)


@given(MIXED)
def test_offsets_stay_inside_and_in_order(text):
    tidy = clean(text)
    spans = [tidy.original_span(place, place + 1) for place in range(len(tidy.text))]
    assert all(0 <= start <= end <= len(text) for start, end in spans)
    assert [start for start, _ in spans] == sorted(start for start, _ in spans)
    tidy.text.encode("utf-8")  # no lone surrogate is left


@given(st.text(alphabet=st.characters(min_codepoint=97, max_codepoint=122), max_size=50))
def test_plain_words_are_left_alone(text):
    tidy = clean(text)
    assert tidy.text == text and tidy.original_span(0, len(text)) == (0, len(text))


@given(
    st.lists(st.sampled_from(["hello", "[NAME]", "<b>", "&amp;", "\u200b", "***", " ", "\u2019s"]), max_size=10).map(
        "".join
    )
)
def test_copied_words_map_back_to_themselves(text):
    tidy = clean(text)
    at = tidy.text.find("hello")
    while at >= 0:
        first, last = tidy.original_span(at, at + 5)
        assert text[first:last].replace("\u200b", "") == "hello"
        at = tidy.text.find("hello", at + 1)
