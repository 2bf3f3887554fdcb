"""A deployed version made ready to run: specs, forms, tables and notices, found by the names diagrams use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from engine.diagram.tree import Diagram, Node, Scope
from engine.dmn import Model
from engine.documents import DocumentTemplate
from engine.errors import Text
from engine.forms import Field, Form
from engine.model import Role
from engine.runtime import parts as compiled
from engine.runtime.choices import choice_forms
from engine.spiff import Program, build
from engine.store.definitions import DefinitionRow


@dataclass(frozen=True)
class LoadedDefinition:
    """One version with everything it calls; shared by every case of the version, never changed.

    ``form_files`` holds each form as it was drawn, ``table_files`` the file of each decision.
    """

    row: DefinitionRow
    diagrams: Mapping[str, Diagram]
    program: Program
    forms: Mapping[str, Form]
    tables: Mapping[str, Model]
    documents: Mapping[str, DocumentTemplate]
    files: Mapping[str, bytes] = field(repr=False)
    form_files: Mapping[str, bytes] = field(repr=False)
    table_files: Mapping[str, bytes] = field(repr=False)

    @cached_property
    def nodes(self) -> Mapping[tuple[str, str], Node]:
        """Return every node by (process, element)."""
        return {
            (process, node.id): node
            for process, diagram in self.diagrams.items()
            for node in _nodes(diagram.executable.scope)
        }

    @cached_property
    def _chunks(self) -> Mapping[str, str]:
        chunks: dict[str, str] = {}
        for form_id in sorted(self.forms):
            for name in self.forms[form_id].names:
                chunks.setdefault(name, f"form:{form_id}")
        return chunks

    def chunk_of(self, name: str) -> str:
        """Return the row in which a variable is kept: its form's, or its own."""
        return self._chunks.get(name, name)

    @property
    def names_in_forms(self) -> frozenset[str]:
        """Return the variables that are kept in the row of a form."""
        return frozenset(self._chunks)

    def node(self, process: str, element: str) -> Node:
        """Return a node of one of the version's diagrams."""
        return self.nodes[process, element]

    def kind_of(self, process: str, element: str) -> str:
        """Return the BPMN kind of an element, ``""`` for one the diagram does not draw."""
        node = self.nodes.get((process, element))
        return node.kind if node else ""

    @cached_property
    def start_form(self) -> Form | None:
        """Return the form that starts a case, if the start event has one."""
        scope = self.diagrams[self.row.process].executable.scope
        for node in scope.nodes.values():
            if node.kind == "startEvent" and node.form:
                return self.forms[node.form]
        return None

    @cached_property
    def starts_by_hand(self) -> bool:
        """Return whether a person, a service or another process can start a case, not events alone."""
        nodes = self.diagrams[self.row.process].executable.scope.nodes.values()
        starts = [node for node in nodes if node.kind == "startEvent"]
        return not starts or any(node.event is None or node.event.kind == "none" for node in starts)

    @cached_property
    def event_starts(self) -> tuple[Node, ...]:
        """Return the start events that a message, a signal or time reaches."""
        nodes = self.diagrams[self.row.process].executable.scope.nodes.values()
        kinds = ("message", "signal", "timer")
        return tuple(node for node in nodes if node.kind == "startEvent" and node.event and node.event.kind in kinds)

    @cached_property
    def starts_by_message(self) -> bool:
        """Return whether a message starts cases of the process."""
        return any(node.event is not None and node.event.kind == "message" for node in self.event_starts)

    @property
    def name(self) -> str:
        """Return the process's name as drawn."""
        return self.diagrams[self.row.process].executable.name or self.row.process

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """Return the form field that first writes each variable: the start form's, the process's own, a called one's."""
        own = {path.removesuffix(".form") for path in self.files if path.endswith(".form")}
        start = self.start_form.id if self.start_form else ""
        found: dict[str, Field] = {}
        for form_id in sorted(self.forms, key=lambda name: (name != start, name not in own, name)):
            for field_ in self.forms[form_id].fields:
                found.setdefault(field_.name[0], field_)
        return found

    @cached_property
    def masked_names(self) -> Mapping[str, str]:
        """Return the variables that are shown masked, with the kind of their mask."""
        return {name: field_.sensitive for name, field_ in self.fields.items() if field_.sensitive}

    def summary_names(self) -> Mapping[str, Text | None]:
        """Return the variables that say what a case is about, in their order, each with the label that was drawn for it.

        Drawn as ``place, 期限/Deadline=deadline``: a variable of a form needs no label, it has that of its field.
        """
        pairs = (part.rpartition("=") for part in self._listed("summary"))
        return {name.strip(): _label(label) if label else None for label, _, name in pairs}

    @cached_property
    def title_name(self) -> str:
        """Return the variable that names the case in lists, ``""`` for none."""
        return next(iter(self._listed("title")), "")

    @property
    def offer(self) -> Text:
        """Return what a citizen is offered to do; drawn as ``offer``, ``报告变动/Report a change``, else to apply."""
        drawn = self.diagrams[self.row.process].executable.properties.get("offer", "")
        return _label(drawn) if drawn else Text(f"申请{self.name}", f"Apply for {self.name}")

    @property
    def restricted(self) -> bool:
        """Return whether only their readers may know of cases of the process."""
        return bool(self._listed("restricted"))

    @property
    def keepers(self) -> tuple[str, ...]:
        """Return the roles that may always know of restricted cases of the process, where they work."""
        return self._listed("restricted")

    def indexed_names(self) -> Mapping[str, str]:
        """Return what a case can be found by: kind (``phone``) -> variable; drawn as ``phone, name=applicant_name``."""
        pairs = (part.partition("=") for part in self._listed("index"))
        return {kind.strip(): (name or kind).strip() for kind, _, name in pairs}

    def _listed(self, name: str) -> tuple[str, ...]:
        text = self.diagrams[self.row.process].executable.properties.get(name, "")
        return tuple(part.strip() for part in text.split(",") if part.strip())


