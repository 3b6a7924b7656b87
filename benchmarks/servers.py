"""How fast other SPARQL servers answer over the same data, alone and behind `pswonto serve --endpoint`.

Run it as `python benchmarks/servers.py FILE...` in an environment with `pip install '.[test]'`, where Virtuoso is on
the PATH; FILE is what `pswonto serve --data` takes. It starts each server on loopback with all that the files say and
that follows from it, and prints the seconds that loading takes, the memory that the server has at the end, and for each
of the five questions of `endpoint.py`, every query another one, answers a second and the time of half and of 99 of 100
answers.
"""

import argparse
import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import httpx2
import pyoxigraph as ox

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from endpoint import CONNECTIONS, PREFIXES, QUERIES, different, rows  # noqa: E402

from elsewhere import oxigraph, virtuoso  # noqa: E402  (the servers of the tests)
from pswonto import dataset, resources  # noqa: E402
from pswonto.entailment import materialise  # noqa: E402
from pswonto.queries import QueryLibrary  # noqa: E402
from running import Server  # noqa: E402

# A path of which neither end is given is more than Virtuoso takes.
PORTABLE = QUERIES | {"path closure": "SELECT ?one ?other { ?one a pswo:Factor . ?one pswo:influences+ ?other }"}


def main() -> None:
    """Run each server, ask it, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="+", type=Path, help="what is served")
    parser.add_argument("--number", type=int, default=200, help="how many queries of each kind")
    arguments = parser.parse_args()
    write = sys.stdout.write
    store = dataset.read(arguments.data).store
    materialise(store, QueryLibrary(resources.queries_directory() / "entailment"))
    bodies: dict[str, dict[str, list[str]]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        quads = folder / "data" / "all.nq"
        quads.parent.mkdir()
        ox.serialize(iter(store.engine), str(quads), format=ox.RdfFormat.N_QUADS)
        write(f"{len(store)} triples\n")
        del store
        for server in ("virtuoso", "oxigraph"):
            home = folder / server
            home.mkdir()
            start = time.perf_counter()
            with ExitStack() as stack:
                if server == "virtuoso":
                    running = stack.enter_context(virtuoso(quads, home, buffers=200_000))
                else:
                    running = stack.enter_context(oxigraph(quads, home, "--union-default-graph"))
                write(f"\n{server}: {time.perf_counter() - start:.1f} s to start and load\n")
                settings = {"cache_bytes": 0, "log_requests": False, "query_seconds": 120}
                service = stack.enter_context(Server("--endpoint", running.url, **settings))
                for who, url in ((server, running.url), (f"pswonto --endpoint {server}", f"{service.url}/sparql")):
                    bodies[who] = {}
                    for question, text in PORTABLE.items():
                        bodies[who][question] = asked(who, url, question, text, arguments.number)
                memory = subprocess.run(
                    ["ps", "-o", "rss=", "-p", str(running.process)], capture_output=True, text=True
                )
                write(f"{server}: {int(memory.stdout) / 1000:.0f} MB of memory\n")
    for question in PORTABLE:
        if len({tuple(found[question]) for found in bodies.values()}) != 1:
            numbers = ", ".join(f"{who} {len(found[question])}" for who, found in bodies.items())
            write(f"{question}: the servers answer differently; rows: {numbers}\n")


def asked(who: str, url: str, question: str, text: str, number: int) -> list[str]:
    """Ask a question again and again, print how long it took, and return the rows of the answer."""
    accept = "application/n-triples" if question == "construct" else "text/csv"
    asyncio.run(answers(url, different(PREFIXES + text, CONNECTIONS, 2), accept))
    taken, whole, body = asyncio.run(answers(url, different(PREFIXES + text, number), accept))
    ordered = sorted(taken)
    half, most = statistics.median(ordered), ordered[int(len(ordered) * 0.99) - 1]
    rate = len(taken) / whole
    sys.stdout.write(f"{who:30} {question:20} {rate:8.1f}/s {half * 1000:9.2f} ms {most * 1000:9.2f} ms\n")
    sys.stdout.flush()
    return rows(body, accept)


async def answers(url: str, queries: list[str], accept: str) -> tuple[list[float], float, bytes]:
    """Send queries as forms, which every server takes; return the seconds of each and of all, and the last body."""
    waiting = iter(queries)
    taken: list[float] = []
    last = b""
    async with httpx2.AsyncClient(timeout=600, trust_env=False) as client:

        async def connection() -> None:
            nonlocal last
            for query in waiting:
                start = time.perf_counter()
                response = await client.post(url, data={"query": query}, headers={"Accept": accept})
                if response.status_code != 200:
                    raise SystemExit(f"{url} answered {response.status_code}: {response.text[:300]}")
                last = response.content
                taken.append(time.perf_counter() - start)

        start = time.perf_counter()
        await asyncio.gather(*(connection() for _ in range(CONNECTIONS)))
        return taken, time.perf_counter() - start, last


if __name__ == "__main__":
    main()
