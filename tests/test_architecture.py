"""The rules of ARCHITECTURE.md that reading the sources can keep."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from statistics import median

import grimp
import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("engine", "workflows", "web")
MOST_LINES = 400
MEDIAN_LINES = 120
LEFTOVERS = frozenset({"utils", "util", "helpers", "helper", "base", "common", "misc"})

# Who may import a library that decides how a room is built.
HOMES = {
    "SpiffWorkflow": ("engine.spiff",),
    "sqlalchemy": ("engine.store", "engine.queries", "workflows.registers", "engine.testing"),
    "alembic": ("engine.store.migrations", "workflows.registers.migrations"),
    "dbos": ("engine.jobs",),
    "lxml": ("engine.diagram", "engine.dmn"),
    "flask": ("web",),
    "flask_babel": ("web",),
    "werkzeug": ("web",),
    "click": ("web.cli",),
    "gunicorn": ("web.cli",),
    "prometheus_client": ("web",),
}
# Loaded by name: SQLAlchemy's driver for PostgreSQL, and the time zones behind zoneinfo.
NEVER_IMPORTED = frozenset({"psycopg", "tzdata"})

BANNED_CALLS = frozenset({"eval", "exec", "compile", "__import__", "breakpoint"})
BANNED_IMPORTS = frozenset({"pickle", "_pickle", "cPickle", "dill", "marshal", "shelve", "jsonpickle", "imp"})
# What may be called in few places: the safe reader of XML, the clock, the edge that reads settings, the commit point.
ONLY_IN = {
    r"etree\.(parse|fromstring|fromstringlist|XML|HTML|iterparse|XMLParser)": ("engine/diagram/xml.py",),
    r"(ET|ElementTree|minidom|sax|expat)\..*|xml\.(etree|dom|sax)\..*": (),
    r"yaml\.(load|load_all|full_load|unsafe_load|full_load_all|unsafe_load_all)": (),
    r"os\.(environ|getenv|environb|putenv).*": ("web/cli/environment.py", "web/bench/"),
    # Keys grow with the machine's time whatever the business time is; the simulator is another machine.
    r"(datetime\.)?(datetime|date)\.(now|utcnow|today)|time\.(time|time_ns|localtime|gmtime)": (
        "engine/clock.py",
        "engine/store/keys.py",
        "workflows/departments/",
    ),
    r".*\.commit": ("engine/store/transaction.py",),
    # In the token game a scope begins; no connection reaches it.
    r".*\.(begin|begin_nested|begin_twophase)": ("engine/store/transaction.py", "engine/spiff/"),
}


def sources(*folders: str) -> list[Path]:
    return sorted(
        path for folder in folders for path in (ROOT / folder).rglob("*.py") if "node_modules" not in path.parts
    )


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def nodes_of(path: Path) -> tuple[ast.Import | ast.ImportFrom | ast.Attribute | ast.Call, ...]:
    """What a source imports, reads from something, and calls."""
    tree = ast.parse(path.read_text("utf-8"), str(path))
    return tuple(
        node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom | ast.Attribute | ast.Call)
    )


@cache
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(*PACKAGES, include_external_packages=True, cache_dir=None)


def dotted(node: ast.expr) -> str:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    parts.append(node.id if isinstance(node, ast.Name) else "?")
    return ".".join(reversed(parts))


def imported(path: Path) -> Iterator[tuple[int, str]]:
    for node in nodes_of(path):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


@cache
def used(path: Path) -> tuple[tuple[int, str], ...]:
    """Every dotted name that is called or read, and what is imported under it."""
    read = ((node.lineno, dotted(node)) for node in nodes_of(path) if isinstance(node, ast.Attribute))
    return (*read, *imported(path))


def third_party() -> dict[str, set[str]]:
    """Every library with the modules that import it."""
    found: dict[str, set[str]] = defaultdict(set)
    for module in graph().modules - {*sys.stdlib_module_names, *PACKAGES}:
        top = module.split(".")[0]
        if top not in PACKAGES and top not in sys.stdlib_module_names:
            found[top] |= graph().find_modules_that_directly_import(module)
    return found


def required(file: str) -> set[str]:
    lines = (ROOT / "requirements" / file).read_text("utf-8").splitlines()
    names = (re.match(r"[A-Za-z0-9._-]+", line) for line in lines if not line.startswith("-"))
    return {normal(name.group()) for name in names if name}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_layers_are_kept_and_every_room_is_declared() -> None:
    program = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    answer = subprocess.run([*program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_packages_hold_no_folder_that_python_would_import_without_init() -> None:
    folders = {path.parent for path in sources(*PACKAGES)}
    assert [
        named(folder) for folder in folders if not (folder / "__init__.py").exists() and folder.name != "versions"
    ] == []


@pytest.mark.parametrize("library", HOMES)
def test_a_library_stays_in_its_room(library: str) -> None:
    strangers = [
        module
        for module in third_party()[library]
        if not any(module == home or module.startswith(home + ".") for home in HOMES[library])
    ]
    assert strangers == []


def test_what_is_imported_is_required_and_what_is_required_is_imported() -> None:
    distributions = packages_distributions()
    importers = {normal(distributions[library][0]): modules for library, modules in third_party().items()}
    needed = {name for name, modules in importers.items() if any(not is_for_tests(module) for module in modules)}
    assert needed == required("runtime.in") - NEVER_IMPORTED
    assert importers.keys() - needed <= required("test.in")


def is_for_tests(module: str) -> bool:
    return module.startswith("engine.testing")


def test_modules_are_short() -> None:
    lengths = {named(path): len(path.read_text("utf-8").splitlines()) for path in sources(*PACKAGES, "tests")}
    assert [name for name, length in lengths.items() if length > MOST_LINES] == []
    assert median(length for name, length in lengths.items() if name.startswith(PACKAGES)) < MEDIAN_LINES


def test_no_module_is_named_for_leftovers() -> None:
    paths = {part for path in sources(*PACKAGES, "tests") for part in path.relative_to(ROOT).with_suffix("").parts}
    assert paths & LEFTOVERS == set()


def test_nothing_evaluates_python_or_unpickles() -> None:
    found = [
        f"{named(path)}:{node.lineno} {node.func.id}"
        for path in [*sources(*PACKAGES, "tests"), ROOT / "hatch_build.py"]
        for node in nodes_of(path)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in BANNED_CALLS
    ]
    found += [
        f"{named(path)}:{line} {name}"
        for path in [*sources(*PACKAGES, "tests"), ROOT / "hatch_build.py"]
        for line, name in imported(path)
        if name.split(".")[0] in BANNED_IMPORTS
    ]
    assert found == []


@pytest.mark.parametrize("pattern", ONLY_IN)
def test_some_calls_have_one_place(pattern: str) -> None:
    found = [
        f"{named(path)}:{line} {name}"
        for path in sources(*PACKAGES)
        if not named(path).startswith(ONLY_IN[pattern])
        for line, name in used(path)
        if re.fullmatch(pattern, name)
    ]
    assert found == []


def test_a_silenced_warning_says_which_and_why() -> None:
    silent = re.compile(r"# (noqa|type: ignore)(?!: [A-Z0-9, ]+\s+\S|\[[a-z, -]+\]\s+\S)")
    found = [
        f"{named(path)}:{number}"
        for path in sources(*PACKAGES)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if silent.search(line)
    ]
    assert found == []
