"""What users install: the wheel, in an environment of its own, far from the source."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CODE = """
import sys, innercritic as ic
assert "site-packages" in ic.__file__ or "wheel_home" in ic.__file__, ic.__file__
analysis = ic.analyze("We had soup. I'm such an idiot.")
assert [s.facets for s in analysis.sentences] == [(), ("self_judgment",)], analysis
assert analysis.sentences[1].reframes
assert "<mark" in analysis._repr_html_()
import spacy
nlp = spacy.blank("en")
nlp.add_pipe("innercritic")
doc = nlp("I'm such an idiot.")
assert doc.spans["innercritic"][0].label_ == "self_judgment"
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, str(ROOT)], check=True
    )
    (path,) = folder.glob("*.whl")
    return path


def test_it_holds_models_assets_and_types_and_no_data(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    for wanted in (
        "models/neff-fast/weights.npz",
        "models/neff-fast/metadata.json",
        "assets/safety.toml",
        "py.typed",
        "assets/demo.txt",
        "assets/pages/page.html.jinja",
        "assets/pages/page.css",
        "journal/diary.py",
    ):
        assert f"innercritic/{wanted}" in names
    assert not [name for name in names if "sentences.jsonl" in name or name.startswith(("tests/", "data/"))]


def test_it_works_elsewhere_without_a_warning(wheel, tmp_path):
    home = tmp_path / "wheel_home"
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", home, str(wheel)], check=True
    )
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"} | {"PYTHONPATH": str(home)}
    subprocess.run(
        [sys.executable, "-W", "error", "-c", "import innercritic"], cwd=tmp_path, env=environment, check=True
    )
    subprocess.run([sys.executable, "-c", CODE], cwd=tmp_path, env=environment, check=True)
