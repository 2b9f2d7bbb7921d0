"""The published coding keys, item by item; the rule for missing answers; what cannot be scored."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from innercritic import AnswerError, Facet, Journal, scs
from innercritic.facets import CRITIC_FACETS
from tests.journal.conftest import make_entries

PUBLISHED = {
    "SCS-26": """
        Self-Kindness: 5, 12, 19, 23, 26
        Self-Judgment: 1, 8, 11, 16, 21
        Common Humanity: 3, 7, 10, 15
        Isolation: 4, 13, 18, 25
        Mindfulness: 9, 14, 17, 22
        Over-Identified: 2, 6, 20, 24
    """,
    "SCS-SF": """
        Self-Kindness: 2, 6
        Self-Judgment: 11, 12
        Common Humanity: 5, 10
        Isolation: 4, 8
        Mindfulness: 3, 7
        Over-Identified: 1, 9
    """,
}
"""The coding keys as published: Neff's own sheet for the scale of 2003 (reprinted at contextualpsychology.org), and
that of the short form, Raes et al. (2011)."""

NEGATIVE = ("Self-Judgment", "Isolation", "Over-Identified")
REVERSE = {1: 5, 2: 4, 3: 3, 4: 2, 5: 1}
"""Subscales to reverse for the total, and how, in the words of the same sheets."""

NAMES = {
    "Self-Kindness": Facet.SELF_KINDNESS,
    "Self-Judgment": Facet.SELF_JUDGMENT,
    "Common Humanity": Facet.COMMON_HUMANITY,
    "Isolation": Facet.ISOLATION,
    "Mindfulness": Facet.MINDFULNESS,
    "Over-Identified": Facet.OVER_IDENTIFICATION,
}


def published_key(form):
    lines = (line.partition(":") for line in PUBLISHED[form].strip().splitlines())
    return {name.strip(): [int(item) for item in items.split(",")] for name, _, items in lines}


def by_the_sheet(form, answers):
    """Score as the sheet says, step by step: subscale means; negative items reversed; means again; their mean."""
    means, turned = {}, []
    for name, items in published_key(form).items():
        given = [answers[item - 1] for item in items]
        means[NAMES[name]] = sum(given) / len(given)
        counted = [REVERSE[answer] for answer in given] if name in NEGATIVE else given
        turned.append(sum(counted) / len(counted))
    return means, sum(turned) / 6


REVERSED = {
    form: sorted(item for name in NEGATIVE for item in published_key(form)[name]) for form in ("SCS-26", "SCS-SF")
}


@pytest.mark.parametrize("form", ["SCS-26", "SCS-SF"])
def test_the_key_is_the_published_one(form):
    assert scs.ITEMS[form] == {NAMES[name]: tuple(items) for name, items in published_key(form).items()}


@given(st.sampled_from([12, 26]).flatmap(lambda n: st.lists(st.integers(1, 5), min_size=n, max_size=n)))
def test_scores_are_those_of_the_published_instructions(answers):
    """Neff (2003) adds the six means up; the sheet takes their mean: a sixth of that."""
    scores = scs.score(answers)
    means, total = by_the_sheet(scores.form, answers)
    assert scores.subscales == pytest.approx(means) and scores.total == pytest.approx(total)
    added_up = sum(6 - mean if facet in CRITIC_FACETS else mean for facet, mean in means.items())
    assert 6 * scores.total == pytest.approx(added_up)


def test_the_total_is_the_mean_of_subscales_not_of_items():
    """The two differ in the long form, whose subscales have four or five items."""
    key = published_key("SCS-26")
    kind = scs.score([5 if item in key["Self-Kindness"] + key["Common Humanity"] else 3 for item in range(1, 27)])
    assert kind.total == pytest.approx((5 + 5 + 4 * 3) / 6) != pytest.approx((9 * 5 + 17 * 3) / 26)


@pytest.mark.parametrize(("total", "band"), [(2.25, "low"), (2.5, "moderate"), (3.5, "moderate"), (3.75, "high")])
def test_bands_are_neffs_rough_guide(total, band):
    """1 to 2.5 low, 2.5 to 3.5 moderate, 3.5 to 5 high."""
    assert scs.SCSScores("SCS-26", {}, total, 26).band == band


@pytest.mark.parametrize(("form", "items"), [("SCS-26", 26), ("SCS-SF", 12)])
def test_every_item_is_in_one_subscale_and_reversed_where_the_key_says(form, items):
    placed = [item for key in scs.ITEMS[form].values() for item in key]
    assert sorted(placed) == list(range(1, items + 1))
    middle = scs.score([3] * items)
    assert middle.form == form and middle.total == 3 and middle.band == "moderate"
    for item in range(1, items + 1):
        changed = scs.score([5 if n == item else 3 for n in range(1, items + 1)])
        assert (changed.total < 3) == (item in REVERSED[form])
        (facet,) = [facet for facet, key in scs.ITEMS[form].items() if item in key]
        assert changed.subscales[facet] == pytest.approx(3 + 2 / len(scs.ITEMS[form][facet]))
        assert all(value == 3 for other, value in changed.subscales.items() if other is not facet)


SCORED_ELSEWHERE = {
    "Vp01": (
        [1, 2, 5, 1, 4, 1, 1, 1, 5, 1, 1, 4, 1, 3, 4, 1, 4, 1, 4, 1, 1, 4, 4, 2, 3, 3],
        (3.8, 5, 2.75, 4.5, 4, 4.5),
    ),
    "Vp02": (
        [4, 3, 4, 2, 3, 2, 4, 3, 5, 3, 2, 4, 3, 5, 4, 1, 5, 2, 3, 1, 3, 5, 5, 2, 4, 4],
        (3.8, 3.4, 3.75, 3.25, 5, 4),
    ),
    "Vp03": (
        [3, 3, 4, 2, 3, 4, 4, 3, 4, 4, 2, 3, 2, 5, 5, 3, 4, 3, 3, 3, 3, 4, 3, 3, 2, 4],
        (3.2, 3.2, 4.25, 3.75, 4.25, 2.75),
    ),
    "Vp05": (
        [5, 4, 4, 2, 3, 4, 2, 4, 5, 2, 4, 4, 2, 4, 2, 4, 5, 4, 3, 4, 3, 3, 4, 5, 4, 3],
        (3.4, 2, 2.5, 3, 4.25, 1.75),
    ),
    "Vp06": (
        [5, 3, 5, 4, 1, 2, 3, 3, 5, 2, 2, 1, 4, 3, 3, 3, 4, 5, 2, 1, 2, 2, 2, 1, 4, 2],
        (1.6, 3, 3.25, 1.75, 3.5, 4.25),
    ),
}
"""Answers of five people and their published subscales, in the order of `NAMES`, the uncompassionate ones reversed.

