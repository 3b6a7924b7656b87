"""Tests of a dataset on a disk: built, opened by many, and refused where it is not what is to be served."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pswonto import cli, disk, resources
from pswonto.errors import DataError, StoreRefused
from pswonto.queries import Query, QueryLibrary
from pswonto.store import Store
from running import ENDLESS, Server

STORED = QueryLibrary(*resources.library_directories())
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
TOY = "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n<urn:o> a owl:Ontology .\n<urn:s> <urn:p> {} .\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store with the real data; nobody may change it."""
    folder = tmp_path_factory.mktemp("disk") / "store"
    disk.build([], folder)
    return folder


@pytest.fixture(scope="module")
def toys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with two small files and a store of them."""
    folder = tmp_path_factory.mktemp("toys")
    for name in ("one", "two"):
        (folder / f"{name}.ttl").write_text(TOY.format(f'"{name}"'), encoding="utf-8")
    disk.build([folder / "one.ttl", folder / "two.ttl"], folder / "store")
    return folder


@pytest.fixture
def toy(toys: Path, tmp_path: Path) -> Path:
    """Return a copy of the small files and their store."""
    return Path(shutil.copytree(toys, tmp_path / "toys"))


def quads(folder: Path) -> Path:
    """Return the folder of the quads of a store."""
    return folder / disk.Manifest.read(folder).quads


def state(folder: Path) -> dict[str, tuple[int, int]]:
    """Return size and time of each file in a folder."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in files}


def values(store: Store, text: str = "SELECT ?o { <urn:s> <urn:p> ?o } ORDER BY ?o") -> list[str]:
    """Return the values that a query selects."""
    return [row["o"].value for row in store.select(text).rows]


def told(store: Store, query: Query) -> list[str]:
    """Return the answer to a stored query, in an order that depends on nothing but the answer."""
    answer = store.answer(query.bind({}))
    media_type = answer.media_types[1] if answer.form == "GRAPH" else "text/csv"
    lines = answer.serialize(media_type).decode().splitlines()
    # The engine may list what stands in one cell in any order.
    return sorted(" ".join(sorted(line.replace(",", " ").split())) for line in lines)


@pytest.mark.parametrize("query", list(STORED), ids=lambda query: query.name)
def test_each_stored_query_has_the_answer_that_it_has_in_memory(query: Query, built: Path, store: Store) -> None:
    """Whoever asks the store on the disk is told what is told from memory."""
    assert told(disk.open_store(built), query) == told(store, query)


def test_it_holds_all_that_is_served(built: Path, store: Store) -> None:
    """It has the graphs of the modules, what follows, and what describes the dataset, and knows how much that is."""
    opened = disk.open_store(built)
    assert opened.graphs() == store.graphs()
    assert len(opened) == len(store) == disk.Manifest.read(built).triples
    for graph in store.graphs():
        count = f"SELECT (COUNT(*) AS ?o) {{ GRAPH <{graph}> {{ ?s ?p ?q }} }}"
        assert values(opened, count) == values(store, count)


def test_many_processes_read_it_and_none_writes(built: Path) -> None:
    """Two services answer from one store at once, whose files stay as they are."""
    before = state(built)
    with Server("--store", str(built)) as one, Server("--store", str(built)) as other:
        answers = [server.ask(COUNT)[2]["results"]["bindings"] for server in (one, other)]
        assert answers[0] == answers[1]
        assert int(answers[0][0]["n"]["value"]) == disk.Manifest.read(built).triples
        pages = [server.get("/api/v1/factors")[2] for server in (one, other)]
        assert pages[0] == pages[1]
        assert json.loads(one.get("/health/ready")[2])["triples"] == disk.Manifest.read(built).triples
    assert state(built) == before


def test_a_query_can_be_ended_and_its_process_replaced(built: Path) -> None:
    """A query at its deadline, and a process that somebody kills, cost nobody else an answer."""
    with Server("--store", str(built), query_workers=2) as server:
        assert server.ask(ENDLESS, "?timeout=0.5")[0] == 503
        assert server.ask(COUNT)[0] == 200
        parent, *children = family(server.process.pid)
        assert children
        for child in children:
            os.kill(child, signal.SIGKILL)
        assert server.ask(COUNT.replace("?n", "?m"))[0] == 200
        os.kill(parent, signal.SIGKILL)
        assert [server.ask(COUNT.replace("?n", f"?n{number}"))[0] for number in range(3)] == [200] * 3


def family(process: int) -> list[int]:
    """Return the process that makes those that evaluate queries, and these."""
    listed = subprocess.run(["ps", "-ewwo", "pid,ppid"], capture_output=True, text=True, check=True)
    pairs = [tuple(map(int, line.split())) for line in listed.stdout.splitlines()[1:]]
    (parent,) = [child for child, above in pairs if above == process]
    return [parent, *(child for child, above in pairs if above == parent)]


def test_a_service_goes_on_while_its_store_is_built_anew(toy: Path) -> None:
    """What a service has opened stays, for the processes that it starts later too; the next service has the new one."""
    text = "SELECT ?o { <urn:s> <urn:p> ?o }"
    with Server("--store", str(toy / "store"), query_workers=1) as server:
        assert len(server.ask(text)[2]["results"]["bindings"]) == 2
        disk.build([toy / "one.ttl"], toy / "store")
        os.kill(family(server.process.pid)[1], signal.SIGKILL)
        assert len(server.ask(text + " ORDER BY ?o")[2]["results"]["bindings"]) == 2
    assert values(disk.open_store(toy / "store")) == ["one"]


def change(folder: Path, **members: Any) -> None:
    """Change what the manifest of a store says."""
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | members), encoding="utf-8")


