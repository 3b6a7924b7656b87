"""Tests of files of references."""

from pathlib import Path

import pytest

from pswonto.bibliography import bibtex, csl_json, ris
from pswonto.curating.references import Reference, name, read_references
from pswonto.errors import SheetRefused
from pswonto.explorer import Explorer

WRITERS = {".bib": bibtex, ".ris": ris, ".json": csl_json}


def read(text: str, ending: str, tmp_path: Path) -> list[Reference]:
    """Return the works of a text in the format of an ending."""
    path = tmp_path / f"studies{ending}"
    path.write_text(text, encoding="utf-8", newline="")
    return read_references(path)


@pytest.mark.parametrize("ending", WRITERS)
def test_what_we_write_is_read_back(ending: str, explorer: Explorer, tmp_path: Path) -> None:
    """All works of the review come back from each format with what they were written with."""
    works = explorer.works()
    found = read(WRITERS[ending](works), ending, tmp_path)
    assert len(found) == len(works) == 82
    for reference, work in zip(found, works, strict=True):
        assert reference.key == work.slug
        # BibTeX has one word for both.
        is_software = ending == ".bib" and work.type == "ComputerProgram"
        assert reference.type == ("WebPage" if is_software else work.type)
        assert reference.authors == work.author_names
        assert (reference.year, reference.title) == (work.publication_year, work.title)
        for mine, theirs in (
            (reference.volume, work.volume),
            (reference.issue, work.issue),
            (reference.pages, work.pages),
            (reference.doi, work.doi),
        ):
            assert mine == theirs


def test_latex_and_names_are_understood(tmp_path: Path) -> None:
    """Accents, particles, organizations in braces, and a DOI as an address."""
    text = r"""@article{m24,
      author = {M{\"u}ller, K{\"a}the Anna and van der Berg, Jan-Piet and {World Health Organization}},
      title = {{A} title \& more}, date = {2024-05-01}, journaltitle = {Journal}, doi = {https://doi.org/10.1000/ABC}}"""
    (found,) = read(text, ".bib", tmp_path)
    assert found.authors == ("Müller, K. A.", "van der Berg, J.-P.", "World Health Organization")
    assert (found.title, found.year, found.doi) == ("A title & more", 2024, "10.1000/abc")
    assert (found.slug, found.label) == ("muller-2024", "Müller et al. 2024")
    assert found.printed() == (
        "Müller, K. A., van der Berg, J.-P., World Health Organization (2024). A title & more. Journal. "
        "https://doi.org/10.1000/abc"
    )


def test_names_have_initials() -> None:
    """Given names become initials; what has them stays, and so does an organization with a comma."""
    assert name("Seed", "Sue Ann") == "Seed, S. A."
    assert name("Seed", "S.-A. B.") == "Seed, S.-A. B."
    assert name("Office of Gardens, Region", "") == "Office of Gardens, Region"
    assert name("Office", "Region of the North") == "Office, Region of the North"


@pytest.mark.parametrize(
    ("ending", "text", "faults"),
    [
        (".bib", "@article{a, title={T}, year={2020}}", ["column author, cell a: the author is missing"]),
        (
            ".bib",
            "@article{a, author={B, C}, year={20}}",
            ["the year '20' has not four digits", "title is missing"],
        ),
        (".bib", "@articel{a, author={B, C}, title={T}, year={2020}}", ["the type 'articel' is none", "article"]),
        (
            ".bib",
            "@article{a, author={B, C}, title={T}, year={2020}, doi={x}}",
            ["'x' is no DOI, which begins"],
        ),
        (".bib", "@article{a, author={B, C}, title={T}, year={2020}}\n@article{a, title={U}}", ["row 2: no entry"]),
        (".bib", "@article{a, title={open", ["row 1: no entry can be read here"]),
        (".ris", "TY  - JOUR\nAU  - B, C\nPY  - 2020\nTI  - T\n", ["row 1: the record that begins here has no end"]),
        (".ris", "AU  - B, C\nER  - \n", ["row 1: 'AU  - B, C' stands outside of a record", "row 2: 'ER  -'"]),
        (".json", "{", ["row 1: is no JSON"]),
        (".json", '"x"', ["is no CSL-JSON, which is a list of items"]),
        (".json", '[{"id": "a", "type": "book", "title": "T"}]', ["the year is missing", "the author is missing"]),
        (".enl", "", ["the ending '.enl' is none of .bib, .ris, .json"]),
    ],
)
def test_what_is_at_fault_is_told(ending: str, text: str, faults: list[str], tmp_path: Path) -> None:
    """Each fault is told with its entry or its line, and what would be right; nothing is passed over."""
    with pytest.raises(SheetRefused) as refused:
        read(text, ending, tmp_path)
    told = str(refused.value)
    assert all(fault in told for fault in faults), told
