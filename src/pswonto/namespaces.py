"""The prefixes that pswonto uses, and how an IRI is written short and long."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from pswonto.errors import ParameterError, nearest

BASE = "https://w3id.org/pswonto"
VOCABULARY = f"{BASE}#"
INFERRED = f"{BASE}/inferred"
DESCRIPTION = f"{BASE}/description"

# One namespace for each kind of thing that the data holds.
KINDS = (
    "level",
    "factor",
    "subtheme",
    "detail",
    "influence",
    "work",
    "statement",
    "passage",
    "citation",
    "polarity",
    "jurisdiction",
    "anomaly",
    "anomaly-kind",
    "activity",
    "gap",
    "implication",
    "figure",
)

# Those of these that the vocabulary itself lists, so that every review has the same.
SHARED = ("polarity", "anomaly-kind")

PREFIXES = {
    "pswo": VOCABULARY,
    **{kind: f"{BASE}/{kind}/" for kind in KINDS},
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "bibo": "http://purl.org/ontology/bibo/",
    "fabio": "http://purl.org/spar/fabio/",
    "prov": "http://www.w3.org/ns/prov#",
    "sh": "http://www.w3.org/ns/shacl#",
    "vann": "http://purl.org/vocab/vann/",
    "schema": "https://schema.org/",
    "cito": "http://purl.org/spar/cito/",
    "c4o": "http://purl.org/spar/c4o/",
    "doco": "http://purl.org/spar/doco/",
    "obo": "http://purl.obolibrary.org/obo/",
    "sssom": "https://w3id.org/sssom/",
    "semapv": "https://w3id.org/semapv/vocab/",
    "void": "http://rdfs.org/ns/void#",
    "void-ext": "http://ldf.fi/void-ext#",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "foaf": "http://xmlns.com/foaf/0.1/",
}


@dataclass(frozen=True)
class Names:
    """The names of the things of a dataset: those of a review of one's own begin with another base than ours.

    Attributes:
        base: What the IRIs of its things begin with, without the slash that follows.
    """

    base: str = BASE

    @cached_property
    def prefixes(self) -> Mapping[str, str]:
        """The prefixes, those of the kinds of things for this dataset."""
        return PREFIXES | {kind: f"{self.base}/{kind}/" for kind in KINDS if kind not in SHARED}

    def iri(self, path: str) -> str:
        """Return the IRI of the thing that is described at a path below the root, without its first slash."""
        return f"{self.base}/{path}" if path else self.base

    def path(self, iri: str) -> str | None:
        """Return the path at which a thing is described, or nothing where it is none of this dataset or of ours."""
        if iri.startswith(VOCABULARY):
            return f"/terms/{iri.removeprefix(VOCABULARY)}"
        if iri == self.base:
            return "/"
        return next((iri.removeprefix(base) for base in (self.base, BASE) if iri.startswith(f"{base}/")), None)

    def href(self, iri: str) -> str:
        """Return where a page about a thing is: here if it is one of this dataset, and at its own IRI if not."""
        return self.path(iri) or iri

    def is_own(self, iri: str) -> bool:
        """Tell whether an IRI is one of this dataset or of its vocabulary."""
        return self.path(iri) is not None

    def contract(self, iri: str) -> str:
        """Return the shortest prefixed name of an IRI, or the IRI itself where no prefix fits."""
        return contract(iri, self.prefixes)

    def expand(self, name: str, parameter: str = "iri") -> str:
        """Return the IRI of a name; see the function of this name."""
        return expand(name, parameter, self.prefixes)


def expand(name: str, parameter: str = "iri", prefixes: Mapping[str, str] = PREFIXES) -> str:
    """Return the IRI of a name that is written short (`factor:psw-wellbeing`) or in full.

    Args:
        name: A prefixed name with one of the prefixes, or an IRI, with or without angle brackets.
        parameter: What the name was given for, to say in the error.
        prefixes: The prefixes that there are.

    Raises:
        ParameterError: The name is neither.
    """
    text = name.strip()
    if text.startswith("<") and text.endswith(">"):
        text = text[1:-1]
    prefix, colon, local = text.partition(":")
    if colon and prefix in prefixes and not local.startswith("//"):
        return prefixes[prefix] + local
    if (colon and local.startswith("//")) or text.startswith("urn:"):
        return text
    raise ParameterError(
        parameter,
        f"must be an IRI or a name with a known prefix, not {name!r}",
        [f"{known}:{local}" for known in nearest(prefix, prefixes)] if colon else (),
    )


def contract(iri: str, prefixes: Mapping[str, str] = PREFIXES) -> str:
    """Return the shortest prefixed name of an IRI, or the IRI itself where no prefix fits."""
    fitting = [(prefix, namespace) for prefix, namespace in prefixes.items() if iri.startswith(namespace)]
    if not fitting:
        return iri
    prefix, namespace = max(fitting, key=lambda pair: len(pair[1]))
    return f"{prefix}:{iri.removeprefix(namespace)}"


def local_name(iri: str) -> str:
    """Return what stands after the last slash or hash of an IRI: the slug or key of a thing."""
    return re.split(r"[/#]", iri)[-1]
