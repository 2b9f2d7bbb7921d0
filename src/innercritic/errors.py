"""Exceptions that compose their own message and never hold a word of a user's text."""

from pathlib import Path


class InnerCriticError(Exception):
    """Base of every error this library raises on purpose."""


class NotTextError(InnerCriticError, TypeError):
    """Something that is not a ``str`` was given where text is expected."""

    def __init__(self, value: object, position: int | None = None) -> None:
        where = "" if position is None else f" at position {position}"
        kind = "NaN" if isinstance(value, float) and value != value else type(value).__name__
        super().__init__(f"expected text (str){where}, got {kind}; drop or fill missing values first")


class OneTextError(InnerCriticError, TypeError):
    """A single ``str`` was given where several are expected, and would be read letter by letter."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} takes several, got a single str: put it into a list")


class ModelNotFoundError(InnerCriticError, LookupError):
    """No bundled model has this name, and no folder is there."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(
            f"no model {name!r}: bundled are {', '.join(known) or 'none'}; or give the path of a model folder"
        )


class ModelFormatError(InnerCriticError, ValueError):
    """A model folder is incomplete, damaged, tampered with, or of a format this version cannot read."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(f"cannot load the model in {folder}: {reason}")


class AssetError(InnerCriticError, ValueError):
    """An asset file (cues, safety rules, reframe pack) breaks its own rules."""

    def __init__(self, file: str, entry: str, reason: str) -> None:
        super().__init__(f"{file}, {entry}: {reason}")


class CorpusError(InnerCriticError, ValueError):
    """The labelled data break the rules of data/README.md."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problems)
        shown = "\n  ".join(problems[:20])
        rest = f"\n  and {len(problems) - 20} more" if len(problems) > 20 else ""
        super().__init__(f"{len(problems)} problem(s) in the corpus:\n  {shown}{rest}")


class MissingExtraError(InnerCriticError, ImportError):
    """A feature needs packages that an extra installs."""

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(f'{feature} needs more packages: pip install "innercritic[{extra}]"')


class ColumnError(InnerCriticError, LookupError):
    """A column of a table is missing, or is there twice, or cannot be used."""

    def __init__(self, name: object, problem: str) -> None:
        super().__init__(f"column {name!r} {problem}")


class GoldenMismatchError(ModelFormatError):
    """A model no longer gives the scores it was saved with, so it must not be trusted here."""

    def __init__(self, folder: Path, worst: float) -> None:
        super().__init__(folder, f"its golden sentences score differently here (largest difference {worst:.3g})")


class TranscriptError(InnerCriticError, ValueError):
    """A transcript cannot be read: it names the file and, where there is one, the line; never what was said there."""

    def __init__(self, file: str, line: int | None, reason: str) -> None:
        self.file, self.line, self.reason = file, line, reason
        super().__init__(f"{file}, line {line}: {reason}" if line is not None else f"{file}: {reason}")

    def __reduce__(self) -> tuple[type["TranscriptError"], tuple[str, int | None, str]]:
        return type(self), (self.file, self.line, self.reason)


class JobError(InnerCriticError, RuntimeError):
    """A job over many transcripts cannot start or go on; what was done stays, and the message says what to do."""


class AnswerError(InnerCriticError, ValueError):
    """Answers to a questionnaire that cannot be scored."""


class JournalError(InnerCriticError, ValueError):
    """A journal that cannot be read: the message names file and place, never a word of it."""
