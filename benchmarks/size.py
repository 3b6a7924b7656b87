"""How the work and the answers grow with the review: from a thousand studies to a hundred thousand, in one run.

Run it as `python benchmarks/size.py` in an environment with `pip install '.[test,benchmark]'`, with Virtuoso on the
PATH. It makes up a review of each size, and prints for each how long it takes to load, to validate and check, to
infer, to describe and to build a store on a disk, how much memory that takes, how long a service takes from its start
to its first answer and how much memory it has, and the time of half and of 99 of 100 answers to five questions: in
this process and over HTTP, in memory, on the disk and with Virtuoso behind the service, and by Oxigraph's own server
in memory and read-only on that very store. Answers are compared. At the smallest size, what follows is compared with
owlrl, and what is found with pySHACL, on a review with seeded defects.

The exponent of a row is the slope of log time over log studies: 1 is linear. The further memory lies from the
processor, the longer each step takes that touches it: so the time of one lookup in the engine is told beside them, and
the time that the system takes, which is mostly that of giving memory; and the exponent of the time that is counted in
lookups of its size. All that is started here may have large pages of memory, as the unit in `deploy` says. No query is
sent twice in the same words, so that nothing that was kept helps. What would take more memory than there is is left
out, and told.
"""

import argparse
import asyncio
import json
import math
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from typing import Any

import pyoxigraph as ox

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from endpoint import PREFIXES, QUERIES, Refused, answers, different, free_port, rows, served  # noqa: E402
from generated import generate  # noqa: E402

from elsewhere import virtuoso  # noqa: E402  (as the tests run it)
from pswonto import dataset, disk, resources  # noqa: E402
from pswonto.description import describe  # noqa: E402
from pswonto.entailment import materialise  # noqa: E402
from pswonto.namespaces import DESCRIPTION, INFERRED, VOCABULARY  # noqa: E402
from pswonto.queries import QueryLibrary  # noqa: E402
from pswonto.store import Store  # noqa: E402
from pswonto.validation import run_checks, validate, validate_with_pyshacl  # noqa: E402

TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
DEFECTS = 60
# Up to which size the steps are done three times, and the median is told.
REPEATED = 10_000
# How many triples are looked up.
LOOKUPS = 20_000
# What is done from the files to what is served.
PHASES = ("load", "validation", "checks", "entailment", "description")
# How often a question is asked at the least, and over how many connections at once.
FEWEST = 20
CONNECTIONS = 2
SERVED = ("served, memory", "served, disk", "served, Virtuoso", "oxigraph, memory", "oxigraph, disk")
# A path of which neither end is given is more than Virtuoso takes.
QUESTIONS = QUERIES | {"path closure": "SELECT ?one ?other { ?one a pswo:Factor . ?one pswo:influences+ ?other }"}
# How many pages of 8 kB Virtuoso keeps in memory.
BUFFERS = 340_000
_write = sys.stdout.write


def accept_of(name: str) -> str:
    """Return the format in which a question is answered."""
    return "application/n-triples" if name == "construct" else "text/csv"


# What is measured in a process of its own, whose memory is that of one step alone.


def phases(seconds: float, data: Path) -> dict[str, float]:
    """Return the seconds of each step from the files to what is served, in memory, and the times of the questions."""
    told: dict[str, float] = {}

    def timed(name: str, work: Any) -> Any:
        start, system = time.perf_counter(), getrusage(RUSAGE_SELF).ru_stime
        result = work()
        told[name] = time.perf_counter() - start
        told[f"{name}, system"] = getrusage(RUSAGE_SELF).ru_stime - system
        return result

    read = timed("load", lambda: dataset.read([data]))
    engine, queries = read.store.engine, resources.queries_directory()
    told["asserted triples"] = len(read.store)
    told["lookup"] = lookup(engine, len(read.store))
    found = timed("validation", lambda: validate(engine, resources.shape_files()))
    found += timed("checks", lambda: run_checks(engine, queries / "checks"))
    if found:
        raise SystemExit(f"a made-up review breaks a rule: {found[0].sentence()}")
    inferred = timed("entailment", lambda: materialise(read.store, QueryLibrary(queries / "entailment")))
    examples = QueryLibrary(*resources.library_directories())
    text = timed("description", lambda: describe(read.store, QueryLibrary(queries / "description"), examples))
    read.store.add(text, DESCRIPTION)
    told["served triples"] = len(read.store)
    told["inferred triples"] = inferred
    return told | in_process(read.store, seconds)


