"""The page of a long journal takes time in proportion to its entries, in CPU time of one run."""

import time

from innercritic import Journal
from innercritic.journal import story
from innercritic.pages import Prose
from tests.journal.conftest import make_entries


def test_a_page_takes_time_in_proportion(monkeypatch, critic):
    monkeypatch.setattr(story, "_picture", lambda *_: Prose(("A picture.",)))  # as many for a short journal

    def cost(entries):
        start = time.process_time()
        Journal.from_frame(make_entries(entries), model=critic).to_html()
        return time.process_time() - start

    cost(100)
    assert cost(4000) < 3 * 4 * cost(1000)
