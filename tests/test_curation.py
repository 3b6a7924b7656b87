"""Tests of the proof that data keeps to its source, on a small review of our own."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from pswonto import dataset, resources
from pswonto.cli import main
from pswonto.curation import LONGEST_RUN, Verification, verify_source
from pswonto.namespaces import contract
from pswonto.queries import QueryLibrary

# What is changed, what it becomes, the thing at fault, and words of the finding.
CHANGES = {
    "passage": ("paragraphOrdinal 2", "paragraphOrdinal 3", "passage:culture-of-toys-2", "has 2 paragraphs"),
    "heading": (
        'sectionHeading "Introduction"',
        'sectionHeading "Preface"',
        "passage:introduction-1",
        "'Preface' is not in the text",
    ),
    "digest": ('pswo:wordDigest "', 'pswo:wordDigest "0', "passage:culture-of-toys-1", "not those that were coded"),
    "study": (
        "work:doe-2016 ;\n  pswo:locatedIn passage:culture-of-toys-1",
        "work:department-of-toys-2020a ;\n  pswo:locatedIn passage:culture-of-toys-1",
        "statement:0001",
        "cited there: work:doe-2016, work:poe-2019",
    ),
    "statement taken away": (
        "  pswo:citesWork work:department-of-toys-2020b ;\n",
        "",
        "citation:culture-of-toys-2-2",
        "no statement of passage:culture-of-toys-2 takes up",
    ),
    "paraphrase": (
        "Those who are welcomed warmly tend to stay.",
        "It helps toy workers to stay in their shop for many happy years.",
        "statement:0001",
        "12 words running",
    ),
    "printed form": (
        '"Roe & Poe, 2019"',
        '"Roe & Pie, 2019"',
        "citation:introduction-1-2",
        "did you mean Roe & Poe, 2019",
    ),
    "misspelling without anomaly": (
        "anomaly-kind:misspelt-citation ;\n  pswo:affects citation:culture-of-toys-1-2",
        "anomaly-kind:misspelt-citation ;\n  pswo:affects citation:culture-of-toys-1-1",
        "citation:culture-of-toys-1-2",
        "does not fit work:poe-2019",
    ),
    "work of another year": (
        'printedAs "Doe, 2016" ;\n  pswo:refersTo work:doe-2016',
        'printedAs "Doe, 2016" ;\n  pswo:refersTo work:poe-2019',
        "citation:introduction-1-1",
        "does not fit work:poe-2019",
    ),
    "reference taken away": (
        "\n  pswo:refersTo work:department-of-toys-2020b .",
        "\n  a pswo:InTextCitation .",
        "citation:culture-of-toys-2-2",
        "no anomaly says why",
    ),
    "citation taken away": (
        "passage:introduction-1 ;\n  pswo:citationOrdinal 1",
        "passage:nowhere ;\n  pswo:citationOrdinal 1",
        "passage:introduction-1",
        "'Doe, 2016' is printed here, and the data has no citation for it",
    ),
    "figure": ("figureValue 2019.0", "figureValue 2019.5", "figure:year", "2019.5 is not printed"),
    "basis in a title": ("Title: a survey", "Title: interviews", "work:doe-2016", "not printed in the title"),
    "basis in a passage": ("Text: in their shop", "Text: in their house", "work:poe-2019", "passage:culture-of-toys-1"),
    "basis without a place": (
        " ;\n  pswo:statedIn passage:culture-of-toys-1 .",
        " .",
        "work:poe-2019",
        "pswo:statedIn",
    ),
}


def verify(evidence: Path, review: Path) -> Verification:
    """Compare data with a text."""
    library = QueryLibrary(resources.queries_directory() / "curation")
    return verify_source(dataset.read([evidence]).store, library, review)


def test_data_that_keeps_to_its_source_has_no_finding(data: Path) -> None:
    """The toy data is proved by the toy review, and everything in it was compared."""
    verification = verify(data / "toy-evidence.ttl", data / "toy-review.md")
    assert verification.findings == ()
    assert verification.compared == {
        "passages": 3,
        "citations": 6,
        "works cited by claims": 4,
        "figures": 1,
        "quoted bases": 2,
        "texts of ours": 5,
    }


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_found(change: str, data: Path, tmp_path: Path) -> None:
    """Whatever is changed in the data, the thing at fault is found, and the finding says what is wrong."""
    right, wrong, focus, message = CHANGES[change]
    text = (data / "toy-evidence.ttl").read_text(encoding="utf-8")
    assert right in text
    file = tmp_path / "evidence.ttl"
    file.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    found = [
        finding
        for finding in verify(file, data / "toy-review.md").findings
        if finding.focus is not None and contract(finding.focus) == focus and message in finding.message
    ]
    assert len(found) == 1


def test_a_paragraph_that_the_data_lacks_is_found(data: Path, tmp_path: Path) -> None:
    """A new paragraph of the source, and a citation in it, do not go unseen."""
    text = (data / "toy-review.md").read_text(encoding="utf-8")
    review = tmp_path / "review.md"
    review.write_text(text.replace("**Thanks**", "New toys came (Loe, 2020).\n\n**Thanks**"), encoding="utf-8")
    [finding] = verify(data / "toy-evidence.ttl", review).findings
    assert "New toys came" in finding.message


def test_a_citation_added_to_the_source_is_found(data: Path, tmp_path: Path) -> None:
    """A citation of the text that the data does not have is told with its passage."""
    text = (data / "toy-review.md").read_text(encoding="utf-8")
    review = tmp_path / "review.md"
    review.write_text(text.replace("an island,", "an island (Loe et al., 2020),"), encoding="utf-8")
    messages = [finding.message for finding in verify(data / "toy-evidence.ttl", review).findings]
    assert messages == ["'Loe et al., 2020' is printed here, and the data has no citation for it"]


def test_eight_words_running_may_be_shared(data: Path, tmp_path: Path) -> None:
    """A run as long as the limit is let pass, and one word more is not."""
    sentence = ["helps", "toy", "workers", "to", "stay", "in", "their", "shop", "for"]
    text = (data / "toy-evidence.ttl").read_text(encoding="utf-8")
    numbers = []
    for length in (LONGEST_RUN, LONGEST_RUN + 1):
        file = tmp_path / f"{length}.ttl"
        file.write_text(text.replace("Toys do not live alone", " ".join(sentence[:length])), encoding="utf-8")
        numbers.append(len(verify(file, data / "toy-review.md").findings))
    assert numbers == [0, 1]


def test_the_command_proves_and_refutes(data: Path, tmp_path: Path) -> None:
    """`pswonto verify-source` ends with 0 and a count where all agrees, and else with 1, file and line."""
    evidence = str(data / "toy-evidence.ttl")
    good = CliRunner().invoke(main, ["verify-source", str(data / "toy-review.md"), "--data", evidence])
    assert good.exit_code == 0
    assert "0 findings; compared: 3 passages, 6 citations" in good.output
    review = tmp_path / "review.md"
    review.write_text("# Nothing\n", encoding="utf-8")
    bad = CliRunner().invoke(main, ["verify-source", str(review), "--data", evidence])
    assert bad.exit_code == 1
    assert "toy-evidence.ttl:" in bad.output
    assert "the heading 'Introduction' is not in the text" in bad.output


def test_the_command_writes_json(data: Path) -> None:
    """With `--json` the findings are a list."""
    evidence = str(data / "toy-evidence.ttl")
    review = str(data / "toy-review.md")
    assert CliRunner().invoke(main, ["verify-source", review, "--data", evidence, "--json"]).stdout == "[]\n"
