"""Coded statements and new works, taken from a spreadsheet and files of references into the data: all, or nothing."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain, count
from pathlib import Path
from string import ascii_lowercase

import pyoxigraph as ox

from pswonto import comparison, dataset, replacement, resources
from pswonto.curating import additions
from pswonto.curating.additions import Thing
from pswonto.curating.coding import NAMES, PROPERTIES, Coded, Known, Passage, Place
from pswonto.curating.reading import Reading
from pswonto.curating.references import Reference, read_references
from pswonto.curating.rewriting import rewritten
from pswonto.curating.sheet import Row, Sheet, read_sheet
from pswonto.dataset import Dataset
from pswonto.errors import DataError, Fault, Finding, ParameterError, PswontoError, SheetRefused
from pswonto.namespaces import PREFIXES, VOCABULARY, local_name
from pswonto.queries import QueryLibrary, Term
from pswonto.store import Store

# What tells the works of one first author and one year apart, in the order in which they come.
_LETTERS = ("", *ascii_lowercase)
_DEFINITION = ox.NamedNode(PREFIXES["skos"] + "definition")
_CHECKS = {name: ox.NamedNode(VOCABULARY + name) for name in ("checkedBy", "checkedOn", "checkedByPerson")}


@dataclass(frozen=True)
class Source:
    """What is to be taken in.

    Attributes:
        sheet: The spreadsheet of statements, if there is one.
        studies: The files of works that statements cite.
        reviews: The files of reviews that statements are taken from.
        by: Who or what coded the statements.
        method: How: `hand` or `machine`.
        on: The day.
        new_passages: Whether statements may stand in passages that the data does not have.
    """

    sheet: Path | None
    studies: Sequence[Path] = ()
    reviews: Sequence[Path] = ()
    by: str | None = None
    method: str | None = None
    on: date = field(default_factory=date.today)
    new_passages: bool = False


@dataclass(frozen=True)
class Plan:
    """What taking it in would do.

    Attributes:
        changes: The changes, in words.
        texts: The new text of each file that changes.
        warnings: What the new data has that is no violation of a rule, and had not before.
    """

    changes: Sequence[comparison.Change]
    texts: Mapping[Path, str]
    warnings: Sequence[Finding]


def plan(read: Dataset, source: Source, advance: Callable[[int], object] = lambda rows: None) -> Plan:
    """Return what taking a spreadsheet in would do; nothing is written.

    Args:
        read: The data as its files assert it.
        source: What is to be taken in.
        advance: What is called with the number of rows, and then after each row with 0.

    Raises:
        SheetRefused: The sheet or a file of references has faults, or what it says breaks a rule; all are told.
        DataError: The data breaks a rule already, without what is to be taken in.
        ParameterError: Who coded the statements is no line of text.
    """
    if source.by is not None and not (source.by.strip() and source.by.isprintable()):
        raise ParameterError("by", f"must be a name or an ORCID, in one line of text, not {source.by!r}")
    return _Import(read, source).plan(advance)


def write(plan: Plan) -> None:
    """Write what a plan changes: all files together, or none.

    Args:
        plan: The plan; its files must be locked since they were read.
    """
    if plan.texts:
        replacement.replace(plan.texts)


class _Import:
    """One import, while it is made out."""

    def __init__(self, read: Dataset, source: Source) -> None:
        self._read = read
        self._source = source
        self._queries = QueryLibrary(resources.queries_directory() / "curating")
        self._known = Known(read.store, self._queries)
        self._new = Store()
        self._new.engine.extend(read.store.engine)
        self._faults: list[Fault] = []
        # For each work that is added, the file and the key that it has there.
        self._entries: dict[str, tuple[str, str]] = {}
        # For each thing that the sheet says something of, the row that does.
        self._rows: dict[str, Row] = {}
        self._labels = {row["work"].value: row["label"].value for row in self._works()}
        self._passages = dict(self._known.passages)
        self._cited = {
            (row["passage"].value, row["work"].value) for row in read.store.select(self._queries["citations"].text).rows
        }
        self._activity: str | None = None
        numbers = [int(local_name(iri)) for iri in self._known.statements if local_name(iri).isdecimal()]
        self._last = max(numbers, default=0)

    def plan(self, advance: Callable[[int], object]) -> Plan:
        references = [
            (path, is_review, reference)
            for paths, is_review in ((self._source.reviews, True), (self._source.studies, False))
            for path in paths
            for reference in self._references(path)
        ]
        added = self._named(references)
        # A row may come from a review that is added with it.
        for path, is_review, reference, iri in added:
            if is_review:
                self._add(additions.work(iri, reference, _line(path), True, False), "Review")
        if any(is_review for _, is_review, _, _ in added):
            works = self._known.added
            self._known = Known(self._new, self._queries)
            self._known.added = works
        sheet, coded = self._statements(advance)
        for path, is_review, reference, iri in added:
            if not is_review:
                self._add(additions.work(iri, reference, _line(path), False, False), "CitedWork")
        for one in coded:
            self._take(one)
        # What rows say that nothing else is wrong with is held against the rules too, so that all is told at once.
        warnings = self._validated(sheet)
        if self._faults:
            raise SheetRefused(sorted(self._faults, key=lambda fault: (fault.row or 0, fault.cell or "")))
        changes = comparison.compare(self._read.store, self._new)
        return Plan(changes, rewritten(self._read.files, self._read.store, self._new), warnings)

    def _works(self) -> list[dict[str, Term]]:
        return self._new.select(self._queries["works"].text).rows

    def _references(self, path: Path) -> list[Reference]:
        try:
            return read_references(path)
        except SheetRefused as error:
            self._faults.extend(error.faults)
            return []

    def _named(self, references: Iterable[tuple[Path, bool, Reference]]) -> list[tuple[Path, bool, Reference, str]]:
        """Return those references that are new, each with its IRI, and note what rows may call the others."""
        rows = self._works()
        by_doi = {row["doi"].value: row["work"].value for row in rows if "doi" in row}
        by_title = {(_plain(row["title"].value), row["publicationYear"].value): row["work"].value for row in rows}
        taken = {row["work"].value for row in rows}
        added = []
        for path, is_review, reference in references:
            title = (_plain(reference.title), str(reference.year))
            iri = by_doi.get(reference.doi or "") or by_title.get(title)
            if iri is None:
                iri = self._free(reference, taken)
                if iri is None:
                    fault = f"there are {len(_LETTERS)} works of {reference.slug} already, which is all that have names"
                    self._faults.append(Fault(path.name, fault, cell=reference.key))
                    continue
                taken.add(iri)
                self._entries[iri] = path.name, reference.key
                by_title[title] = iri
                if reference.doi:
                    by_doi[reference.doi] = iri
                self._labels[iri] = reference.label + local_name(iri).removeprefix(reference.slug)
                added.append((path, is_review, reference, iri))
            # A row names a work by the key of the file, or by its own.
            for name in (reference.key, local_name(iri)):
                other = self._known.find("work", name)
                if other not in (None, iri):
                    fault = f"{name!r} is what rows call another work, {self._labels[str(other)]}: take another key"
                    self._faults.append(Fault(path.name, fault, cell=reference.key, value=name))
                self._known.added[name] = iri
        return added

    def _free(self, reference: Reference, taken: set[str]) -> str | None:
        stem: str = self._known.names.prefixes["work"] + reference.slug
        return next((f"{stem}{letter}" for letter in _LETTERS if f"{stem}{letter}" not in taken), None)

    def _statements(self, advance: Callable[[int], object]) -> tuple[Sheet | None, list[Coded]]:
        if self._source.sheet is None:
            return None, []
        try:
            sheet = read_sheet(self._source.sheet, NAMES)
        except SheetRefused as error:
            raise SheetRefused([*self._faults, *error.faults]) from error
        advance(len(sheet.rows))
        reading = Reading(sheet, self._known, self._source.new_passages)
        coded = reading.coded(lambda: advance(0))
        self._faults += [*sheet.faults, *reading.faults]
        return sheet, coded

    def _take(self, coded: Coded) -> None:
        """Add a statement, or change it to what its row says."""
        old = self._known.statements.get(coded.statement) if coded.statement else None
        row = coded.row
        if coded.place is None or row is None:
            raise PswontoError(f"{coded} has no place, and no fault was told")
        if old is not None and old.place == coded.place and _said(old) == _said(coded):
            return
        passage = self._passage(coded.place)
        self._rows.setdefault(passage.iri, row)
        if old is not None or "codedIn" not in coded.values:
            # What is changed is no longer what the activity coded that wrote it first.
            coded = replace(coded, values={**coded.values, "codedIn": (self._activity_iri(),)})
        self._cite(passage, coded.values["citesWork"])
        if coded.statement is None:
            self._last += 1
            iri = f"{self._known.names.prefixes['statement']}{self._last:04d}"
            self._add(additions.statement(iri, coded, passage), "EvidenceStatement")
        else:
            iri = coded.statement
            self._change(iri, coded, passage)
        self._rows[iri] = row

    def _change(self, iri: str, coded: Coded, passage: Passage) -> None:
        """Change a statement; who has checked it has not checked what it says now."""
        engine, subject = self._new.engine, ox.NamedNode(iri)
        had = list(engine.quads_for_pattern(subject, None, None))
        said = list(additions.said(coded, passage))
        # Of a property that no column has any value of now, nothing is said any more.
        replaced = {property_ for property_, _ in said} | {ox.NamedNode(VOCABULARY + name) for name in PROPERTIES}
        replaced |= {*_CHECKS.values()}
        module = had[0].graph_name
        definition = next((quad for quad in had if quad.predicate == _DEFINITION), None)
        if definition is not None and additions.WRITTEN.fullmatch(getattr(definition.object, "value", "")):
            replaced.add(_DEFINITION)
            said.append((_DEFINITION, additions.meaning(int(local_name(iri)), passage, len(coded.values["citesWork"]))))
        for quad in had:
            if quad.predicate in replaced:
                engine.remove(quad)
        said.append((_CHECKS["checkedByPerson"], ox.Literal(False)))
        engine.extend(ox.Quad(subject, property_, value, module) for property_, value in said)

    def _passage(self, place: Place) -> Passage:
        if place in self._passages:
            return self._passages[place]
        of_review = [passage for passage in self._passages.values() if passage.place.review == place.review]
        same = [passage.section for passage in of_review if passage.place.heading == place.heading]
        # A heading without any letter of Latin has no slug.
        heading = additions.slug(place.heading) or "section"
        taken = {passage.iri for passage in self._passages.values()}
        # Another review may have a section of that name, and this one more whose names differ in signs only.
        longer = f"{local_name(place.review)}-{heading}"
        names = chain((heading, longer), (f"{longer}-{number}" for number in count(2)))
        iris = (f"{self._known.names.prefixes['passage']}{name}-{place.paragraph}" for name in names)
        iri = next(iri for iri in iris if iri not in taken)
        section = same[0] if same else "Results"
        reading = max((passage.reading for passage in of_review), default=0) + 1
        self._passages[place] = Passage(iri, place, section, reading, False, 0)
        review = self._labels[place.review]
        self._add(additions.passage(iri, place, section, reading, review), "EvidenceStatement")
        return self._passages[place]

    def _cite(self, passage: Passage, works: Sequence[str]) -> None:
        """Add the citations of a passage whose words nobody has compared; those of the others are complete."""
        for work in works:
            if passage.is_compared or (passage.iri, work) in self._cited:
                continue
            passage = replace(passage, citations=passage.citations + 1)
            self._passages[passage.place] = passage
            self._cited.add((passage.iri, work))
            label = self._labels[work]
            thing = additions.citation(self._known.names, passage, work, label, passage.citations)
            self._add(thing, "EvidenceStatement")
            if passage.section == "Results":
                self._flag(work)

    def _activity_iri(self) -> str:
        if self._activity is None:
            source = self._source
            file = _line(source.sheet) if source.sheet else ""
            if source.by is None or source.method is None:
                fault = "statements are new or changed: say with --by and --method who coded them, and how"
                self._faults.append(Fault(file, fault))
            stem = f"{self._known.names.prefixes['activity']}import-{source.on}"
            taken = self._known.iris("activity")
            number = next(number for number in count(1) if _numbered(stem, number) not in taken)
            self._activity = _numbered(stem, number)
            by, method = source.by or "nobody", source.method or "hand"
            thing = additions.activity(self._activity, file, by, method, source.on, number)
            self._add(thing, "EvidenceStatement")
        return self._activity

    def _flag(self, work: str) -> None:
        """Say of a work that the Results cite it."""
        flag = ox.NamedNode(VOCABULARY + "citedInResults")
        for quad in list(self._new.engine.quads_for_pattern(ox.NamedNode(work), flag, None)):
            self._new.engine.remove(quad)
            self._new.engine.add(ox.Quad(quad.subject, flag, ox.Literal(True), quad.graph_name))

    def _add(self, thing: Thing, kind: str) -> None:
        self._new.engine.extend(thing.quads(self._module(kind)))

    def _module(self, kind: str) -> str:
        """Return the module that things of a kind are in."""
        rows = self._read.store.select(self._queries["modules"].text).rows
        for class_ in (kind, "CitedWork" if kind == "Review" else kind):
            for row in rows:
                if row["class"].value == VOCABULARY + class_ and row["graph"].value in self._read.files:
                    return row["graph"].value
        ending = "evidence" if kind == "EvidenceStatement" else "works"
        modules = [graph for graph in self._read.files if graph.endswith(f"/{ending}")]
        if not modules:
            fault = f"the data has no module for it: an ontology whose IRI ends with /{ending}"
            raise DataError([Finding("import", "Violation", fault)])
        return modules[0]

    def _validated(self, sheet: Sheet | None) -> list[Finding]:
        """Return what is worth a warning in the new data, and note what breaks a rule, at its cell."""
        if set(self._new.engine) == set(self._read.store.engine):
            return []
        before = set(dataset.inspect(Dataset(self._read.store, {}, self._read.shapes)))
        found = [one for one in dataset.inspect(Dataset(self._new, {}, self._read.shapes)) if one not in before]
        broken = [one for one in found if one.severity == "Violation"]
        self._faults.extend(self._fault(one, sheet) for one in broken)
        return found

    def _fault(self, finding: Finding, sheet: Sheet | None) -> Fault:
        """Return a finding as a fault of the cell that it comes from."""
        row = self._rows.get(finding.focus or "")
        message = f"{finding.message} [{finding.rule}]"
        if finding.focus in self._entries:
            file, key = self._entries[finding.focus]
            return Fault(file, message, None, local_name(finding.path or "") or None, key, finding.value)
        if row is None or sheet is None:
            about = " ".join(filter(None, (finding.focus, finding.path, finding.value)))
            name = sheet.name if sheet else "references"
            return Fault(name, f"{message} ({about})")
        path = (finding.path or "").removeprefix(VOCABULARY)
        column = {"locatedIn": "paragraphOrdinal"}.get(path, path if path in sheet.columns else None)
        value = row.text(column) if column else ""
        address = sheet.address(row, column) if column else None
        return Fault(sheet.name, message, row.number, column, address, value or None)


def _numbered(stem: str, number: int) -> str:
    return stem if number == 1 else f"{stem}-{number}"


def _said(coded: Coded) -> dict[str, tuple[str, ...]]:
    """Return what a statement says, without who coded and who checked it."""
    return {name: coded.values[name] for name in PROPERTIES if name in coded.values and name != "codedIn"}


def _line(path: Path) -> str:
    """Return the name of a file as a line of text, which names of files need not be."""
    letters = (letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in path.name)
    return " ".join("".join(letters).split())


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text.casefold()).strip()
