"""The process that holds the graph for strangers' queries, and its children, one for each query at a time.

It is a fork of a process that has the dataset already, or is run as `python -m pswonto.evaluator` with the dataset on
its standard input, or with the place where it is on a disk. It never has a second thread, so that it can be forked at
any time; a child shares its graph, costs milliseconds, and can be killed, which is the only way to end a query of the
engine.
"""

import contextlib
import gc
import json
import os
import resource
import signal
import socket
import struct
import sys
import traceback
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from itertools import count, islice
from pathlib import Path
from typing import Any, NoReturn

import pyoxigraph as ox

from pswonto.errors import FormatError, ParameterError, PswontoError, QueryRefused, QuerySyntaxError
from pswonto.namespaces import Names
from pswonto.naming import names_of
from pswonto.store import MEDIA_TYPES, Store

# A message is the length of its head and of its body, the head in JSON, and the body.
LENGTHS = struct.Struct("!II")
_HEADS = {
    media_type: json.dumps({"media_type": media_type}).encode()
    for media_types in MEDIA_TYPES.values()
    for media_type in media_types
}


def main() -> None:
    """Load the dataset, or learn where it is, and make children."""
    control, memory = socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2])
    if len(sys.argv) > 3:
        serve(Store(Path(sys.argv[3])), control, memory)
    store = Store()
    store.engine.load(sys.stdin.buffer, format=ox.RdfFormat.N_QUADS)
    serve(store, control, memory)


def fork(work: Callable[[], object], unused: Iterable[socket.socket] = ()) -> int:
    """Begin some work in a fork of this process, which must have no other thread, and return its process id.

    Args:
        work: The work.
        unused: Connections of this process that the fork may not hold.
    """
    child = os.fork()
    if child:
        return child
    try:
        for connection in unused:
            connection.close()
        work()
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def serve(store: Store, control: socket.socket, memory: int) -> NoReturn:
    """Tell that this process is ready, and make a child for each byte that comes, until nobody is there to ask.

    Args:
        store: The dataset. What is on a disk is opened by each child.
        control: Where the bytes come from, and where the process ids and the sockets of the children are sent to.
        memory: How much memory a child may take beside the dataset, in bytes.
    """
    # Children that end are not waited for; and Ctrl-C in a terminal is for the service, which ends this process.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What is on a disk is opened by each child, as the engine then has threads, which a fork would not have.
    names = names_of(store) if store.path is None else None
    # What lives as long as the process need not be looked through for garbage, which would copy it into each child.
    gc.freeze()
    # A group of its own, so that it can end all its children, and nobody else.
    os.setpgid(0, 0)
    # Where the data is refused, nobody is there any more.
    with contextlib.suppress(BrokenPipeError):
        control.sendall(b"r")
    children = os.getpgrp()
    while _wanted(control):
        ours, theirs = socket.socketpair()
        child = os.fork()
        if child == 0:
            control.close()
            ours.close()
            _serve(store, theirs, memory, names)
            os._exit(0)
        theirs.close()
        socket.send_fds(control, [child.to_bytes(4, "big")], [ours.fileno()])
        ours.close()
    # The service has ended, and a child that still works at a query would not notice.
    os.killpg(children, signal.SIGKILL)
    raise AssertionError("this process is in that group")


def _wanted(control: socket.socket) -> bool:
    try:
        return bool(control.recv(1))
    except ConnectionResetError:
        # The service has ended before it read that this process is ready.
        return False


