import io
import time
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.bundle import FileError, Library, policy_in_force, read_library, read_policy, read_upload
from engine.bundle.cursor import open_yaml
from engine.bundle.yaml import load
from engine.errors import NotFound
from engine.model import PolicyEntry, PolicyValue

ROLES = """
township_operator: {zh: 乡镇民政经办, en: Township operator, level: township, may: [work, start], starts: [relief]}
citizen: {zh: 群众, en: Citizen, level: none}
"""
SERVICES = "- {type: bank_transfer, description: 银行转账}\n"
CALENDAR = "year: 2026\nsource: 国办发明电\noff_days: [2026-10-01]\nmakeup_workdays: [2026-10-10]\n"
POLICY = """
publicity.days: {name: 公示期, unit: days, source: "[ZB20] 第9条", values: [{from: 2026-01-01, value: 7}]}
"""


def diagram(process: str, *called: str) -> bytes:
    calls = "".join(f'<callActivity id="c{n}" calledElement="{name}"/>' for n, name in enumerate(called))
    process_text = f'<process id="{process}">{calls}</process>'
    return f'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">{process_text}</definitions>'.encode()


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    files = {
        "roles.yaml": ROLES.encode(),
        "services.yaml": SERVICES.encode(),
        "calendar/2026.yaml": CALENDAR.encode(),
        "shared/f-10.form": b"{}",
        "shared/policy.yaml": b"city.floor: {name: x, unit: CNY, source: s, values: [{from: 2026-01-01, value: 8}]}",
        "relief/relief.bpmn": diagram("relief", "publicity"),
        "relief/README.md": b"owner",
        "relief/scenarios/fire.yaml": b"name: x",
        "relief/.draft/old.bpmn": b"",
        "relief/notes.txt": b"not part of it",
        "publicity/publicity.bpmn": diagram("publicity"),
        "publicity/policy.yaml": POLICY.encode(),
    }
    for name, data in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return tmp_path


def test_a_library_knows_roles_services_calendar_and_folders(folder: Path) -> None:
    library = read_library(folder)
    assert library.findings == ()
    assert library.roles["township_operator"].name.zh == "乡镇民政经办"
    assert library.roles["township_operator"].starts == {"relief"}
    assert library.services == {"bank_transfer"}
    assert library.calendar.is_workday(date(2026, 10, 10))
    assert not library.calendar.is_workday(date(2026, 10, 1))
    assert set(library.folders) == {"relief", "publicity"}
    assert set(library.folders["relief"]) == {"relief.bpmn", "README.md", "scenarios/fire.yaml"}
    assert set(library.policies) == {"publicity", "shared"}


def test_a_bundle_brings_its_called_processes_and_their_numbers(folder: Path) -> None:
    bundle = read_library(folder).bundle("relief")
    assert set(bundle.called) == {"publicity"}
    assert set(bundle.policy) == {"city.floor", "publicity.days"}
    assert set(bundle.shared) == {"f-10.form"}
    assert "shared/f-10.form" in bundle.all_files()


def test_an_unknown_folder_is_not_found(folder: Path) -> None:
    with pytest.raises(NotFound, match="nowhere"):
        read_library(folder).bundle("nowhere")


def test_processes_that_call_each_other_do_not_hang(folder: Path) -> None:
    library = read_library(folder).with_folder(
        "publicity", {"publicity.bpmn": diagram("publicity", "relief", "publicity")}
    )
    bundle = library.bundle("relief")
    assert bundle.called["publicity"].called == {}


@pytest.mark.parametrize(
    ("name", "moves"),
    [
        ("relief/relief.bpmn", True),
        ("relief/scenarios/fire.yaml", True),
        ("shared/f-10.form", True),
        ("publicity/publicity.bpmn", True),
        ("relief/README.md", False),
        ("publicity/policy.yaml", False),
        ("shared/policy.yaml", False),
        ("roles.yaml", False),
    ],
)
def test_the_checksum_moves_with_what_a_version_is_made_of(folder: Path, name: str, moves: bool) -> None:
    before = read_library(folder).bundle("relief").checksum
    path = folder / name
    path.write_bytes(path.read_bytes() + b"\n")
    assert (read_library(folder).bundle("relief").checksum != before) is moves


