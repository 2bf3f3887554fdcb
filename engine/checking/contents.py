"""Compiles the forms, tables and notices of a bundle into the facts the rules need."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from engine.diagram.subject import Facts
from engine.dmn import DmnError, load_among
from engine.documents import DocumentError, compile_document
from engine.errors import Text
from engine.forms import FormError, compile_form
from engine.model import Bundle, Finding

_Compiled = Sequence[tuple[str, Facts]]


@dataclass(slots=True)
class Contents:
    """Facts by id of forms, decisions and notices, what is wrong with them, and the notices' titles.

    ``tables`` are all decision files, which may import each other.
    """

    tables: tuple[tuple[str, bytes], ...] = ()
    forms: dict[str, Facts] = field(default_factory=dict)
    decisions: dict[str, Facts] = field(default_factory=dict)
    documents: dict[str, Facts] = field(default_factory=dict)
    titles: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)


def read_contents(bundle: Bundle) -> Contents:
    """Return the facts of the bundle's own, shared and called files; findings tell about its own and shared ones."""
    contents = Contents(tables=tuple(file for file in _files(bundle) if file[0].endswith(".dmn")))
    homes: dict[tuple[str, str], str] = {}
    for name, data in _files(bundle):
        kind, compiled = _compile(name, data, contents)
        for id_, facts in compiled:
            home = homes.setdefault((kind, id_), name)
            if home != name:
                contents.findings.append(_twice(name, id_, home))
            _place(kind, contents)[id_] = facts
    return contents


def _files(bundle: Bundle) -> Iterator[tuple[str, bytes]]:
    yield from bundle.all_files().items()
    for called in bundle.called.values():
        yield from ((name, data) for name, data in _files(called) if not name.startswith("shared/"))


def _place(kind: str, contents: Contents) -> dict[str, Facts]:
    return {"form": contents.forms, "dmn": contents.decisions, "md": contents.documents}[kind]


def _compile(name: str, data: bytes, contents: Contents) -> tuple[str, _Compiled]:
    kind = name.rpartition(".")[2]
    compiler = _COMPILERS.get(kind)
    if compiler is None or (kind == "md" and "documents/" not in name):
        return kind, ()
    try:
        return kind, compiler(name, data, contents)
    except (FormError, DmnError, DocumentError) as error:
        contents.findings.extend(found for found in error.findings if found not in contents.findings)
        return kind, ()


def _form(name: str, data: bytes, _: Contents) -> _Compiled:
    form = compile_form(data, file=name)
    return [(form.id, Facts(form.names, form.reads))]


def _tables(name: str, data: bytes, contents: Contents) -> _Compiled:
    model = load_among(name, data, contents.tables)
    contents.findings.extend(model.analyse(name))
    own = [decision for decision in model.decisions if decision.file == name]
    return [(decision.id, Facts(reads=decision.reads, paths=decision.paths)) for decision in own]


def _document(name: str, data: bytes, contents: Contents) -> _Compiled:
    template = compile_document(data, name)
    contents.titles.add(template.title)
    return [(template.id, Facts(reads=template.reads, paths=template.paths))]


_COMPILERS: Mapping[str, Callable[[str, bytes, Contents], _Compiled]] = {
    "form": _form,
    "dmn": _tables,
    "md": _document,
}


def _twice(name: str, id_: str, home: str) -> Finding:
    message = Text(
        f"标识“{id_}”应只用一次,但 {home} 已经用过,请改名。",
        f"Expected the id “{id_}” once, but {home} has it already, so rename one.",
    )
    return Finding(name, id_, None, "duplicate-id", "error", message)
