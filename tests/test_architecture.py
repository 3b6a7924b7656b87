"""Tests of the promises about the code as a whole."""

import ast
import re
from pathlib import Path

import pytest

import pswonto

LAYERS = [
    {"errors", "settings", "binding"},
    {"files", "queries", "models", "namespaces", "resources", "source_text", "owl_api", "negotiation", "breaker"},
    {"kept", "store", "transport", "axioms", "bibliography", "questions", "rows"},
    {"naming", "remote", "source", "grounding", "shapes"},
    {"precomputed"},
    {"validation", "reasoning", "entailment", "turtle", "description", "evaluator", "manchester"},
    {"replacement"},
    {"dataset", "curation", "explanation", "comparison", "profile", "parent"},
    {"disk", "release", "watch", "pool", "vocabulary"},
    {"catalogue"},
    {"answering"},
    {"explorer", "proxy"},
    {"curating"},
    {"curating.plain_text"},
    {"curating.entries"},
    {"curating.sheet", "curating.references", "curating.rewriting"},
    {"curating.coding"},
    {"curating.reading", "curating.additions", "curating.checking"},
    {"curating.importing", "curating.beginning"},
    {"agents.answers"},
    {"agents.arguments", "agents.solutions"},
    {"agents.tool", "agents.grounds", "agents.things", "agents.wording"},
    {"agents.lists", "agents.answerer", "agents.orientation"},
    {"agents.tools"},
    {"agents"},
    {"gates"},
    {
        "web.cors",
        "web.exchange",
        "web.later",
        "web.lettering",
        "web.log",
        "web.openapi",
        "web.paging",
        "web.representation",
        "web.structured_data",
    },
    {"web.problems", "web.cache", "web.diagram", "web.parameters", "web.query_page"},
    {"web.metrics", "web.rate", "web.evidence_map", "web.listing", "web.portraits", "web.site"},
    {"web.observer", "web.operations", "web.description"},
    {"web.sparql", "web.rest"},
    {"web.rest_description", "web.sparql_description"},
    {"web.service", "web.pages", "web.stored_queries"},
    {"web.browsing", "web.linked_data"},
    {"web.api"},
    {"web", "web.current"},
    {"web.connection"},
    {"web.server"},
    {
        "static_site.addresses",
        "static_site.folder",
        "static_site.graphs",
        "static_site.hypertext",
        "static_site.visitor",
    },
    {"static_site.links", "static_site.writer"},
    {"static_site.crawl"},
    {"static_site"},
    {"cli.shared"},
    {"cli.agents", "cli.authoring", "cli.asking", "cli.curating", "cli.publishing", "cli.serving"},
    {"cli"},
    {"__main__"},
]
# Who alone may import a library.
OWNERS = {
    "pyoxigraph": {
        "files",
        "store",
        "precomputed",
        "grounding",
        "shapes",
        "entailment",
        "description",
        "validation",
        "turtle",
        "explanation",
        "comparison",
        "release",
        "gates",
        "evaluator",
        "parent",
        "disk",
        "remote",
        "source",
        "curating.additions",
        "curating.beginning",
        "curating.checking",
        "curating.importing",
        "curating.rewriting",
        "static_site.graphs",
    },
    "httpx2": {"transport"},
    "openpyxl": {"curating.sheet"},
    "bibtexparser": {"curating.entries"},
    "pylatexenc": {"curating.entries"},
    "rispy": {"curating.entries"},
    "rdflib": {"validation"},
    "pyshacl": {"validation"},
    "owlready2": {"reasoning", "profile"},
    "jpype": {"owl_api"},
    "click": {
        "cli",
        "cli.agents",
        "cli.shared",
        "cli.asking",
        "cli.authoring",
        "cli.curating",
        "cli.publishing",
        "cli.serving",
    },
    "mcp": {"agents"},
    "mcp_types": {"agents"},
    "rich": {"cli.asking", "cli.curating", "cli.publishing", "cli.shared"},
    "fastapi": {
        "web.api",
        "web.browsing",
        "web.linked_data",
        "web.operations",
        "web.pages",
        "web.parameters",
        "web.rest",
        "web.stored_queries",
    },
    "starlette": {
        "static_site.crawl",
        "static_site.visitor",
        "web",
        "web.api",
        "web.cache",
        "web.connection",
        "web.cors",
        "web.current",
        "web.exchange",
        "web.later",
        "web.linked_data",
        "web.observer",
        "web.parameters",
        "web.problems",
        "web.rate",
        "web.rest",
        "web.pages",
        "web.service",
        "web.sparql",
    },
    "uvicorn": {"agents", "web.connection", "web.server"},
    "prometheus_client": {"web.metrics"},
    "jinja2": {"web", "web.api", "web.description", "web.pages", "web.query_page"},
    "os": {"settings", "evaluator", "parent", "pool", "dataset", "replacement", "cli.shared"},
}
PACKAGE = Path(__file__).parents[1] / "src" / "pswonto"
MODULES = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__"): path
    for path in PACKAGE.rglob("*.py")
    if path != PACKAGE / "__init__.py"
}


def imports(path: Path) -> set[str]:
    """Return the names of all modules that a file imports, wherever in the file."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def test_every_module_has_its_layer() -> None:
    """The table of layers names every module, and no other."""
    assert set(MODULES) == set().union(*LAYERS)


@pytest.mark.parametrize("module", MODULES)
def test_imports_go_down_only(module: str) -> None:
    """A module imports from layers below its own, and from no neighbour, but for namespaces and queries."""
    rank = {name: number for number, names in enumerate(LAYERS) for name in names}
    used = {name.removeprefix("pswonto.") for name in imports(MODULES[module]) if name.startswith("pswonto.")} & set(
        rank
    )
    used -= {module}
    neighbours = {("queries", "namespaces"), ("settings", "errors")}
    wrong = {name for name in used if rank[name] >= rank[module] and (module, name) not in neighbours}
    assert wrong == set()


@pytest.mark.parametrize("module", MODULES)
def test_libraries_stay_with_their_owners(module: str) -> None:
    """Each engine and framework is imported only where the design says."""
    used = {name.split(".")[0] for name in imports(MODULES[module])}
    assert {library for library in used & set(OWNERS) if module not in OWNERS[library]} == set()


@pytest.mark.parametrize("module", MODULES)
def test_modules_stay_small(module: str) -> None:
    """No module has more than 400 lines."""
    assert len(MODULES[module].read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("module", MODULES)
def test_each_module_has_its_tests(module: str, root: Path) -> None:
    """Each module that holds code has a file of tests of its name."""
    if module not in {"__main__", "models", "source", "resources", "errors", "owl_api", "cli.shared"}:
        name = re.sub(r"^(web|cli|agents|curating|static_site)\.", "", module)
        assert (root / "tests" / f"test_{name}.py").is_file()


def test_versions_agree(root: Path) -> None:
    """Package, ontology, citation and changelog tell one version."""
    version = pswonto.__version__
    modules = sorted((root / "ontology").rglob("*.ttl"))
    assert len(modules) == 6
    for path in modules:
        text = path.read_text(encoding="utf-8")
        name = "" if path.stem == "pswonto" else f"/{path.stem}"
        assert f'owl:versionInfo "{version}"' in text
        assert f"owl:versionIRI <https://w3id.org/pswonto{name}/{version}>" in text
    assert f"\nversion: {version}\n" in (root / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\n## {version}" in (root / "CHANGELOG.md").read_text(encoding="utf-8")
