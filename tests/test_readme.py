"""What the README says is true: its Python runs, its set-up blocks are where CI looks, its links lead somewhere."""

import json
import re
from pathlib import Path

import pytest

from innercritic.facets import CRITIC_FACETS
from innercritic.resources import bundled_models

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def test_python_examples_run():
    code = "\n".join(re.findall(r"^```python\n(.*?)^```", README, re.M | re.S))
    exec(compile(code, "README.md", "exec"), {})


def test_the_console_excerpt_is_a_real_result(critic):
    excerpt = re.search(r"^```console\n(.*?)^```", README, re.M | re.S)[1]
    text = re.search(r'innercritic analyze "(.*)"', excerpt)[1]
    shown = " ".join(excerpt.split())
    analysis = critic.analyze(text)
    for sentence in analysis.sentences:
        assert sentence.text in shown
        assert all(facet.term in shown for facet in sentence.facets)
        assert all(reframe.text in shown for reframe in sentence.reframes)


def test_the_first_two_blocks_set_everything_up():
    first, second = re.findall(r"^```sh\n(.*?)^```", README, re.M | re.S)[:2]
    assert "pip install ." in first and "innercritic demo" in first
    assert "[test]" in second and "pytest" in second


@pytest.mark.parametrize(
    "file", ["README.md", "CONTRIBUTING.md", "data/DATASHEET.md", *(f"models/{m}/README.md" for m in bundled_models())]
)
def test_links_lead_to_files(file):
    path = ROOT / file
    for target in re.findall(r"\]\(([^)#]+)\)", path.read_text("utf-8")):
        if not target.startswith("http"):
            assert (path.parent / target).exists(), target


def test_the_figures_are_those_of_the_model():
    measured = json.loads((ROOT / "models/neff-fast/metadata.json").read_text("utf-8"))["evaluation"]["test_voices"]
    assert f"| {measured['macro_f1']:.2f} ({measured['interval'][0]:.2f} to {measured['interval'][1]:.2f}) |" in README
    for facet in CRITIC_FACETS:
        row = next(line for line in README.splitlines() if line.startswith(f"| {facet.term}, F1"))
        assert row.rstrip(" |").endswith(f"{measured['labels'][facet]['f1']:.2f}")