def confine(memory: int, files: int = 0) -> None:
    """Let this process take no more memory than so many bytes beside what it has, and open nothing, or a few files.

    Args:
        memory: How much memory, in bytes.
        files: How many files it may open yet.
    """
    used = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + memory, used + memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Without one more descriptor there is neither a file nor a connection, whatever a query finds to ask for.
    opened = _opened()
    numbers = (number for number in count() if number not in opened)
    least = min(next(islice(numbers, files, None)), resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    resource.setrlimit(resource.RLIMIT_NOFILE, (least, least))


def _opened() -> dict[int, str]:
    """Return what this process has open, each with its number."""
    paths = {int(path.name): path for path in Path("/proc/self/fd").iterdir()}
    # What it was listed with is closed again.
    return {number: os.path.realpath(path) for number, path in paths.items() if path.is_symlink()}


def unopened(folder: Path) -> int:
    """Return how many files of a store on a disk the engine has not opened yet.

    It opens sixteen at once, and each of the others when it needs it first.

    Args:
        folder: Where the store is.
    """
    opened = set(_opened().values())
    return sum(os.path.realpath(path) not in opened for path in folder.glob("*.sst"))


def _serve(store: Store, connection: socket.socket, memory: int, names: Names | None) -> None:
    # Whatever has to be opened is opened before nothing can be.
    prefixes = (names or names_of(store)).prefixes
    confine(memory, 0 if store.path is None else unopened(store.path))
    data = b""
    # Room that is asked for anew each time costs more than a small query.
    room = memoryview(bytearray(1 << 18))
    while True:
        size = connection.recv_into(room)
        if not size:
            return
        data += room[:size]
        message = parted(data)
        if message is not None:
            data = b""
            answer, body = evaluate(store, message[1].decode(), _read(message[0]), prefixes)
            connection.sendall(joined(_HEADS.get(answer.get("media_type", "")) or json.dumps(answer).encode(), body))


# Most requests of a client differ in nothing but the query.
@lru_cache(maxsize=64)
def _read(head: bytes) -> dict[str, Any]:
    job: dict[str, Any] = json.loads(head)
    return job


def joined(head: bytes, body: bytes) -> bytes:
    """Return a message of a head and a body."""
    return LENGTHS.pack(len(head), len(body)) + head + body


def parted(data: bytes | bytearray) -> tuple[bytes, bytes] | None:
    """Return head and body of a message, or nothing where its end has not come yet."""
    if len(data) < LENGTHS.size:
        return None
    head, body = LENGTHS.unpack_from(data)
    end = LENGTHS.size + head
    return (bytes(data[LENGTHS.size : end]), bytes(data[end:])) if len(data) == end + body else None


def evaluate(
    store: Store, query: str, job: dict[str, Any], prefixes: Mapping[str, str]
) -> tuple[dict[str, Any], bytes]:
    """Answer one query.

    Args:
        store: The dataset.
        query: The query.
        job: Its `base`, `default_graphs` and `named_graphs`; the `media_types` to write with, by the form of the
            query, where nothing stands for what the client does not take; what it asked for as `accept`; and the
            `result_limit` in bytes.
        prefixes: The prefixes to write graphs with.

    Returns:
        What to tell of the answer, and its bytes: its `media_type`, or the `error` with what it takes to make it again.
    """
    try:
        answer = store.answer(
            query,
            base=job["base"],
            default_graphs=job["default_graphs"],
            named_graphs=job["named_graphs"],
        )
        media_type = job["media_types"][answer.form]
        if media_type is None:
            return {"error": "FormatError", "arguments": [job["accept"], answer.media_types]}, b""
        return {"media_type": media_type}, answer.serialize(media_type, prefixes, job["result_limit"])
    except QuerySyntaxError as error:
        return {"error": "QuerySyntaxError", "arguments": [str(error), error.line, error.column]}, b""
    except ParameterError as error:
        return {"error": "ParameterError", "arguments": [error.parameter, error.fault, error.nearest]}, b""
    except QueryRefused as error:
        return {"error": "QueryRefused", "arguments": [str(error)]}, b""
    except MemoryError:
        return {"error": "QueryRefused", "arguments": ["the query takes more memory than a query may"]}, b""


def raised(answer: dict[str, Any]) -> PswontoError:
    """Return the error that an answer tells."""
    kinds: dict[str, Any] = {
        kind.__name__: kind for kind in (FormatError, QuerySyntaxError, ParameterError, QueryRefused)
    }
    error: PswontoError = kinds[answer["error"]](*answer["arguments"])
    return error


if __name__ == "__main__":
    main()
