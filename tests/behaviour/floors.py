"""The share of its cases a capability must pass: floors that only rise."""

import tomllib
from pathlib import Path

CASES = Path(__file__).with_name("cases")
FLOORS = Path(__file__).with_name("floors.toml")

HEAD = """\
# Share of its cases that a capability must pass with the bundled model. Floors only rise: they are written by
#     python -m tests.behaviour --raise-floors
"""


def read_floors(path=FLOORS):
    return tomllib.loads(path.read_text("utf-8")) if path.exists() else {}


def earned(row):
    """The floor a result earns: one case below it, then down to the next 0.05."""
    return max(row.passed - 1, 0) * 20 // row.cases / 20


def raised(floors, rows):
    """The floors after a measurement: none lower than before, none for a capability that is no more."""
    return {row.capability: max(earned(row), floors.get(row.capability, 0.0)) for row in rows}


def write_floors(floors, path=FLOORS):
    lines = [f'"{capability}" = {floor:.2f}\n' for capability, floor in sorted(floors.items())]
    path.write_text(HEAD + "".join(lines), "utf-8")
