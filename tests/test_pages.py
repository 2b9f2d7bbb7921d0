"""The page layer by itself: everything escaped, nothing outside, whatever comes in."""

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innercritic.pages import (
    Card,
    Passage,
    Passages,
    Picture,
    Piece,
    Prose,
    Section,
    Steps,
    Table,
    Tag,
    Terms,
    fragment,
    page,
)

TAG = Tag("isolation", "isolation")


def every_block(text):
    return [
        Prose((text,)),
        Card(text, (text,)),
        Picture(b"a", b"b", b"c", b"d", text, text),
        Table(text, (text, text), ((text, text),)),
        Terms(((text, text),)),
        Steps(text, (text,), text),
        Passages(
            (Passage((Piece(text, (TAG,), text),), (Tag("x", text),), text, ((TAG, text),), (text,), text),), text
        ),
    ]


class Reader(HTMLParser):
    """Collects what a browser would see."""

    def __init__(self):
        super().__init__()
        self.tags, self.words, self.attributes, self.open = [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, *pair) for pair in attrs]
        if tag not in ("meta", "link", "img", "source", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def read(html):
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


PLAIN = read(page("t", [Section("s", tuple(every_block("plain")))], lead=["l"], foot=["f"])).tags
EVIL = st.one_of(
    st.text(min_size=1, max_size=60), st.text("<>&\"'/= \u202e\ud800\x00scriptimgonload", min_size=1, max_size=60)
)


@given(EVIL)
def test_whatever_comes_in_changes_no_tag_and_is_shown(text):
    html = page(text, [Section(text, tuple(every_block(text)))], lead=[text], foot=[text])
    html.encode("utf-8")
    reader = read(html)
    assert reader.tags == PLAIN
    shown = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]", "\ufffd", text)
    assert "".join(shown.split()) in "".join("".join(reader.words).split())


def test_it_refers_to_nothing_outside():
    reader = read(page("t", [Section("s", tuple(every_block("see https://example.org")))] * 3))
    for _, name, value in reader.attributes:
        if name in ("src", "srcset", "href", "action", "data", "poster"):
            assert value.startswith(("data:", "#"))
        assert not name.startswith("on") and name != "style"
    assert "@import" not in (html := page("t", [])) and "url(" not in html


def test_the_policy_allows_its_own_style_and_script_and_nothing_else():
    html = page("t", [Section("s", (Prose(("x",)),))])
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)[1].replace("&#39;", "'")
    assert policy.startswith("default-src 'none'") and "unsafe" not in policy and "http" not in policy
    for kind in ("style", "script"):
        content = re.search(rf"<{kind}>(.*?)</{kind}>", html, re.S)[1]
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy


def test_a_fragment_has_no_script_and_stays_inside_one_element():
    html = fragment(every_block("x"))
    reader = read(html)
    assert reader.tags[0] == "div" and "script" not in reader.tags and html.strip().endswith("</div>")


def test_headings_and_contents_link_up():
    html = page("t", [Section(f"Part {n}", (Prose(("x",)),)) for n in range(4)])
    reader = read(html)
    links = [value[1:] for tag, name, value in reader.attributes if tag == "a" and name == "href"]
    ids = [value for _, name, value in reader.attributes if name == "id"]
    assert set(links) <= set(ids) and len(set(ids)) == len(ids) and len(links) == 5
    assert ("html", "lang", "en") in reader.attributes and reader.tags.count("h1") == 1


def test_every_picture_has_words():
    reader = read(page("t", [Section("s", (Picture(b"a", b"b", b"c", b"d", "what it shows", "caption"),))]))
    assert ("img", "alt", "what it shows") in reader.attributes and reader.tags.count("source") == 3


def test_filters_only_where_there_is_a_choice():
    def filters(*keys):
        passages = tuple(Passage((Piece("x"),), (Tag(key, key),)) for key in keys)
        return fragment([Passages(passages, filters="Show")]).count("<input")

    assert (filters(), filters("a"), filters("a", "a"), filters("a", "b")) == (0, 0, 0, 2)
    assert "<input" not in fragment([Passages((Passage((Piece("x"),), (TAG, Tag("y", "y"))),))])


@pytest.mark.parametrize("key", ["", "A", "a b", 'a"b', "1a"])
def test_a_tag_key_must_be_fit_for_a_class(key):
    with pytest.raises(ValueError, match="identifier"):
        Tag(key, "x")


def test_the_same_in_the_same_out():
    sections = [Section("s", tuple(every_block("x")))]
    assert page("t", sections) == page("t", sections)
