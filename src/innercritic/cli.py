"""The command line: parse arguments, call the rooms, print. Data to stdout, talk to stderr."""

import json
import sys
from collections.abc import Iterable, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console

from .errors import InnerCriticError
from .resources import DEFAULT_MODEL, asset_text

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Where self-judgment, isolation and over-identification speak in what people write about themselves. "
    "Research and self-help software: no diagnosis, no risk assessment, no monitoring.",
)

ModelOption = Annotated[str, typer.Option("--model", help="Name of a bundled model, or path of a model folder.")]
_DATA, _MODELS = Path("data"), Path("models")
_FILE_ENDINGS = (".txt", ".md", ".text")


@app.command()
def analyze(
    text: Annotated[str, typer.Argument(metavar="TEXT | FILE | -", help="Text, a file with text, or - for stdin.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    no_text: Annotated[bool, typer.Option("--no-text", help="JSON without a word of the text.")] = False,
    model: ModelOption = DEFAULT_MODEL,
) -> None:
    """Read a text: facets a sentence, the words that speak for them, a reframe where one is due."""
    from .analyzer import load
    from .report import render

    analysis = load(model).analyze(_read(text))
    if as_json or no_text:
        print(json.dumps(analysis.to_dict(text=not no_text), ensure_ascii=True, indent=1))
    else:
        Console(highlight=False).print(render(analysis))
    if not analysis.safety.clear:
        _say(f"The safety gate was raised ({', '.join(analysis.safety.flags)}): no reframes are offered for this text.")


@app.command()
def demo() -> None:
    """Read two short journal pages that come with the package, one of them past the safety gate."""
    from .analyzer import load
    from .report import render

    console, critic = Console(highlight=False), load()
    for title, page in (("A page of a journal", "demo.txt"), ("A page in danger", "demo_gate.txt")):
        console.rule(title)
        console.print(render(critic.analyze(asset_text(page))))
    console.rule()
    _say("This is research and self-help software: it diagnoses nothing, grades no risk and watches over nobody.")


@app.command()
def journal(
    path: Annotated[
        Path,
        typer.Argument(metavar="FILE | FOLDER", exists=True, help="CSV, dated Markdown or text, Day One's export."),
    ],
    html: Annotated[Path, typer.Option("--html", metavar="OUT.html", dir_okay=False, help="The page to write.")],
    no_text: Annotated[bool, typer.Option("--no-text", help="A page without a word of the journal.")] = False,
    title: Annotated[str, typer.Option(help="Title of the page.")] = "A journal",
    model: ModelOption = DEFAULT_MODEL,
) -> None:
    """Read a journal and write one self-contained page: counts over time, telling sentences, reframes, practices."""
    from rich.progress import track

    from .journal import Journal

    if not html.parent.is_dir():
        _fail(f"there is no folder {html.parent}")
    talk = Console(stderr=True)

    def progress(chunks: Sequence[Any]) -> Iterable[Any]:
        return track(chunks, "Reading", console=talk, disable=not talk.is_terminal)

    opened = Journal.read(path, model=model, progress=progress)
    page = opened.to_html(title=title, include_text=not no_text)
    try:
        html.write_text(page, "utf-8")
    except OSError as error:
        _fail(f"cannot write {html}: {error.strerror}")
    for name, reason in opened.skipped:
        _say(f"not read: {name} ({reason})")
    entries = opened.entries()
    _say(f"{len(opened)} entries, {entries['sentences'].sum()} sentences judged; wrote {html}.")
    if raised := int((~entries["clear"]).sum()):
        _say(f"The safety gate was raised in {raised} of them: no reframes are offered for these and the days around.")


@app.command("check-reframe")
def check_reframe(
    file: Annotated[Path, typer.Argument(metavar="FILE.toml", exists=True, dir_okay=False, help="A reframe pack.")],
    model: ModelOption = DEFAULT_MODEL,
) -> None:
    """Check every template of a reframe pack by the rules for reframes; exit 1 on findings."""
    from .analyzer import load
    from .packs import check_pack

    findings = list(check_pack(file, load(model).check_template))
    for template, finding in findings:
        print(f"{template}: rule {finding.rule}: {finding.message}")
    if findings:
        _fail(f"{len(findings)} finding(s) in {file.name}")
    _say(f"{file.name} is fine.")


@app.command()
def train(
    data: Annotated[Path, typer.Option(help="The data folder.")] = _DATA,
    out: Annotated[Path | None, typer.Option(help="The model folder to write.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Only check the corpus; write nothing.")] = False,
    vectors_from: Annotated[
        Path | None, typer.Option(help="First distil data/vectors.npz from the sentence encoder in this folder.")
    ] = None,
) -> None:
    """Rebuild the bundled model from the corpus (in a checkout of the source)."""
    from .corpus import read_corpus
    from .training import NAME, make_vectors
    from .training import train as train_model

    if check:
        _say(f"{len(read_corpus(data))} sentences, no problems.")
        return
    if vectors_from is not None:
        _say(f"{make_vectors(data, vectors_from)} words with a vector.")
    folder = out or _MODELS / NAME
    notes = train_model(data, folder)
    figures = notes["evaluation"]["test_voices"]
    _say(f"wrote {folder}; on voices it never heard: macro-F1 {figures['macro_f1']:.3f}")


@app.command()
def evaluate(
    data: Annotated[Path, typer.Option(help="The data folder.")] = _DATA,
    split: Annotated[str, typer.Option(help="Which voices: dev or test.")] = "test",
    model: ModelOption = DEFAULT_MODEL,
) -> None:
    """Measure a model on voices of the corpus and print the figures as JSON."""
    from dataclasses import asdict

    from .corpus import SPLITS, read_corpus
    from .persistence import read_model
    from .resources import model_folder
    from .training import measure

    if split not in SPLITS:
        raise typer.BadParameter(f"one of {', '.join(SPLITS)}", param_hint="--split")
    stored, _ = read_model(model_folder(model))
    measured = measure(stored, [sentence for sentence in read_corpus(data) if sentence.split == split])
    print(json.dumps(asdict(measured), indent=1))


def main() -> None:
    """Entry point: turn the library's errors into a message and exit code 1."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # text may hold what a terminal cannot show
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except InnerCriticError as error:
        _fail(str(error))


def _read(text: str) -> str:
    if text == "-":
        return sys.stdin.buffer.read().decode("utf-8-sig", "replace")
    try:
        is_file = Path(text).is_file()
    except (OSError, ValueError):  # too long for a path, or a NUL in it
        is_file = False
    if is_file:
        return Path(text).read_bytes().decode("utf-8-sig", "replace")
    if text.endswith(_FILE_ENDINGS) and not any(map(str.isspace, text)):
        _fail("there is no such file")  # rather than reading the file's name as somebody's text
    return text


def _say(message: str) -> None:
    print(message, file=sys.stderr)


def _fail(message: str) -> NoReturn:
    _say(message)
    raise SystemExit(1)
