"""What can be set, with defaults: by environment, and by the flags of the command line."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from pswonto.errors import ParameterError


def _setting(default: Any, description: str, commands: tuple[str, ...] = ("serve",)) -> Any:
    return field(default=default, metadata={"description": description, "commands": commands})


_BOTH = ("serve", "mcp")


@dataclass(frozen=True)
class Settings:
    """The settings of one service; the metadata of each says what it is, and which commands it is for."""

    host: str = _setting("127.0.0.1", "The address to listen on.", _BOTH)
    port: int = _setting(8000, "The port to listen on; 0 for any that is free.", _BOTH)
    data: tuple[Path, ...] = _setting((), "Files or folders to serve in place of the ontology of the package.", _BOTH)
    store: Path | None = field(
        default=None,
        metadata={
            "description": "A store on a disk to serve, as pswonto build --store makes it.",
            "commands": ("serve",),
        },
    )
    endpoint: str = _setting(
        "", "The address of a SPARQL server that holds the dataset, in place of files; none where it is empty."
    )
    body_limit: int = _setting(1_000_000, "The largest body of a request, in bytes.")
    head_limit: int = _setting(200_000, "The largest head of a request, in bytes; half of it may be the URL.")
    query_seconds: float = _setting(10.0, "How long a query may be evaluated before it is ended, in seconds.", _BOTH)
    query_memory: int = _setting(1_000_000_000, "How much memory a query may take beside the dataset, in bytes.", _BOTH)
    query_result: int = _setting(50_000_000, "The largest answer to a query, in bytes; a larger one is refused.", _BOTH)
    query_workers: int = _setting(
        # More than there are CPUs, so that none is idle while an answer is on its way.
        2 * (os.cpu_count() or 2),
        "How many queries are evaluated at once; by default two for each CPU.",
        _BOTH,
    )
    query_waiting: int = _setting(64, "How many queries may wait for others to end; one more is turned away.", _BOTH)
    page_items: int = _setting(100, "How many items a page of a list has, where the client does not say.", _BOTH)
    page_limit: int = _setting(1000, "How many items a page of a list may have.", _BOTH)
    rate_limit: int = _setting(0, "How many requests a client may send in a minute; 0 for any number.")
    answer_bytes: int = _setting(
        30_000,
        "How large an answer to an agent may be, in bytes; what does not fit is on the next page.",
        commands=("mcp",),
    )
    cache_bytes: int = _setting(100_000_000, "How much of the answers is kept, in bytes; 0 keeps none.")
    log_requests: bool = _setting(True, "Whether each request is a line in the log; faults always are.")
    shutdown_seconds: float = _setting(5.0, "How long queries may go on when the service is ended, in seconds.")
    watch_seconds: float = _setting(0.5, "With --watch, how often to look whether a file was saved, in seconds.")


_TRUTHS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from variables such as PSWONTO_PORT, and leave the rest at the defaults.

    Args:
        environment: The variables; the process's own where none are given.

    Raises:
        ParameterError: A variable is not one of ours, or its value is of another kind than it must be.
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
        kind = type(getattr(Settings, name))
        if kind is tuple:
            values[name] = tuple(Path(part) for part in text.split(os.pathsep) if part)
        elif name == "store":
            values[name] = Path(text) if text else None
        elif kind is bool:
            if text.lower() not in _TRUTHS:
                raise ParameterError(variable, f"must be true or false, not {text!r}")
            values[name] = _TRUTHS[text.lower()]
        elif kind is int:
            if not text.isdecimal():
                raise ParameterError(variable, f"must be a whole number, not {text!r}")
            values[name] = int(text)
        elif kind is float:
            if not re.fullmatch(r"\d*\.?\d+", text) or float(text) == 0:
                raise ParameterError(variable, f"must be a number of seconds above 0, not {text!r}")
            values[name] = float(text)
        else:
            values[name] = text
    return Settings(**values)  # type: ignore[arg-type]  # each value was made for its field just above
