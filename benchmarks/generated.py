"""A made-up review of any number of studies, in our model and over our framework, the same for the same seed.

Run it as `python benchmarks/generated.py --studies 1000 review.nq`, and serve it with `pswonto serve --data review.nq`,
which adds the core and the framework that it imports. It breaks no rule of `pswonto check`, unless `--defects` asks for
some that do. As in our review, a study is cited by about five statements, a statement cites one to three works, and a
paragraph makes five statements.
"""

import argparse
import hashlib
import random
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pyoxigraph as ox

from pswonto import resources
from pswonto.namespaces import BASE, PREFIXES
from pswonto.store import Store

_SYLLABLES = [consonant + vowel for consonant in "bdfghjklmnprstvwxz" for vowel in "aeiou"]
_WORDS = (
    "peer",
    "support",
    "workers",
    "teams",
    "services",
    "managers",
    "clinicians",
    "roles",
    "recovery",
    "training",
    "funding",
    "policy",
    "supervision",
    "stigma",
    "trust",
    "hours",
    "wages",
    "boundaries",
    "expectations",
    "culture",
    "leadership",
    "evidence",
    "practice",
    "outcomes",
    "referral",
    "records",
    "meetings",
    "agencies",
    "clients",
    "families",
    "wards",
    "communities",
    "strategy",
    "change",
    "consultation",
    "hiring",
    "careers",
    "isolation",
    "wellbeing",
)
_VERBS = ("shape", "hinder", "strengthen", "depend on", "compete with", "make room for", "take time from", "rest on")
_DESIGNS = ("qualitative study", "survey", "case study", "mixed methods study", "randomized trial")
_TYPES = ("JournalArticle",) * 8 + ("ReportDocument", "BookChapter")
_POLARITIES = ("enabler", "enabler", "barrier", "descriptive", "conditional")
_CONFIDENCES = ("high", "high", "medium", "low")
_PASSAGES_OF_A_STUDY = 3
_STATEMENTS_OF_A_PASSAGE = 5

# A thing: its IRI or blank node, its graph, and what is said of it, ready to be written.
Said = list[tuple[str, str]]
# What each defect does to what is said of a thing of some kind.
_DEFECTS: Sequence[tuple[str, str, str | None]] = (
    ("statement", "pswo:hasPolarity", None),
    ("statement", "pswo:hasPolarity", f"<{BASE}/polarity/mixed>"),
    ("statement", "pswo:aboutTheme", f"<{BASE}/subtheme/no-such-theme>"),
    ("statement", "pswo:confidence", '"certain"'),
    ("statement", "pswo:paraphrase", '"Too short."@en'),
    ("statement", "pswo:paraphrase", '"A paraphrase without a language tag."'),
    ("statement", "pswo:locatedIn", f"<{BASE}/passage/nowhere-1>"),
    ("statement", "pswo:checkedByPerson", '"perhaps"'),
    ("work", "pswo:publicationYear", f'"1066"^^<{PREFIXES["xsd"]}integer>'),
    ("work", "pswo:authorNames", None),
    ("work", "pswo:doi", '"DOI 10.1/X"'),
    ("work", "rdfs:label", '"Ein Etikett"@de'),
    ("citation", "pswo:citationOrdinal", '"first"'),
    ("citation", "pswo:refersTo", f"<{BASE}/statement/1>"),
    ("passage", "pswo:wordDigest", '"abc"'),
    ("passage", "pswo:sectionHeading", None),
)


