"""What the service says of itself: its description, and that of its data, with its own address in both."""

from dataclasses import fields

from jinja2 import Environment

from pswonto.description import DATASET
from pswonto.errors import FormatError
from pswonto.namespaces import DESCRIPTION, PREFIXES
from pswonto.negotiation import choose
from pswonto.queries import QueryLibrary
from pswonto.settings import Settings
from pswonto.source import Source
from pswonto.store import GRAPH_FORMATS, RESULT_FORMATS, convert
from pswonto.web.exchange import Reply, negotiated

VOID_PATH = "/.well-known/void"
# A description is one graph, so the formats for datasets are not offered for it.
MEDIA_TYPES = tuple(GRAPH_FORMATS)[:4]
# What http://www.w3.org/ns/formats/ calls each format; clients of service descriptions look for these names.
FORMAT_NAMES = {
    "application/sparql-results+json": "SPARQL_Results_JSON",
    "application/sparql-results+xml": "SPARQL_Results_XML",
    "text/csv": "SPARQL_Results_CSV",
    "text/tab-separated-values": "SPARQL_Results_TSV",
    "text/turtle": "Turtle",
    "application/n-triples": "N-Triples",
    "application/rdf+xml": "RDF_XML",
    "application/ld+json": "JSON-LD",
    "application/n-quads": "N-Quads",
    "application/trig": "TriG",
}
_LIMITS = ("body_limit", "head_limit", "query_seconds", "query_memory", "query_result", "query_waiting")


class Descriptions:
    """Writes both descriptions, each once for each address and format.

    Args:
        store: The dataset, with its description in it.
        queries: The queries about descriptions.
        templates: The templates, of which it takes the part that only the service knows.
        settings: The limits that are told.
    """

    def __init__(self, store: Source, queries: QueryLibrary, templates: Environment, settings: Settings) -> None:
        self._store = store
        self._summary = queries["summary"].text
        self._template = templates.get_template("service-description.ttl")
        self._settings = settings
        self._known: dict[str, bytes] = {}
        self._written: dict[tuple[str, str, str], bytes] = {}

    def prepare(self) -> None:
        """Ask for all that is told of the dataset, so that it is known later."""
        for what in ("service", "void"):
            self._data(what)
        self._store.modified_at()

    def service(self, endpoint: str, accept: str | None) -> Reply:
        """Describe the service, with the dataset, its graphs, classes and properties.

        Args:
            endpoint: The address of the endpoint.
            accept: The media types that the client takes.

        Raises:
            FormatError: There is no such format.
        """
        return self._reply("service", endpoint, accept)

    def void(self, endpoint: str, accept: str | None) -> Reply:
        """Describe the dataset in full, and where it can be asked.

        Args:
            endpoint: The address of the endpoint.
            accept: The media types that the client takes.

        Raises:
            FormatError: There is no such format.
        """
        return self._reply("void", endpoint, accept)

    def _reply(self, what: str, endpoint: str, accept: str | None) -> Reply:
        media_type = choose(accept, MEDIA_TYPES)
        if media_type is None:
            raise FormatError(accept or "", MEDIA_TYPES)
        body = self._written.get((what, endpoint, media_type))
        if body is None:
            # Clients choose the name of the host, and must not fill the memory with it.
            if len(self._written) >= 2 * len(MEDIA_TYPES):
                self._written.clear()
            body = convert(self._turtle(endpoint) + self._data(what), media_type, PREFIXES)
            self._written[what, endpoint, media_type] = body
        return negotiated(media_type, body, self._store.modified_at())

    def _turtle(self, endpoint: str) -> bytes:
        limits = [
            (field.name, getattr(self._settings, field.name), field.metadata["description"])
            for field in fields(Settings)
            if field.name in _LIMITS
        ]
        text = self._template.render(
            endpoint=endpoint,
            dataset=DATASET,
            void=endpoint.rsplit("/", 1)[0] + VOID_PATH,
            formats=[FORMAT_NAMES[media_type] for media_type in (*RESULT_FORMATS, *GRAPH_FORMATS)],
            limits=limits,
        )
        return text.encode()

    def _data(self, what: str) -> bytes:
        if what not in self._known:
            self._known[what] = self._told(what)
        return self._known[what]

    def _told(self, what: str) -> bytes:
        graph = (DESCRIPTION,)
        text = self._summary if what == "service" else "CONSTRUCT WHERE { ?thing ?property ?value }"
        return self._store.answer(text, default_graphs=graph).serialize("application/n-triples")
