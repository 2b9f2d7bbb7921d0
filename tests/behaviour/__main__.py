"""`python -m tests.behaviour`: the table of capabilities; on request the cases that fail, and higher floors."""

from pathlib import Path
from typing import Annotated

import typer

from innercritic import load
from innercritic.behaviour import judge, tally
from innercritic.cases import read_cases
from innercritic.resources import DEFAULT_MODEL

from .floors import CASES, raised, read_floors, write_floors


def main(
    model: Annotated[str, typer.Option(help="Name of a bundled model, or path of a model folder.")] = DEFAULT_MODEL,
    cases: Annotated[Path, typer.Option(help="The folder of cases.")] = CASES,
    failures: Annotated[bool, typer.Option("--failures", help="Print every case that fails.")] = False,
    raise_floors: Annotated[bool, typer.Option("--raise-floors", help="Write the floors this model earns.")] = False,
) -> None:
    """Measure a model by the behaviour suite: share of the cases passed, its floor, cases, kind and capability."""
    read = read_cases(cases)
    passed = judge(load(model), read)
    table, floors = tally(read, passed), read_floors()
    for row in sorted(table, key=lambda row: row.rate):
        floor = floors.get(row.capability)
        mark = "new" if floor is None else "UNDER" if row.rate < floor else ""
        shown = "    " if floor is None else f"{floor:.2f}"
        typer.echo(f"{row.rate:.2f}  {shown}  {row.passed:3}/{row.cases:<3}  {mark:5}  {row.kind:21}  {row.capability}")
    typer.echo(f"{sum(passed)} of {len(read)} cases passed, {len(table)} capabilities")
    if failures:
        for case, good in zip(read, passed, strict=True):
            if not good:
                typer.echo(f"{case.capability}: {' -> '.join(case.texts)}")
    if raise_floors:
        write_floors(raised(floors, table))


typer.run(main)
