"""What can be set, with defaults: by environment, and by the flags of the command line."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from pswonto.errors import ParameterError


@dataclass(frozen=True)
class Settings:
    """The settings of one service.

    Attributes:
        host: The address to listen on.
        port: The port to listen on.
        data: Files or folders to serve in place of the ontology that comes with the package.
        body_limit: The largest request body that is read, in bytes.
        query_seconds: How long a query may be evaluated before it is ended, in seconds.
        query_memory: How much memory a query may take beside the dataset, in bytes.
        query_result: The largest answer to a query, in bytes.
        query_workers: How many queries are evaluated at once.
        query_waiting: How many queries may wait for others to end; one more is told to come back later.
        cache_bytes: How much of the answers to queries is kept, in bytes; 0 keeps none.
        watch_seconds: With `serve --watch`, how often to look whether a file was saved, in seconds.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    data: tuple[Path, ...] = ()
    body_limit: int = 1_000_000
    query_seconds: float = 10.0
    query_memory: int = 1_000_000_000
    query_result: int = 50_000_000
    query_workers: int = 2
    query_waiting: int = 64
    cache_bytes: int = 100_000_000
    watch_seconds: float = 0.5


_NUMBERS = ("port", "body_limit", "query_memory", "query_result", "query_workers", "query_waiting", "cache_bytes")
_SECONDS = ("query_seconds", "watch_seconds")


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from variables such as PSWONTO_PORT, and leave the rest at the defaults.

    Args:
        environment: The variables; the process's own where none are given.

    Raises:
        ParameterError: A variable is not one of ours, or its value is not a number where one is needed.
    """
    variables = os.environ if environment is None else environment
    known = {f"PSWONTO_{field.name.upper()}": field.name for field in fields(Settings)}
    values: dict[str, object] = {}
    for variable, text in variables.items():
        if not variable.startswith("PSWONTO_"):
            continue
        if variable not in known:
            raise ParameterError(variable, f"is not a setting; there are: {', '.join(sorted(known))}")
        name = known[variable]
        if name == "data":
            values[name] = tuple(Path(part) for part in text.split(os.pathsep) if part)
        elif name in _NUMBERS:
            if not text.isdecimal():
                raise ParameterError(variable, f"must be a whole number, not {text!r}")
            values[name] = int(text)
        elif name in _SECONDS:
            if not re.fullmatch(r"\d*\.?\d+", text) or float(text) == 0:
                raise ParameterError(variable, f"must be a number of seconds above 0, not {text!r}")
            values[name] = float(text)
        else:
            values[name] = text
    return Settings(**values)  # type: ignore[arg-type]  # each value was made for its field just above
