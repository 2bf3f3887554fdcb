"""P14: whatever is thrown at the server, it answers others within a second and their cases go on."""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from re import search

import pytest

from engine.queries.invariants import scan_invariants
from engine.queries.waiting import open_tasks
from tests.e2e.served import PASSWORD, ROOT, TOWNSHIP, Served, bureau_on, prepare_bureau
from web.bench.browser import Browser, Page

LONGEST = 30.0
REFILL = ROOT / "bpmn" / "reserve_refill"
OPENING = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="x">'
Files = list[tuple[str, bytes]]


def _diagram(inner: str) -> Files:
    text = f'{OPENING}<process id="bad" name="bad" isExecutable="true">{inner}</process></definitions>'
    return [("bad.bpmn", text.encode())]


def _zip(entries: dict[str, bytes]) -> Files:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return [("bad.zip", packed.getvalue())]


def _refill(**changed: bytes) -> Files:
    """Return the refill folder as a good upload, with some files replaced or added."""
    names = {path.name: path.read_bytes() for path in REFILL.iterdir() if path.suffix in (".bpmn", ".form")}
    return list((names | {name.replace("__", "."): data for name, data in changed.items()}).items())


def _with_condition(expression: str) -> Files:
    diagram = (REFILL / "reserve_refill.bpmn").read_text("utf-8")
    return _refill(reserve_refill__bpmn=diagram.replace('=refill_decision = "approve"', expression).encode())


def _entities() -> bytes:
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE x [<!ENTITY e0 "ha">{levels}]>{OPENING}&e9;</definitions>'.encode()


def _maze(size: int) -> str:
    gateways = "".join(f'<exclusiveGateway id="g{n}" />' for n in range(size))
    flows = "".join(
        f'<sequenceFlow id="f{n}_{step}" sourceRef="g{n}" targetRef="g{(n + step) % size}" />'
        for n in range(size)
        for step in (1, 2, 7)
    )
    return f'<startEvent id="s" />{gateways}{flows}<sequenceFlow id="b" sourceRef="s" targetRef="g0" />'


def _deep_form(depth: int) -> bytes:
    return b'{"type":"default","id":"refill_start","components":' + b'[{"type":"group","id":"g","components":' * depth


def _many_components(count: int) -> bytes:
    fields = [{"type": "textfield", "id": f"c{n}", "key": f"k{n}", "label": "x"} for n in range(count)]
    return json.dumps({"type": "default", "id": "refill_start", "schemaVersion": 19, "components": fields}).encode()


def _many_rules(count: int) -> bytes:
    rule = "<rule><inputEntry><text>1</text></inputEntry><outputEntry><text>1</text></outputEntry></rule>" * count
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="x">'
        '<decision id="big" name="big"><decisionTable><input><inputExpression><text>a</text></inputExpression></input>'
        f"<output name='o' />{rule}</decisionTable></decision></definitions>"
    ).encode()


def _aliases() -> bytes:
    levels = "\n".join(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10))
    return f"a0: &a0 [x,x,x,x,x,x,x,x,x]\n{levels}\n".encode()


HOSTILE: dict[str, Callable[[], Files]] = {
    "nothing": lambda: [("bad.bpmn", b"")],
    "noise": lambda: [("bad.bpmn", bytes(range(256)) * 4000)],
    "entities that multiply": lambda: [("bad.bpmn", _entities())],
    "entities in another encoding": lambda: [("bad.bpmn", _entities().decode().encode("utf-16"))],
    "deep elements": lambda: [("bad.bpmn", (OPENING + "<a>" * 200_000 + "</a>" * 200_000).encode())],
    "many elements": lambda: _diagram('<task id="t" />' * 200_000),
    "a maze": lambda: _diagram(_maze(3000)),
    "one name a million times long": lambda: _diagram(f'<startEvent id="{"s" * 1_000_000}" />'),
    "a process that calls itself": lambda: _diagram('<callActivity id="c" calledElement="bad" />'),
    "a script of another language": lambda: _diagram('<scriptTask id="t" scriptFormat="python"><script>0</script></scriptTask>'),
    "a zip that swells": lambda: _zip({"bad.bpmn": b"\0" * 100_000_000}),
    "a zip of many files": lambda: _zip({f"f{n}.form": b"{}" for n in range(5000)}),
    "a zip that climbs": lambda: _zip({"../../../etc/bad.bpmn": b"<x/>"}),
    "half a zip": lambda: [("bad.zip", _zip({"bad.bpmn": b"<x/>"})[0][1][:40])],
    "a deep form": lambda: _refill(refill_start__form=_deep_form(100_000)),
    "a form of many fields": lambda: _refill(refill_start__form=_many_components(30_000)),
    "a table of many rules": lambda: _refill(big__dmn=_many_rules(30_000)),
    "numbers that multiply": lambda: _refill(policy__yaml=_aliases()),
    "deep brackets": lambda: _with_condition("=" + "(" * 9000 + "1" + ")" * 9000 + " = 1"),
    "a long expression": lambda: _with_condition("=" + " + ".join(["1"] * 200_000) + " = 1"),
    "deep lists": lambda: _with_condition("=" + "[" * 9000 + "]" * 9000 + " = 1"),
    "a call of something else": lambda: _with_condition('=__import__("os").system("true")'),
}  # fmt: skip