def test_moving_bytes_between_files_moves_the_checksum() -> None:
    library = Library({}, frozenset(), read_library(Path(__file__).parent).calendar, {}, {})
    one = library.with_folder("p", {"a.form": b"12", "b.form": b"3"}).bundle("p").checksum
    other = library.with_folder("p", {"a.form": b"1", "b.form": b"23"}).bundle("p").checksum
    assert one != other


@pytest.mark.parametrize(
    ("name", "text", "rule", "key", "line"),
    [
        ("roles.yaml", "a: {zh: 甲, en: A}\n", "roles-file", "a", 1),
        ("roles.yaml", "a: {zh: 甲, en: A, level: moon}\n", "roles-file", "a.level", 1),
        ("roles.yaml", "a:\n  zh: 甲\n  en: A\n  level: city\n  may: [work, fly]\n", "roles-file", "a.may[1]", 5),
        ("roles.yaml", "a: {zh: 甲, en: A, level: city}\na: {zh: 乙, en: B, level: city}\n", "yaml", None, 2),
        ("roles.yaml", "- a\n", "roles-file", None, 1),
        ("roles.yaml", "a: [\n", "yaml", None, 2),
        ("services.yaml", "- type: x\n", "services-file", "[0]", 1),
        ("calendar/2026.yaml", "year: 2026\nsource: s\noff_days: [2027-01-01]\n", "calendar-file", "off_days[0]", 3),
        (
            "calendar/2026.yaml",
            "year: 2026\nsource: s\noff_days: [2026-01-01]\nmakeup_workdays: [2026-01-01]\n",
            "calendar-file",
            "makeup_workdays",
            4,
        ),
        ("shared/policy.yaml", "A B: {name: x, unit: y, source: z, values: []}\n", "policy-file", "A B", 1),
    ],
)
def test_a_wrong_line_is_named_with_file_key_and_place(
    folder: Path, name: str, text: str, rule: str, key: str | None, line: int
) -> None:
    (folder / name).write_text(text, "utf-8")
    found = read_library(folder).findings[0]
    assert (found.file, found.rule, found.element) == (name, rule, key)
    assert found.position is not None
    assert found.position.line == line


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ("[]", "at least one value"),
        ("[{from: yesterday, value: 1}]", "a date such as"),
        ("[{from: 2026-01-01}]", "“value”"),
        ("[{from: 2026-01-01, value: [1]}]", "a number, a text"),
        ("[{from: 2026-01-01, value: 1, region: 4107x}]", "region code"),
        ("[{from: 2026-01-01, value: 1}, {from: 2026-01-01, value: 2}]", "one value per date and region"),
        ("[{from: 2026-01-01, value: 1, until: 2027-01-01}]", "“until”"),
    ],
)
def test_a_wrong_number_is_left_out_and_named(values: str, words: str) -> None:
    good = "good: {name: a, unit: b, source: c, values: [{from: 2026-01-01, value: 1}]}"
    text = f"{good}\nbad: {{name: a, unit: b, source: c, values: {values}}}\n"
    entries, findings = read_policy(text.encode(), "p/policy.yaml")
    assert set(entries) == {"good"}
    assert any(words in found.message.en for found in findings)
    assert all(found.position and found.position.line == 2 for found in findings)


def test_a_number_cannot_also_be_a_group() -> None:
    entry = "{name: a, unit: b, source: c, values: [{from: 2026-01-01, value: 1}]}"
    _, findings = read_policy(f"a.b: {entry}\na.b.c: {entry}\n".encode(), "p/policy.yaml")
    assert [found.element for found in findings] == [".a.b.c".lstrip(".")]


def entry(*values: tuple[str, str, int]) -> PolicyEntry:
    listed = tuple(PolicyValue(Decimal(value), date.fromisoformat(start), region) for start, region, value in values)
    return PolicyEntry("a.b", "n", "u", "s", listed)


@pytest.mark.parametrize(
    ("day", "region", "value"),
    [
        ("2025-12-31", "410721101", None),
        ("2026-01-01", "410721101", 5),
        ("2026-06-01", "410721101", 7),
        ("2026-06-01", "410782", 6),
        ("2026-12-01", "410721101", 9),
        ("2026-12-01", "410721", 7),
    ],
)
def test_the_longest_region_wins_then_the_latest_start(day: str, region: str, value: int | None) -> None:
    entries = {
        "a.b": entry(
            ("2026-01-01", "", 5),
            ("2026-06-01", "", 6),
            ("2026-03-01", "410721", 7),
            ("2026-12-01", "410721101", 9),
        )
    }
    expected = {} if value is None else {"a": {"b": Decimal(value)}}
    assert policy_in_force(entries, date.fromisoformat(day), region) == expected


