"""How far two coding passes agree: percent and Cohen's kappa, by factor, as a table in Markdown.

Run it as `python scripts/agreement.py`; it reads `docs/coding/first-pass.tsv` and `docs/coding/second-pass.tsv`. A row
of the second pass names in `claim` the row of the first that is about the same claim, or none where there is no such.
"""

import csv
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

CODING = Path(__file__).parents[1] / "docs" / "coding"
FIELDS = {"theme": "about_theme", "polarity": "polarity", "jurisdiction": "jurisdictions"}

Row = dict[str, str]


def read(path: Path) -> list[Row]:
    """Read a table of codes, one row for each claim."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def pairs(first: Sequence[Row], second: Sequence[Row]) -> list[tuple[Row, Row]]:
    """Return the rows of both passes that are about the same claim."""
    by_number = {row["row"]: row for row in first}
    return [(by_number[row["claim"]], row) for row in second if row["claim"]]


def kappa(codes: Sequence[tuple[str, str]]) -> float | None:
    """Return Cohen's kappa (Cohen 1960), or nothing where there is no claim or chance alone would give full agreement.

    Args:
        codes: For each claim the code of the first and of the second pass.
    """
    number = len(codes)
    if not number:
        return None
    observed = sum(one == other for one, other in codes) / number
    ones, others = Counter(one for one, _ in codes), Counter(other for _, other in codes)
    expected = sum(ones[code] * others[code] for code in ones) / number**2
    return None if expected == 1 else (observed - expected) / (1 - expected)


def table(first: Sequence[Row], second: Sequence[Row]) -> str:
    """Return agreement by factor and over all, in Markdown.

    A cell has the claims that agree, and kappa; a dash where each pass has one code for all claims.
    """
    both = pairs(first, second)
    factors = list(dict.fromkeys(row["factor"] for row in first))
    lines = ["| factor | claims in both | " + " | ".join(FIELDS) + " |", "|---|---|" + "---|" * len(FIELDS)]
    for factor in [*factors, "all"]:
        chosen = [pair for pair in both if factor in (pair[0]["factor"], "all")]
        cells = []
        for field in FIELDS.values():
            codes = [(one[field], other[field]) for one, other in chosen]
            value = kappa(codes)
            agreeing = sum(one == other for one, other in codes)
            cells.append(f"{agreeing} ({'–' if value is None else f'{value:.2f}'})")  # noqa: RUF001  # a dash, no hyphen
        lines.append(f"| {factor} | {len(chosen)} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    """Print the table, and how many claims only one pass has."""
    first, second = read(CODING / "first-pass.tsv"), read(CODING / "second-pass.tsv")
    both = pairs(first, second)
    counts = f"{len(first)} in the first pass, {len(second)} in the second, {len(both)} in both"
    sys.stdout.write(f"{table(first, second)}\n\nclaims: {counts}\n")


if __name__ == "__main__":
    main()
