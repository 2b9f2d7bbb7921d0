import numpy as np
import pytest

from innercritic.evaluation import figures
from innercritic.evaluation_report import Evaluation, Sample, Trial, write_report
from innercritic.facets import CRITIC_FACETS

LABELS = tuple(map(str, CRITIC_FACETS))


@pytest.fixture(scope="module")
def evaluation():
    rng = np.random.default_rng(0)
    probabilities = rng.random((400, 3))
    gold, claimed = rng.random((400, 3)) < probabilities, probabilities > 0.5
    sample = Sample(
        name="some sentences",
        figures=figures(LABELS, [0, 1, 2], gold, claimed, probabilities, draws=20),
        gold=gold,
        claimed=claimed,
        probabilities=probabilities,
        baselines={"all positive": (0.4, 0.0)},
        groups={"a voice": (400, 0.5, 0.9)},
    )
    curve = [Trial("20%", 80, {"some sentences": 0.4}), Trial("100%", 400, {"some sentences": 0.6})]
    return Evaluation("mine", LABELS, [sample], curve, curve, [("denial", "direction", 20, 15)], {"theirs": [sample]})


def test_the_report_has_every_table_and_picture(evaluation, tmp_path):
    pytest.importorskip("matplotlib", reason="the extra notebook is not installed")
    text = write_report(evaluation, tmp_path).read_text("utf-8")
    for part in (
        "self judgment",
        "all positive",
        "a voice",
        "mine: P | mine: R | mine: F1 | mine: calibration error | theirs: P",
        "| some sentences | **specificity** | 400 |",
        "| 20% | 80 | 0.400 |",
        "| denial | direction | 20 | 15 | 0.75 |",
    ):
        assert part in text
    for picture in ("calibration.png", "learning_curve.png"):
        assert f"figures/{picture}" in text
        assert (tmp_path / "figures" / picture).read_bytes().startswith(b"\x89PNG")


def test_tables_are_rectangular(evaluation, tmp_path):
    pytest.importorskip("matplotlib", reason="the extra notebook is not installed")
    blocks = write_report(evaluation, tmp_path).read_text("utf-8").split("\n\n")
    tables = [block.strip().splitlines() for block in blocks if block.strip().startswith("|")]
    assert len(tables) >= 6
    assert all(len({line.count("|") for line in table}) == 1 for table in tables)
