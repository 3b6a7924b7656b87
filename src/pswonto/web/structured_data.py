"""What pages tell search engines: schema.org in JSON-LD, as data inside the page."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from markupsafe import Markup

from pswonto import __version__
from pswonto.models import Model, Work
from pswonto.namespaces import BASE, PREFIXES

_LICENCE = "https://creativecommons.org/licenses/by/4.0/"
_REVIEW = {
    "@type": "ScholarlyArticle",
    "name": "A Narrative Review of Factors Influencing Peer Support Role Implementation in Mental Health Systems: "
    "Implications for Research, Policy and Practice",
    "sameAs": "https://doi.org/10.1007/s10488-021-01186-8",
}
_FILES = {
    "ttl": "text/turtle",
    "rdf": "application/rdf+xml",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
}


def dataset_description(released: datetime) -> Markup:
    """Return what the first page tells: the dataset, its files, and what it is based on."""
    return _script(
        {
            "@type": "Dataset",
            "@id": BASE,
            "name": "pswonto: what shapes the role of peer support workers",
            "description": "Which studies a published review cites for what helps or hinders the formal role of peer "
            "support workers in mental health care, as an OWL ontology with SPARQL and REST.",
            "license": _LICENCE,
            "version": __version__,
            "dateModified": released.date().isoformat(),
            "isBasedOn": _REVIEW,
            "creator": {"@type": "Organization", "name": "pswonto contributors"},
            "distribution": [
                {"@type": "DataDownload", "encodingFormat": media_type, "contentUrl": f"{BASE}.{suffix}"}
                for suffix, media_type in _FILES.items()
            ],
        }
    )


def defined_term(iri: str, name: str, definition: str | None) -> Markup:
    """Return what the page about a term tells."""
    term = {"@type": "DefinedTerm", "@id": iri, "name": name, "inDefinedTermSet": BASE}
    return _script(term | ({"description": definition} if definition else {}))


def structured(iri: str, item: Model | None, label: str | None, definition: str | None) -> Markup:
    """Return what the page about a thing tells.

    Args:
        iri: Its IRI.
        item: Its model, where it has one.
        label: What it is called.
        definition: What it means.
    """
    if isinstance(item, Work):
        article = {
            "@type": "ScholarlyArticle",
            "@id": iri,
            "name": item.title,
            "author": [{"@type": "Person", "name": name} for name in item.author_names],
            "datePublished": str(item.publication_year),
        }
        return _script(article | ({"sameAs": f"https://doi.org/{item.doi}"} if item.doi else {}))
    if iri.startswith(PREFIXES["statement"]) and item is not None:
        claim = {"@type": "Claim", "@id": iri, "text": getattr(item, "paraphrase", ""), "isBasedOn": _REVIEW}
        return _script(claim)
    return defined_term(iri, label or iri, definition)


def _script(data: Mapping[str, Any]) -> Markup:
    text = json.dumps({"@context": {"@vocab": PREFIXES["schema"]}, **data}, ensure_ascii=False)
    # What looks like the end of the element would be it.
    return Markup('<script type="application/ld+json">{}</script>').format(Markup(text.replace("<", "\\u003c")))
