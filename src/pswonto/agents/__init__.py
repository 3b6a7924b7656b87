"""The service for agents: the tools over one dataset, by the Model Context Protocol."""

import socket
from collections.abc import Mapping
from typing import Any

import anyio
import mcp_types as types
import uvicorn
from mcp.server import Server
from mcp.server.context import ServerRequestContext
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError

from pswonto import __version__, resources
from pswonto.agents.grounds import Evidence
from pswonto.agents.orientation import Orientation
from pswonto.agents.things import Things
from pswonto.agents.tool import Tool
from pswonto.agents.tools import all_tools
from pswonto.agents.wording import text
from pswonto.errors import PswontoError, nearest, suggestion
from pswonto.explorer import Explorer
from pswonto.pool import Limits, Pool
from pswonto.queries import QueryLibrary
from pswonto.settings import Settings
from pswonto.store import Store
from pswonto.vocabulary import Vocabulary

# Where the service listens over HTTP.
PATH = "/mcp"
_READ_ONLY = types.ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
_Context = ServerRequestContext[Any]


class Agents:
    """The service over one dataset.

    Args:
        store: The dataset, checked and completed.
        settings: How large answers may be, and what a query may take.
        evaluator: The control socket and the process id of one that holds the dataset already, if there is one.
    """

    def __init__(self, store: Store, settings: Settings, evaluator: tuple[socket.socket, int] | None = None) -> None:
        folder = resources.queries_directory()
        explorer = Explorer(store, QueryLibrary(*resources.library_directories()))
        vocabulary = Vocabulary(store, QueryLibrary(folder / "vocabulary"))
        about = QueryLibrary(folder / "agents")
        limits = Limits(
            seconds=settings.query_seconds,
            memory=settings.query_memory,
            result=settings.query_result,
            workers=settings.query_workers,
            waiting=settings.query_waiting,
        )
        self._pool = Pool(store, limits, evaluator)
        evidence = Evidence(explorer, about, settings.answer_bytes)
        things = Things(explorer, vocabulary, QueryLibrary(folder / "linked-data"))
        tools = all_tools(explorer, evidence, things, vocabulary, self._pool, settings)
        self._tools = {tool.name: tool for tool in tools}
        self._orientation = Orientation(explorer, vocabulary, about, evidence)
        self.server: Server[Any] = Server(
            "pswonto",
            version=__version__,
            title=self._orientation.title,
            instructions=self._orientation.instructions,
            on_list_tools=self._list_tools,
            on_call_tool=self._call_tool,
            on_list_resources=self._list_resources,
            on_list_resource_templates=self._list_resource_templates,
            on_read_resource=self._read_resource,
        )

    def over_stdio(self) -> None:
        """Answer one client on standard input and output, until it ends."""
        anyio.run(self._over_stdio)

    async def _over_stdio(self) -> None:
        self._pool.start()
        try:
            async with stdio_server() as (reading, writing):
                await self.server.run(reading, writing, self.server.create_initialization_options())
        finally:
            self._pool.close()

    def over_http(self, listening: socket.socket, host: str) -> None:
        """Answer clients over HTTP, until a signal comes that asks for the end.

        Args:
            listening: The socket that listens, on this machine only.
            host: Its address.
        """
        # Nothing is remembered of a client, so that each request can stand for itself.
        app = self.server.streamable_http_app(
            streamable_http_path=PATH, json_response=True, stateless_http=True, host=host
        )
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))

        async def run() -> None:
            self._pool.start()
            try:
                await server.serve([listening])
            finally:
                self._pool.close()

        anyio.run(run)

    async def _list_tools(self, context: _Context, params: object) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_described(tool) for tool in self._tools.values()])

    async def _call_tool(self, context: _Context, params: types.CallToolRequestParams) -> types.CallToolResult:
        tool = self._tools.get(params.name)
        if tool is None:
            words = suggestion(nearest(params.name, self._tools))
            raise MCPError(types.INVALID_PARAMS, f"there is no tool {params.name!r}{words}")
        given = params.arguments or {}
        try:
            answer = await tool.call(given)
        except PswontoError as error:
            return types.CallToolResult(content=[types.TextContent(type="text", text=str(error))], is_error=True)
        words = text(answer, tool.title + _told(given))
        return types.CallToolResult(
            content=[types.TextContent(type="text", text=words)],
            structured_content=answer.model_dump(mode="json", by_alias=True),
        )

    async def _list_resources(self, context: _Context, params: object) -> types.ListResourcesResult:
        return types.ListResourcesResult(
            resources=[
                types.Resource(uri=page.uri, name=page.name, description=page.description, mime_type=page.media_type)
                for page in self._orientation.pages
            ]
        )

    async def _list_resource_templates(self, context: _Context, params: object) -> types.ListResourceTemplatesResult:
        page = self._orientation.template
        template = types.ResourceTemplate(
            uri_template=page.uri, name=page.name, description=page.description, mime_type=page.media_type
        )
        return types.ListResourceTemplatesResult(resource_templates=[template])

    async def _read_resource(
        self, context: _Context, params: types.ReadResourceRequestParams
    ) -> types.ReadResourceResult:
        try:
            media_type, words = self._orientation.read(str(params.uri))
        except PswontoError as error:
            raise MCPError(types.INVALID_PARAMS, str(error), {"uri": str(params.uri)}) from error
        contents = types.TextResourceContents(uri=params.uri, mime_type=media_type, text=words)
        return types.ReadResourceResult(contents=[contents])


def _described(tool: Tool) -> types.Tool:
    return types.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.input_schema,
        output_schema=tool.output_schema,
        annotations=_READ_ONLY,
    )


def _told(given: Mapping[str, Any]) -> str:
    told = (
        f"{name} {' or '.join(map(str, value)) if isinstance(value, list) else value}" for name, value in given.items()
    )
    return f" ({', '.join(told)})" if given else ""