def _label(drawn: str) -> Text:
    zh, _, en = (part.strip() for part in drawn.partition("/"))
    return Text(zh, en or zh)


def load_files(
    row: DefinitionRow, entry: str, parts: Mapping[str, Mapping[str, bytes]], roles: Mapping[str, Role]
) -> LoadedDefinition:
    """Return the version compiled from the files of its folder and of the folders it calls."""
    diagrams = {name: compiled.diagram(files[f"{name}.bpmn"], f"{name}.bpmn", roles) for name, files in parts.items()}
    everything = [(path, data) for files in parts.values() for path, data in files.items()]
    drawn = [(compiled.form(data, path), data) for path, data in everything if path.endswith(".form")]
    drawn += [made for diagram in diagrams.values() for made in choice_forms(diagram)]
    forms = [form for form, _ in drawn]
    names = frozenset(name for form in forms for name in form.names)
    documents = [compiled.document(data, path, names) for path, data in everything if _is_document(path)]
    called_tables = {node.decision for diagram in diagrams.values() for node in _nodes(diagram.executable.scope)}
    tables = _tables(everything, names, called_tables)
    called = {process: diagram for process, diagram in diagrams.items() if process != entry}
    return LoadedDefinition(
        row=row,
        diagrams=diagrams,
        program=build(diagrams[entry], called, names),
        forms={form.id: form for form in forms},
        tables={decision: model for decision, (model, _) in tables.items()},
        documents={template.id: template for template in documents},
        files=parts[entry],
        form_files={form.id: data for form, data in drawn},
        table_files={decision: data for decision, (_, data) in tables.items()},
    )


def _is_document(path: str) -> bool:
    return path.endswith(".md") and (path.startswith(("documents/", "shared/documents/")))


def _tables(
    files: Iterable[tuple[str, bytes]], names: frozenset[str], called: Iterable[str | None]
) -> dict[str, tuple[Model, bytes]]:
    tables = tuple(dict.fromkeys((path, data) for path, data in files if path.endswith(".dmn")))
    wanted = [name.encode() for name in called if name]
    found: dict[str, tuple[Model, bytes]] = {}
    for path, data in tables:
        if path.startswith("shared/") and not any(name in data for name in wanted):
            continue
        model = compiled.tables(data, path, tables, names)
        found.update({decision.id: (model, data) for decision in model.decisions if decision.file == path})
    return found


def _nodes(scope: Scope) -> Iterator[Node]:
    waiting = [scope]
    while waiting:
        for node in waiting.pop().nodes.values():
            yield node
            if node.scope is not None:
                waiting.append(node.scope)
