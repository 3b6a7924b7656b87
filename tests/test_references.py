"""Tests of files of references."""

from pathlib import Path

import pytest

from pswonto.bibliography import bibtex, csl_json, ris
from pswonto.curating.references import Reference, read_references
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
        (".bib", "A text without any entry.", ["there is no entry, which begins with @"]),
        (".bib", "article{a,\n title={T}}", ["row 1: 'article{a, title={T}}' stands outside of an entry"]),
        (
            ".bib",
            "@article{a, author={{ }}, title={{ }}, year={2020}}",
            ["'' has no family name", "the title is missing"],
        ),
        (".bib", "@article{, author={B, C}, title={T}, year={2020}}", ["an entry has no key"]),
        (".bib", "@article{a, author={B, C}, title={T\x07}, year={2020}}", ["cell a: the title holds U+0007"]),
        (".bib", "@article{a, title={" + "{" * 3000 + "}" * 3001 + "}", ["its brackets are nested too deep"]),
        (
            ".ris",
            "TY  - BOOK\nID  - a\nAU  - ,\nPY  - 2020\nTI  - T\nER  - \n",
            ["cell a: the author '' has no family"],
        ),
        (".json", "[" * 100000, ["its brackets are nested too deep"]),
        (".json", "[" + "9" * 5000 + "]", ["is no JSON that can be read"]),
        (".enl", "", ["the ending '.enl' is none of .bib, .ris, .json"]),
    ],
)
def test_what_is_at_fault_is_told(ending: str, text: str, faults: list[str], tmp_path: Path) -> None:
    """Each fault is told with its entry or its line, and what would be right; nothing is passed over."""
    with pytest.raises(SheetRefused) as refused:
        read(text, ending, tmp_path)
    told = str(refused.value)
    assert all(fault in told for fault in faults), told


def test_what_is_wrong_with_a_line_of_bibtex_is_told(tmp_path: Path) -> None:
    """In the words of its reader, which are not those for programmers."""
    with pytest.raises(
        SheetRefused, match=r"row 1: no entry can be read here: Unexpectedly reached end of file\.\n"
    ) as one:
        read("@article{a, title={open", ".bib", tmp_path)
    assert len(one.value.faults) == 1
    with pytest.raises(SheetRefused, match=r"Duplicate field keys on entry: 'title'\.\n"):
        read("@article{a, title={T}, title={U}}", ".bib", tmp_path)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_on_any_system(end: str, tmp_path: Path) -> None:
    """And what is broken into lines or has blanks around it is one line."""
    record = [
        "TY  - JOUR",
        "AU  - Seed, Sue",
        "TI  - A  title",
        "of it",
        "PY  - 2024",
        "ID  - a",
        "VL  -  7 ",
        "ER  - ",
        "",
    ]
    (path := tmp_path / "file.ris").write_bytes(end.join(record).encode())
    (work,) = read_references(path)
    assert (work.title, work.volume) == ("A title of it", "7")


def test_authors_that_are_not_named_are_no_author(tmp_path: Path) -> None:
    """BibTeX has `and others` for them."""
    (work,) = read("@book{a, author={Seed, Sue and others}, title={T}, year={2024}}", ".bib", tmp_path)
    assert (work.authors, work.label) == (("Seed, S.", "et al."), "Seed et al. 2024")
