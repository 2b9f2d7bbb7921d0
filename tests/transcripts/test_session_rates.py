"""Rates by session and client, their intervals, the table and the page."""

import io
import re

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from innercritic.facets import Facet, SafetyFlag
from innercritic.transcripts import analyze, rates
from innercritic.transcripts.session_rates import LEAST_TURNS, facet_rates
from innercritic.transcripts.story import tell
from innercritic.transcripts.summary import summary_table


@pytest.fixture(scope="module")
def job(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rates")
    critic, plain = "I'm such an idiot.", "We had soup."
    said = {"ann/one": [critic] * 15 + [plain] * 45, "ann/two": [plain] * 30, "bob/one": [plain, "Yeah."] * 12}
    for name, turns in said.items():
        path = folder / "in" / f"{name}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(f"T: You are an idiot.\nP: {turn}\n" for turn in turns))
    (folder / "in" / "bob" / "two.txt").write_text("T: hi\nP: I want to kill myself, <script>alert(1)</script>.\n")
    return folder


@pytest.fixture(scope="module")
def rows(job):
    return analyze(job / "in", job / "a.parquet", roles=["client", "therapist"]).out


def test_rates_by_session(rows):
    table = rates(rows)
    assert len(table) == 4 * len(Facet)
    one = table[(table["source"] == "ann/one.txt") & (table["facet"] == "self_judgment")].iloc[0]
    assert (one["turns"], one["judged"], one["count"], one["per_100"]) == (60, 60, 15, 25.0)
    assert one["low"] < 25 < one["high"] and (one["first_third"], one["last_third"]) == (75.0, 0.0)
    assert one["change"] == -75 and one["change_high"] < 0
    bob = table[table["source"] == "bob/one.txt"].iloc[0]
    assert (bob["turns"], bob["sentences"], bob["judged"], bob["abstained"]) == (24, 24, 12, 0.5)
    assert bob["per_100"] == bob["low"] == 0 and 20 < bob["high"] < 35
    short = table[table["source"] == "bob/two.txt"].iloc[0]
    assert np.isnan(short["low"]) and short["crisis"] == 1 and table["crisis"].sum() == len(Facet)


def test_rates_by_client_put_sessions_together(rows):
    table = rates(rows, by="client").set_index(["client", "facet"])
    assert set(table.index.get_level_values("client")) == {"ann", "bob"}
    assert table.loc[("ann", "self_judgment"), "judged"] == 90 and table.loc[("bob", "isolation"), "turns"] == 25


def test_every_format_and_a_frame_give_the_same(rows, job):
    table = rates(rows)
    pd.testing.assert_frame_equal(rates(pd.read_parquet(rows)), table)
    for ending in ("csv", "jsonl"):
        other = analyze(job / "in", job / f"a.{ending}", roles=["client", "therapist"]).out
        pd.testing.assert_frame_equal(rates(other), table)


def test_another_role_and_wrong_wishes(rows):
    therapist = rates(rows, role="therapist")
    assert therapist["judged"].max() == 60
    with pytest.raises(ValueError, match="by is"):
        rates(rows, by="week")


def turns(rng, number, rate, likeness):
    """A made-up session: all six facets at one true rate, each with its own good and bad turns."""
    judged = 1 + rng.geometric(0.5, number)
    chance = rng.beta(rate * (1 / likeness - 1), (1 - rate) * (1 / likeness - 1), (number, len(Facet)))
    counts = np.zeros((number, 2 + len(Facet) + len(SafetyFlag)), np.int32)
    counts[:, 0] = counts[:, 1] = judged
    counts[:, 2 : 2 + len(Facet)] = rng.binomial(judged[:, None], chance)
    return counts


def coverage(number, rate, likeness, method="exact", sessions=200):
    """How often intervals hold the true rate, and how often thirds that are alike are said to differ."""
    rng = np.random.default_rng(number)
    found = [one for _ in range(sessions) for one in facet_rates(turns(rng, number, rate, likeness), method).values()]
    moved = [one.change_low > 0 or one.change_high < 0 for one in found if one.change_low == one.change_low]
    return np.mean([one.low <= 100 * rate <= one.high for one in found]), np.mean(moved or 0)


@pytest.mark.parametrize("likeness", [0.05, 0.2])
@pytest.mark.parametrize("rate", [0.1, 0.3])
@pytest.mark.parametrize("number", [20, 60, 150])
def test_intervals_hold_the_true_rate(number, rate, likeness):
    held, moved = coverage(number, rate, likeness)
    assert 0.93 <= held <= 0.97 and moved <= 0.06


def test_short_sessions_and_rare_facets_are_covered_more_often_not_less():
    assert coverage(10, 0.1, 0.2)[0] >= 0.93 and coverage(30, 0.03, 0.05)[0] >= 0.93


def test_resampling_turns_covers_in_long_sessions_only():
    assert coverage(20, 0.1, 0.2, "bootstrap", 50)[0] < 0.93
    assert 0.92 <= coverage(300, 0.2, 0.05, "bootstrap", 50)[0] <= 0.98


def test_resampled_turns_are_offered_and_nothing_else(rows):
    exact, resampled = rates(rows), rates(rows, method="bootstrap")
    same = ["count", "per_100", "first_third", "last_third", "change"]
    pd.testing.assert_frame_equal(exact[same], resampled[same])
    assert (exact["low"].notna() == resampled["low"].notna()).all()
    with pytest.raises(ValueError, match="method is one of exact, bootstrap"):
        rates(rows, method="wilson")


def test_few_turns_have_no_interval():
    few = turns(np.random.default_rng(0), LEAST_TURNS - 1, 0.2, 0.05)
    assert np.isnan(facet_rates(few)[Facet.SELF_JUDGMENT].low)
    assert np.isnan(facet_rates(few[:0])[Facet.SELF_JUDGMENT].per_100)


def test_the_table_for_a_terminal(rows):
    console = Console(width=160, record=True, file=io.StringIO())
    console.print(summary_table(rows))
    said = console.export_text()
    assert "25.0 (" in said and "crisis" in said and "50%" in said


def visible(html):
    return " ".join(re.sub("<[^>]+>", " ", html.partition("<body")[2]).split())


def test_the_page(rows, job):
    html = tell(rows, "My <sessions>", include_text=True)
    said = visible(html)
    for part in (
        "My &lt;sessions&gt;",
        "gate was raised",
        "Session by session",
        "15 (",
        "I&#39;m such an idiot",
        "no diagnosis",
    ):
        assert part in said, part
    assert "fewer" in said and "<script>alert" not in html and "http" not in said
    silent = tell(analyze(job / "in", job / "b.parquet", text=False).out, "Sessions", include_text=False)
    assert "idiot" not in silent and "soup" not in silent and "15 (" in visible(silent)


def test_a_page_of_nothing(tmp_path):
    (tmp_path / "a.txt").write_text("P: [laughs]\nP: ...\n")
    out = analyze(tmp_path / "a.txt", tmp_path / "a.parquet").out
    assert "no sentence to show" in tell(out, "Sessions", include_text=True)


def test_a_sentence_with_two_facets_is_shown_once(tmp_path):
    (tmp_path / "a.txt").write_text("P: It rained all day.\nP: I'm such an idiot and nobody will ever understand me.\n")
    html = tell(analyze(tmp_path / "a.txt", tmp_path / "a.parquet").out, "One", include_text=True)
    (tags,) = re.findall('class="passage"[^>]*data-tags="([^"]*)"', html)
    assert {"self_judgment", "isolation"} <= set(tags.split())
