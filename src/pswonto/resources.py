"""Where the ontology, the shapes and the queries are: inside the installed package, or in a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).parent
_ROOT = _PACKAGE / "data" if (_PACKAGE / "data").is_dir() else _PACKAGE.parents[1]


def is_checkout() -> bool:
    """Tell whether these are the files of a checkout, which are there to be edited."""
    return _ROOT != _PACKAGE / "data"


def ontology_directory() -> Path:
    """Return the folder of the Turtle modules and their catalog."""
    return _ROOT / "ontology"


def ontology_files() -> list[Path]:
    """Return the Turtle modules that come with the package, in order of their names."""
    return sorted(path for path in ontology_directory().glob("*.ttl") if not path.name.startswith("."))


def alignments_file() -> Path:
    """Return the module that relates our terms to those of others, which is no part of what is served."""
    return ontology_directory() / "alignments" / "alignments.ttl"


def shape_files() -> list[Path]:
    """Return the SHACL shapes that come with the package, in order of their names."""
    return sorted((_ROOT / "shapes").glob("*.ttl"))


def queries_directory() -> Path:
    """Return the folder of the stored queries."""
    return _ROOT / "queries"


def library_directories() -> tuple[Path, Path]:
    """Return the folders of the queries that can be asked by name: those of the pages, and the competency questions."""
    return queries_directory() / "explore", queries_directory() / "competency"
