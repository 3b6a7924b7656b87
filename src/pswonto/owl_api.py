"""The OWL API inside a Java virtual machine: one job read from standard input, one answer written to standard output.

It is run as `python -m pswonto.owl_api`, in a process of its own, because a process can start only one Java machine and
cannot stop it.
"""

import json
import sys
from collections.abc import Callable
from typing import Any

Axiom = Any


def violations(documents: dict[str, str], imports: dict[str, str]) -> dict[str, list[dict[str, str]]]:
    """Check each document, with all that it imports, against OWL 2 DL.

    Args:
        documents: The path of each document, by the name to tell it by.
        imports: The path of each ontology that may be imported, by its IRI.

    Returns:
        For each document its violations, sorted: the rule, what is said of it, and the axiom; or the one rule `Load`
        where it cannot be loaded.
    """
    # These are Java packages, which can be imported only once the machine runs.
    from org.semanticweb.owlapi.model import OWLOntologyCreationException, OWLRuntimeException
    from org.semanticweb.owlapi.profiles import OWL2DLProfile

    found: dict[str, list[dict[str, str]]] = {}
    for name, path in documents.items():
        try:
            ontology = _load(path, imports)
        except (OWLOntologyCreationException, OWLRuntimeException) as error:
            message = str(error.getMessage()).strip().splitlines()[0].rpartition("Exception: ")[2]
            found[name] = [{"rule": "Load", "message": message, "axiom": ""}]
            continue
        told = [
            {
                "rule": str(violation.getClass().getSimpleName()),
                "message": str(violation),
                "axiom": str(violation.getAxiom() or ""),
            }
            for violation in OWL2DLProfile().checkOntology(ontology).getViolations()
        ]
        found[name] = sorted(told, key=lambda violation: (violation["rule"], violation["axiom"], violation["message"]))
    return found


def consistency(documents: dict[str, str]) -> dict[str, dict[str, Any]]:
    """Let HermiT look for contradictions.

    Args:
        documents: The path of each document, which imports nothing, by the name to tell it by.

    Returns:
        For each document whether it is `consistent`, the IRIs of its `unsatisfiable` classes, and as `refusal` what
        HermiT says where it cannot work with such axioms at all.
    """
    from java.lang import IllegalArgumentException
    from org.semanticweb.HermiT import Reasoner
    from org.semanticweb.HermiT.datatypes import UnsupportedDatatypeException

    answers: dict[str, dict[str, Any]] = {}
    for name, path in documents.items():
        unsatisfiable: list[str] = []
        try:
            reasoner = Reasoner(_load(path, {}))
            consistent = bool(reasoner.isConsistent())
            if consistent:
                bottom = reasoner.getUnsatisfiableClasses().getEntitiesMinusBottom()
                unsatisfiable = sorted(str(class_.getIRI().toString()) for class_ in bottom)
        except (IllegalArgumentException, UnsupportedDatatypeException) as error:
            refusal = " ".join(str(error.getMessage()).split())
            answers[name] = {"consistent": True, "unsatisfiable": [], "refusal": refusal}
            continue
        answers[name] = {"consistent": consistent, "unsatisfiable": unsatisfiable, "refusal": ""}
        reasoner.dispose()
    return answers


def justification(document: str, classes: list[str]) -> dict[str, list[str]]:
    """Find out why an ontology contradicts itself, or why classes can have no member.

    Args:
        document: The path of a document that imports nothing.
        classes: The IRIs of the classes; none for the ontology as a whole.

    Returns:
        For each class, or for the empty text, axioms in functional syntax: such as contradict each other, and no longer
        do when any one of them is left out.
    """
    from java.util import HashSet
    from org.semanticweb.HermiT import Reasoner
    from org.semanticweb.owlapi.apibinding import OWLManager
    from org.semanticweb.owlapi.model import IRI

    ontology = _load(document, {})
    axioms = sorted(ontology.getLogicalAxioms(), key=str)
    factory = OWLManager.getOWLDataFactory()
    answers = {}
    for name in classes or [""]:
        # A class can have no member if supposing one is a contradiction.
        member = factory.getOWLNamedIndividual(IRI.create("urn:pswonto:any-member"))
        supposed = [factory.getOWLClassAssertionAxiom(factory.getOWLClass(IRI.create(name)), member)] if name else []

        def contradict(chosen: list[Axiom], supposed: list[Axiom] = supposed) -> bool:
            together = HashSet()
            for axiom in [*supposed, *chosen]:
                together.add(axiom)
            reasoner = Reasoner(OWLManager.createOWLOntologyManager().createOntology(together))
            try:
                return not reasoner.isConsistent()
            finally:
                reasoner.dispose()

        answers[name] = sorted(map(str, smallest(contradict, axioms))) if contradict(axioms) else []
    return answers


def smallest(contradict: Callable[[list[Axiom]], bool], axioms: list[Axiom]) -> list[Axiom]:
    """Return axioms that contradict each other, of which none can be left out (Junker 2004, QuickXplain).

    Args:
        contradict: Whether axioms contradict each other.
        axioms: Axioms that do.
    """

    def narrow(kept: list[Axiom], added: bool, candidates: list[Axiom]) -> list[Axiom]:
        if added and contradict(kept):
            return []
        if len(candidates) == 1:
            return candidates
        middle = len(candidates) // 2
        left, right = candidates[:middle], candidates[middle:]
        from_right = narrow(kept + left, bool(left), right)
        return narrow(kept + from_right, bool(from_right), left) + from_right

    return narrow([], False, axioms)


def _load(path: str, imports: dict[str, str]) -> Any:
    import jpype
    from java.io import File
    from org.semanticweb.owlapi.apibinding import OWLManager
    from org.semanticweb.owlapi.model import IRI, OWLOntologyIRIMapper

    @jpype.JImplements(OWLOntologyIRIMapper)
    class Catalog:
        @jpype.JOverride  # type: ignore[untyped-decorator]  # JPype makes it at run time
        def getDocumentIRI(self, iri: Any) -> Any:
            # What is not listed is led to a file that does not exist, so that nothing is ever asked of the network.
            return IRI.create(File(imports.get(str(iri.toString()), "/not-in-the-catalog")))

    manager = OWLManager.createOWLOntologyManager()
    manager.addIRIMapper(Catalog())
    return manager.loadOntologyFromOntologyDocument(File(path))


def main() -> None:
    """Start Java, do the job, and write its answer."""
    import jpype
    import jpype.imports  # it lets Java packages be imported

    job: dict[str, Any] = json.load(sys.stdin)
    # Java 24 and later warn of native code that was not allowed.
    jpype.startJVM(job["jvm"], "--enable-native-access=ALL-UNNAMED", classpath=[job["classpath"]], convertStrings=False)
    tasks: dict[str, Callable[..., object]] = {
        "violations": violations,
        "consistency": consistency,
        "justification": justification,
    }
    json.dump(tasks[job["task"]](**job["arguments"]), sys.stdout)


if __name__ == "__main__":
    main()
