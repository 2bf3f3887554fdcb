"""Every process folder of this repository can go live as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.bundle import read_library
from engine.checking import ServiceNames, check_bundle
from engine.settings import Settings
from workflows.bootstrap import build_runtime

FOLDER = Path(__file__).parents[1] / "bpmn"
LIBRARY = read_library(FOLDER)


@pytest.fixture(scope="module")
def services() -> ServiceNames:
    runtime = build_runtime(Settings(database_url="sqlite://", master_key=bytes(32), library=FOLDER))
    return ServiceNames(frozenset(runtime.services), frozenset(runtime.connectors))


def test_what_processes_share_is_sound():
    assert LIBRARY.findings == ()
    assert LIBRARY.folders


@pytest.mark.parametrize("process", sorted(LIBRARY.folders))
def test_the_folder_has_no_errors(services, process):
    findings = check_bundle(LIBRARY.bundle(process), services)
    assert [f"{one.file}: {one.element}: {one.message.en}" for one in findings if one.severity == "error"] == []


@pytest.mark.parametrize("process", sorted(LIBRARY.folders))
def test_the_folder_is_named_after_its_process_and_says_whose_it_is(process):
    files = LIBRARY.folders[process]
    assert f"{process}.bpmn" in files
    assert [name for name in files if name.endswith(".bpmn")] == [f"{process}.bpmn"]
