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
        watch_seconds: With `serve --watch`, how often to look whether a file was saved, in seconds.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    data: tuple[Path, ...] = ()
    body_limit: int = 1_000_000
    watch_seconds: float = 0.5


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
        elif name in ("port", "body_limit"):
            if not text.isdecimal():
                raise ParameterError(variable, f"must be a whole number, not {text!r}")
            values[name] = int(text)
        elif name == "watch_seconds":
            if not re.fullmatch(r"\d*\.?\d+", text) or float(text) == 0:
                raise ParameterError(variable, f"must be a number of seconds above 0, not {text!r}")
            values[name] = float(text)
        else:
            values[name] = text
    return Settings(**values)  # type: ignore[arg-type]  # each value was made for its field just above
