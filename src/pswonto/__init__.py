"""What shapes the role of peer support workers: a review as an ontology, with a SPARQL endpoint and a REST API."""

from importlib.metadata import version

__all__ = ["__version__"]

__version__ = version("pswonto")
