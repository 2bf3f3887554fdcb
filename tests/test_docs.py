"""What the documents tell exists: links, files, commands, targets."""

from __future__ import annotations

import re
import shlex
from functools import cache
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from web.cli import COMMANDS, main

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("bpmn/**/README.md")])
LOCKED = sorted(ROOT.glob("requirements/*.txt"))
PACKAGE_LOCKS = [
    ROOT / "web/assets/package-lock.json",
    ROOT / "tests/e2e/browser/package-lock.json",
    ROOT / "tests/e2e/clients/package-lock.json",
    ROOT / "tests/modeler/package-lock.json",
]
TOP = ("bpmn", "docs", "engine", "requirements", "tests", "web", "workflows")


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def text(path: Path) -> str:
    return path.read_text("utf-8")


def shell_lines(path: Path) -> list[list[str]]:
    """Every line of a code block, and every code span, that begins with doudi or make."""
    blocks = re.findall(r"```\w*\n(.*?)```", text(path), re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()] + re.findall(r"`([^`\n]+)`", text(path))
    return [shlex.split(line, comments=True) for line in lines if re.match(r"(doudi|make) \w", line)]


def anchors(path: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", text(path), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_links_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", text(document)):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        found = (document.parent / file).resolve() if file else document
        assert found.exists(), f"{named(document)} links to {target}"
        assert not anchor or anchor in anchors(found), f"{named(document)} links to {target}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_named_files_exist(document: Path) -> None:
    spans = [span for span in re.findall(r"`([^`\n]+)`", text(document)) if span.split("/")[0] in TOP and "/" in span]
    spans = [span.partition("::")[0] for span in spans]
    missing = [span for span in spans if not re.search(r"[<>*… ]", span) and not (ROOT / span).exists()]
    # What the build makes is named without being there.
    assert [span for span in missing if not span.startswith("web/static/dist")] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_named_tests_exist(document: Path) -> None:
    for file, function in re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", text(document)):
        assert re.search(rf"^ *def {function}\(", text(ROOT / file), re.MULTILINE), f"{file}::{function}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_named_commands_exist(document: Path) -> None:
    targets = set(re.findall(r"^(\w+):", text(ROOT / "Makefile"), re.MULTILINE))
    for program, *words in shell_lines(document):
        if program == "make":
            assert words[0] in targets
            continue
        command: click.Command = main
        for word in words:
            if isinstance(command, click.Group):
                found = command.get_command(click.Context(command), word)
                assert found is not None, f"{named(document)} tells doudi {shlex.join(words)}"
                command = found
        options = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
        assert {word for word in words if word.startswith("--")} <= options | {"--help", "--version"}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    answer = CliRunner().invoke(main, [name, "--help"])
    assert answer.exit_code == 0
    assert re.search(r"Usage: .*\n(?: {4,}.*\n)*\n  [A-Z]\w+ ", answer.output)


def test_the_readmes_name_every_command_and_are_twins() -> None:
    english, chinese = ROOT / "README.md", ROOT / "README.zh.md"
    assert {words[1] for words in shell_lines(english) if words[0] == "doudi"} == set(COMMANDS) - {"demo"}
    assert shell_lines(english) == shell_lines(chinese)
    links = [set(re.findall(r"\]\(([^)]+)\)", text(readme))) for readme in (english, chinese)]
    assert links[0] - links[1] == {"README.zh.md"}
    assert links[1] - links[0] == {"README.md"}
    assert text(english).count("\n## ") == text(chinese).count("\n## ")


@pytest.mark.parametrize("file", LOCKED, ids=named)
def test_every_python_package_is_locked_by_its_hash_and_comes_from_wherever_the_installer_is_told(file: Path) -> None:
    packages = re.findall(
        r"^\S+==\S+(?: ;[^\\]*)? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n?)+)", text(file), re.M
    )
    assert len(packages) == len(re.findall(r"^\w", text(file), re.MULTILINE))
    assert "://" not in text(file)
    assert "--index" not in text(file)


@pytest.mark.parametrize("file", PACKAGE_LOCKS, ids=named)
def test_every_browser_package_is_locked_by_its_hash_and_comes_from_wherever_npm_is_told(file: Path) -> None:
    entries = re.findall(r'^    "node_modules/', text(file), re.MULTILINE)
    assert len(re.findall(r'^      "integrity": "sha512-', text(file), re.MULTILINE)) == len(entries)
    assert '"resolved"' not in text(file)
