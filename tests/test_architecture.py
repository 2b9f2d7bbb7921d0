"""The rooms and what each may import, read from the source (see the section "Rooms" in CONTRIBUTING.md)."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "innercritic"
ROOMS = {".".join(path.relative_to(SOURCE).with_suffix("").parts): path for path in SOURCE.rglob("*.py")}

MAY_IMPORT = {
    "spacy": {
        *(
            "chunks",
            "tokenizing",
            "sentences",
            "speech",
            "space",
            "abstention",
            "needs",
            "screening",
            "component",
            "training",
        )
    },
    "sklearn": {"features", "heads", "classifier", "persistence", "training", "evaluation"},
    "pandas": {"report", "journal", "frames", "schema", "scs", "transcripts"},
    "matplotlib": {"report", "journal", "transcripts.pictures", "evaluation_report"},
    "scipy": {"arrays", "journal", "classifier", "dangers"},
    "rich": {"report", "cli", "transcripts.summary", "transcripts.command"},
    "typer": {"cli", "transcripts.command"},
    "jinja2": {"pages"},
    "torch": {"finetuning", "exporting"},
    "transformers": {"finetuning"},
    "safetensors": {"finetuning"},
    "onnx": {"exporting"},
    "onnxscript": {"exporting"},
    "onnxruntime": {"encoding"},
    "tokenizers": {"encoding"},
    "pickle": set(),
    "joblib": {"frames", "transcripts.workers"},
    "socket": set(),
    "requests": set(),
    "urllib": set(),
    "logging": set(),
}
FLOW = (
    "facets",
    "errors",
    "results",
    "resources",
    "marks",
    "arrays",
    "normalising",
    "chunks",
    "tokenizing",
    "speech",
    "sentences",
    "parsing",
    "phrases",
    "wording",
    "space",
    "features",
    "encoding",
    "model",
    "contextual",
    "persistence",
    "abstention",
    "reading",
    "nearness",
    "needs",
    "safety",
    "screening",
    "helplines",
    "slots",
    "templates",
    "reframe_rules",
    "reframes",
    "practices",
    "schema",
    "scoring",
    "tidy",
)
"""The rooms text flows through: one may import only those before it, and none what stands behind them."""

SHOWN_BY = {("results", ".markup")}
"""What a notebook shows of a result is drawn by a room behind the flow, imported only when a notebook asks."""


def imports(room):
    tree = ast.parse(ROOMS[room].read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


@pytest.mark.parametrize("room", ROOMS)
def test_packages_stay_in_their_rooms(room):
    for name in imports(room):
        package = name.split(".")[0]
        allowed = MAY_IMPORT.get(package, {room})
        assert {room, room.split(".")[0]} & allowed, f"{room} may not import {package}"


@pytest.mark.parametrize("room", FLOW)
def test_the_flow_goes_one_way(room):
    before = set(FLOW[: FLOW.index(room)])
    for name in imports(room):
        if name.startswith(".") and (room, name) not in SHOWN_BY:
            assert name.lstrip(".") in before, f"{room} may not import {name}"


def test_nobody_imports_training_or_the_command_line():
    for room in ROOMS.keys() - {"cli", "__main__"}:
        assert ".cli" not in imports(room), room
        assert ".training" not in imports(room) or room in ("studies", "contextual_training"), room
        assert ".contextual_training" not in imports(room), room


def test_transcripts_are_read_only_behind_their_door():
    for room in ROOMS.keys() - {"cli"}:
        if not room.startswith("transcripts"):
            assert not [name for name in imports(room) if "transcripts" in name], room


def test_rooms_are_small():
    assert {room: n for room, path in ROOMS.items() if (n := len(path.read_text("utf-8").splitlines())) > 320} == {}


def test_no_junk_drawer():
    assert not {"utils", "helpers", "common", "misc"} & {room.split(".")[-1] for room in ROOMS}


def test_installed_code_never_reads_the_data_folder():
    for room, path in ROOMS.items():
        if room not in ("corpus", "training", "cli", "vectors"):
            assert "sentences.jsonl" not in path.read_text("utf-8")


def modules_after(code):
    run = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(' '.join(sys.modules))"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(run.stdout.split())


def test_importing_is_cheap():
    assert not {"spacy", "sklearn", "pandas", "numpy", "rich", "typer"} & modules_after("import innercritic")


def test_reading_text_never_imports_scikit_learn_or_pandas():
    loaded = modules_after("import innercritic as ic; ic.analyze('I hate myself.')")
    assert "spacy" in loaded and not {"sklearn", "scipy", "matplotlib", "torch", "onnxruntime", "tokenizers"} & loaded


def test_every_public_name_is_there_and_documented():
    import innercritic

    for name in innercritic.__all__:
        value = getattr(innercritic, name)
        assert isinstance(value, str) or value.__doc__
    assert set(innercritic.__all__) <= set(dir(innercritic))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = innercritic.nothing
