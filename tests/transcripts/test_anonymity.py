"""Identifiers are counted by kind and never repeated."""

import time
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innercritic.transcripts import IdentifiersFoundError, PrivacyWarning, check_anonymity, count_identifiers
from innercritic.transcripts.anonymity import KINDS

FOUND = {
    "email": ["Write to karen.b+x@mail.example.co.uk please", "it's karen at gmail dot com"],
    "url": ["see https://foo.example/bar?x=1", "on www.mysite.org", "my shop is sweetcakes.com now"],
    "handle": ["I'm @karen_b on there"],
    "phone": [
        "call 555-123-4567",
        "it's (555) 123-4567",
        "+44 7911 123456",
        "07911 123456",
        "555-1234 is mine",
        "five five five one two three seven",
        "5551234567",
    ],
    "date": [
        "on 3 June 2019",
        "born 03/06/1987",
        "2019-06-03 was it",
        "the third of June",
        "June 3rd",
        "in March 2020",
    ],
    "id_number": ["ssn 123-45-6789", "MRN 00123456", "my NHS number 9434765919"],
    "address": ["at 12 Baker Street", "SW1A 1AA", "Springfield, IL 62704"],
    "name": [
        "My name is Rachel",
        "my name is rachel",
        "call me Cass",
        "Dr. Patel said",
        "Mrs Jones",
        "a guy named Tom",
    ],
}
PLAIN = """This is Hell.
I may 2 times
It was 2019 when it began
20 or 30 40 times
I told [NAME] and Dr. [NAME] so
Dr. <PERSON_1> and {{name}} and XXXX
at 10:30 in the morning
about 1,000 calories and 1.5 litres
my name is not important
My name is on the list
I scored 12 out of 20
24/7 and 50/50
the doctor I saw
first of all, may I
one of five or six
I'm 34
They call me lazy
2-3 times a week
100 200 pounds""".splitlines()


def test_every_kind_is_tried():
    assert tuple(FOUND) and set(FOUND) == set(KINDS)


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in FOUND.items() for text in texts])
def test_what_looks_like_an_identifier(kind, text):
    assert count_identifiers([text]) == {kind: 1}


@pytest.mark.parametrize("text", PLAIN)
def test_what_does_not(text):
    assert count_identifiers([text]) == {}


def test_warn_raise_or_ignore_and_never_repeat():
    texts = ["I'm Zaphodina, zaphodina@example.org", "My name is Zaphodina"]
    with pytest.warns(PrivacyWarning, match="1 email, 1 name.*certifies nothing") as caught:
        assert check_anonymity(texts) == {"email": 1, "name": 1}
    with pytest.raises(IdentifiersFoundError) as error:
        check_anonymity(texts, on_pii="raise")
    assert "zaphodina" not in (str(caught[0].message) + str(error.value)).lower()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert check_anonymity(texts, on_pii="ignore") and not check_anonymity(["Fine."])
    with pytest.raises(ValueError, match="on_pii is one of"):
        check_anonymity(texts, on_pii="shout")


@given(st.text())
def test_any_text_has_counts(text):
    assert set(count_identifiers([text])) <= set(KINDS)


@pytest.mark.parametrize(
    "unit", ["1", "a@", "12 Ab", "1-", "five ", "w.", "A", "12 ", "@a", "a.b", "Dr ", "my name is "]
)
def test_no_text_takes_long(unit):
    def took(size):
        start = time.perf_counter()
        count_identifiers([unit * size])
        return time.perf_counter() - start

    took(100)
    assert took(16_000) < 40 * max(took(2_000), 0.001)


def test_one_text_is_not_read_letter_by_letter():
    with pytest.raises(TypeError, match="put it into a list"):
        check_anonymity("call 555-123-4567")
