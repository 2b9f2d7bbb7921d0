"""Pictures are drawn to PNG and looked at as arrays: something is there, inside the frame, and told apart in grey."""

import io

import matplotlib
import numpy as np
import pandas as pd
import pytest

matplotlib.use("Agg")

from matplotlib import image, pyplot
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from innercritic import Journal
from innercritic.journal import pictures
from innercritic.journal.drawing import DARK, LIGHT
from tests.journal.conftest import make_entries

KINDS = list(pictures.KINDS_OF_PICTURE)


@pytest.fixture(autouse=True)
def close():
    yield
    pyplot.close("all")


def drawn(journal, kind, **options):
    found = journal.plot(kind, **options)
    return found, found if isinstance(found, Figure) else found.figure


def pixels(figure):
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=60)
    file.seek(0)
    return image.imread(file)[..., :3]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("style", [LIGHT, DARK], ids=["light", "dark"])
def test_it_draws_and_grey_is_enough(journal, kind, style):
    found, figure = drawn(journal, kind, style=style)
    assert isinstance(found, Figure if kind == "facets" else Axes)
    grey = pixels(figure) @ [0.2126, 0.7152, 0.0722]
    paper = grey[0, 0]
    assert 0.02 < np.mean(np.abs(grey - paper) > 0.1) < 0.6
    assert np.abs(grey - paper).max() > 0.5
    edges = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    assert np.abs(edges - paper).max() < 0.1, "something is cut off at the edge"


@pytest.mark.parametrize("kind", KINDS)
def test_titles_units_and_alt_text(journal, kind):
    found, figure = drawn(journal, kind)
    words = " ".join(text.get_text() for text in figure.findobj(matplotlib.text.Text))
    alt = pictures.alt_text(found)
    assert len(alt) > 30 and "%" not in alt
    assert "sentences in every 100" in words
    assert all(ax.get_title(loc="left") for ax in figure.axes)


def test_the_timeline_says_trend_and_counts_in_its_alt_text(journal):
    alt = pictures.alt_text(journal.plot("timeline"))
    assert "falling" in alt and "Most in the week of" in alt


def test_it_draws_where_it_is_told_to(journal):
    _, (left, right) = pyplot.subplots(1, 2)
    assert journal.plot("timeline", ax=left) is left and journal.plot("balance", ax=right) is right
    other = Figure()
    assert journal.plot("facets", figure=other, columns=1) is other and len(other.axes) == 6
    assert len({ax.get_ylim() for ax in other.axes}) == 1


def test_the_band_holds_the_line_and_gaps_stay_gaps():
    entries = make_entries(20)
    entries.loc[10:, "date"] += pd.Timedelta(days=60)
    ax = Journal.from_frame(entries).plot("timeline", freq="W")
    (line,) = [line for line in ax.get_lines() if len(line.get_xdata()) > 2]
    assert np.isnan(line.get_ydata().astype(float)).sum() >= 7
    rates = Journal.from_frame(entries).rates("W", ["critic"])
    low, high = ax.get_ylim()
    assert low == 0 and high >= rates["high"].max()


@pytest.mark.parametrize("entries", [0, 1, 2, 30])
@pytest.mark.parametrize("kind", KINDS)
def test_small_and_empty_journals_are_drawn(entries, kind):
    frame = pd.DataFrame({"date": pd.date_range("2024-02-28", periods=entries), "text": ["I hate myself."] * entries})
    pixels(drawn(Journal.from_frame(frame), kind)[1])


def test_all_facets_and_years_of_a_calendar(journal):
    for facet in ("isolation", "compassionate"):
        assert facet in journal.plot("calendar", facet=facet).get_title(loc="left").lower()
    assert "0 days with entries" in pictures.alt_text(journal.plot("calendar", year=1999))
    assert len(journal.plot("calendar", rows=2).get_yticks()) == 8


def test_periods_fit_the_span():
    spans = {10: "D", 300: "W", 1500: "M", 5000: "Q", 20000: "Y", 40000: "Y"}
    found = {days: pictures.fitting_freq(pd.Series(pd.date_range("1950-01-01", periods=days))) for days in spans}
    assert found == spans
    weekly = pd.Series(pd.date_range("2023-01-01", periods=52, freq="W"))
    assert pictures.fitting_freq(weekly) == "M" and pictures.fitting_freq(weekly[:4]) == "D"


def test_whose_picture_must_be_said():
    frame = pd.concat([make_entries(20).assign(who=name) for name in "ab"])
    journal = Journal.from_frame(frame, person="who")
    with pytest.raises(ValueError, match="say whose"):
        journal.plot("timeline")
    assert journal.plot("balance", person="a") and journal.plot("facets", person="b")
