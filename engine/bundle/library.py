"""The folder of all processes, and one process of it with everything its names resolve to."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from engine.bundle.policy import read_policy
from engine.bundle.registers import read_calendar, read_roles, read_services
from engine.clock import Calendar, CalendarYear
from engine.errors import NotFound, Text
from engine.model import Bundle, Finding, PolicyEntry, Role

SUFFIXES = frozenset({".bpmn", ".dmn", ".form", ".yaml", ".md"})
POLICY = "policy.yaml"
NOT_BOUND = frozenset({POLICY, "README.md"})

_CALLS = re.compile(r"""calledElement(?:\s[^<>]{0,500}?\bprocessId)?\s*=\s*["']([^"'<>]{1,200})["']""")


@dataclass(frozen=True, slots=True)
class Library:
    """Roles, services, calendar, shared files and process folders; ``findings`` tell what is wrong in shared files."""

    roles: Mapping[str, Role]
    services: frozenset[str]
    calendar: Calendar
    shared: Mapping[str, bytes]
    folders: Mapping[str, Mapping[str, bytes]]
    findings: tuple[Finding, ...] = field(default=())

    @property
    def policies(self) -> Mapping[str, Mapping[str, PolicyEntry]]:
        """Return the numbers of each folder that has some, the shared ones under ``shared``."""
        found = {name: _policy(files, name) for name, files in {**self.folders, "shared": self.shared}.items()}
        return {name: entries for name, entries in found.items() if entries}

    def with_folder(self, process: str, files: Mapping[str, bytes]) -> Library:
        """Return a library in which the process has these files; nothing is written."""
        return replace(self, folders=MappingProxyType({**self.folders, process: MappingProxyType(dict(files))}))

    def bundle(self, process: str) -> Bundle:
        """Return the process with its shared files, numbers and called processes.

        Raises NotFound when there is no such folder. A process that calls itself is left out of its own ``called``.
        """
        return self._bundle(process, ())

    def _bundle(self, process: str, outer: tuple[str, ...]) -> Bundle:
        files = self.folders.get(process)
        if files is None:
            raise NotFound(
                Text(
                    f"没有名为“{process}”的流程文件夹,请核对名称。",
                    f"Expected a process folder “{process}”, but there is none, so check the name.",
                )
            )
        path = (*outer, process)
        names = [name for name in called_processes(files) if name in self.folders and name not in path]
        called = {name: self._bundle(name, path) for name in names}
        policy = dict(_policy(self.shared, "shared"))
        for other in called.values():
            policy.update(other.policy)
        policy.update(_policy(files, process))
        shared = {name: data for name, data in self.shared.items() if name not in NOT_BOUND}
        return Bundle(
            process=process,
            files=files,
            shared=MappingProxyType(shared),
            roles=self.roles,
            services=self.services,
            policy=MappingProxyType(policy),
            called=MappingProxyType(called),
            checksum=checksum(files, shared, called.values()),
        )


def read_library(path: Path) -> Library:
    """Return the library stored in a folder; its content is never an error, ``findings`` tell what is wrong."""
    folders = {found.name: _files(found) for found in sorted(path.iterdir()) if found.is_dir()}
    calendars = folders.pop("calendar", {})
    shared = folders.pop("shared", {})
    roles, role_findings = read_roles(_read(path / "roles.yaml"), "roles.yaml")
    services, service_findings = read_services(_read(path / "services.yaml"), "services.yaml")
    calendar, calendar_findings = _calendar(calendars)
    processes = {
        name: MappingProxyType(files)
        for name, files in folders.items()
        if any(file.endswith(".bpmn") for file in files)
    }
    _, policy_findings = read_policy(shared.get(POLICY, b""), f"shared/{POLICY}")
    findings = (*role_findings, *service_findings, *calendar_findings, *policy_findings)
    return Library(roles, services, calendar, MappingProxyType(shared), MappingProxyType(processes), findings)


def called_processes(files: Mapping[str, bytes]) -> tuple[str, ...]:
    """Return the process ids that call activities of the diagrams may name.

    A search in the text is enough: the names only choose folders, and the check compares them with the diagram read.
    """
    texts = (_text(data) for name, data in files.items() if name.endswith(".bpmn"))
    return tuple(dict.fromkeys(found for text in texts for found in _CALLS.findall(text)))


def checksum(files: Mapping[str, bytes], shared: Mapping[str, bytes], called: Iterable[Bundle]) -> str:
    """Return the SHA-256 of what a version is made of: own files without numbers and README, shared forms and tables,
    and the checksums of called processes."""
    parts = [(name, data) for name, data in files.items() if name not in NOT_BOUND]
    parts += [(f"shared/{name}", data) for name, data in shared.items() if name.endswith((".form", ".dmn"))]
    parts += [(f"called/{bundle.process}", bundle.checksum.encode()) for bundle in called]
    digest = hashlib.sha256()
    for name, data in sorted(parts):
        digest.update(f"{len(name.encode())}:{name}{len(data)}:".encode())
        digest.update(data)
    return digest.hexdigest()


def _policy(files: Mapping[str, bytes], folder: str) -> Mapping[str, PolicyEntry]:
    return read_policy(files[POLICY], f"{folder}/{POLICY}")[0] if POLICY in files else {}


def _calendar(files: Mapping[str, bytes]) -> tuple[Calendar, list[Finding]]:
    years: dict[int, CalendarYear] = {}
    findings: list[Finding] = []
    for name, data in files.items():
        number, year, found = read_calendar(data, f"calendar/{name}")
        findings.extend(found)
        if not found:
            years[number] = year
    return Calendar(MappingProxyType(years)), findings


def _files(folder: Path) -> dict[str, bytes]:
    found = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix in SUFFIXES)
    names = ((path.relative_to(folder).as_posix(), path) for path in found)
    return {name: path.read_bytes() for name, path in names if not name.startswith(".")}


def _read(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


def _text(data: bytes) -> str:
    return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", errors="replace")
