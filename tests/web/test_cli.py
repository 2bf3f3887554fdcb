"""The console script: help, exit codes, what --json prints."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from web.cli import COMMANDS, main
from web.cli.environment import settings

LIBRARY = Path(__file__).parents[2] / "bpmn"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "master.key").write_bytes(bytes(range(32)))
    return {"DOUDI_DATA": str(tmp_path), "DOUDI_LIBRARY": str(LIBRARY), "DOUDI_LANGUAGE": "en"}


def run(*arguments: str, environment: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(main, list(arguments), env=environment)


def refill(tmp_path: Path, **changed: bytes) -> Path:
    """Return a copy of a process folder beside a library's roles, with some files changed."""
    library = tmp_path / "library"
    for path in LIBRARY.rglob("*"):
        inside = path.relative_to(LIBRARY)
        if path.is_file() and (len(inside.parts) == 1 or inside.parts[0] in ("reserve_refill", "shared", "calendar")):
            target = library / inside
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    for name, data in changed.items():
        (library / "reserve_refill" / name).write_bytes(data)
    return library / "reserve_refill"


@pytest.mark.parametrize("command", [*COMMANDS, "user add", "audit verify"])
def test_every_command_explains_itself(command: str) -> None:
    answer = run(*command.split(), "--help")
    assert answer.exit_code == 0
    assert "Usage:" in answer.output


def test_an_unknown_command_or_a_missing_argument_is_a_usage_error() -> None:
    assert run("dance").exit_code == 2
    assert run("check").exit_code == 2
    assert run("check", "/nowhere").exit_code == 2
    assert run("serve", "--port", "many").exit_code == 2


def test_a_missing_key_is_told_with_what_to_do(tmp_path: Path) -> None:
    answer = run("audit", "verify", environment={"DOUDI_DATA": str(tmp_path)})
    assert answer.exit_code == 2
    assert "master.key" in answer.output


def test_how_many_cases_may_set_each_other_off_is_a_whole_number(tmp_path: Path) -> None:
    key = tmp_path / "master.key"
    key.write_bytes(bytes(32))
    given = {"DOUDI_DATA": str(tmp_path), "DOUDI_MOST_HOPS": "many"}
    answer = run("status", environment=given)
    assert (answer.exit_code, "DOUDI_MOST_HOPS" in answer.output) == (2, True)
    assert settings(source={**given, "DOUDI_MOST_HOPS": "20"}).most_hops == 20


def test_a_sound_folder_has_no_findings(environment: dict[str, str]) -> None:
    answer = run("check", str(LIBRARY / "reserve_refill"), "--json", environment=environment)
    assert (answer.exit_code, json.loads(answer.output)) == (0, [])


def test_findings_name_file_element_rule_and_both_languages(tmp_path: Path, environment: dict[str, str]) -> None:
    diagram = (LIBRARY / "reserve_refill" / "reserve_refill.bpmn").read_bytes()
    folder = refill(tmp_path, **{"reserve_refill.bpmn": diagram.replace(b'formId="refill_propose"', b'formId="none"')})
    answer = run("check", str(folder), "--json", environment=environment)
    assert answer.exit_code == 1
    found = json.loads(answer.output)
    assert found
    assert set(found[0]) == {"file", "element", "position", "rule", "severity", "message"}
    assert set(found[0]["message"]) == {"zh", "en"}
    assert any(one["severity"] == "error" and one["element"] and "none" in one["message"]["en"] for one in found)
    assert found[0]["file"].startswith(str(folder))


