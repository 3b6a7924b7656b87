"""What pages tell search engines: schema.org in JSON-LD, as data inside the page."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from markupsafe import Markup

from pswonto.models import Model, Review, Statement, Subject, Work
from pswonto.namespaces import PREFIXES, Names

_FILES = {
    "ttl": "text/turtle",
    "rdf": "application/rdf+xml",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
}


def dataset_description(names: Names, subject: Subject, reviews: Sequence[Review], released: datetime) -> Markup:
    """Return what the first page tells: the dataset, its files, and what it is based on.

    Args:
        names: How things are named.
        subject: What the dataset is about.
        reviews: The reviews that it is based on.
        released: When it changed last.
    """
    told = {
        "@type": "Dataset",
        "@id": names.base,
        "name": subject.title,
        "description": subject.description,
        "license": subject.license,
        "version": subject.version,
        "dateModified": released.date().isoformat(),
        "isBasedOn": [_article(review) for review in reviews],
        "creator": {"@type": "Organization", "name": subject.creator} if subject.creator else None,
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": media_type, "contentUrl": f"{names.base}.{suffix}"}
            for suffix, media_type in _FILES.items()
        ],
    }
    return _script({name: value for name, value in told.items() if value})


def defined_term(names: Names, iri: str, name: str, definition: str | None) -> Markup:
    """Return what the page about a term tells."""
    term = {"@type": "DefinedTerm", "@id": iri, "name": name, "inDefinedTermSet": names.base}
    return _script(term | ({"description": definition} if definition else {}))


def structured(names: Names, iri: str, item: Model | None, label: str | None, definition: str | None) -> Markup:
    """Return what the page about a thing tells.

    Args:
        names: How things are named.
        iri: Its IRI.
        item: Its model, where it has one.
        label: What it is called.
        definition: What it means.
    """
    if isinstance(item, Work):
        return _script({**_article(item), "@id": iri})
    if isinstance(item, Statement):
        based_on = {"@id": item.source_review.iri, "@type": "ScholarlyArticle", "name": item.source_review.label}
        return _script({"@type": "Claim", "@id": iri, "text": item.paraphrase, "isBasedOn": based_on})
    return defined_term(names, iri, label or iri, definition)


def _article(work: Work | Review) -> dict[str, Any]:
    article = {
        "@type": "ScholarlyArticle",
        "name": work.title,
        "author": [{"@type": "Person", "name": name} for name in work.author_names],
        "datePublished": str(work.publication_year),
    }
    return article | ({"sameAs": f"https://doi.org/{work.doi}"} if work.doi else {})


def _script(data: Mapping[str, Any]) -> Markup:
    text = json.dumps({"@context": {"@vocab": PREFIXES["schema"]}, **data}, ensure_ascii=False)
    # What looks like the end of the element would be it.
    return Markup('<script type="application/ld+json">{}</script>').format(Markup(text.replace("<", "\\u003c")))