From BioPsyKit (Richer et al. 2021, Journal of Open Source Software, 6, 3702): questionnaire_correct.csv
and questionnaire_results.csv of commit 194c1d33. Its total is the mean of 26 items, not of six subscales.
"""


@pytest.mark.parametrize("person", SCORED_ELSEWHERE)
def test_a_published_example_comes_out_the_same(person):
    answers, published = SCORED_ELSEWHERE[person]
    scores = scs.score(answers)
    turned = {name: 6 - value if name in NEGATIVE else value for name, value in zip(NAMES, published, strict=True)}
    assert scores.subscales == pytest.approx({NAMES[name]: value for name, value in turned.items()})
    assert scores.total == pytest.approx(sum(published) / 6)


def test_a_whole_questionnaire_worked_by_hand():
    """The published sheet worked through: subscale means; 1=5, 2=4, 3=3, 4=2, 5=1 for the negative; their mean."""
    answers = [4, 5, 2, 4, 1, 4, 3, 5, 3, 2, 4, 2, 3, 2, 3, 4, 3, 4, 2, 5, 3, 2, 1, 4, 5, 2]
    scores = scs.score(answers)
    assert scores.subscales == {
        Facet.SELF_KINDNESS: (1 + 2 + 2 + 1 + 2) / 5,
        Facet.SELF_JUDGMENT: (4 + 5 + 4 + 4 + 3) / 5,
        Facet.COMMON_HUMANITY: (2 + 3 + 2 + 3) / 4,
        Facet.ISOLATION: (4 + 3 + 4 + 5) / 4,
        Facet.MINDFULNESS: (3 + 2 + 3 + 2) / 4,
        Facet.OVER_IDENTIFICATION: (5 + 4 + 5 + 4) / 4,
    }
    assert scores.total == pytest.approx((1.6 + (6 - 4.0) + 2.5 + (6 - 4.0) + 2.5 + (6 - 4.5)) / 6)
    assert scores.band == "low" and scores.answered == 26


def test_one_missing_item_a_long_subscale_is_allowed_two_are_not():
    answers = dict.fromkeys(range(1, 27), 4)
    one = scs.score(answers | {5: None, 3: float("nan")})
    assert one.subscales[Facet.SELF_KINDNESS] == 4 and one.answered == 24 and not math.isnan(one.total)
    two = scs.score(answers | {5: None, 12: None})
    assert math.isnan(two.subscales[Facet.SELF_KINDNESS]) and math.isnan(two.total) and two.band == "not scored"
    assert two.subscales[Facet.ISOLATION] == 4


def test_pandas_own_missing_value_is_one():
    answers = [3] * 26
    assert scs.score([pd.NA, *answers[1:]]) == scs.score([None, *answers[1:]])


def test_no_missing_item_in_the_short_form():
    scores = scs.score([None, *[4] * 11])
    assert math.isnan(scores.subscales[Facet.OVER_IDENTIFICATION]) and math.isnan(scores.total)


@pytest.mark.parametrize("wrong", [0, 6, -1, 2.5, "3", True, [3], float("inf"), 10**30])
def test_an_answer_out_of_range_names_its_item(wrong):
    with pytest.raises(AnswerError, match=r"^item 7: .*from 1 to 5$"):
        scs.score([3] * 6 + [wrong] + [3] * 19)


@pytest.mark.parametrize("wrong", [[], [3] * 11, [3] * 25, {1: 3}, dict.fromkeys(range(26), 3), "3" * 26, 3, None])
def test_neither_form_is_refused(wrong):
    with pytest.raises(AnswerError):
        scs.score(wrong)


@given(st.sampled_from([12, 26]).flatmap(lambda n: st.lists(st.integers(1, 5), min_size=n, max_size=n)))
def test_mirrored_answers_mirror_the_total(answers):
    one, other = scs.score(answers), scs.score([6 - answer for answer in answers])
    assert 1 <= one.total <= 5 and one.total + other.total == pytest.approx(6)
    assert scs.score(dict(enumerate(answers, 1))) == one
    assert scs.score(pd.Series(answers, dtype=float)) == one


def test_comparison_takes_the_writing_of_the_days_before_and_says_what_it_is_not():
    journal = Journal.from_frame(make_entries(60))
    last = journal.entries()["time"].max()
    early = last - pd.Timedelta(days=60)
    found = scs.compare(journal, {early: scs.score([4] * 26), last: scs.score([3] * 12)}, days=14)
    frame = found.frame
    assert len(frame) == 12 and frame["facet"].tolist() == [*map(str, Facet)] * 2
    entries = journal.entries()
    day = entries["time"].dt.normalize()
    inside = entries[(day > last.normalize() - pd.Timedelta(days=14)) & (day <= last.normalize())]
    late = frame[frame["time"] == last].set_index("facet")
    assert late.loc["isolation", "facet_sentences"] == inside["isolation"].sum()
    assert late.loc["isolation", "sentences"] == inside["sentences"].sum() and (late["scs"] == 3).all()
    assert "not the same thing" in str(found) and "not the same thing" in found._repr_html_()


def test_comparison_of_several_people_and_of_days_without_writing():
    journal = Journal.from_frame(
        pd.concat([make_entries(25, seed).assign(who=who) for seed, who in enumerate("ab")]), person="who"
    )
    scores = {("a", "2024-02-01"): scs.score([3] * 26), ("b", "1999-01-01"): scs.score([3] * 26)}
    frame = scs.compare(journal, scores).frame
    assert frame["person"].tolist() == ["a"] * 6 + ["b"] * 6
    assert frame[frame["person"] == "b"]["entries"].sum() == 0 and frame[frame["person"] == "b"]["rate"].isna().all()
    with pytest.raises(ValueError, match="at least 1"):
        scs.compare(journal, scores, days=0)


@pytest.mark.parametrize("key", ["garbage", None, float("nan"), pd.NaT, ""])
def test_a_questionnaire_without_a_date_is_refused(key):
    journal = Journal.from_frame(make_entries(20))
    with pytest.raises(ValueError, match="missing or cannot be read"):
        scs.compare(journal, {key: scs.score([3] * 26)})


def test_a_month_is_not_guessed():
    with pytest.raises(ValueError, match=r"dayfirst|month"):
        scs.compare(Journal.from_frame(make_entries(20)), {"03/04/2024": scs.score([3] * 26)})


def test_a_comparison_asks_for_scores_by_date_and_by_person_where_there_are_several():
    journal = Journal.from_frame(make_entries(20).assign(who="a"), person="who")
    with pytest.raises(ValueError, match=r"\(person, date\)"):
        scs.compare(journal, {"2024-02-01": scs.score([3] * 26)})
    for wrong in ([1], {("a", "2024-02-01"): 3.1}):
        with pytest.raises(ValueError, match="to what scs"):
            scs.compare(journal, wrong)
    aware = pd.Timestamp("2024-02-01 09:00", tz="Europe/Berlin")
    assert scs.compare(journal, {("a", aware): scs.score([3] * 26)}).frame["time"].dt.hour.eq(9).all()