@pytest.mark.parametrize("hostile", [b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', b"not xml at all", b""])
def test_a_hostile_diagram_is_a_finding_and_no_accident(
    tmp_path: Path, environment: dict[str, str], hostile: bytes
) -> None:
    file = tmp_path / "evil.bpmn"
    file.write_bytes(hostile)
    answer = run("check", str(file), environment=environment)
    assert answer.exit_code == 1
    assert "evil.bpmn" in answer.output


def test_deploying_adding_a_person_exporting_and_verifying(tmp_path: Path, environment: dict[str, str]) -> None:
    folder = refill(tmp_path)
    first = run("deploy", str(folder.parent), "--json", environment=environment)
    assert first.exit_code == 0, first.output
    assert json.loads(first.output) == [{"process": "reserve_refill", "version": 1, "changed": True}]
    again = run("deploy", str(folder), environment=environment)
    assert "in force already" in again.output
    person = ("user", "add", "zhang", "--name", "张敏", "--password", "a long enough password")
    assert run(*person, "--grant", "township_operator@410721102", environment=environment).exit_code == 0
    refused = run(*person, "--grant", "king", environment=environment)
    assert refused.exit_code == 1
    exported = run("export", "reserve_refill", str(tmp_path / "out"), environment=environment)
    assert exported.exit_code == 0
    assert (tmp_path / "out" / "reserve_refill.bpmn").read_bytes() == (folder / "reserve_refill.bpmn").read_bytes()
    assert run("export", "nothing", str(tmp_path / "out"), environment=environment).exit_code == 1
    verified = run("audit", "verify", "--json", environment=environment)
    assert (verified.exit_code, json.loads(verified.output)) == (0, [])


def test_a_folder_with_errors_is_not_deployed(tmp_path: Path, environment: dict[str, str]) -> None:
    diagram = (LIBRARY / "reserve_refill" / "reserve_refill.bpmn").read_bytes()
    folder = refill(tmp_path, **{"reserve_refill.bpmn": diagram.replace(b'formId="refill_propose"', b'formId="none"')})
    assert run("deploy", str(folder), environment=environment).exit_code == 1
    assert not (tmp_path / "doudi.db").exists()


def test_rehearsing_counts_scenarios_and_flows(environment: dict[str, str]) -> None:
    answer = run("rehearse", str(LIBRARY / "reserve_refill"), "--json", environment=environment)
    result = json.loads(answer.output)
    assert set(result) == {"processes", "scenarios", "passed", "flows", "flows_taken", "failures"}
    assert result["processes"] == ["reserve_refill"]
    whole = result["scenarios"] == result["passed"] and result["flows"] == result["flows_taken"]
    assert answer.exit_code == (0 if whole else 1)


def test_the_status_tells_that_no_worker_is_alive_and_exits_with_one(environment: dict[str, str]) -> None:
    assert run("deploy", str(LIBRARY / "reserve_refill"), environment=environment).exit_code == 0
    answer = run("status", environment=environment)
    assert answer.exit_code == 1
    assert "No worker is alive" in answer.output
    found = json.loads(run("status", "--json", environment=environment).output)
    assert (found["nodes"], found["database"], found["queues"]["failed"]) == ([], "SQLite", 0)
    assert [sentence[1][:9] for sentence in found["attention"]] == ["No worker"]


def test_another_master_key_is_refused_in_words(environment: dict[str, str], tmp_path: Path) -> None:
    assert run("deploy", str(LIBRARY / "reserve_refill"), environment=environment).exit_code == 0
    (tmp_path / "master.key").write_bytes(bytes(range(1, 33)))
    for command in (["status"], ["audit", "verify"], ["deploy", str(LIBRARY / "reserve_refill")]):
        answer = run(*command, environment=environment)
        assert answer.exit_code == 1
        assert "DOUDI_MASTER_KEY_FILE" in answer.output


@pytest.mark.parametrize(
    ("arguments", "context", "code", "printed"),
    [
        (["19.99*100 = 1999"], None, 0, "true\n"),
        (['=date("2026-01-31") + duration("P1M")'], None, 0, '@"2026-02-28"\n'),
        (['家庭 人口 >= 3 and 户籍.类型 = "农村"'], '{"家庭 人口": 3, "户籍": {"类型": "农村"}}', 0, "true\n"),
        (["x + 0.2"], '{"x": 0.1}', 0, "0.3\n"),
        (["x + 1"], None, 1, "null\n"),
        (["1"], "[1]", 1, ""),
        ([], None, 2, ""),
        (["1", "--context", "nowhere.json"], None, 2, ""),
    ],
)
def test_an_expression_is_evaluated(
    arguments: list[str], context: str | None, code: int, printed: str, tmp_path: Path, environment: dict[str, str]
) -> None:
    if context is not None:
        file = tmp_path / "context.json"
        file.write_text(context, "utf-8")
        arguments = [*arguments, "--context", str(file)]
    answer = run("feel", *arguments, environment=environment)
    assert (answer.exit_code, answer.stdout) == (code, printed)


@pytest.mark.parametrize(("language", "words"), [("zh", "此处应为"), ("en", "Expected “)”")])
def test_a_caret_points_at_what_is_wrong(language: str, words: str, environment: dict[str, str]) -> None:
    answer = run("feel", '1 +\n"家庭" + (2', environment={**environment, "DOUDI_LANGUAGE": language})
    _, line, caret, message = answer.stderr.splitlines()
    assert (line, caret.index("^")) == ('"家庭" + (2', 11)
    assert words in message


def test_an_answer_is_json_on_demand(environment: dict[str, str]) -> None:
    answer = run("feel", "[0.1, x]", "--json", environment=environment)
    found = json.loads(answer.stdout)
    assert (answer.exit_code, found["value"], found["problems"][0]["position"]) == (1, [0.1, None], 6)
    assert set(found["problems"][0]["message"]) == {"zh", "en"}
