"""Tests of the editing loop, on a real server whose files are edited."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import Graph

from pswonto import resources
from pswonto.watch import Watcher

QUERY = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX factor: <https://w3id.org/pswonto/factor/>
SELECT ?label WHERE { factor:psw-wellbeing rdfs:label ?label }"""


class Editing:
    """A server that watches a folder.

    Args:
        folder: The folder.
    """

    def __init__(self, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}/sparql"
        self.framework = folder / "framework.ttl"
        command = [sys.executable, "-m", "pswonto", "serve", "--port", str(port), "--watch", "--data", str(folder)]
        environment = {**os.environ, "PSWONTO_WATCH_SECONDS": "0.05"}
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment)
        self.said("watching")
        for _ in range(100):
            with contextlib.suppress(urllib.error.URLError):
                self.label()
                break
            time.sleep(0.1)

    def said(self, words: str) -> str:
        """Wait until the server has said some words, and return the lines up to them."""
        assert self.process.stderr is not None
        lines = []
        for line in self.process.stderr:
            lines.append(line)
            if words in line:
                return "".join(lines)
        raise AssertionError("".join(lines))

    def label(self) -> str:
        """Return the label of a factor, as the server gives it."""
        with urllib.request.urlopen(f"{self.url}?{urllib.parse.urlencode({'query': QUERY})}", timeout=10) as answer:
            return str(json.load(answer)["results"]["bindings"][0]["label"]["value"])

    def becomes(self, label: str) -> None:
        """Wait until the server gives a label; a file that is being written may be read, and told, more than once."""
        for _ in range(300):
            if self.label() == label:
                return
            time.sleep(0.1)
        raise AssertionError(f"the label is still {self.label()!r}")

    def close(self) -> None:
        """End the server as Ctrl-C does."""
        assert self.process.stderr is not None
        self.process.terminate()
        self.process.wait(10)
        self.process.stderr.close()


@pytest.fixture
def editing(tmp_path: Path) -> Iterator[Editing]:
    """Yield a server that watches a copy of the real ontology."""
    server = Editing(Path(shutil.copytree(resources.ontology_directory(), tmp_path / "ontology")))
    yield server
    server.close()


def renamed(label: str) -> Graph:
    """Return the framework with another label of one factor."""
    graph = Graph().parse(resources.ontology_directory() / "framework.ttl")
    graph.update(
        "PREFIX factor: <https://w3id.org/pswonto/factor/> DELETE { factor:psw-wellbeing rdfs:label ?old } "
        f'INSERT {{ factor:psw-wellbeing rdfs:label "{label}"@en }} WHERE {{ factor:psw-wellbeing rdfs:label ?old }}'
    )
    return graph


def test_a_save_is_served(editing: Editing) -> None:
    """What another program writes into a file is answered soon after, in Turtle and in RDF/XML alike."""
    assert editing.label() == "PSW wellbeing"
    renamed("Wellbeing").serialize(editing.framework, format="turtle")
    editing.said("reloaded: ")
    editing.becomes("Wellbeing")
    other = renamed("Staying well")
    editing.framework.unlink()
    other.serialize(editing.framework.with_suffix(".owl"), format="xml")
    editing.becomes("Staying well")


def test_a_save_that_breaks_a_rule_is_told_and_not_served(editing: Editing) -> None:
    """The fault is told with file and line, the last good data stays, and the next good save is served."""
    good = editing.framework.read_text(encoding="utf-8")
    for bad, fault in (
        (good.replace("level:micro", "level:mikro"), "level:mikro"),
        (good + "<urn:a> a", "framework.ttl"),
    ):
        editing.framework.write_text(bad, encoding="utf-8")
        assert fault in editing.said("not reloaded: the last good data is served")
        assert editing.label() == "PSW wellbeing"
    editing.framework.write_text(good.replace('"PSW wellbeing"', '"Wellbeing"'), encoding="utf-8")
    editing.said("reloaded: ")
    editing.becomes("Wellbeing")


def test_a_file_that_grows_is_read_when_it_stands_still(tmp_path: Path) -> None:
    """While a file is being written, nothing is read; once it is done, it is read once."""
    path = tmp_path / "a.ttl"
    path.write_text("")
    told: list[str] = []
    watcher = Watcher([tmp_path], 0.2, lambda: "done", told.append)
    watcher.start()
    for _ in range(8):
        with path.open("a") as file:
            file.write("# one more line\n")
        time.sleep(0.05)
    assert told == []
    time.sleep(1)
    watcher.stop()
    assert told == ["reloaded: done"]
