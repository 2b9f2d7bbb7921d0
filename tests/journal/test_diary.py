import pickle
import subprocess
import sys

import pandas as pd
import pytest

from innercritic import ColumnError, Facet, Journal, JournalError, score_frame
from innercritic.journal import State
from tests.conftest import UGLY
from tests.journal.conftest import DANGER, make_entries


def test_sentences_are_those_of_score_frame(journal, table):
    expected = score_frame(table.assign(text=table["text"]), include_text=True)
    found = journal.sentences(include_text=True)
    pd.testing.assert_frame_equal(found[expected.columns], expected)
    assert found.columns[:2].tolist() == ["entry", "time"] and "text" not in journal.sentences().columns


def test_entries_count_what_sentences_say(journal):
    sentences, entries = journal.sentences(), journal.entries()
    assert entries["sentences"].sum() == sentences["abstained"].isna().sum()
    for facet in Facet:
        assert entries[facet].tolist() == sentences.groupby("entry")[facet].sum().tolist()
    assert (entries["critic"] >= entries[["self_judgment", "isolation", "over_identification"]].max(axis=1)).all()
    assert entries["clear"].all()


def test_rates_are_counts_over_sentences_and_lose_no_entry(journal):
    rates, entries = journal.rates("M"), journal.entries()
    assert set(rates["facet"]) == set(Facet)
    for facet, part in rates.groupby("facet"):
        assert part["facet_sentences"].sum() == entries[facet].sum()
        assert part["sentences"].sum() == entries["sentences"].sum() and part["entries"].sum() == len(entries)
        assert part["period"].is_monotonic_increasing and (part["period"].diff().dropna().dt.days >= 28).all()
    assert rates["rate"].to_numpy() == pytest.approx(100 * rates["facet_sentences"] / rates["sentences"])
    assert ((rates["low"] <= rates["rate"]) & (rates["rate"] <= rates["high"])).all()


def test_weeks_without_entries_are_there_and_empty():
    journal = Journal.from_frame(pd.DataFrame({"date": ["2024-01-02", "2024-01-23"], "text": ["I hate myself."] * 2}))
    rates = journal.rates(facets="self_judgment")
    assert rates["entries"].tolist() == [1, 0, 0, 1] and rates["rate"].isna().tolist() == [False, True, True, False]


def test_resampled_intervals_on_request(journal):
    found = journal.rates("Y", ["critic"], method="bootstrap")
    assert (found["low"] < found["rate"]).all() and (found["rate"] < found["high"]).all()
    with pytest.raises(ValueError, match="method is one of"):
        journal.rates(method="magic")


def test_a_wrong_facet_period_or_picture_says_what_is_possible(journal):
    with pytest.raises(ValueError, match="a facet is one of"):
        journal.rates(facets=["sadness"])
    with pytest.raises(ValueError, match="a facet is one of"):
        journal.trend("sadness")
    with pytest.raises(ValueError, match="requency"):
        journal.rates("fortnightly")
    with pytest.raises(ValueError, match="a picture is one of"):
        journal.plot("pie")


