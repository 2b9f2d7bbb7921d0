"""The page of a journal: what is on it, what never is."""

import html
import re

import pandas as pd
import pytest

from innercritic import Journal
from innercritic.journal import overview, story, telling
from innercritic.pages import Prose
from tests.journal.conftest import DANGER, KIND, make_entries


def words(page):
    """What a reader reads: tags within a line, marks say, part no words."""
    body = re.sub(r"<(style|script)>.*?</\1>", " ", page, flags=re.S)
    body = re.sub(r"</?(mark|span)\b[^>]*>", "", body)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


@pytest.fixture
def no_pictures(monkeypatch):
    """Pictures take most of the time of a page; tests of its words do without."""
    monkeypatch.setattr(story, "_picture", lambda *_: Prose(("A picture.",)))


@pytest.fixture(scope="module")
def page(journal):
    return journal.to_html(title="My <year>")


def test_it_has_every_part_it_promises(page):
    said = words(page)
    parts = "My <year>|At a glance|Over time|Critic and compassion|Most telling sentences|Practices of a minute|"
    for part in (parts + "How to read this page|no diagnosis|90 entries, 3 January 2024 to").split("|"):
        assert part in said
    assert page.count("data:image/png") == 16 and "falling" in said
    assert "Lots of people go through this." in said and said.count("self-judgment") >= 3


def test_people_see_words_and_counts_and_no_scores(page):
    said = words(page)
    assert "%" not in said and not re.search(r"\b0\.\d", said) and not re.search(r"\d\.\d", said)


def test_critic_sentences_come_with_a_reframe_and_no_template_twice(journal):
    told = telling.telling_sentences(journal, telling.gated_entries(journal))
    passages = next(block for block in telling.passages(journal, told) if hasattr(block, "passages")).passages
    offered = [offer for passage in passages for offer in passage.offers]
    assert len(offered) >= 4 and len(set(offered)) == len(offered)
    assert [told.entry for told in told] == sorted(told.entry for told in told)


def test_compassionate_sentences_are_told_too_with_their_words_and_no_reframe(journal):
    told = telling.telling_sentences(journal, telling.gated_entries(journal))
    passages = next(block for block in telling.passages(journal, told) if hasattr(block, "passages")).passages
    kind = {"".join(piece.text for piece in passage.pieces): passage for passage in passages if not passage.offers}
    assert set(kind) == set(KIND)
    assert {tag.key for passage in kind.values() for tag in passage.tags} == {"self_kindness", "common_humanity"}
    assert all(passage.reasons for passage in kind.values())


def test_the_gate_shows_its_card_and_keeps_reframes_from_the_days_around(gated, no_pictures):
    page = gated.to_html()
    said = words(page)
    assert "No reframes here for 1 entry" in said and "findahelpline.com" in said
    assert DANGER not in said
    covered = telling.gated_entries(gated)
    times = gated.entries()["time"]
    assert covered.tolist() == (abs(times - times[20]) <= pd.Timedelta(days=telling.GATE_DAYS)).tolist()
    shown = {told.entry for told in telling.telling_sentences(gated, covered)}
    assert shown and not shown & set(covered[covered].index)
    assert said.index("No reframes here") < said.index("sentences were judged")
    assert "No reframes here" in gated._repr_html_()


def test_no_reframe_at_all_where_every_entry_raises_the_gate(no_pictures):
    frame = make_entries(30).assign(text=f"{DANGER} I'm such an idiot.")
    page = Journal.from_frame(frame).to_html()
    assert 'class="offer"' not in page and 'class="steps"' not in page and "no sentence to show" in words(page)


def test_no_practice_when_the_last_entry_is_in_danger(table, no_pictures):
    frame = table.head(30).copy()
    frame.loc[29, "text"] = DANGER
    assert "Practices of a minute" not in Journal.from_frame(frame).to_html()


def test_an_undated_raised_gate_covers_all_that_person_wrote():
    frame = pd.concat([make_entries(20).assign(who="a"), make_entries(20).assign(who="b")], ignore_index=True)
    frame["date"] = frame["date"].astype(object)
    frame.loc[5, ["date", "text"]] = ["someday", DANGER]
    covered = telling.gated_entries(Journal.from_frame(frame, person="who"))
    assert covered[:20].all() and not covered[20:].any()


def test_without_text_no_word_of_the_writer_is_on_it(table, no_pictures):
    frame = table.assign(text="Zaphodina thinks I'm such an idiot.")
    assert "Zaphodina" in Journal.from_frame(frame).to_html()
    page = Journal.from_frame(frame).to_html(include_text=False)
    assert "Zaphodina" not in page and "idiot" not in page and 'class="offer"' not in page and "At a glance" in page


def test_markup_in_a_journal_is_shown_not_run(table, no_pictures):
    evil = '<script>alert(1)</script> <img src=x onerror=alert(2)> I\'m such an idiot & "worse".'
    frame = table.assign(text=evil, who="<b>a</b>")
    page = Journal.from_frame(frame).to_html(title="</title><script>alert(3)</script>")
    assert page.count("<script") == 1 and "<img src=x" not in page and "alert(1)&lt;/script&gt;" in page
    frame.loc[:40, "who"] = "<b>b</b>"
    page = Journal.from_frame(frame, person="who").to_html()
    assert "<b>" not in page and "&lt;b&gt;a&lt;/b&gt;" in page


def test_several_people_are_listed_each_against_themself(no_pictures):
    frame = pd.concat([make_entries(25).assign(who=n) for n in range(overview.MOST_PEOPLE + 1)], ignore_index=True)
    said = words(Journal.from_frame(frame, person="who").to_html())
    assert "each person against themself" in said and "And 1 more person" in said
    assert re.search(r"\b\d+ · \w+day, \d+ \w+ 2024", said) and "Practices of a minute" not in said


def test_the_same_journal_gives_the_same_bytes_and_writes_the_file_it_returns(table, page, tmp_path):
    path = tmp_path / "out.html"
    assert Journal.from_frame(table).to_html(path, title="My <year>") == page == path.read_text("utf-8")


def test_the_notebook_shows_an_overview(journal):
    shown = journal._repr_html_()
    assert shown.startswith("<div") and "The six facets" in shown and "<script" not in shown
    assert '<mark class="t-self_judgment" title="self-judgment: ' in shown and 'class="offer"' in shown
