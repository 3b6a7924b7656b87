"""What an agent can read before it asks: what this is, the stored questions, and the vocabulary."""

from dataclasses import dataclass
from itertools import groupby

from pswonto.agents.grounds import Evidence
from pswonto.errors import TermNotFound
from pswonto.explorer import Explorer
from pswonto.namespaces import PREFIXES
from pswonto.queries import QueryLibrary
from pswonto.vocabulary import Defined, Vocabulary

_ROOT = "pswonto://"
_QUESTIONS = f"{_ROOT}questions"
_VOCABULARY = f"{_ROOT}vocabulary"
_MARKDOWN = "text/markdown"
_QUERY = "application/sparql-query"


@dataclass(frozen=True)
class Page:
    """Something to read.

    Attributes:
        uri: Its URI, or the template of such.
        name: Its name.
        description: What it holds.
        media_type: Its media type.
    """

    uri: str
    name: str
    description: str
    media_type: str


class Orientation:
    """What there is to read about one dataset.

    Args:
        explorer: The explorer of the dataset, with all stored queries.
        vocabulary: Its classes and properties.
        queries: The queries about the review as a whole.
        evidence: What knows the caveats.
    """

    pages = (
        Page(_QUESTIONS, "questions", "The stored questions by topic, with their parameters", _MARKDOWN),
        Page(_VOCABULARY, "vocabulary", "The prefixes, classes and properties to write SPARQL with", _MARKDOWN),
    )
    template = Page(_QUESTIONS + "/{name}", "question", "The SPARQL text of a stored question", _QUERY)

    def __init__(self, explorer: Explorer, vocabulary: Vocabulary, queries: QueryLibrary, evidence: Evidence) -> None:
        self._explorer = explorer
        self._vocabulary = vocabulary
        self._reviews = explorer.solutions(queries["reviews"].text).rows
        self._caveats = evidence.caveats

    @property
    def title(self) -> str:
        """What people read as the name of the service."""
        return "; ".join(row["title"].value for row in self._reviews) or "pswonto"

    @property
    def instructions(self) -> str:
        """What an agent is told about all tools at once."""
        counts = (
            f"{len(found)} {name}"
            for name, found in (
                ("levels", self._explorer.levels()),
                ("factors", self._explorer.factors()),
                ("sub-themes", self._explorer.subthemes()),
                ("statements", self._explorer.statements()),
                ("studies", self._explorer.studies()),
            )
        )
        reviews = "; ".join(
            f"{row['title'].value} ({row['label'].value}{', doi:' + row['doi'].value if 'doi' in row else ''})"
            for row in self._reviews
        )
        return " ".join(
            [
                f"A review as an ontology: {reviews or 'untitled'}. It has {', '.join(counts)}.",
                "Begin with factors or search, which tell the slugs that filters take; use statements to answer what "
                "helps or hinders, and say with each claim which statement, paragraph and studies it rests on. "
                "Statements are paraphrases of the review, which is itself a summary of the studies: do not quote "
                "them as the words of either. Several values of a filter let through what fits any of them; several "
                "filters, what fits all.",
                *self._caveats,
            ]
        )

    def read(self, uri: str) -> tuple[str, str]:
        """Return the media type and the text of something to read.

        Args:
            uri: Its URI.

        Raises:
            TermNotFound: There is no such page.
            QueryNotFound: There is no such stored question.
        """
        if uri == _QUESTIONS:
            return _MARKDOWN, self._questions()
        if uri == _VOCABULARY:
            return _MARKDOWN, self._terms()
        if uri.startswith(_QUESTIONS + "/"):
            return _QUERY, self._explorer.query(uri.removeprefix(_QUESTIONS + "/")).text
        raise TermNotFound("resource", uri, [page.uri for page in self.pages])

    def _questions(self) -> str:
        lines = ["# Stored questions", "", "To be asked by name with the tool `ask`.", ""]
        queries = sorted(self._explorer.queries(), key=lambda query: (query.topic, query.name))
        for topic, found in groupby(queries, key=lambda query: query.topic):
            lines += [f"## {topic or 'Others'}", ""]
            for query in found:
                lines.append(f"- `{query.name}`: {query.summary} {query.description}".rstrip())
                lines += [f"  - `{one.name}` ({one.type}): {one.description}" for one in query.parameters]
            lines.append("")
        return "\n".join(lines)

    def _terms(self) -> str:
        lines = ["# Prefixes", "", *(f"- `PREFIX {name}: <{namespace}>`" for name, namespace in PREFIXES.items()), ""]
        for kind, terms in groupby(self._vocabulary.terms.values(), key=lambda term: term.kind):
            lines += [f"# {kind.capitalize()}", ""]
            for term in terms:
                axioms = "; ".join(axioms_of(term))
                lines.append(f"- `pswo:{term.name}`: {term.definition or term.label} {axioms}".rstrip())
            lines.append("")
        return "\n".join(lines)


def axioms_of(term: Defined) -> tuple[str, ...]:
    """Return the axioms about a class or property as text, but for what it is disjoint with, as no query asks that."""
    return tuple(
        f"{keyword} {''.join(token.text for token in words)}"
        for keyword, words in term.axioms
        if keyword != "DisjointWith"
    )
