"""The command line: parse arguments, call the rooms, print. Data to stdout, talk to stderr."""

import json
import os
import platform
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console

from . import __version__
from .errors import InnerCriticError
from .resources import DEFAULT_MODEL, asset_text
from .transcripts.command import transcripts

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

ModelOption = Annotated[str, typer.Option("--model", help="Name of a bundled model, or path of a model folder.")]
app.command()(transcripts)
_DATA, _MODELS, _CASES = Path("data"), Path("models"), Path("tests/behaviour/cases")
_FILE_ENDINGS = (".txt", ".md", ".text")
_MOST_NULS = 8
"""Of so many characters of a text at most one is NUL."""


def _version(asked: bool) -> None:
    if asked:
        print(__version__)
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Where self-judgment, isolation and over-identification speak in what people write about themselves.

    Research and self-help software: no diagnosis, no risk assessment, no monitoring.
    """


@app.command(context_settings={"allow_extra_args": True})
def analyze(
    context: typer.Context,
    text: Annotated[str, typer.Argument(metavar="TEXT | FILE | -", help="Text, a file with text, or - for stdin.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    no_text: Annotated[bool, typer.Option("--no-text", help="JSON without a word of the text.")] = False,
    model: ModelOption = DEFAULT_MODEL,
    country: Annotated[
        str | None, typer.Option("--country", help="Past a raised gate, show services of this country (GB, US, ...).")
    ] = None,
    gate_off: Annotated[
        str | None, typer.Option("--gate-off", metavar="REASON", help="Switch the gate off; the result says why.")
    ] = None,
) -> None:
    """Read a text: facets a sentence, the words that speak for them, a reframe where one is due."""
    from .analyzer import load
    from .helplines import countries, country_code, help_resources
    from .report import render

    if context.args:  # not left to typer, which would repeat them
        raise typer.BadParameter("a text of several words needs quotes around it", param_hint="TEXT")
    try:
        critic = load(model) if gate_off is None else load(model, gate="off", reason=gate_off)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--gate-off") from None
    analysis = critic.analyze(_read(text))
    services = help_resources(country, analysis.safety.flags) if analysis.safety.raised else ()
    if services and country is not None and country_code(country) not in countries():
        _say("There is no service of that country in the table: directories alone are shown.")
    if as_json or no_text:
        found = analysis.to_dict(text=not no_text)
        found["safety"]["resources"] = [service.to_dict() for service in services]
        print(json.dumps(found, ensure_ascii=True, indent=1))
    else:
        Console(highlight=False).print(render(analysis, services))
    if analysis.safety.raised:
        _say(f"The safety gate was raised ({', '.join(analysis.safety.flags)}): no reframes are offered for this text.")
    if analysis.safety.off is not None:
        _say(f"The safety gate was switched off: {analysis.safety.off}")


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

    from .facets import SafetyFlag
    from .journal import Journal
    from .journal.formats import TEXT_ENDINGS

    if not html.parent.is_dir():
        _fail(f"there is no folder {html.parent}")
    is_note = path.resolve() in html.resolve().parents and html.suffix.lower() in (*TEXT_ENDINGS, ".json", ".zip")
    if html.exists() and (is_note or path.samefile(html)):
        _fail(f"{html} is of the journal itself: it is not written over")
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
    if dangers := int(entries[list(SafetyFlag)].any(axis=1).sum()):
        _say(f"The safety gate was raised in {dangers} of them: no reframes are offered for these and the days around.")


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


_SAME_EVERYWHERE = {
    "OPENBLAS_CORETYPE": "Haswell",
    "OPENBLAS_NUM_THREADS": "1",
    "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX512_SPR",
}


@app.command()
def train(
    data: Annotated[Path, typer.Option(help="The data folder.")] = _DATA,
    out: Annotated[Path | None, typer.Option(help="The model folder to write.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Only check the corpus; write nothing.")] = False,
    model: Annotated[
        str, typer.Option("--model", help="Which bundled model: neff-fast or neff-accurate.")
    ] = DEFAULT_MODEL,
    vectors_from: Annotated[
        Path | None, typer.Option(help="First distil data/vectors.npz from the sentence encoder in this folder.")
    ] = None,
    encoder: Annotated[
        Path | None, typer.Option(help="For neff-accurate: the folder of the sentence encoder to fine-tune.")
    ] = None,
    tuned: Annotated[
        Path | None,
        typer.Option(metavar="FILE.safetensors", help="Its fine-tuned weights: read if it is there, else written."),
    ] = None,
) -> None:
    """Rebuild a bundled model from the corpus (in a checkout of the source)."""
    if platform.machine().lower() in ("x86_64", "amd64"):
        # Before numpy is imported: left to itself it picks kernels by processor and threads, and those round apart.
        os.environ |= _SAME_EVERYWHERE | os.environ
    from . import contextual_training
    from . import training as linear_training
    from .corpus import read_corpus

    if check:
        _say(f"{len(read_corpus(data))} sentences, no problems.")
        return
    if model not in (linear_training.NAME, contextual_training.NAME):
        raise typer.BadParameter(f"one of {linear_training.NAME}, {contextual_training.NAME}", param_hint="--model")
    if vectors_from is not None:
        _say(f"{linear_training.make_vectors(data, vectors_from, tuned)} words with a vector.")
    folder = out or _MODELS / model
    if model == linear_training.NAME:
        notes = linear_training.train(data, folder)
    elif encoder is None:
        raise typer.BadParameter(f"{model} needs the folder of a sentence encoder", param_hint="--encoder")
    else:
        notes = contextual_training.train(data, folder, encoder, tuned)
    figures = notes["evaluation"]["test_voices"]
    _say(f"wrote {folder}; on voices it never heard: macro-F1 {figures['macro_f1']:.3f}")


@app.command()
def evaluate(
    data: Annotated[Path, typer.Option(help="The data folder.")] = _DATA,
    split: Annotated[str, typer.Option(help="Which voices of the corpus: train, encoder, dev or test.")] = "test",
    real: Annotated[
        Path | None, typer.Option(help="Other labelled sentences: JSON lines with text, labels and source.")
    ] = None,
    cases: Annotated[Path, typer.Option(help="The behaviour suite's folder of cases.")] = _CASES,
    out: Annotated[Path | None, typer.Option(help="Where to write the report; by default beside the model.")] = None,
    curve: Annotated[
        bool, typer.Option(help="Draw the learning curve too (trains six models); only for models of words.")
    ] = True,
    model: ModelOption = DEFAULT_MODEL,
    beside: Annotated[
        str | None, typer.Option(metavar="MODEL", help="Another model, to measure on the same sentences in one table.")
    ] = None,
) -> None:
    """Measure a model and write EVALUATION.md with its pictures (in a checkout of the source)."""
    from .analyzer import load
    from .behaviour import measure_behaviour
    from .corpus import SPLITS, read_corpus
    from .evaluation_report import Evaluation, write_report
    from .resources import model_folder
    from .studies import appraise, learning_curve, read_labelled, trial
    from .training import LABELS, known_to_words

    if split not in SPLITS:
        raise typer.BadParameter(f"one of {', '.join(SPLITS)}", param_hint="--split")
    corpus, critic = read_corpus(data), load(model)
    measured = {f"{split} voices of the corpus": [s for s in corpus if s.split == split]}
    if real is not None:
        measured["real sentences"] = read_labelled(real)
    other = None if beside is None else load(beside)
    samples = [appraise(name, critic.model, sentences) for name, sentences in measured.items()]
    compared = {} if other is None else {other.name: [appraise(n, other.model, s) for n, s in measured.items()]}
    trials, parts, vectors = [], [], str(data / "vectors.npz")
    if curve and critic.model.evidence_kind == "exact":  # the curve trains models of words
        known = [s for s in known_to_words(corpus) if s.split != split]
        trials = learning_curve(known, measured, vectors)
        parts = [replace(trials[-1], name="as it is"), trial("without word vectors", known, measured, None)]
    rows = measure_behaviour(critic, cases) if cases.is_dir() else []
    capabilities = [(row.capability, str(row.kind), row.cases, row.passed) for row in rows]
    evaluation = Evaluation(critic.name, LABELS, samples, trials, parts, capabilities, compared)
    print(write_report(evaluation, out or model_folder(model)))
    for sample in samples:
        found = sample.figures
        _say(f"{sample.name}: macro-F1 {found.macro_f1:.3f} at specificity {found.specificity:.3f}")


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
        return _decoded(sys.stdin.buffer.read())
    try:
        is_file, is_folder = Path(text).is_file(), text != "" and Path(text).is_dir()
    except (OSError, ValueError):  # too long for a path, or a NUL in it
        is_file, is_folder = False, False
    if is_file:
        return _decoded(Path(text).read_bytes())
    if is_folder:
        _fail("that is a folder; `innercritic journal` and `innercritic transcripts` read one")
    if text.endswith(_FILE_ENDINGS) and not any(map(str.isspace, text)):
        _fail("there is no such file")  # rather than reading the file's name as somebody's text
    return text


def _decoded(content: bytes) -> str:
    from .normalising import encoding_of

    text = content.decode(encoding_of(content), "replace")
    if text.count("\0") * _MOST_NULS > len(text):  # UTF-16 without its mark, a picture, an archive
        _fail("that is no text in UTF-8, nor in UTF-16 with its mark")
    return text


def _say(message: str) -> None:
    print(message, file=sys.stderr)


def _fail(message: str) -> NoReturn:
    _say(message)
    raise SystemExit(1)
