"""A month's comparison of the disability subsidies for a whole city: planted wrong and missed payments, found exactly."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from stdnum.cn import ric

from engine.bundle import policy_in_force, read_library
from engine.dmn import Model, load
from engine.feel import Environment
from engine.runtime import Runtime
from engine.store.keys import new_key
from web.bench.payments import city
from workflows.registers import marks, regions
from workflows.registers.comparison import facts, findings, runs
from workflows.registers.comparison.findings import Verdict
from workflows.registers.comparison.lists import Card, Lists, News
from workflows.registers.ledger import CaseRef
from workflows.registers.tables import compare_finding, resident, roster, roster_amount

_BPMN = Path(__file__).parents[2] / "bpmn"
_MONTH, _SINCE, _BORN = date(2026, 11, 1), date(2026, 1, 1), date(1950, 1, 1)
_PAGE, _AT_ONCE, _AMOUNT = 500, 5_000, 60_00
# Every so many-th person has something wrong, each kind in turn.
_EVERY = 100
_KINDS = (
    "dead", "away", "custody", "no_card", "card_expired", "renewal_overdue", "tekun", "not_covered", "work_injury",
    "grade", "missed",
)  # fmt: skip
_FOUND = {"missed": ("missed", "none", "none"), "not_covered": ("wrong", "not_covered", None)}
_CARE_ALONE = {kind: ("wrong", None, kind) for kind in ("work_injury", "grade")}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on the rosters and lists of one county, with something wrong or nothing."""

    number: int
    county: str
    region: str
    wrong: str

    @property
    def id_no(self) -> str:
        """Return an identity number with a valid check digit."""
        born = _BORN + timedelta(days=self.number // 999)
        stem = f"{self.county}{born:%Y%m%d}{self.number % 999 + 1:03d}"
        return stem + str(ric.calc_check_digit(f"{stem}0"))

    @property
    def card(self) -> Card:
        """Return the card the federation lists."""
        ended = self.wrong in ("card_expired", "renewal_overdue")
        return Card(
            self.id_no, "某人", "13800000000", f"{self.id_no}41", self.region, "limb", 3 if self.wrong == "grade" else 1,
            date(2026, 6, 30) if ended else date(2035, 1, 31),
            date(2026, 6, 1) if self.wrong == "renewal_overdue" else None, care_need=True,
        )  # fmt: skip

    @property
    def news(self) -> News:
        """Return what the other departments say."""
        return News(
            self.id_no, date(2026, 10, 3) if self.wrong == "dead" else None, "110101" if self.wrong == "away" else None,
            self.wrong == "custody" or None, self.wrong == "work_injury" or None,
        )  # fmt: skip


def measure(people: int, address: str | None = None) -> dict[str, Any]:
    """Return seconds and peak memory of a comparison of so many people, and whether it found what was planted."""
    with TemporaryDirectory() as folder, city(Path(folder), address) as runtime:
        began, worked = time.perf_counter(), time.process_time()
        planted = _settle(runtime, people)
        loaded = time.perf_counter()
        table, groups = _Table(runtime), 0
        listed = found_s = 0.0
        for county in regions.counties():
            here = [one for one in _everybody(people) if one.county == county.code]
            first = time.perf_counter()
            run = _list(runtime, county.code, here)
            second = time.perf_counter()
            groups += _find(runtime, run, table)
            listed, found_s = listed + second - first, found_s + time.perf_counter() - second
        found = _found(runtime)
        return {
            "people": people,
            "planted_wrong": sum(one[0] == "wrong" for one in planted.values()),
            "planted_missed": sum(one[0] == "missed" for one in planted.values()),
            "found_exactly": found == planted,
            "groups_judged": groups,
            "load_s": round(loaded - began, 1),
            "lists_kept_s": round(listed, 1),
            "facts_judged_found_s": round(found_s, 1),
            "cpu_s": round(time.process_time() - worked, 1),
            "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }


class _Table:
    """The decision table with the numbers in force."""

    def __init__(self, runtime: Runtime) -> None:
        library = read_library(_BPMN)
        self._model: Model = load((_BPMN / "shared/d13_subsidies.dmn").read_bytes())
        self._feel = Environment(runtime.clock.now(), library.calendar)
        self._policy = policy_in_force(library.policies["shared"], _MONTH, "410721")

    def verdict(self, code: str) -> Verdict:
        """Return what the table says of people with these facts."""
        known = facts.Facts.of(code)
        ended = known.card not in ("valid", "renewing")
        asked = {**asdict(known), "grade": Decimal(known.grade), "card_expired": ended, "policy": self._policy}
        said = self._model.evaluate("subsidy_standing", asked, self._feel).value
        return Verdict(code, said["living"], said["care"], said["invite"])


def _everybody(people: int) -> Iterator[Person]:
    places = regions.townships()
    for number in range(people):
        wrong = _KINDS[number // _EVERY % len(_KINDS)] if number % _EVERY == 0 else ""
        region = places[number % len(places)].code
        yield Person(number, region[:6], region, wrong)


def _settle(runtime: Runtime, people: int) -> Mapping[bytes, tuple[str, str | None, str | None]]:
    """Enter everybody with the living allowance and both subsidies; return what must be found, by person."""
    planted = {}
    rows: dict[str, list[dict[str, Any]]] = {"resident": [], "roster": [], "amount": []}
    for one in _everybody(people):
        mark = marks.person(runtime.keyring, one.id_no) or b""
        if one.wrong:
            planted[mark] = (_FOUND | _CARE_ALONE).get(one.wrong, ("wrong", one.wrong, one.wrong))
        _enter(runtime, rows, one, mark)
        if len(rows["resident"]) == _AT_ONCE:
            _write(runtime, rows)
    _write(runtime, rows)
    return planted


def _enter(runtime: Runtime, rows: dict[str, list[dict[str, Any]]], one: Person, mark: bytes) -> None:
    now, holder = runtime.clock.now(), new_key()
    benefits = [] if one.wrong == "missed" else ["sub2_life", "sub2_care"]
    benefits += [] if one.wrong == "not_covered" else ["dibao"]
    benefits += ["tekun"] if one.wrong == "tekun" else []
    rows["resident"].append({"key": holder, "region": one.region, "id_no": mark, "died_on": None, "entered_at": now})
    for benefit in benefits:
        entry = new_key()
        rows["roster"].append({
            "key": entry, "benefit": benefit, "region": one.region, "holder": holder, "household": None, "case": entry,
            "number": "LS", "decision": entry, "state": "active", "class": None, "since": _SINCE, "until": None,
            "next_review": None, "account": None, "account_checked_at": None, "entered_at": now,
        })  # fmt: skip
        rows["amount"].append({
            "key": new_key(), "entry": entry, "amount": _AMOUNT, "decision": entry, "valid_from": _SINCE,
            "valid_to": None, "recorded_from": now, "recorded_to": None, "case": entry,
        })  # fmt: skip


def _write(runtime: Runtime, rows: dict[str, list[dict[str, Any]]]) -> None:
    with runtime.write() as transaction:
        for table, name in ((resident, "resident"), (roster, "roster"), (roster_amount, "amount")):
            transaction.insert(table, rows[name])
            rows[name].clear()


def _list(runtime: Runtime, county: str, here: Sequence[Person]) -> int:
    """Return the county's comparison with every list kept, a page a commit."""
    lists = Lists(runtime.keyring)
    with runtime.write() as transaction:
        run = runs.open_run(transaction, CaseRef(int(county), f"BD{county}", county), _MONTH)
    if run is None:
        raise RuntimeError("the month is compared already")
    cards = [one.card for one in here if one.wrong != "no_card"]
    news = [one.news for one in here if one.wrong in ("dead", "away", "custody", "work_injury")]
    for first in range(0, len(cards), _PAGE):
        with runtime.write() as transaction:
            lists.keep_cards(transaction, run, cards[first : first + _PAGE])
    with runtime.write() as transaction:
        lists.keep_news(transaction, run, news)
    return run


def _find(runtime: Runtime, run: int, table: _Table) -> int:
    """Return how many groups were judged."""
    with runtime.write() as transaction:
        facts.write_facts(transaction, run, 3)
        verdicts = [table.verdict(code) for code, _ in facts.groups(transaction, run)]
        findings.find(transaction, run, verdicts, 6)
        runs.close_run(transaction, run)
    return len(verdicts)


def _found(runtime: Runtime) -> Mapping[bytes, tuple[str, str | None, str | None]]:
    with runtime.read() as transaction:
        rows = transaction.execute(compare_finding.select()).all()
    return {row.person: (row.queue, row.living, row.care) for row in rows}