def lookup(engine: ox.Store, number: int) -> float:
    """Return the seconds that it takes to find one of so many triples."""
    some = list(islice(engine, 0, None, max(1, number // LOOKUPS)))
    random.Random(1).shuffle(some)
    start = time.perf_counter()
    if not all(quad in engine for quad in some):
        raise SystemExit("a triple that is there was not found")
    return (time.perf_counter() - start) / len(some)


def in_process(store: Store, seconds: float) -> dict[str, float]:
    """Return the time of half of the answers, and of 99 of 100, to each question, each asked for so many seconds."""
    told: dict[str, float] = {}
    for name, text in QUESTIONS.items():
        taken: list[float] = []
        for query in different(PREFIXES + text, 500):
            start = time.perf_counter()
            store.answer(query).serialize(accept_of(name))
            taken.append(time.perf_counter() - start)
            if sum(taken) > seconds and len(taken) >= FEWEST:
                break
        told |= quantiles(name, taken)
    return told


def on_disk(seconds: float, folder: Path) -> dict[str, float]:
    """Return the times of the questions in a process that has a store on the disk open."""
    start = time.perf_counter()
    store = disk.open_store(folder)
    return {"open": time.perf_counter() - start} | in_process(store, seconds)


def by_owlrl(_: float, data: Path) -> dict[str, Any]:
    """Return the seconds that owlrl takes, and whether it infers the same about our terms."""
    import owlrl
    import rdflib

    store = dataset.read([data]).store
    graph = rdflib.Graph().parse(data=store.ntriples(INFERRED), format="nt")
    start = time.perf_counter()
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    taken = time.perf_counter() - start
    start = time.perf_counter()
    materialise(store, QueryLibrary(resources.queries_directory() / "entailment"))
    own = time.perf_counter() - start
    ours = {(str(q.subject), str(q.predicate), str(q.object)) for q in store.engine}
    theirs = {(s.n3(), p.n3(), o.n3()) for s, p, o in graph if isinstance(s, rdflib.URIRef)}
    about = [
        {triple for triple in triples if triple[0].startswith("<") and triple[2].startswith("<") and is_ours(*triple)}
        for triples in (ours, theirs)
    ]
    return {"seconds": taken, "ratio": taken / own, "same": about[0] == about[1], "triples": len(about[0])}


def is_ours(_: str, predicate: str, value: str) -> bool:
    """Tell whether a triple has a property or a class of our vocabulary."""
    return predicate.startswith(f"<{VOCABULARY}") or (predicate == f"<{TYPE}>" and value.startswith(f"<{VOCABULARY}"))


def by_pyshacl(_: float, data: Path) -> dict[str, Any]:
    """Return the seconds that pySHACL and our engine take on data with defects, and whether they find the same."""
    engine = dataset.read([data]).store.engine
    start = time.perf_counter()
    ours = validate(engine, resources.shape_files())
    middle = time.perf_counter()
    theirs = validate_with_pyshacl(engine, resources.shape_files())
    taken = time.perf_counter() - middle
    return {"seconds": taken, "ratio": taken / (middle - start), "same": ours == theirs, "findings": len(ours)}


STEPS = {"phases": phases, "on_disk": on_disk, "by_owlrl": by_owlrl, "by_pyshacl": by_pyshacl}


def apart(step: str, seconds: float, path: Path) -> dict[str, Any]:
    """Do a step in a process of its own, and return what it returns, with the memory that it took at the most."""
    with tempfile.NamedTemporaryFile() as output:
        peak = peak_of([sys.executable, __file__, "--seconds", str(seconds), "--step", step, str(path), output.name])
        told: dict[str, Any] = json.loads(Path(output.name).read_bytes())
    return told | {"peak": peak}


def peak_of(command: Sequence[str]) -> float:
    """Run a command, and return the most memory that it had, in bytes."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(command)} ended with {status}")
    return usage.ru_maxrss * 1024.0


# What is measured over HTTP.


def asked(port: int, path: str, seconds: float) -> tuple[dict[str, float], dict[str, list[str]]]:
    """Return the times of the questions that a server is asked over two connections, and its answers."""
    told: dict[str, float] = {}
    bodies = {}
    for name, text in QUESTIONS.items():
        taken: list[float] = []
        for kind in range(1, 51):
            queries = different(PREFIXES + text, 10, kind)
            some, _, body = asyncio.run(answers(port, path, queries, accept_of(name), CONNECTIONS))
            taken += some
            bodies[name] = rows(body, accept_of(name))
            if sum(taken) > CONNECTIONS * seconds and len(taken) >= FEWEST:
                break
        told |= quantiles(name, taken)
    return told, bodies


def quantiles(name: str, taken: Sequence[float]) -> dict[str, float]:
    """Return the time of half and of 99 of 100 answers."""
    ordered = sorted(taken)
    return {f"{name} p50": statistics.median(ordered), f"{name} p99": ordered[math.ceil(len(ordered) * 0.99) - 1]}


def memory_of(process: int) -> float:
    """Return the memory of a process and all that it has started, what they share counted once, in bytes."""
    listed = subprocess.run(["ps", "-eo", "pid,ppid"], capture_output=True, text=True, check=True).stdout.split()[2:]
    above = dict(zip(map(int, listed[::2]), map(int, listed[1::2]), strict=True))
    family = [process]
    for one in family:
        family += [child for child, parent in above.items() if parent == one]
    total = 0
    for one in family:
        try:
            text = Path(f"/proc/{one}/smaps_rollup").read_text(encoding="ascii")
        except (FileNotFoundError, ProcessLookupError):
            continue
        total += sum(int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("Pss:"))
    return float(total)


@contextmanager
def serving(command: list[str], port: int, path: str) -> Iterator[tuple[float, int]]:
    """Run a server, and give the seconds from its start to its first answer, and its process."""
    before = set(children())
    with served(command, f"http://127.0.0.1:{port}{path}") as start:
        (process,) = set(children()) - before
        yield start, process


def children() -> list[int]:
    """Return the processes that this one has started."""
    listed = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii")
    return list(map(int, listed.split()))


def measured(
    command: list[str], port: int, path: str, data: Path | None, seconds: float
) -> tuple[dict[str, float], dict[str, list[str]]]:
    """Run a server, load it where it is empty, ask it, and return all that is measured, and its answers."""
    with serving(command, port, path) as (start, process):
        if data is not None:
            begun = time.perf_counter()
            request = urllib.request.Request(
                f"http://127.0.0.1:{port}/store",
                data.read_bytes(),
                {"Content-Type": "application/n-quads"},
                method="POST",
            )
            urllib.request.urlopen(request, timeout=3600).close()
            start += time.perf_counter() - begun
        time.sleep(1)
        told, bodies = asked(port, path, seconds)
        return told | {"start": start, "memory": memory_of(process)}, bodies


def available() -> float:
    """Return how much memory there is to be had, in bytes."""
    lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    return float(next(line.split()[1] for line in lines if line.startswith("MemAvailable:"))) * 1024


def size(
    studies: int, folder: Path, seconds: float, before: dict[str, dict[str, float]]
) -> dict[str, dict[str, float]]:
    """Measure one size.

    Args:
        studies: How many studies the review has.
        folder: Where to write.
        seconds: How long to ask each question.
        before: What was measured of the size before, if there was one.
    """
    data, store = folder / "review.nq", folder / "store"
    generate(data, studies)
    told: dict[str, dict[str, float]] = {}
    runs = [apart("phases", seconds, data) for _ in range(3 if studies <= REPEATED else 1)]
    told["in process, memory"] = {name: statistics.median(run[name] for run in runs) for name in runs[0]}
    _tell("in process, memory", told)
    start = time.perf_counter()
    peak = peak_of([sys.executable, "-m", "pswonto", "build", "--store", str(store), "--data", str(data)])
    told["build"] = {"build": time.perf_counter() - start, "peak": peak}
    told["build"]["bytes"] = float(sum(path.stat().st_size for path in store.rglob("*") if path.is_file()))
    _tell("build", told)
    told["in process, disk"] = apart("on_disk", seconds, store)
    _tell("in process, disk", told)
    quads = store / disk.Manifest.read(store).quads
    dump = folder / "all.nq"
    ox.Store.read_only(str(quads)).dump(str(dump), ox.RdfFormat.N_QUADS)
    oxigraph = shutil.which("oxigraph", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    if oxigraph is None:
        raise SystemExit("oxigraph is missing: pip install '.[benchmark]'")
    ours = [sys.executable, "-m", "pswonto", "serve", "--query-seconds", "600", "--query-result", "2000000000"]
    ours += ["--no-log-requests", "--query-workers", str(CONNECTIONS), "--query-memory", "10000000000"]
    commands = {
        "served, disk": [*ours, "--store", str(store)],
        "served, memory": [*ours, "--data", str(data)],
        "oxigraph, disk": [oxigraph, "serve-read-only", "-l", str(quads)],
        "oxigraph, memory": [oxigraph, "serve"],
    }
    bodies: dict[str, dict[str, list[str]]] = {}
    home = folder / "virtuoso"
    home.mkdir()
    begun = time.perf_counter()
    with virtuoso(dump, home, buffers=BUFFERS) as behind:
        took = time.perf_counter() - begun
        port = free_port()
        command = [*ours, "--endpoint", behind.url, "--port", str(port)]
        told["served, Virtuoso"], bodies["served, Virtuoso"] = measured(command, port, "/sparql", None, seconds)
        told["served, Virtuoso"]["start"] += took
        told["served, Virtuoso"]["memory"] += memory_of(behind.process)
    _tell("served, Virtuoso", told)
    shutil.rmtree(home)
    for name, command in commands.items():
        # Building a store takes memory for the same work.
        grown = told["build"]["peak"] / before["build"]["peak"] if before else 1.0
        expected = before.get(name, {}).get("memory", 0.0) * grown
        if expected > 0.9 * available():
            _write(f"  {name}: left out, would take about {expected / 1e9:.0f} GB\n")
            continue
        port = free_port()
        if command[0] != oxigraph:
            told[name], bodies[name] = measured([*command, "--port", str(port)], port, "/sparql", None, seconds)
            _tell(name, told)
            continue
        command += ["--union-default-graph", "--bind", f"127.0.0.1:{port}"]
        try:
            loaded = dump if name == "oxigraph, memory" else None
            told[name], bodies[name] = measured(command, port, "/query", loaded, seconds)
            _tell(name, told)
        except (Refused, EOFError, OSError) as error:
            # A peer is measured where it can answer.
            _write(f"  {name}: {type(error).__name__}: {error}\n")
    right = bodies["served, disk"]
    for name, answered in bodies.items():
        for question in QUESTIONS:
            if answered[question] == right[question]:
                continue
            # Virtuoso 7 leaves out of a path with + what leads to itself, and tells each way.
            if name != "served, Virtuoso":
                raise SystemExit(f"the store on the disk and {name} answer {question} differently")
            counts = len(answered[question]), len(right[question])
            _write(f"  {name}: {question} has {counts[0]} rows in place of {counts[1]}\n")
    data.unlink()
    dump.unlink()
    return told


def _tell(part: str, told: dict[str, dict[str, float]]) -> None:
    """Print what was measured of one part, which is not lost then when a later one fails."""
    _write(f"  {part}: {json.dumps(told[part])}\n")


def peers(studies: int, folder: Path) -> None:
    """Compare with owlrl and pySHACL, and print it."""
    generate(folder / "sound.nq", studies)
    generate(folder / "broken.nq", studies, defects=DEFECTS)
    told = apart("by_pyshacl", 0, folder / "broken.nq")
    same = "the same" if told["same"] else "OTHER"
    _write(f"pySHACL takes {told['seconds']:.1f} s, {told['ratio']:.0f} times as long as our engine; {same} findings, ")
    _write(f"{told['findings']} of them\n")
    told = apart("by_owlrl", 0, folder / "sound.nq")
    same = "the same" if told["same"] else "OTHER"
    _write(f"owlrl takes {told['seconds']:.0f} s, {told['ratio']:.0f} times as long as our rules; {same} triples of ")
    _write(f"our vocabulary, {told['triples']} of them\n")


def exponent(values: Sequence[tuple[int, float]]) -> float:
    """Return the slope of the logarithm of a value over that of the number of studies."""
    xs, ys = [math.log(studies) for studies, _ in values], [math.log(value) for _, value in values]
    return statistics.linear_regression(xs, ys).slope


def table(results: dict[int, dict[str, dict[str, float]]]) -> None:
    """Print all that was measured."""
    head = "".join(f"{studies:>12,}" for studies in results)
    _write(f"\n{'':45}{head}{'exponent':>10}{'in lookups':>12}\n")

    def row(title: str, part: str, name: str, scale: float, unit: str) -> None:
        values = [(studies, told[part][name]) for studies, told in results.items() if part in told]
        digits = {"ms": 3, "s": 2, "µs": 2}.get(unit, 0)
        there = dict(values)
        cells = "".join(
            f"{there[studies] * scale:12,.{digits}f}" if studies in there else f"{'-':>12}" for studies in results
        )
        slopes = ""
        if len(values) > 1 and all(value > 0 for _, value in values):
            slopes = f"{exponent(values):10.2f}"
            if name in PHASES:
                lookups = [(studies, value / results[studies][part]["lookup"]) for studies, value in values]
                slopes += f"{exponent(lookups):12.2f}"
        _write(f"{title + ', ' + unit:45}{cells}{slopes}\n")

    inside = "in process, memory"
    row("triples as the files assert them", inside, "asserted triples", 1e-3, "thousands")
    row("triples as they are served", inside, "served triples", 1e-3, "thousands")
    row("triples that are inferred", inside, "inferred triples", 1e-3, "thousands")
    row("one lookup in the engine", inside, "lookup", 1e6, "µs")
    for name in PHASES:
        row(name, inside, name, 1, "s")
        row("  of that, the system's", inside, f"{name}, system", 1, "s")
    row("all of these, memory", inside, "peak", 1e-6, "MB")
    row("building the store", "build", "build", 1, "s")
    row("building the store, memory", "build", "peak", 1e-6, "MB")
    row("the store on the disk", "build", "bytes", 1e-6, "MB")
    for name in SERVED:
        row(f"{name}: first answer after", name, "start", 1, "s")
    for name in SERVED:
        row(f"{name}: memory", name, "memory", 1e-6, "MB")
    for question in QUESTIONS:
        for name in (inside, "in process, disk", *SERVED):
            for quantile in ("p50", "p99"):
                row(f"{question}: {name}, {quantile}", name, f"{question} {quantile}", 1000, "ms")
    _write("\np50 of ours over HTTP as a ratio to oxigraph's (smaller is faster)\n")
    for question in QUESTIONS:
        for place in ("memory", "disk"):
            cells = []
            for told in results.values():
                both = [told.get(f"{who}, {place}", {}).get(f"{question} p50") for who in ("served", "oxigraph")]
                cells.append(f"{both[0] / both[1]:12.2f}" if both[0] and both[1] else f"{'-':>12}")
            _write(f"{question + ', ' + place:45}{''.join(cells)}\n")


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--studies", type=int, nargs="+", default=[1000, 10_000, 100_000], help="the sizes")
    parser.add_argument("--seconds", type=float, default=10, help="how long each question is asked")
    parser.add_argument("--no-peers", action="store_true", help="leave owlrl and pySHACL out")
    parser.add_argument("--step", nargs=3, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.step:
        step, path, output = arguments.step
        Path(output).write_text(json.dumps(STEPS[step](arguments.seconds, Path(path))), encoding="utf-8")
        return
    os.environ["GLIBC_TUNABLES"] = "glibc.malloc.hugetlb=1"
    results: dict[int, dict[str, dict[str, float]]] = {}
    last = 0
    with tempfile.TemporaryDirectory() as name:
        if not arguments.no_peers:
            peers(arguments.studies[0], Path(name))
        for studies in arguments.studies:
            _write(f"{studies:,} studies\n")
            folder = Path(name) / str(studies)
            folder.mkdir()
            results[studies] = size(studies, folder, arguments.seconds, results.get(last, {}))
            shutil.rmtree(folder)
            last = studies
            # The largest size may be more than a machine can do, or than somebody waits for.
            table(results)


if __name__ == "__main__":
    main()
