"""Word documents (docx), with python-docx: their paragraphs and two-column tables as labelled lines.

A docx is a zip of XML. It is weighed before it is opened, and refused when it is a bomb or declares entities.
"""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO

from ..errors import MissingExtraError, TranscriptError
from .turns import CLOCK

MAX_UNPACKED = 256 * 2**20
MAX_ENTRIES = 5000
_MOST_TIMES_PACKED = 200
_SMALL = 2**20
_CLOCK = re.compile(CLOCK)


def docx_lines(content: bytes, file: str) -> list[str]:
    """Give a document's paragraphs as lines; a row of a table reads "speaker: text"."""
    _weigh(content, file)
    try:
        import docx
        from docx.table import Table
    except ImportError:
        raise MissingExtraError("reading Word documents", "transcripts") from None
    try:
        document = docx.Document(BytesIO(content))
        parts = list(document.iter_inner_content())
        lines: list[str] = []
        for part in parts:
            lines.extend(_rows(part) if isinstance(part, Table) else part.text.split("\n"))
        return lines
    except Exception as error:  # python-docx lets the errors of zip, XML and missing parts through
        raise TranscriptError(file, None, f"not a readable Word document ({type(error).__name__})") from None


def _rows(table: object) -> Iterator[str]:
    for row in table.rows:  # type: ignore[attr-defined]
        cells = [" ".join(cell.text.split()) for cell in row.cells]
        times = [cell for cell in cells if _CLOCK.fullmatch(cell)]
        words = [cell for cell in cells if cell and not _CLOCK.fullmatch(cell)]
        if len(words) > 1:
            time = f" ({times[0]})" if times else ""
            yield f"{words[0].rstrip(':')}{time}: {' '.join(words[1:])}"
        else:
            yield from words


def _weigh(content: bytes, file: str) -> None:
    """Refuse a zip that unpacks to too much, or XML with a document type: Word writes none, entity bombs need one."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
                raise TranscriptError(file, None, "refused: it unpacks to too much (a zip bomb?)")
            for entry in entries:
                if entry.file_size > _SMALL and entry.file_size > _MOST_TIMES_PACKED * max(entry.compress_size, 1):
                    raise TranscriptError(file, None, "refused: it is packed too tightly (a zip bomb?)")
                if entry.filename.endswith((".xml", ".rels")) and _has_doctype(archive.read(entry)):
                    raise TranscriptError(file, None, "refused: its XML declares a document type (an entity bomb?)")
    except TranscriptError:
        raise
    except Exception:  # a torn or crafted zip fails in many ways: BadZipFile, zlib.error, struct.error, RuntimeError
        raise TranscriptError(file, None, "not a Word document, or a torn one") from None


def _has_doctype(xml: bytes) -> bool:
    """Look for a document type in any encoding XML may be in."""
    marks = [mark.encode(code) for mark in ("<!DOCTYPE", "<!ENTITY") for code in ("utf-8", "utf-16-le", "utf-16-be")]
    return any(mark in xml for mark in marks)
