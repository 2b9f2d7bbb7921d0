"""The notebooks run from a clean kernel, draw something, and are stored without their outputs."""

import ast
import base64
import time
from pathlib import Path

import nbformat
import pytest
from matplotlib import image
from nbclient import NotebookClient

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def path(request):
    return request.param


def test_there_are_a_few():
    assert len(NOTEBOOKS) == 4


def test_outputs_are_stripped(path):
    for cell in nbformat.read(path, 4).cells:
        assert not cell.get("outputs") and cell.get("execution_count") is None


def test_only_public_names_of_this_package_are_used(path):
    import innercritic

    code = "\n".join(cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "code")
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom) and node.module.startswith("innercritic"):
            assert node.module == "innercritic" and {name.name for name in node.names} <= set(innercritic.__all__)
        if isinstance(node, ast.Import):
            assert not any(name.name.startswith("innercritic.") for name in node.names)
        if isinstance(node, ast.Attribute):
            assert not node.attr.startswith("_")


def test_it_runs_from_a_clean_kernel_and_draws(path, tmp_path, monkeypatch):
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    notebook = nbformat.read(path, 4)
    start = time.monotonic()
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(FOLDER)}}).execute()
    assert time.monotonic() - start < 120
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    pictures = [output.data["image/png"] for output in outputs if "image/png" in output.get("data", {})]
    assert pictures
    for number, picture in enumerate(pictures):
        (tmp_path / f"{number}.png").write_bytes(base64.b64decode(picture))
        assert image.imread(tmp_path / f"{number}.png").std() > 0.05
    assert not [output for output in outputs if output.output_type == "error" or "Warning" in output.get("text", "")]
