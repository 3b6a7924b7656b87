"""The tools that answer in rows: any stored question, and any query of one's own."""

from anyio import to_thread

from pswonto.agents.answers import Answer, Rows
from pswonto.agents.arguments import Arguments, Schema, paging, single
from pswonto.agents.grounds import Evidence
from pswonto.agents.solutions import ACCEPT, solved
from pswonto.agents.tool import Tool
from pswonto.errors import QueryNotFound
from pswonto.explorer import Explorer
from pswonto.namespaces import BASE, PREFIXES
from pswonto.pool import Pool
from pswonto.settings import Settings

_TEXT: Schema = {"type": "string"}
_SHOWN = ("pswo", "factor", "work", "rdfs", "skos")


def row_tools(explorer: Explorer, evidence: Evidence, pool: Pool, settings: Settings) -> list[Tool]:
    """Return the tools that answer in rows.

    Args:
        explorer: The explorer, with all stored queries.
        evidence: What answers rest on.
        pool: What evaluates queries, and ends them where they take too long.
        settings: What a query may take.
    """
    answerer = _Answerer(explorer, evidence, pool)
    return [_ask(answerer, explorer, settings), _sparql(answerer, settings)]


class _Answerer:
    def __init__(self, explorer: Explorer, evidence: Evidence, pool: Pool) -> None:
        self._explorer = explorer
        self._evidence = evidence
        self._pool = pool

    async def stored(self, asked: Arguments) -> Answer:
        name = single(asked, "question")
        names = [query.name for query in self._explorer.queries()]
        if name not in names:
            raise QueryNotFound(name, names)
        bound = await to_thread.run_sync(self._explorer.bind, self._explorer.query(name), asked.inner)
        return await self._rows(bound, asked)

    async def own(self, asked: Arguments) -> Answer:
        return await self._rows(single(asked, "query"), asked)

    async def _rows(self, query: str, asked: Arguments) -> Answer:
        media_type, body = await self._pool.answer(query, base=BASE + "/", accept=ACCEPT)

        def rows() -> Answer:
            found = solved(media_type, body, self._explorer.names)
            shown, after = self._evidence.part(found.rows, asked.offset, asked.limit, self._evidence.size(query))
            things = [thing for row in found.things[asked.offset : asked.offset + len(shown)] for thing in row]
            grounds = self._evidence.named(things, asked.statements, self._evidence.size(query, shown))
            return Rows(
                form=found.form,
                variables=found.variables,
                total=len(found.rows),
                rows=tuple(shown),
                next=after,
                **self._evidence.beside(query, grounds),
            )

        return await to_thread.run_sync(rows)


def _ask(answerer: _Answerer, explorer: Explorer, settings: Settings) -> Tool:
    given = ["string", "number", "boolean", "array"]
    return Tool(
        "ask",
        "Ask a stored question",
        "The answer to a stored question, as rows; the tool questions tells what each question is and which "
        "parameters it has. Without any, the whole answer comes.",
        {
            "question": _TEXT
            | {"enum": [query.name for query in explorer.queries()], "description": "The name of the question"},
            "parameters": {
                "type": "object",
                "additionalProperties": {"type": given, "items": {"type": given[:-1]}},
                "description": 'Values of its parameters, such as {"factor": "psw-wellbeing"}: a slug, a prefixed '
                "name, an IRI, a number or a text, as the type says, or several in a list",
            },
        }
        | paging(settings, statements=True),
        ("question",),
        Rows,
        answerer.stored,
    )


def _sparql(answerer: _Answerer, settings: Settings) -> Tool:
    prefixes = "; ".join(f"PREFIX {name}: <{PREFIXES[name]}>" for name in _SHOWN)
    megabytes = (f"{limit / 1_000_000:g} MB" for limit in (settings.query_memory, settings.query_result))
    return Tool(
        "sparql",
        "SPARQL",
        "The answer to a query of your own in SPARQL 1.1 (SELECT, ASK, CONSTRUCT or DESCRIBE; nothing can be changed) "
        "over the whole dataset with what follows from it. Prefer another tool where one answers. The tool terms "
        f"tells classes and properties. Declare all prefixes, as in {prefixes}. ORDER BY keeps rows in place from "
        f"page to page. A query is ended after {settings.query_seconds:g} s, or where it takes more than "
        f"{next(megabytes)} of memory or gives more than {next(megabytes)}.",
        {"query": _TEXT | {"description": "The query, with its prefixes"}} | paging(settings, statements=True),
        ("query",),
        Rows,
        answerer.own,
    )
