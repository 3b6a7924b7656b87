"""Tests of the ontology as files: what Protégé and other tools find when they open it."""

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
import rdflib

from pswonto import resources
from pswonto.dataset import Dataset
from pswonto.namespaces import PREFIXES
from pswonto.store import Store

FILES = resources.ontology_files()
RDF_FILES = [*FILES, *resources.shape_files()]


def test_the_modules_are_there() -> None:
    """There are a root and four modules."""
    assert [path.stem for path in FILES] == ["core", "evidence", "framework", "pswonto", "works"]


def test_the_catalog_leads_every_import_to_its_file() -> None:
    """Each module's IRI and version IRI has an entry in the catalog that leads to it, and nothing else has one."""
    catalog = ElementTree.parse(resources.ontology_directory() / "catalog-v001.xml").getroot()
    entries = {entry.attrib["name"]: entry.attrib["uri"] for entry in catalog}
    expected: dict[str, str] = {}
    for path in [*FILES, resources.alignments_file()]:
        graph = rdflib.Graph().parse(path)
        (ontology,) = graph.subjects(rdflib.RDF.type, rdflib.OWL.Ontology)
        (version,) = graph.objects(ontology, rdflib.OWL.versionIRI)
        name = path.relative_to(resources.ontology_directory()).as_posix()
        expected |= {str(ontology): name, str(version): name}
    assert entries == expected


def test_nothing_is_imported_from_the_web(asserted: Dataset) -> None:
    """Every import is of one of our modules."""
    assert asserted.store.imports() <= set(asserted.files)


def test_the_root_imports_every_module() -> None:
    """The root has a header and imports, and no term of its own."""
    graph = rdflib.Graph().parse(resources.ontology_directory() / "pswonto.ttl")
    assert set(graph.subjects()) == {rdflib.URIRef("https://w3id.org/pswonto")}
    assert len(set(graph.objects(predicate=rdflib.OWL.imports))) == 4


@pytest.mark.parametrize("path", RDF_FILES, ids=lambda path: path.stem)
def test_turtle_is_written_in_our_style(path: Path) -> None:
    """Prefixes are those of our table, there is no default prefix, and a subject starts with its type."""
    text = path.read_text(encoding="utf-8")
    declared = dict(re.findall(r"(?m)^@prefix ([\w-]*): <([^>]*)> \.$", text))
    own = {"shapes": "https://w3id.org/pswonto/shapes#"}
    assert declared
    assert declared.items() <= (PREFIXES | own).items()
    assert not re.search(r"(?m)[ \t]+$|\t", text)


@pytest.mark.parametrize("path", RDF_FILES, ids=lambda path: path.stem)
def test_two_parsers_read_the_same(path: Path) -> None:
    """The engine and rdflib find the same number of triples in a file."""
    store = Store()
    store.load(path)
    assert len(store) == len(rdflib.Graph().parse(path))


def test_no_paraphrase_is_too_long(store: Store) -> None:
    """A paraphrase has at most forty words."""
    rows = store.select(f"SELECT ?text {{ ?s <{PREFIXES['pswo']}paraphrase> ?text }}").rows
    assert rows
    assert [row["text"].value for row in rows if len(row["text"].value.split()) > 40] == []


def test_every_property_of_ours_is_declared(asserted: Dataset) -> None:
    """What Protégé would take for an undeclared annotation property is not there."""
    graph = rdflib.Graph().parse(data=asserted.store.ntriples(), format="nt")
    kinds = (rdflib.OWL.ObjectProperty, rdflib.OWL.DatatypeProperty, rdflib.OWL.AnnotationProperty)
    declared = {term for kind in kinds for term in graph.subjects(rdflib.RDF.type, kind)}
    builtin = (PREFIXES["owl"], PREFIXES["rdf"], PREFIXES["rdfs"])
    used = {term for term in graph.predicates() if not str(term).startswith(builtin)}
    assert used - declared == set()


def test_everything_of_ours_has_one_label_and_one_definition(asserted: Dataset) -> None:
    """Each class, property and individual has exactly one rdfs:label and one skos:definition, both in English."""
    query = """
        PREFIX owl: <http://www.w3.org/2002/07/owl#>
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        SELECT ?thing ?property (COUNT(?text) AS ?texts) (COUNT(?english) AS ?englishTexts)
        WHERE {
          VALUES ?kind {
            owl:Class owl:ObjectProperty owl:DatatypeProperty owl:AnnotationProperty owl:NamedIndividual
          }
          VALUES ?property { rdfs:label skos:definition }
          ?thing a ?kind .
          FILTER(STRSTARTS(STR(?thing), "https://w3id.org/pswonto"))
          OPTIONAL { ?thing ?property ?text BIND(IF(LANG(?text) = "en", ?text, ?none) AS ?english) }
        }
        GROUP BY ?thing ?property
    """
    rows = asserted.store.select(query).rows
    assert len(rows) > 1600
    wrong = [row["thing"].value for row in rows if {row["texts"].value, row["englishTexts"].value} != {"1"}]
    assert wrong == []


def test_definitions_agree_with_what_they_define(store: Store) -> None:
    """The definition of an influence says whether the table has it, and that of a statement how many works it cites."""
    query = """
        PREFIX pswo: <https://w3id.org/pswonto#>
        PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        SELECT ?thing ?text ?tabulated ?expanded (COUNT(DISTINCT ?work) AS ?works)
        WHERE {
          VALUES ?kind { pswo:Influence pswo:EvidenceStatement }
          ?thing a ?kind ; skos:definition ?text .
          OPTIONAL { ?thing pswo:expandedFromAllThemes ?expanded }
          OPTIONAL { ?thing pswo:citesWork ?work }
          BIND(EXISTS { ?thing a pswo:TabulatedInfluence } AS ?tabulated)
        }
        GROUP BY ?thing ?text ?tabulated ?expanded
    """
    rows = store.select(query).rows
    assert len(rows) == 154
    for row in rows:
        number = int(row["works"].value)
        if "/statement/" in row["thing"].value:
            ending = f"credited to {number} work{'s' if number != 1 else ''}."
        elif row["tabulated"].value == "false":
            ending = "argued in the running text and not printed in the table."
        elif row["expanded"].value == "true":
            ending = "which the table of the review has among all themes of that level."
        else:
            ending = "printed in the table of the review."
        assert row["text"].value.endswith(ending), row["thing"].value
