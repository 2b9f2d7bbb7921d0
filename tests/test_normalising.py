import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from innercritic.marks import MAX_RUN
from innercritic.normalising import STAND_IN, clean, cleaned

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
        ("I told [NAME] so", "I told Alex so"),
        ("I told <PERSON_1> so", "I told Alex so"),
        ("I told [**First Name8 (NamePattern2) **] so", "I told Alex so"),
        ("we live in {{city}}", "we live in Alex"),
        ("it was XXXX then", "it was Alex then"),
        ("well [crosstalk] yes", "well   yes"),
        ("no [inaudible 00:12:31] no", "no   no"),
        ("so ((laughs)) I *sighs* go [00:12:31] on [...]", "so   I   go   on  "),
        ("[FIRST NAME] [LAST NAME]'s and [NAME] [laughs]", "Alex's and Alex  "),
        ("one\n***\ntwo\n____\nI hate *** so", "one\n \ntwo\n \nI hate Alex so"),
        ("f**k, **bold**, [16F], [a link](x.org), (sadly), #tag, 5%, a_b, x_x", None),
        ("[I was] told", None),
        ("[door closes] mail <email> on XX/XX/XXXX", "  mail Alex on Alex"),
        ("<b>bad</b> &amp; worse", " bad  & worse"),
        ("fail\u200bure", "failure"),
        ("a\x00b \ud800", "a b \ufffd"),
        ("f*** this <3", "f*** this <3"),
        ("plain (really) & simple", "plain (really) & simple"),
    ],
)
def test_what_is_rewritten(given_text, expected):
    assert clean(given_text).text == (given_text if expected is None else expected)


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


STYLES = """[NAME]|[Name]|[name]|[FIRST NAME]|[PERSON_1]|[Person 1]|<NAME>|<PERSON_1>|<name>|(NAME)|{name}|{{name}}
{{NAME_2}}|XXXX|xxxx|***|____|[**First Name8 (NamePattern2) **]|[***]|[REDACTED]|[redacted]|<redacted>
[name removed]|NAME_1|@NAME@|%NAME%|$NAME$|\u2588\u2588\u2588\u2588|<<NAME>>|[[NAME]]|<PERSON>Mara</PERSON>
[FIRST NAME] [LAST NAME]|[city name]|XX/XX/XXXX|(name withheld)"""
SENTENCES = """I told {0} that I'm such an idiot.
{0} never calls, nobody understands me like that.
I can't stop thinking about what {0} said. It's over.
I hate myself, {0}. I'm a failure.
Everyone but me gets on with {0}
Then {0}'s sister hit me again. I want to die, {0}!""".splitlines()


@pytest.mark.parametrize("style", STYLES.replace("\n", "|").split("|"))
def test_the_style_of_a_mark_does_not_change_the_answer(style, critic):
    for sentence in SENTENCES:
        text = sentence.format(style)
        mine, plain = critic.analyze(text), critic.analyze(sentence.format(STAND_IN))
        assert [(s.probabilities, s.facets, s.abstained) for s in mine.sentences] == [
            (s.probabilities, s.facets, s.abstained) for s in plain.sentences
        ]
        assert mine.safety.flags == plain.safety.flags
        assert [s.text for s in mine.sentences] == [s.text.replace(STAND_IN, style) for s in plain.sentences]
        assert all(text[s.start : s.end] == s.text for s in mine.sentences)


def test_a_mark_is_read_like_any_name(critic):
    def scores(name):
        return np.array([list(critic.analyze(s.format(name)).sentences[0].probabilities.values()) for s in SENTENCES])

    names = np.mean(
        [scores(name) for name in "Maria Tom Aisha Kevin Linda Robert Priya Emma Ahmed Luis".split()], axis=0
    )
    assert np.abs(scores("[NAME]") - names).mean() < 0.03


TEXTS = MIXED | st.text("xX/*([a <", max_size=20) | st.integers(60, 70).map("a".__mul__)


@given(st.lists(TEXTS, max_size=3), st.lists(TEXTS, max_size=3))
def test_what_needs_no_cleaning_is_left_alone_in_any_company(before, after):
    texts = [*before, *["I'm fine."] * 20, *after]  # many are looked at in another way than few
    rewritten = cleaned(texts)
    for place, text in enumerate(texts):
        tidy = clean(text)
        assert tidy == rewritten.get(place, tidy)
        assert (place in rewritten) == bool(cleaned([text]))
        assert place in rewritten or (tidy.text == text and tidy.original_span(0, len(text)) == (0, len(text)))


def test_brackets_in_plain_speech_are_no_mark():
    said = ["It was late (of course)."] * 20 + ["so glad :)", "[laughs] fine"]
    assert list(cleaned(said)) == [21]