class People:
    """A publisher who uploads, and an operator whose work must go on."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self.publisher, self.operator = Browser(served.address), Browser(served.address)
        self.publisher.sign_in("publisher", PASSWORD)
        self.operator.sign_in("operator", PASSWORD)
        self.runtime = bureau_on(served.database_url)

    def upload(self, files: Files) -> Page:
        page = self.publisher.get("/design/upload")
        return self.publisher.post(
            "/design/upload", page.hidden | {"note": "x"}, [("files", name, data) for name, data in files]
        )

    def work_goes_on(self) -> None:
        began = time.monotonic()
        assert self._served.answers(within=1.0)
        assert time.monotonic() - began < 1.0
        start = self.operator.get("/desk/start/reserve_refill")
        fields = {"start_region": TOWNSHIP, "fund_left": "9000", "last_allocation": "50000", "do": "start"}
        started = self.operator.post("/desk/start/reserve_refill", start.hidden | fields)
        assert started.status == 200
        assert search(rf"{TOWNSHIP}-\d\d-\d{{5}}", started.text)
        with self.runtime.read() as transaction:
            task = _last(transaction)
        page = self.operator.get(f"/desk/tasks/{task}")
        answers = {"refill_amount": "17", "refill_reason": "按上年支出测算", "do": "complete"}
        assert self.operator.post(f"/desk/tasks/{task}", page.hidden | answers).status == 303


def _last(transaction) -> int:
    return max(row.key for row in open_tasks(transaction) if row.element == "task_propose")


@pytest.fixture(scope="module")
def people(sqlite_files, tmp_path_factory: pytest.TempPathFactory) -> Iterator[People]:
    served = Served(tmp_path_factory.mktemp("hostile"), sqlite_files.fresh("bureau", prepare_bureau))
    served.start()
    try:
        made = People(served)
        yield made
        assert scan_invariants(made.runtime) == ()
        made.runtime.database.dispose()
    finally:
        served.kill()


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_upload_is_refused_and_work_goes_on_meanwhile(people, hostile):
    files = HOSTILE[hostile]()
    began = time.monotonic()
    with ThreadPoolExecutor(1) as pool:
        answering = pool.submit(people.upload, files)
        people.work_goes_on()
        while not answering.done():
            people.work_goes_on()
        answer = answering.result()
    assert answer.status in (400, 413, 422), answer.text[-2000:]
    assert time.monotonic() - began < LONGEST
    people.work_goes_on()


@pytest.mark.parametrize(
    "fields",
    [
        {"fund_left": "9" * 1_000_000},
        {"fund_left": "1e999999999"},
        {"last_allocation": "NaN"},
        {f"rows[{n}].x": "1" for n in range(2000)},
        {f"x{n}": "1" for n in range(5000)},
        {"fund_left": "\x00\ud83d".encode("utf-16", "surrogatepass").decode("latin-1")},
    ],
    ids=["a long number", "a huge number", "no number", "rows", "parts", "odd characters"],
)
def test_a_hostile_form_is_refused_and_work_goes_on(people, fields):
    page = people.operator.get("/desk/start/reserve_refill")
    beginning = {"start_region": TOWNSHIP, "do": "start", "last_allocation": "1", **fields}
    answer = people.operator.post("/desk/start/reserve_refill", page.hidden | beginning)
    assert answer.status in (400, 413, 422), answer.text[-2000:]
    people.work_goes_on()