def test_yaml_keeps_words_as_words_and_numbers_exact() -> None:
    text = "on: 2026-09-24T20:00\nno: no\nat: 12:30\ncode: 0123\nsum: 0.10\nyes: true\n"
    text += "nothing:\nquoted: '5'\nday: 2026-01-01\n"
    assert load(text.encode(), "x").value == {
        "on": "2026-09-24T20:00",
        "no": "no",
        "at": "12:30",
        "code": "0123",
        "sum": Decimal("0.10"),
        "yes": True,
        "nothing": None,
        "quoted": "5",
        "day": "2026-01-01",
    }


LAUGHS = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"


@pytest.mark.parametrize(
    "text",
    [
        LAUGHS,
        "a: *nobody\n",
        "a: !!python/object/apply:os.system [ls]\n",
        "[" * 5000,
        "a: " + "[" * 30 + "]" * 30,
        "- x\n" * 60_000,
        "{[a]: b}",
        "a: 1\n---\nb: 2\n",
        "\x00",
        "a: b: c\n",
    ],
)
def test_hostile_yaml_is_refused_with_its_place(text: str) -> None:
    began = time.monotonic()
    with pytest.raises(FileError) as refused:
        load(text.encode(), "x.yaml")
    assert time.monotonic() - began < 20
    assert refused.value.findings[0].file == "x.yaml"
    assert refused.value.findings[0].message.zh


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(st.binary(max_size=60), st.text(alphabet="ab:-[]{},&*!'\"|>#%@ \n\t中0.", max_size=60).map(str.encode))
)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    cursor = open_yaml(data, "x.yaml", "r")
    assert cursor.findings or cursor.value is not None


def packed(files: dict[str, bytes], **options: int) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


FOLDER = {
    "relief/任意.bpmn": diagram("relief"),
    "relief/policy.yaml": b"{}",
    "relief/documents/notice.md": b"x",
    "relief/scenarios/夜间火灾.yaml": b"x",
    "__MACOSX/relief/._policy.yaml": b"junk",
}


def test_a_zip_of_a_folder_becomes_its_files_under_the_process_id() -> None:
    process, files = read_upload({"relief.zip": packed(FOLDER)})
    assert process == "relief"
    assert set(files) == {"relief.bpmn", "policy.yaml", "documents/notice.md", "scenarios/夜间火灾.yaml"}


def test_single_files_find_their_place() -> None:
    process, files = read_upload(
        {"diagram (3).bpmn": diagram("visit"), "f-10.form": b"{}", "notice.md": b"", "s.yaml": b""}
    )
    assert process == "visit"
    assert set(files) == {"visit.bpmn", "f-10.form", "documents/notice.md", "scenarios/s.yaml"}


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"a.form": b"{}"}, "exactly one .bpmn"),
        ({"a.bpmn": b"", "b.bpmn": b""}, "exactly one .bpmn"),
        ({"a.bpmn": b"", "run.py": b""}, "run.py"),
        ({"a.bpmn": b"", "../../etc/x.form": b""}, "etc/x.form"),
        ({"a.bpmn": b"", "/etc/x.form": b""}, "/etc/x.form"),
        ({"a.bpmn": b"", "a\\..\\x.form": b""}, "x.form"),
        ({"a.bpmn": b"", "<b>.form": b""}, "<b>.form"),
        ({"a.bpmn": b"x" * 6_000_000}, "at most 200 files"),
        ({f"{n}.form": b"" for n in range(201)}, "at most 200 files"),
        ({"x.zip": b"PK not a zip"}, "plain zip"),
        ({"x.zip": packed({"a.bpmn": b"0" * 50_000_000})}, "at most 200 files"),
        ({"x.zip": packed({"../a.bpmn": b""})}, "../a.bpmn"),
        ({"x.zip": packed(FOLDER)[:-30]}, "plain zip"),
    ],
)
def test_an_upload_that_does_not_fit_is_refused_in_words(files: dict[str, bytes], words: str) -> None:
    with pytest.raises(FileError) as refused:
        read_upload(files)
    assert words in refused.value.message.en
