"""What shapes the role of peer support workers: a review as an ontology, with a SPARQL endpoint and a REST API."""

__all__ = ["__version__"]

# The package is built with this one; asking the installed package for it would take longer than most imports.
__version__ = "0.1.0"