def emptied(folder: Path) -> None:
    """Remove all that is in a folder."""
    shutil.rmtree(folder)
    folder.mkdir()


DAMAGES: dict[str, tuple[Callable[[Path], object], str]] = {
    "no folder": (shutil.rmtree, "there is no such folder"),
    "empty": (emptied, "not built to its end"),
    "half-built": (lambda folder: (folder / "manifest.json").unlink(), "not built to its end"),
    "another version": (lambda folder: change(folder, version="0.0.9"), r"with pswonto 0\.0\.9, and this is"),
    "another engine": (lambda folder: change(folder, engine="0.4"), r"with pyoxigraph 0\.4"),
    "other rules": (lambda folder: change(folder, rules="0"), "other rules, shapes or queries"),
    "another form": (lambda folder: change(folder, form=9), "the form 9"),
    "no JSON": (lambda folder: (folder / "manifest.json").write_text("{"), "cannot be read"),
    "less said": (lambda folder: (folder / "manifest.json").write_text('{"form": 1}'), "cannot be read"),
    "no quads": (lambda folder: shutil.rmtree(quads(folder)), "cannot be opened"),
    "lost file": (lambda folder: next(quads(folder).glob("*.sst")).unlink(), "cannot be opened"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_store_that_is_not_whole_is_refused(damage: str, toy: Path) -> None:
    """It is told what is wrong and which command builds a store, by the service too, which serves nothing."""
    harm, words = DAMAGES[damage]
    harm(toy / "store")
    with pytest.raises(StoreRefused, match=words) as caught:
        disk.open_store(toy / "store")
    assert f"pswonto build --store {toy / 'store'}" in str(caught.value)


def test_the_service_refuses_it_with_the_same_words(toy: Path) -> None:
    """The command ends with the exit code of a fault before it answers anything."""
    change(toy / "store", version="0.0.9")
    result = CliRunner().invoke(cli.main, ["serve", "--port", "0", "--store", str(toy / "store")])
    assert result.exit_code == 1
    assert "it was built with pswonto 0.0.9" in result.stderr


def test_a_store_of_the_named_files_is_opened(toy: Path) -> None:
    """With the files that it was built from, wherever they are now and whenever they were touched, it is opened."""
    one, two = (toy / f"{name}.ttl" for name in ("one", "two"))
    os.utime(one)
    assert values(disk.open_store(toy / "store", [two.rename(toy / "zwei.ttl"), one])) == ["one", "two"]


@pytest.mark.parametrize(
    ("names", "edit", "words"),
    [
        (("one", "two"), 'one "eins"', r"one\.ttl has changed|none of the files"),
        (("one",), None, r"other files too: .*two\.ttl"),
        (("one", "two", "three"), 'three "three"', r"three\.ttl is none of the files"),
    ],
    ids=["a file was edited", "a file is not named", "a file is new"],
)
def test_a_store_of_other_files_is_refused(names: tuple[str, ...], edit: str | None, words: str, toy: Path) -> None:
    """A store that was built from other data than is named is not served in its place."""
    if edit is not None:
        name, value = edit.split()
        (toy / f"{name}.ttl").write_text(TOY.format(value), encoding="utf-8")
    with pytest.raises(StoreRefused, match=words):
        disk.open_store(toy / "store", [toy / f"{name}.ttl" for name in names])


def test_nothing_else_is_built_over(tmp_path: Path) -> None:
    """A folder that holds something else is refused, and left as it is."""
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "dear.txt").touch()
    for place in (tmp_path / "letters", tmp_path / "letters" / "dear.txt"):
        with pytest.raises(StoreRefused, match="no store of pswonto"):
            disk.build([], place)
    assert [path.name for path in tmp_path.rglob("*")] == ["letters", "dear.txt"]


def test_what_breaks_a_rule_is_not_built(broken: Path, toy: Path) -> None:
    """The store that was there stays, and nothing is left over."""
    before = sorted(path.name for path in (toy / "store").iterdir())
    with pytest.raises(DataError):
        disk.build([broken], toy / "store")
    assert sorted(path.name for path in (toy / "store").iterdir()) == before
    assert values(disk.open_store(toy / "store")) == ["one", "two"]


@pytest.fixture
def building(toy: Path) -> Iterator["subprocess.Popen[str]"]:
    """Yield a command that builds the store anew from the real data, and has just begun."""
    command = [sys.executable, "-m", "pswonto", "build", "--store", str(toy / "store")]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert "triples in 5 files" in process.stderr.readline()
        yield process
        process.kill()


def test_a_build_that_is_killed_harms_nothing(building: "subprocess.Popen[str]", toy: Path) -> None:
    """While it goes on nobody else may build; after it the old store is there, and the next build cleans up."""
    with pytest.raises(StoreRefused, match="by another process"):
        disk.build([toy / "one.ttl"], toy / "store")
    assert building.stderr is not None
    for line in building.stderr:
        if "follow" in line:
            break
    building.kill()
    building.wait()
    assert values(disk.open_store(toy / "store")) == ["one", "two"]
    disk.build([toy / "one.ttl"], toy / "store")
    assert values(disk.open_store(toy / "store")) == ["one"]
    # What the build before has replaced stays for those who read it, and what was not built to its end is gone.
    assert len([path for path in (toy / "store").glob("quads-*") if path.is_dir()]) == 2


def test_a_store_does_not_change_while_it_is_watched() -> None:
    """Files can be watched, and a store cannot: the two options are refused together."""
    result = CliRunner().invoke(cli.main, ["serve", "--watch", "--store", "store"])
    assert result.exit_code == 2
    assert "--watch looks at files" in result.stderr
