"""The log: one line of JSON for each request and each fault, written where it cannot hold up an answer."""

import json
import logging
import threading
import time
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import lru_cache
from typing import IO, Any

# The id of the request that is being answered, which stands in its response, in its problem, and in its lines here.
request_id: ContextVar[str] = ContextVar("request_id", default="")
# How often lines are written, in seconds, and how many may wait: who does not read must not hold up the service.
_PAUSE = 0.2
_MOST = 10_000


class Log:
    """Writes lines of JSON in a thread of its own.

    Args:
        output: Where to.

    Attributes:
        lost: How many lines were given up because nobody read those before them.
    """

    def __init__(self, output: IO[bytes]) -> None:
        self._output = output
        self._lines: list[str] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._write, name="log", daemon=True)
        self.lost = 0

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def stop(self) -> None:
        """Write what is left; where nobody reads it, do not wait for that longer than a second."""
        self._stop.set()
        self._thread.join(1)

    def line(self, text: str) -> None:
        """Take down a line."""
        if len(self._lines) < _MOST:
            self._lines.append(text)
        else:
            self.lost += 1

    def entry(self, level: str, **members: Any) -> None:
        """Take down an entry.

        Args:
            level: How grave it is: `info`, `warning` or `error`.
            members: What it tells; what is nothing is left out.
        """
        told = {name: value for name, value in members.items() if value not in (None, "")}
        self.line(json.dumps({"time": now(), "level": level, **told}, ensure_ascii=False))

    def _write(self) -> None:
        stopped = False
        while not stopped:
            stopped = self._stop.wait(_PAUSE)
            lines, self._lines = self._lines, []
            if not lines:
                continue
            try:
                self._output.write(("\n".join(lines) + "\n").encode())
                self._output.flush()
            except BrokenPipeError:
                # Whoever read it is gone; the service goes on, and its metrics tell of the loss.
                self.lost += len(lines)


class JsonHandler(logging.Handler):
    """Takes the messages of Python's logging into the log.

    Args:
        log: The log.
    """

    def __init__(self, log: Log) -> None:
        super().__init__()
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """Take down one message, with the fault and where it happened."""
        fault = "".join(traceback.format_exception(*record.exc_info)) if record.exc_info else None
        self._log.entry(
            record.levelname.lower(),
            request=request_id.get(),
            logger=record.name,
            message=record.getMessage(),
            fault=fault,
        )


def now() -> str:
    """Return the time as ISO 8601 has it, in UTC, to the millisecond."""
    seconds, rest = divmod(time.time(), 1)
    return f"{_second(int(seconds))}.{int(rest * 1000):03d}Z"


@lru_cache(maxsize=1)
def _second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


# There are few methods, and a few paths are asked for most of the time.
@lru_cache(maxsize=1024)
def quoted(text: str) -> str:
    """Return a text as JSON has it."""
    return json.dumps(text)
