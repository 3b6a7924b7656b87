"""Text as files of people hold it, read as UTF-8, and the characters that no spreadsheet and no RDF file can hold."""

import codecs
import re
import unicodedata
from pathlib import Path

from pswonto.errors import Fault, SheetRefused

# Such are no characters of XML 1.0, which workbooks and RDF/XML are written in; tabs and ends of lines are.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_OTHER = {codecs.BOM_UTF16_LE: "UTF-16", codecs.BOM_UTF16_BE: "UTF-16", b"PK\x03\x04": "a workbook or another archive"}


def decoded(path: Path) -> str:
    """Return the text of a file, without a mark of its encoding.

    Args:
        path: A file in UTF-8.

    Raises:
        SheetRefused: The file cannot be read, or is in another encoding; the line is told.
    """
    try:
        body = path.read_bytes()
    except OSError as error:
        raise SheetRefused([Fault(path.name, f"cannot be read: {error.strerror}")]) from error
    other = next((name for mark, name in _OTHER.items() if body.startswith(mark)), None)
    if other is None and b"\0" in body[:4]:
        other = "UTF-16"
    if other:
        raise SheetRefused([Fault(path.name, f"is {other}, and no text in UTF-8: save it as that")])
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = body[: error.start].splitlines(keepends=True)
        line = len(before) + (not before or before[-1].endswith((b"\n", b"\r")))
        near = body[max(0, error.start - 20) : error.start + 20].decode("cp1252", "replace")
        fault = f"line {line} is no text in UTF-8, at {near!r}: save the file in UTF-8"
        raise SheetRefused([Fault(path.name, fault)]) from error


def unfit(text: str) -> str | None:
    """Return what a text has that can be written neither to a workbook nor to every form of RDF, if it has any.

    Args:
        text: The text.
    """
    found = _UNFIT.search(text)
    if found is None:
        return None
    name = "a control character" if unicodedata.category(found[0]) == "Cc" else "no character"
    return f"U+{ord(found[0]):04X} ({name}) as character {found.start() + 1}"
