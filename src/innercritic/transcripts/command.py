"""The command ``innercritic transcripts``: parse arguments, run the job, say what came of it."""

import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, get_args

import typer
from rich.console import Console

from ..errors import JobError
from ..resources import DEFAULT_MODEL

if TYPE_CHECKING:
    from .workers import Progress as JobProgress


def transcripts(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files and folders with transcripts.")],
    out: Annotated[Path, typer.Option(metavar="OUT.(parquet|jsonl|csv)", help="The file to write, a row a sentence.")],
    roles: Annotated[str, typer.Option(help="Whose turns to score: client, therapist, other; with commas.")] = "client",
    mapped: Annotated[
        list[str] | None,
        typer.Option("--map", help='Who speaks: "Speaker 1=client"; "*=client" is anybody else.'),
    ] = None,
    column: Annotated[
        list[str] | None, typer.Option(help='What a table\'s column holds, if it is not recognised: "text=Said".')
    ] = None,
    format: Annotated[str | None, typer.Option(help="The format, if the files' names do not say.")] = None,
    encoding: Annotated[str, typer.Option(help="The encoding, if it is not UTF-8.")] = "utf-8",
    jobs: Annotated[int, typer.Option(help="Processes; -1 is one a core.")] = 1,
    resume: Annotated[bool, typer.Option(help="Go on with what an earlier run did, or start again.")] = True,
    no_text: Annotated[bool, typer.Option("--no-text", help="Write no word of theirs: offsets, hashes.")] = False,
    salt_file: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="The salt for the hashes, to compare them later.")
    ] = None,
    on_pii: Annotated[str, typer.Option(help="If something looks like an identifier: warn, raise, ignore.")] = "warn",
    summary: Annotated[bool, typer.Option("--summary", help="Print a table of the sessions' rates.")] = False,
    html: Annotated[Path | None, typer.Option(metavar="OUT.html", dir_okay=False, help="Write a page, too.")] = None,
    title: Annotated[str, typer.Option(help="Title of the page.")] = "Sessions",
    model: Annotated[str, typer.Option(help="Name of a bundled model, or path of a model folder.")] = DEFAULT_MODEL,
) -> None:
    """Score the sentences of any number of transcripts; stopped at any moment, the same command goes on."""
    from .anonymity import OnPii, PrivacyWarning
    from .batch import analyze

    if on_pii not in get_args(OnPii):
        raise typer.BadParameter(f"one of {', '.join(get_args(OnPii))}", param_hint="--on-pii")
    with _usage(), warnings.catch_warnings(record=True) as caught, _progress_bar() as progress:
        warnings.simplefilter("always", PrivacyWarning)
        result = analyze(
            paths,
            out,
            roles=[role.strip() for role in roles.split(",")],
            speakers=_pairs(mapped, "--map"),
            columns=_pairs(column, "--column"),
            format=format,
            encoding=encoding,
            text=not no_text,
            salt=salt_file.read_bytes() if salt_file else None,
            on_pii=on_pii,  # type: ignore[arg-type]
            model=model,
            n_jobs=jobs,
            resume=resume,
            progress=progress,
        )
    for warning in caught:
        _say(f"Careful: {warning.message}.")
    _say(f"{result.sessions} session(s), {result.rows} row(s) in {result.out}; what became of each: {result.log}")
    if result.failed or result.skipped:
        _say(f"{result.failed} failed, {result.skipped} skipped; the log says why.")
    if not result.sessions:
        raise JobError("no session could be read")
    if summary:
        from .summary import summary_table

        Console(highlight=False).print(summary_table(result.out))
    if html is not None:
        from .story import tell

        html.write_text(tell(result.out, title, not no_text, model), "utf-8")
        _say(f"wrote {html}.")


def _pairs(options: list[str] | None, name: str) -> dict[str, str]:
    """Read KEY=VALUE options; a key may hold an equals sign, a value may not."""
    pairs = {}
    for option in options or []:
        key, sign, value = option.rpartition("=")
        if not sign or not key or not value:
            raise typer.BadParameter("expected KEY=VALUE", param_hint=name)
        pairs[key] = value
    return pairs


@contextmanager
def _usage() -> Iterator[None]:
    """A value that makes no sense is wrong usage, exit code 2."""
    try:
        yield
    except (ValueError, LookupError) as error:
        if type(error) not in (ValueError, LookupError):
            raise
        raise typer.BadParameter(str(error)) from None


@contextmanager
def _progress_bar() -> "Iterator[Callable[[JobProgress], None] | None]":
    """Show how far a job is, how fast, and how long it will take; nothing where nobody looks."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    rate = TextColumn("{task.fields[sentences]:,} sentences, {task.fields[rate]:,.0f}/s")
    with Progress(BarColumn(), TaskProgressColumn(), rate, TimeRemainingColumn(), console=console) as bar:
        task = bar.add_task("", total=None, sentences=0, rate=0.0)
        started = time.monotonic()

        def show(state: "JobProgress") -> None:
            rate = state.sentences / max(time.monotonic() - started, 1e-9)
            bar.update(task, completed=state.done, total=state.total, sentences=state.sentences, rate=rate)

        yield show


def _say(message: str) -> None:
    print(message, file=sys.stderr)