class Review:
    """A made-up review.

    Args:
        studies: How many studies it cites as evidence.
        seed: What makes it another one.
        defects: How many things break a rule.
    """

    def __init__(self, studies: int, seed: int = 0, defects: int = 0) -> None:
        self._random = random.Random(f"{seed} {studies}")
        self._studies = studies
        self._blank = 0
        framework = Store()
        for name in ("core", "framework", "works"):
            framework.load(resources.ontology_directory() / f"{name}.ttl")
        self._themes = _themes(framework)
        self._influences = _influences(framework)
        self._jurisdictions = _jurisdictions(framework)
        self._defects: dict[str, dict[int, tuple[str, str | None]]] = {}
        numbers = {"statement": self._passages * _STATEMENTS_OF_A_PASSAGE, "work": studies, "passage": self._passages}
        chosen = random.Random(f"defects {seed} {studies}")
        for number in range(defects):
            kind, predicate, value = _DEFECTS[number % len(_DEFECTS)]
            place = chosen.randrange(1, numbers.get(kind, studies) + 1)
            self._defects.setdefault(kind, {})[place] = predicate, value

    @property
    def _passages(self) -> int:
        # Every study has as many passages, and a passage as many studies as statements.
        return -(-self._studies * _PASSAGES_OF_A_STUDY // _STATEMENTS_OF_A_PASSAGE)

    def lines(self) -> Iterator[str]:
        """Yield the review in N-Quads, some lines at a time."""
        yield from self._headers()
        for code, name in self._jurisdictions.items():
            yield self._thing(
                "works", "jurisdiction", code.lower(), "pswo:Jurisdiction", name, [_plain("isoCode", code)]
            )
        names = [self._name(number) for number in range(self._studies + self._studies // 10 + 1)]
        years = [self._random.randrange(1995, 2021) for _ in names]
        keys = [f"{name.lower()}-{year}" for name, year in zip(names, years, strict=True)]
        for number, name in enumerate(names):
            yield self._work(number + 1, name, years[number], keys[number])
        yield from self._text(names, years, keys)

    def _text(self, names: list[str], years: list[int], keys: list[str]) -> Iterator[str]:
        """Yield the passages, each with its citations and statements, and what covers them."""
        chance = self._random
        deck: list[int] = []
        for _ in range(_PASSAGES_OF_A_STUDY):
            shuffled = list(range(self._studies))
            chance.shuffle(shuffled)
            deck += shuffled
        covered: dict[str, list[str]] = {level: [] for level, _, _ in self._themes.values()}
        factors = list(self._themes)
        statement = citation = 0
        for passage in range(1, self._passages + 1):
            factor = factors[(passage // 4) % len(factors)]
            level, heading, own = self._themes[factor]
            part = passage // (4 * len(factors)) + 1
            slug = f"{factor}-{part}-{passage % 4 + 1}"
            covered[level].append(slug)
            yield self._passage(passage, slug, f"{heading}, part {part}", passage % 4 + 1, "Results")
            pool = list(
                dict.fromkeys(deck[(passage - 1) * _STATEMENTS_OF_A_PASSAGE : passage * _STATEMENTS_OF_A_PASSAGE])
            )
            for order, work in enumerate(pool, 1):
                citation += 1
                yield self._citation(citation, f"{slug}-{order}", slug, order, names[work], years[work], keys[work])
            for place in range(_STATEMENTS_OF_A_PASSAGE):
                statement += 1
                others = chance.choices((0, 1, 2), (5, 3, 2))[0]
                cited = {pool[place % len(pool)], *chance.sample(pool, min(others, len(pool)))}
                yield self._statement(statement, slug, factor, own, level, [keys[work] for work in sorted(cited)])
        last = self._passages
        for place, work in enumerate(range(self._studies, len(keys)), 1):
            slug = f"background-{place}"
            yield self._passage(last + place, slug, "Background", place, "Introduction")
            yield self._citation(citation + place, f"{slug}-1", slug, 1, names[work], years[work], keys[work])
        for level, slugs in covered.items():
            said = [
                ("dcterms:creator", '"a generator of made-up reviews"'),
                ("dcterms:date", f'"2026-11-23"^^<{PREFIXES["xsd"]}date>'),
                _plain("checkedByPerson", False),
                _plain("codingMethod", "machine"),
                *(("pswo:covers", f"<{BASE}/passage/{slug}>") for slug in slugs),
            ]
            name = f"Making up of the {level} level"
            yield self._thing("evidence", "activity", f"coding-of-{level}", "pswo:CurationActivity", name, said)

    def _name(self, number: int) -> str:
        syllables = []
        for _ in range(3):
            number, rest = divmod(number, len(_SYLLABLES))
            syllables.append(_SYLLABLES[rest])
        return "".join([*syllables, "" if number == 0 else str(number)]).capitalize()

    def _work(self, number: int, name: str, year: int, key: str) -> str:
        chance = self._random
        is_study = number <= self._studies
        type_ = chance.choice(_TYPES)
        title = f"On {' and '.join(chance.sample(_WORDS, 2))}: {' '.join(chance.sample(_WORDS, 3))}"
        doi = f"10.5555/made.up.{number}"
        said = [
            ("rdf:type", f"<{PREFIXES['fabio']}{type_}>"),
            ("dcterms:title", f'"{title}"@en'),
            ("dcterms:source", f'"A made-up list, entry {number}"'),
            _plain("authorNames", f"{name}, A.; Made, U."),
            _plain("citedInResults", is_study),
            _plain("containerTitle", f"Journal of {chance.choice(_WORDS)}"),
            _plain("doi", doi),
            _plain("doiAsPrinted", doi),
            _plain("printedAs", f"{name}, A., & Made, U. ({year}). {title}. https://doi.org/{doi}"),
            _plain("publicationYear", year),
            ("bibo:volume", f'"{chance.randrange(1, 60)}"'),
            ("bibo:pages", f'"{number}-{number + 9}"'),
        ]
        described: Said = []
        if is_study and chance.random() < 0.6:
            described.append(
                ("pswo:conductedIn", f"<{BASE}/jurisdiction/{chance.choice([*self._jurisdictions]).lower()}>")
            )
        if is_study and chance.random() < 0.5:
            described.append(_plain("studyDesign", chance.choice(_DESIGNS)))
        thing = self._thing("works", "work", key, "pswo:CitedWork", f"{name} & Made {year}", said + described, number)
        return thing + "".join(self._basis(key, *pair) for pair in described)

    def _basis(self, key: str, predicate: str, value: str) -> str:
        self._blank += 1
        said = [
            ("rdf:type", f"<{PREFIXES['owl']}Axiom>"),
            ("owl:annotatedSource", f"<{BASE}/work/{key}>"),
            ("owl:annotatedProperty", f"<{_full(predicate)}>"),
            ("owl:annotatedTarget", value),
            ("pswo:basis", '"Title: made up"@en'),
        ]
        return _written(f"_:basis{self._blank}", "works", said)

    def _passage(self, number: int, slug: str, heading: str, paragraph: int, section: str) -> str:
        said = [
            _plain("sectionHeading", heading),
            _plain("mainSection", section),
            _plain("paragraphOrdinal", paragraph),
            _plain("readingOrdinal", number),
            _plain("wordDigest", hashlib.sha256(slug.encode()).hexdigest()),
            ("pswo:passageOf", f"<{BASE}/work/made-up-2026>"),
        ]
        name = f"{heading}, paragraph {paragraph}"
        return self._thing("evidence", "passage", slug, "pswo:Passage", name, said, number)

    def _citation(self, number: int, slug: str, passage: str, order: int, name: str, year: int, key: str) -> str:
        printed = f"{name} & Made, {year}"
        said = [
            _plain("citationOrdinal", order),
            ("pswo:locatedIn", f"<{BASE}/passage/{passage}>"),
            _plain("printedAs", printed),
            ("pswo:refersTo", f"<{BASE}/work/{key}>"),
        ]
        thing = self._thing("evidence", "citation", slug, "pswo:InTextCitation", f"{printed}, in {slug}", said, number)
        if number % 100:
            return thing
        said = [
            ("pswo:affects", f"<{BASE}/citation/{slug}>"),
            ("pswo:hasAnomalyKind", f"<{BASE}/anomaly-kind/misspelt-citation>"),
            ("pswo:basis", '"The list has one entry of that year and of much the same name."@en'),
            _plain("printedAs", printed),
            _plain("resolution", "resolved"),
        ]
        name = f"Misspelt citation {number}"
        return thing + self._thing("evidence", "anomaly", f"misspelt-{number}", "pswo:SourceAnomaly", name, said)

    def _statement(
        self, number: int, passage: str, factor: str, own: Sequence[str], level: str, cited: Iterable[str]
    ) -> str:
        chance = self._random
        words = chance.sample(_WORDS, 5)
        verb = chance.choice(_VERBS)
        paraphrase = f"{words[0]} and {words[1]} {verb} {words[2]} where {words[3]} meet {words[4]}, claim {number}."
        said = [
            ("pswo:paraphrase", f'"{paraphrase.capitalize()}"@en'),
            ("pswo:aboutTheme", f"<{chance.choice(own)}>"),
            _plain("checkedByPerson", False),
            *(("pswo:citesWork", f"<{BASE}/work/{key}>") for key in cited),
            ("pswo:codedIn", f"<{BASE}/activity/coding-of-{level}>"),
            _plain("confidence", chance.choice(_CONFIDENCES)),
            ("pswo:hasPolarity", f"<{BASE}/polarity/{chance.choice(_POLARITIES)}>"),
            ("pswo:locatedIn", f"<{BASE}/passage/{passage}>"),
        ]
        if chance.random() < 0.15:
            other = chance.choice([name for name in self._themes if name != factor])
            said.append(("pswo:alsoAbout", f"<{chance.choice(self._themes[other][2])}>"))
        if chance.random() < 0.1:
            place = chance.choice([*self._jurisdictions]).lower()
            said.append(("pswo:namesJurisdiction", f"<{BASE}/jurisdiction/{place}>"))
        if factor in self._influences and chance.random() < 0.15:
            said.append(("pswo:supportsInfluence", f"<{chance.choice(self._influences[factor])}>"))
        name = f"Statement {number}"
        return self._thing("evidence", "statement", f"{number:04}", "pswo:EvidenceStatement", name, said, number)

    def _thing(self, module: str, kind: str, slug: str, class_: str, label: str, said: Said, number: int = 0) -> str:
        said = [
            ("rdf:type", f"<{PREFIXES['owl']}NamedIndividual>"),
            ("rdf:type", f"<{_full(class_)}>"),
            ("rdfs:label", f'"{label}"@en'),
            ("skos:definition", f'"Made-up {kind} that is called {label}."@en'),
            *said,
            ("rdfs:isDefinedBy", f"<{BASE}/{module}>"),
        ]
        defect = self._defects.get(kind, {}).get(number)
        if defect is not None:
            predicate, value = defect
            said = [pair for pair in said if pair[0] != predicate]
            said += [] if value is None else [(predicate, value)]
        return _written(f"<{BASE}/{kind}/{slug}>", module, said)

    def _headers(self) -> Iterator[str]:
        for module, imported in (("works", ("core",)), ("evidence", ("core", "framework", "works"))):
            said = [
                ("rdf:type", f"<{PREFIXES['owl']}Ontology>"),
                ("owl:versionIRI", f"<{BASE}/{module}/0.0.0>"),
                ("owl:versionInfo", '"0.0.0"'),
                *(("owl:imports", f"<{BASE}/{name}>") for name in imported),
                ("dcterms:title", f'"made-up {module}"@en'),
                ("dcterms:description", f'"Made-up {module} of a benchmark; nothing of it is true."@en'),
                ("dcterms:creator", '"a generator of made-up reviews"'),
                ("dcterms:license", "<https://creativecommons.org/licenses/by/4.0/>"),
                *((f"dcterms:{name}", f'"2026-11-23"^^<{PREFIXES["xsd"]}date>') for name in ("created", "modified")),
            ]
            yield _written(f"<{BASE}/{module}>", module, said)
        said = [
            ("dcterms:title", '"A review that was never written"@en'),
            ("dcterms:source", '"a generator of made-up reviews"'),
            _plain("authorNames", "Made, U."),
            _plain("publicationYear", 2026),
        ]
        yield self._thing("works", "work", "made-up-2026", "pswo:Review", "Made & Up 2026", said)


def _themes(framework: Store) -> dict[str, tuple[str, str, list[str]]]:
    """Return for each factor its level, its name, and the themes that are parts of it."""
    rows = framework.select(
        f"""PREFIX pswo: <{BASE}#> PREFIX rdfs: <{PREFIXES["rdfs"]}>
        SELECT ?factor ?level ?name ?part {{
          ?factor a pswo:Factor ; pswo:placedAtLevel ?level ; rdfs:label ?name ; pswo:tableOrdinal ?place .
          ?part pswo:subThemeOf|(pswo:detailOf/pswo:subThemeOf) ?factor }} ORDER BY ?place ?part"""
    ).rows
    themes: dict[str, tuple[str, str, list[str]]] = {}
    for row in rows:
        factor, level = (row[name].value.rpartition("/")[2] for name in ("factor", "level"))
        themes.setdefault(factor, (level, row["name"].value, []))[2].append(row["part"].value)
    return themes


def _influences(framework: Store) -> dict[str, list[str]]:
    rows = framework.select(
        f"SELECT ?influence ?factor {{ ?influence <{BASE}#hasSource> ?factor }} ORDER BY ?influence"
    ).rows
    influences: dict[str, list[str]] = {}
    for row in rows:
        influences.setdefault(row["factor"].value.rpartition("/")[2], []).append(row["influence"].value)
    return influences


def _jurisdictions(framework: Store) -> dict[str, str]:
    rows = framework.select(
        f"SELECT ?code ?name {{ ?place <{BASE}#isoCode> ?code ; <{PREFIXES['rdfs']}label> ?name }} ORDER BY ?code"
    ).rows
    return {row["code"].value: row["name"].value for row in rows}


def _plain(name: str, value: str | int | bool) -> tuple[str, str]:
    return f"pswo:{name}", str(ox.Literal(value))


def _full(name: str) -> str:
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


_FULL: dict[str, str] = {}


def _written(subject: str, module: str, said: Said) -> str:
    lines = []
    for predicate, value in said:
        if predicate not in _FULL:
            _FULL[predicate] = f"<{_full(predicate)}>"
        lines.append(f"{subject} {_FULL[predicate]} {value} <{BASE}/{module}> .\n")
    return "".join(lines)


def generate(path: Path, studies: int, seed: int = 0, defects: int = 0) -> None:
    """Write a made-up review as N-Quads.

    Args:
        path: The file to write.
        studies: How many studies it cites as evidence.
        seed: What makes it another one.
        defects: How many things break a rule.
    """
    with path.open("w", encoding="utf-8") as file:
        file.writelines(Review(studies, seed, defects).lines())


def main() -> None:
    """Write a made-up review to the file that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--studies", type=int, default=1000, help="how many studies it cites")
    parser.add_argument("--seed", type=int, default=0, help="what makes it another one")
    parser.add_argument("--defects", type=int, default=0, help="how many things break a rule")
    arguments = parser.parse_args()
    generate(arguments.file, arguments.studies, arguments.seed, arguments.defects)


if __name__ == "__main__":
    main()
