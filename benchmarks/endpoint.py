"""How fast the endpoint answers, beside Oxigraph's own server and rdflib-endpoint, on the same data, over HTTP.

Run it as `python benchmarks/endpoint.py` in an environment with `pip install '.[benchmark]'`. It starts the three,
sends the same queries to each over connections that are kept open, checks that the answers are equal, and prints for
each query answers a second, the time of half and of 99 of 100 answers, and ours as a ratio to theirs: once with the
same query each time, and once with every query another one, so that nothing that was kept helps. With `--studies 4000`,
the data is a made-up review of so many studies, about a hundred times as many as in ours.
"""

import argparse
import asyncio
import csv
import io
import os
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
from generated import generate

from pswonto import dataset, resources
from pswonto.entailment import materialise
from pswonto.queries import QueryLibrary

PREFIXES = """PREFIX pswo: <https://w3id.org/pswonto#>
PREFIX factor: <https://w3id.org/pswonto/factor/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""
QUERIES = {
    "point lookup": "SELECT ?label { factor:psw-wellbeing rdfs:label ?label }",
    "studies of a factor": "SELECT DISTINCT ?study { ?study pswo:supports factor:regulatory-and-political-factors }",
    "factor by country": """SELECT ?factor ?country (COUNT(DISTINCT ?study) AS ?studies) {
        ?study pswo:supports ?factor ; pswo:conductedIn ?country . ?factor a pswo:Factor } GROUP BY ?factor ?country""",
    "path closure": "SELECT ?one ?other { ?one pswo:influences+ ?other }",
    "construct": "CONSTRUCT { ?study pswo:supports ?factor } { ?study pswo:supports ?factor . ?factor a pswo:Factor }",
}
CONNECTIONS = 8


@contextmanager
def served(command: list[str], url: str, **environment: str) -> Iterator[float]:
    """Run a server, and give the seconds from its start to its first answer."""
    start = time.perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, **environment}
    ) as process:
        try:
            while True:
                try:
                    urllib.request.urlopen(f"{url}?query={quote('ASK {}')}", timeout=5).close()
                    break
                except OSError:
                    if process.poll() is not None:
                        raise SystemExit(f"{command[0]} ended with {process.returncode}") from None
                    time.sleep(0.002)
            yield time.perf_counter() - start
        finally:
            process.terminate()
            process.wait()


def prepared(folder: Path, studies: int) -> tuple[tuple[Path, int], tuple[Path, int]]:
    """Write the data as its files assert it, and all that follows from it as one graph, and count their triples."""
    made_up, data, triples = folder / "made-up.nq", folder / "data.nq", folder / "all.nt"
    if studies:
        generate(made_up, studies)
    store = dataset.read([made_up] if studies else []).store
    ox.serialize(iter(store.engine), str(data), format=ox.RdfFormat.N_QUADS)
    asserted = len(store.engine)
    materialise(store, QueryLibrary(resources.queries_directory() / "entailment"))
    # One graph of all, because that is what each server asks when no graph is named.
    lines = store.ntriples()
    triples.write_bytes(lines)
    return (data, asserted), (triples, lines.count(b"\n"))


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


async def answers(
    port: int, path: str, queries: list[str], accept: str, connections: int = CONNECTIONS
) -> tuple[list[float], float, bytes]:
    """Send queries over a few connections; return the seconds of each answer, of all together, and the last body."""
    waiting = iter(queries)
    taken: list[float] = []
    last = b""

    async def connection() -> None:
        nonlocal last
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for query in waiting:
            body = query.encode()
            head = (
                f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: {accept}\r\n"
                f"Content-Type: application/sparql-query\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            start = time.perf_counter()
            writer.write(head.encode() + body)
            last = await _body(reader)
            taken.append(time.perf_counter() - start)
        writer.close()

    start = time.perf_counter()
    await asyncio.gather(*(connection() for _ in range(connections)))
    return taken, time.perf_counter() - start, last


class Refused(Exception):
    """A server answered with a fault."""


async def _body(reader: asyncio.StreamReader) -> bytes:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if not head.startswith(b"http/1.1 200"):
        raise Refused(f"a server answered {head.decode()}{(await reader.read(500)).decode()}")
    if b"transfer-encoding: chunked" in head:
        body = bytearray()
        while size := int(await reader.readuntil(b"\r\n"), 16):
            body += (await reader.readexactly(size + 2))[:-2]
        await reader.readline()
        return bytes(body)
    length = next(line for line in head.split(b"\r\n") if line.startswith(b"content-length:"))
    return await reader.readexactly(int(length.split(b":")[1]))


def rows(body: bytes, accept: str) -> list[str]:
    """Return the rows or triples of an answer, sorted, so that answers can be compared."""
    text = body.decode()
    if accept == "text/csv":
        return sorted(str(row) for row in csv.reader(io.StringIO(text)))
    return sorted(line for line in text.splitlines() if line)


def different(query: str, number: int, kind: int = 1) -> list[str]:
    """Return queries with the answer of one, each of another text, and for each kind again others."""
    seed = random.Random(kind)
    return [f"# {seed.random()} {index}\n{query}" for index in range(number)]


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000, help="requests for each query and server")
    parser.add_argument("--studies", type=int, default=0, help="studies of a made-up review to ask; 0 for our own data")
    arguments = parser.parse_args()
    number = arguments.requests
    here = Path(sys.executable).parent
    programs = {
        name: shutil.which(name, path=f"{here}:{os.environ['PATH']}") for name in ("oxigraph", "rdflib-endpoint")
    }
    if None in programs.values():
        raise SystemExit("oxigraph and rdflib-endpoint are missing: pip install '.[benchmark]'")
    write = sys.stdout.write
    with tempfile.TemporaryDirectory() as folder:
        data, triples = prepared(Path(folder), arguments.studies)
        write(f"{data[1]} triples as the files assert them, {triples[1]} with what follows\n")
        ports = {name: free_port() for name in ("pswonto", "oxigraph", "rdflib-endpoint")}
        paths = {"pswonto": "/sparql", "oxigraph": "/query", "rdflib-endpoint": "/"}
        urls = {name: f"http://127.0.0.1:{port}{paths[name]}" for name, port in ports.items()}
        commands = {
            "pswonto": [
                sys.executable,
                "-m",
                "pswonto",
                "serve",
                "--port",
                str(ports["pswonto"]),
                "--data",
                str(data[0]),
            ],
            "oxigraph": [str(programs["oxigraph"]), "serve", "--bind", f"127.0.0.1:{ports['oxigraph']}"],
            "rdflib-endpoint": [
                str(programs["rdflib-endpoint"]),
                "serve",
                "--port",
                str(ports["rdflib-endpoint"]),
                str(triples[0]),
            ],
        }
        results: dict[tuple[str, str, str], tuple[float, float, float]] = {}
        bodies: dict[tuple[str, str], list[str]] = {}
        for server, command in commands.items():
            with served(command, urls[server]) as start:
                write(f"{server}: {start:.2f} s from its start to its first answer\n")
                if server == "oxigraph":
                    request = urllib.request.Request(
                        f"http://127.0.0.1:{ports[server]}/store?default",
                        triples[0].read_bytes(),
                        {"Content-Type": "application/n-triples"},
                        method="PUT",
                    )
                    urllib.request.urlopen(request, timeout=600).close()
                # What a server still has to do after its first answer is not measured.
                time.sleep(2)
                for name, text in QUERIES.items():
                    accept = "application/n-triples" if name == "construct" else "text/csv"
                    # It takes seconds for what the others answer in milliseconds.
                    slower = 200 * max(1, arguments.studies // 40)
                    few = number if server != "rdflib-endpoint" else max(CONNECTIONS, number // slower)
                    warm = different(PREFIXES + text, min(few, 500), 2)
                    asyncio.run(answers(ports[server], paths[server], warm, accept))
                    for how, queries in (
                        ("repeated", [PREFIXES + text] * few),
                        ("different", different(PREFIXES + text, few)),
                    ):
                        taken, whole, body = asyncio.run(answers(ports[server], paths[server], queries, accept))
                        ordered = sorted(taken)
                        half, most = statistics.median(ordered), ordered[int(len(ordered) * 0.99) - 1]
                        results[server, name, how] = half, most, len(taken) / whole
                        bodies[server, name] = rows(body, accept)
        for name in QUERIES:
            if not bodies["pswonto", name] == bodies["oxigraph", name] == bodies["rdflib-endpoint", name]:
                raise SystemExit(f"the servers answer {name} differently")
        for how in ("repeated", "different"):
            write(f"\n{how} queries, ours as a ratio to theirs (requests/s; p50 and p99 in ms)\n")
            ratios = []
            for name in QUERIES:
                cells = []
                for server in commands:
                    half, most, rate = results[server, name, how]
                    ratio = results["pswonto", name, how][2] / rate
                    cells.append(f"{server} {rate:8.0f}/s {half * 1000:7.2f} {most * 1000:7.2f} x{ratio:.2f}")
                    if server == "oxigraph":
                        ratios.append(ratio)
                write(f"{name:20} " + " | ".join(cells) + "\n")
            write(f"geometric mean to oxigraph: x{statistics.geometric_mean(ratios):.2f}\n")


if __name__ == "__main__":
    main()
