"""The page of a long journal costs little more than reading it, in CPU time of one run."""

import time

from innercritic import Journal, score_frame
from innercritic.journal import story
from innercritic.pages import Prose
from tests.journal.conftest import make_entries


def test_a_long_journal_costs_little_more_than_its_sentences(monkeypatch, critic):
    monkeypatch.setattr(story, "_picture", lambda *_: Prose(("A picture.",)))  # as many for a short journal
    table = make_entries(3000)
    score_frame(table.head(50), model=critic)
    start = time.process_time()
    score_frame(table, model=critic)
    scored = time.process_time()
    Journal.from_frame(table, model=critic).to_html()
    assert time.process_time() - scored < 2 * (scored - start)