def test_the_trend_of_a_journal_that_turned_quieter(journal, table):
    trend = journal.trend()
    assert trend.state is State.FALLING and trend.high < 0 and trend.before > trend.after
    middle = table["date"].iloc[len(table) // 2]
    assert abs(trend.changed - middle) < pd.Timedelta(days=21)
    assert trend.entries == len(table) and "falling" in str(trend)
    assert journal.trend("mindfulness").state is State.NOT_ENOUGH_DATA


def test_balance_pairs_each_critic_facet_with_its_opposite(journal):
    table = journal.balance()
    assert [Facet(facet).opposite for facet in table["facet"]] == table["opposite"].tolist()
    assert table["difference"].to_numpy() == pytest.approx(table["rate"] - table["opposite_rate"])
    assert table["lean"].tolist()[2] == "more over-identification"
    assert ((table["low"] <= table["difference"]) & (table["difference"] <= table["high"])).all()


def test_what_is_no_table_is_refused():
    with pytest.raises(TypeError, match="expected a pandas DataFrame, got list"):
        Journal.from_frame([{"date": "2024-01-02", "text": "I hate myself."}])


def test_each_person_has_a_baseline_and_a_trend_of_their_own():
    one, other = make_entries(60, seed=1), make_entries(60, seed=2)
    other["text"] = "We had soup. I hate myself. It rained. " * 3
    frame = pd.concat([one.assign(who="a"), other.assign(who="b")], ignore_index=True).sample(frac=1, random_state=0)
    journal = Journal.from_frame(frame, person="who")
    assert repr(journal).startswith("Journal(120 entries of 2 people, 2024-01-0")
    alone = Journal.from_frame(one)
    mixed = journal.rates("M", ["critic"])
    part = mixed[mixed["person"] == "a"].drop(columns="person").reset_index(drop=True)
    pd.testing.assert_frame_equal(part, alone.rates("M", ["critic"]))
    assert part["vs_baseline"].iloc[0] == "baseline" and part["vs_baseline"].iloc[-1] == "fewer"
    steady = mixed[mixed["person"] == "b"]
    assert set(steady["vs_baseline"]) <= {"baseline", "no clear difference"}
    assert journal.trend(person="a").state is State.FALLING and journal.trend(person="b").state is State.NO_CLEAR_CHANGE
    assert journal.balance()["person"].tolist() == ["a"] * 3 + ["b"] * 3
    for wrong in (None, "c"):
        with pytest.raises(ValueError, match="say whose"):
            journal.trend(person=wrong)


def test_a_baseline_needs_twice_its_entries():
    journal = Journal.from_frame(make_entries(19))
    assert journal.rates()["baseline"].isna().all() and journal.rates()["vs_baseline"].isna().all()


def test_ugly_cells_count_as_entries_and_break_nothing():
    cells = [*UGLY.values(), None, float("nan"), 3, b"bytes", ["list"]]
    frame = pd.DataFrame(
        {"date": pd.date_range("2024-01-01", periods=len(cells)), "text": pd.Series(cells, dtype=object)}
    )
    frame.index = frame.index * 7
    journal = Journal.from_frame(frame)
    entries = journal.entries()
    assert entries.index.equals(frame.index) and entries["sentences"].tolist()[-5:] == [0] * 5
    assert entries["clear"].tolist()[-5:] == [True, True, False, False, False]
    assert journal.rates("D")["entries"].max() == 1 and journal.trend().state is State.NOT_ENOUGH_DATA
    assert journal.to_html().encode("utf-8") and journal._repr_html_().encode("utf-8")


def test_undated_entries_count_but_not_over_time():
    frame = pd.DataFrame({"date": ["2024-01-01", "soon", None], "text": ["I hate myself."] * 3})
    journal = Journal.from_frame(frame)
    assert (
        journal.entries()["self_judgment"].sum() == 3 and journal.rates("D", ["critic"])["facet_sentences"].sum() == 1
    )
    assert journal.between()["self_judgment"][:3] == (3, 3, 3)
    assert journal.between("2024-01-01", "2024-01-01")["self_judgment"][:3] == (1, 1, 1)
    assert "2 entries have no date" in journal.to_html()


def test_one_entry_and_many_a_minute():
    assert Journal.from_frame(make_entries(1)).rates(facets=["critic"])["entries"].tolist() == [1]
    frame = pd.DataFrame({"date": ["2024-01-01 10:00"] * 40, "text": ["I hate myself."] * 40})
    assert Journal.from_frame(frame).trend().state is State.NOT_ENOUGH_DATA


def test_a_wrong_column_is_named():
    frame = pd.DataFrame({"date": ["2024-01-01"], "text": ["x"]})
    with pytest.raises(ColumnError, match="'when' is not there"):
        Journal.from_frame(frame, time="when")
    with pytest.raises(JournalError, match="no date"):
        Journal.from_frame(frame.assign(date="never"))


def test_progress_is_told_of_every_chunk(monkeypatch, table):
    from innercritic.journal import diary

    monkeypatch.setattr(diary, "CHUNK", 40)
    seen = []

    def progress(chunks):
        for chunk in chunks:
            seen.append(len(chunk))
            yield chunk

    found = Journal.from_frame(table, progress=progress).entries()
    assert seen == [40, 40, 10] and len(found) == 90


def test_reading_one_entry_in_full(gated):
    analysis = gated.analyze(20)
    assert DANGER in analysis.text and not analysis.safety.clear
    assert not any(sentence.reframes for sentence in analysis.sentences)
    assert gated.entries()["crisis"].tolist() == [n == 20 for n in range(40)]


def test_a_journal_can_be_pickled(table):
    again = pickle.loads(pickle.dumps(Journal.from_frame(table.head(5))))
    assert again.entries().equals(Journal.from_frame(table.head(5)).entries())


def test_repr_holds_no_text(journal):
    assert "idiot" not in repr(journal) and repr(journal).startswith("Journal(90 entries, 2024-01-")


def test_entries_without_a_name_are_nobodys_else():
    frame = pd.DataFrame({"date": ["2024-01-01"] * 3, "text": ["I hate myself."] * 3, "who": ["a", None, float("nan")]})
    journal = Journal.from_frame(frame, person="who")
    assert journal.between(person="a")["self_judgment"][2] == 1 and journal.between(person="")["self_judgment"][2] == 2


def test_without_matplotlib_everything_but_pictures_works():
    code = """
import sys; sys.modules["matplotlib"] = None
import pandas as pd, innercritic as ic
journal = ic.Journal.from_frame(pd.DataFrame({"date": ["2024-01-01"], "text": ["I hate myself."]}))
assert "self-judgment" in journal._repr_html_().lower() and len(journal.rates()) == 6
for wanted in (journal.plot, journal.to_html):
    try: wanted()
    except ic.MissingExtraError as error: assert "innercritic[notebook]" in str(error)
    else: raise AssertionError
"""
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("freq", ["2W", "3M"])
def test_periods_are_single_ones(journal, freq):
    with pytest.raises(ValueError, match="one period"):
        journal.rates(freq)
