"""Lists and items in the formats that REST offers: JSON, RDF made of it, tables, and files for reference managers."""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from pswonto.bibliography import bibtex, csl_json, ris
from pswonto.models import Model, Route, Work, cell
from pswonto.namespaces import PREFIXES
from pswonto.store import convert

CONTEXT_PATH = "/context.jsonld"
JSON, JSON_LD, TURTLE = "application/json", "application/ld+json", "text/turtle"
CSV, TSV, NDJSON = "text/csv", "text/tab-separated-values", "application/x-ndjson"
TABLES = {"csv": CSV, "tsv": TSV, "ndjson": NDJSON}
# What each format is called: in `format=`, as the suffix of a path, and as the ending of a file.
FORMATS = {"json": JSON, "jsonld": JSON_LD, "ttl": TURTLE, **TABLES}
REFERENCES = {
    "bib": "application/x-bibtex",
    "ris": "application/x-research-info-systems",
    "csl.json": "application/vnd.citationstyles.csl+json",
}
_WRITERS: Mapping[str, Callable[[Sequence[Work]], str]] = {
    REFERENCES["bib"]: bibtex,
    REFERENCES["ris"]: ris,
    REFERENCES["csl.json"]: csl_json,
}
# Formats that are for a program to open and not for a browser to show.
FILES = (CSV, TSV, NDJSON, *_WRITERS)


def formats_of(model: type[Model]) -> dict[str, str]:
    """Return the formats of things of a model: the media type of each, by its name."""
    if issubclass(model, Route):
        # It is no thing of the dataset, so that there is nothing to say of it in RDF.
        return {"json": JSON, **TABLES}
    return FORMATS | (REFERENCES if issubclass(model, Work) else {})


@cache
def context() -> str:
    """Return the JSON-LD context, in which the JSON of every resource is RDF (JSON-LD 1.1, section 3.1)."""
    return (Path(__file__).parent / "context.jsonld").read_text(encoding="utf-8")


def write(
    media_type: str,
    model: type[Model],
    items: Sequence[Model],
    document: Mapping[str, Any],
    prefixes: Mapping[str, str] = PREFIXES,
) -> bytes:
    """Return things in a format.

    Args:
        media_type: The media type of the format.
        model: What the things are.
        items: The things.
        document: What there is in JSON: one of them, or a page of a list.
        prefixes: For RDF, the prefixes to write short names with.
    """
    if media_type == JSON:
        return _json(document)
    if media_type == NDJSON:
        return b"".join(_json(_plain(item)) + b"\n" for item in items)
    if media_type in (CSV, TSV):
        header = [field.alias or name for name, field in model.model_fields.items()]
        return table(media_type, header, [[_text(cell(value)) for _, value in item] for item in items])
    if media_type in _WRITERS:
        return _WRITERS[media_type]([item for item in items if isinstance(item, Work)]).encode()
    json_ld = _json({**json.loads(context()), **document})
    return json_ld if media_type == JSON_LD else convert(json_ld, media_type, prefixes, source=JSON_LD)


def table(media_type: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """Return a table as CSV (RFC 4180) or TSV (IANA's text/tab-separated-values)."""
    output = io.StringIO(newline="")
    if media_type == CSV:
        csv.writer(output, lineterminator="\r\n").writerows([header, *rows])
    else:
        # No cell may hold a tab or the end of a line; they are written as Turtle writes them.
        for row in (header, *rows):
            cells = (text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n") for text in row)
            output.write("\t".join(cells) + "\n")
    return output.getvalue().encode()


def _plain(item: Model) -> dict[str, Any]:
    return item.model_dump(mode="json", by_alias=True)


def _json(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _text(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(_text(member) for member in value)
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(getattr(value, "name", value))
