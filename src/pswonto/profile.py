"""What the OWL API says of ontologies: whether they are in OWL 2 DL, and which axioms contradict each other."""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pswonto.axioms import words
from pswonto.errors import Finding, ReasonerUnavailable
from pswonto.reasoning import java

SECONDS = 120.0


def check_profile(documents: Mapping[str, Path], imports: Mapping[str, Path]) -> dict[str, list[Finding]]:
    """Check ontologies against OWL 2 DL, each with all that it imports (OWL 2 Structural Specification, section 3).

    Args:
        documents: The file of each document to check, in Turtle, N-Triples or RDF/XML, by the name to tell it by.
        imports: The file of each ontology that may be imported, by its IRI. What is not among them cannot be loaded:
            nothing is fetched.

    Returns:
        For each document what breaks the profile, once for each axiom; nothing where it is in OWL 2 DL.

    Raises:
        ReasonerUnavailable: There is no Java, no owlready2 or no JPype, or the Java process fails.
    """
    found: dict[str, list[dict[str, str]]] = _run(
        "violations",
        documents={name: str(path.resolve()) for name, path in documents.items()},
        imports={iri: str(path.resolve()) for iri, path in imports.items()},
    )
    return {name: [_finding(violation) for violation in violations] for name, violations in found.items()}


def check_consistency(documents: Mapping[str, bytes]) -> dict[str, list[Finding]]:
    """Let HermiT look for contradictions, and for classes that can have no member.

    Args:
        documents: Ontologies with all that they need, in N-Triples, by the name to tell them by.

    Returns:
        For each document what is wrong with it; nothing where all is well.

    Raises:
        ReasonerUnavailable: As for `check_profile`.
    """
    with tempfile.TemporaryDirectory() as folder:
        files = {
            name: _written(ntriples, Path(folder) / f"{number}.nt")
            for number, (name, ntriples) in enumerate(documents.items())
        }
        answers: dict[str, dict[str, Any]] = _run("consistency", documents=files)
    found: dict[str, list[Finding]] = {}
    for name, answer in answers.items():
        if answer["refusal"]:
            fault = f"HermiT cannot reason with this ontology: {answer['refusal']}"
            found[name] = [Finding("reasoner", "Violation", fault, rule="refusal")]
        elif not answer["consistent"]:
            found[name] = [Finding("reasoner", "Violation", "the ontology is inconsistent", rule="consistency")]
        else:
            found[name] = [
                Finding("reasoner", "Violation", "no individual can be in this class", focus=iri, rule="satisfiability")
                for iri in answer["unsatisfiable"]
            ]
    return found


def justify(ntriples: bytes, classes: Sequence[str] = ()) -> dict[str, list[str]]:
    """Find the axioms that make an ontology inconsistent, or classes unsatisfiable.

    Args:
        ntriples: The ontology with all that it needs, in N-Triples.
        classes: The IRIs of classes that can have no member; none for the ontology as a whole.

    Returns:
        For each class, or for the empty text, the axioms in words: none can be left out without the contradiction
        going away. An empty list where there is no contradiction.

    Raises:
        ReasonerUnavailable: As for `check_profile`.
    """
    with tempfile.TemporaryDirectory() as folder:
        document = _written(ntriples, Path(folder) / "ontology.nt")
        answers: dict[str, list[str]] = _run("justification", document=document, classes=list(classes))
    return {name: [words(axiom) for axiom in axioms] for name, axioms in answers.items()}


def java_home(executable: str) -> Path:
    """Return the folder of the Java that an executable belongs to.

    Raises:
        ReasonerUnavailable: It does not run, or does not say.
    """
    try:
        said = subprocess.run(
            [executable, "-XshowSettings:properties", "-version"], capture_output=True, text=True, check=True
        ).stderr
    except (OSError, subprocess.CalledProcessError) as error:
        raise ReasonerUnavailable(f"{executable} does not run: {error}") from error
    home = re.search(r"java\.home = (.+)", said)
    if home is None:
        raise ReasonerUnavailable(f"{executable} does not say where its Java is")
    return Path(home[1].strip())


def _written(ntriples: bytes, path: Path) -> str:
    # All that the imports would bring is there already.
    lines = (line for line in ntriples.split(b"\n") if b"<http://www.w3.org/2002/07/owl#imports>" not in line)
    path.write_bytes(b"\n".join(lines))
    return str(path)


def _run(task: str, **arguments: object) -> Any:
    home = java_home(java())
    if find_spec("jpype") is None:
        raise ReasonerUnavailable("JPype is not installed; pip install 'pswonto[reasoner]' brings it")
    import owlready2

    library = next(iter([*home.rglob("libjvm.so"), *home.rglob("libjvm.dylib"), *home.rglob("jvm.dll")]), None)
    if library is None:
        raise ReasonerUnavailable(f"the Java in {home} has no library to start it with")
    job = {
        "jvm": str(library),
        "classpath": str(Path(owlready2.__file__).parent / "hermit" / "HermiT.jar"),
        "task": task,
        "arguments": arguments,
    }
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pswonto.owl_api"],
            input=json.dumps(job),
            capture_output=True,
            text=True,
            check=True,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise ReasonerUnavailable(f"Java gave no answer in {SECONDS:.0f} seconds") from error
    except subprocess.CalledProcessError as error:
        raise ReasonerUnavailable(f"Java failed: {error.stderr.strip()}") from error
    return json.loads(done.stdout)


def _finding(violation: Mapping[str, str]) -> Finding:
    axiom = violation["axiom"]
    iris = re.findall(r"<([^>]+)>", axiom)
    message = violation["message"].partition(" [")[0].removesuffix(axiom).strip().rstrip(":")
    about = f", in: {words(axiom)}" if axiom else ""
    return Finding("profile", "Violation", message + about, focus=iris[0] if iris else None, rule=violation["rule"])
