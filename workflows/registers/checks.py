"""The register of economic checks: what was asked about whom, what came back, what was reported."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.store.keys import new_key
from engine.store.sealing import Keyring
from engine.store.transaction import Transaction
from engine.store.values import pack, unpack
from workflows.registers.authorisations import ECONOMIC_CHECK, Valid, valid
from workflows.registers.ledger import CaseRef
from workflows.registers.tables import (
    check_person,
    check_report,
    check_request,
    check_source_call,
    query_log,
    sketch_point,
)
from workflows.registers.upsert import ignoring

ANSWERED, ASKED, MISSING, PURGED = "answered", "asked", "missing", "purged"
# How a request stands whose data was taken back.
WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Step:
    """A passage of a case through an element; done again it has the same token."""

    case: CaseRef
    token: int


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a check is for: the case that wants it, the purpose, the programme, whose standard applies."""

    origin: str
    purpose: str
    programme: str
    residence: str


@dataclass(frozen=True, slots=True)
class Subject:
    """A resident to be checked, by the member's number within the request; ``authorisation`` opens the data."""

    member: str
    resident: int
    relation: str
    authorisation: int | None


@dataclass(frozen=True, slots=True)
class Request:
    """A request as the register knows it."""

    key: int
    number: str
    status: str


@dataclass(frozen=True, slots=True)
class Call:
    """One source and how it stands; ``items`` are what it answered."""

    source: str
    name: str
    status: str
    items: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """An issued report: immutable, one more version each time."""

    number: str
    version: int
    hash: str
    valid_until: date


class CheckRegister:
    """The register as seen with the keys that blind and seal it."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def request(
        self, transaction: Transaction, step: Step, known: int | None, why: Purpose, subjects: Sequence[Subject]
    ) -> Request:
        """Return the request with its number; one that was returned is corrected and keeps its number."""
        case = step.case
        facts = {"origin": why.origin, "purpose": why.purpose, "programme": why.programme, "residence": why.residence}
        c = check_request.c
        mine = sa.select(c.key).where(c.case == case.key, sa.or_(c.token == step.token, c.key == known))
        key = transaction.execute(mine).scalar()
        if key is None:
            key = new_key()
            self.take_over(transaction, step, key, _next_number(transaction, case), why, subjects)
        else:
            transaction.execute(check_request.update().where(check_request.c.key == key).values(**facts))
            self._name(transaction, case, key, subjects)
        found = self.find(transaction, key)
        assert found is not None
        return found

    def take_over(
        self, transaction: Transaction, step: Step, key: int, number: str, why: Purpose, subjects: Sequence[Subject]
    ) -> None:
        """Enter a request that was begun under this key and number before, with whom it is about."""
        case = step.case
        row = {"key": key, "region": case.region, "case": case.key, "number": number, "origin": why.origin}
        row |= {"purpose": why.purpose, "programme": why.programme, "residence": why.residence, "status": "requested"}
        transaction.insert(
            check_request,
            [row | {"requested_at": transaction.now, "opened_at": None, "closed_at": None, "token": step.token}],
        )
        self._name(transaction, case, key, subjects)

    def find(self, transaction: Transaction, key: int) -> Request | None:
        """Return a request, None when there is none of the key."""
        c = check_request.c
        row = transaction.execute(sa.select(c.key, c.number, c.status).where(c.key == key)).first()
        return Request(row.key, row.number, row.status) if row else None

    def of_origin(self, transaction: Transaction, region: str, origin: str) -> Sequence[int]:
        """Return the requests that were made for the case of this number and are not taken back."""
        c = check_request.c
        made = (c.region == region, c.origin == origin, c.status != WITHDRAWN)
        return list(transaction.execute(sa.select(c.key).where(*made).order_by(c.key)).scalars())

    def about(self, transaction: Transaction, region: str, origin: str, resident: int | None) -> Sequence[Request]:
        """Return the requests for the case of this number that are about the resident, also ended ones, oldest first."""
        c, p = check_request.c, check_person.c
        asked = sa.select(c.key, c.number, c.status).join(check_person, p.request == c.key)
        made = (c.region == region, c.origin == origin, p.resident == resident)
        rows = transaction.execute(asked.where(*made).order_by(c.key))
        return [Request(row.key, row.number, row.status) for row in rows]

    def open(
        self,
        transaction: Transaction,
        case: CaseRef,
        key: int,
        why: tuple[str, str],
        wanted: Mapping[tuple[str, str], Sequence[str]],
    ) -> None:
        """Note that each (source, name) is asked about its members, in the log of every one of them.

        ``why`` is the purpose and the name of who has it done.
        """
        purpose, by = why
        opened = self._opened(transaction, key)
        calls = [
            {"request": key, "source": source, "region": case.region, "name": name, "status": ASKED, "way": None}
            | {"asked_at": transaction.now, "answered_at": None, "raw": None, "raw_hash": None}
            for source, name in wanted
        ]
        if calls:
            _ASKED_ONCE.run(transaction, calls)
        logged = [
            {"region": case.region, "case": case.key, "number": case.number, "request": key}
            | {"resident": opened[member].resident, "authorisation": opened[member].key}
            | {"source": source, "purpose": purpose, "asked_by": by, "asked_at": transaction.now}
            for (source, _name), members in wanted.items()
            for member in members
        ]
        if logged:
            _LOGGED_ONCE.run(transaction, logged)
        self._stand(transaction, key, "opened", "opened_at")

    def scope(self, transaction: Transaction, key: int) -> Mapping[str, frozenset[str]]:
        """Return the kinds of data that may be asked about each member today; one who withdrew is left out."""
        return {member: valid.scope for member, valid in self._opened(transaction, key).items()}

    def answer(
        self, transaction: Transaction, key: int, source: str, items: Sequence[Mapping[str, Any]], way: str
    ) -> None:
        """Keep what a source answered, sealed and with its digest; a second answer of the same source changes nothing."""
        raw = pack(list(items))
        values = {"status": ANSWERED, "way": way, "answered_at": transaction.now, "raw_hash": _digest(raw)}
        values["raw"] = self._keyring.seal(raw, _place("raw", key, source))
        c = check_source_call.c
        awaited = (c.request == key, c.source == source, c.status.in_((ASKED, MISSING)))
        transaction.execute(check_source_call.update().where(*awaited).values(**values))

    def miss(self, transaction: Transaction, key: int, source: str) -> None:
        """Note that a source did not answer in time; what it answered before stays."""
        c = check_source_call.c
        silent = (c.request == key, c.source == source, c.status == ASKED)
        transaction.execute(check_source_call.update().where(*silent).values(status=MISSING))

    def calls(self, transaction: Transaction, key: int) -> Sequence[Call]:
        """Return every source that was asked, in the order of its name, with what it answered."""
        c = check_source_call.c
        rows = transaction.execute(sa.select(check_source_call).where(c.request == key).order_by(c.source)).all()
        return [Call(row.source, row.name, row.status, self._raw(row)) for row in rows]

    def points(self, transaction: Transaction, region: str, key: int, points: Sequence[Mapping[str, Any]]) -> None:
        """Keep the sketch points for the report that comes next; computed again before it is issued they replace."""
        version = self.last_version(transaction, key) + 1
        c = sketch_point.c
        transaction.execute(sketch_point.delete().where(c.request == key, c.version == version))
        calls = check_source_call.c
        known = transaction.execute(sa.select(calls.source, calls.raw_hash).where(calls.request == key))
        hashes = {row.source: row.raw_hash for row in known}
        rows = [self._point(region, key, version, point, hashes) for point in points]
        if rows:
            transaction.insert(sketch_point, rows)

    def clear(self, transaction: Transaction, key: int, version: int, cleared: Sequence[str]) -> None:
        """Note which points of a report were found not to hold."""
        c = sketch_point.c
        of_report = (c.request == key, c.version == version)
        transaction.execute(sketch_point.update().where(*of_report, c.point.in_(list(cleared))).values(verified=False))

    def last_version(self, transaction: Transaction, key: int) -> int:
        """Return the version of the last report, zero before the first."""
        newest = sa.select(sa.func.max(check_report.c.version)).where(check_report.c.request == key)
        return int(transaction.execute(newest).scalar() or 0)

    def issued(self, transaction: Transaction, step: Step) -> Report | None:
        """Return the report that this step of the case issued, None before it did."""
        c = check_report.c
        written = sa.select(c.number, c.version, c.hash, c.valid_until)
        row = transaction.execute(written.where(c.case == step.case.key, c.token == step.token)).first()
        return Report(row.number, row.version, row.hash, row.valid_until) if row else None

    def issue(
        self, transaction: Transaction, step: Step, key: int, facts: Mapping[str, Any], valid_until: date
    ) -> Report:
        """Return the report, written once and for all; ``facts`` hold ``result``, ``assets``, ``missing`` and the rest."""
        found = self.find(transaction, key)
        if found is None:
            raise KeyError(key)
        version = self.last_version(transaction, key) + 1
        number = f"{found.number}-{version}"
        body = pack({**facts, "number": number, "valid_until": valid_until})
        report = Report(number, version, _digest(body), valid_until)
        row = {"request": key, "version": version, "region": step.case.region, "case": step.case.key}
        row |= {"number": number, "token": step.token}
        row |= {"result": facts["result"], "assets": facts["assets"], "missing": ",".join(facts["missing"])}
        row |= {"body": self._keyring.seal(body, report_place(key, version)), "hash": report.hash}
        transaction.insert(check_report, [row | {"valid_until": valid_until, "issued_at": transaction.now}])
        self._stand(transaction, key, "reported", "closed_at")
        return report

    def close(self, transaction: Transaction, key: int, status: str) -> None:
        """End a request without a report: ``no_authorisation``, or ``withdrawn`` with its raw data removed."""
        if status == WITHDRAWN:
            c = check_source_call.c
            transaction.execute(check_source_call.update().where(c.request == key).values(raw=None, status=PURGED))
            unsaid = (sketch_point.c.request == key, sketch_point.c.version > self.last_version(transaction, key))
            transaction.execute(sketch_point.delete().where(*unsaid))
        self._stand(transaction, key, status, "closed_at")

    def _name(self, transaction: Transaction, case: CaseRef, key: int, subjects: Sequence[Subject]) -> None:
        transaction.execute(check_person.delete().where(check_person.c.request == key))
        rows = [
            {"request": key, "member": one.member, "region": case.region, "resident": one.resident}
            | {"relation": one.relation, "authorisation": one.authorisation}
            for one in subjects
        ]
        if rows:
            transaction.insert(check_person, rows)

    def _opened(self, transaction: Transaction, key: int) -> Mapping[str, Valid]:
        c = check_person.c
        people = transaction.execute(sa.select(c.member, c.resident, c.authorisation).where(c.request == key)).all()
        residents = [row.resident for row in people]
        found = {one.key: one for one in valid(transaction, residents, ECONOMIC_CHECK, transaction.now.date())}
        return {row.member: found[row.authorisation] for row in people if row.authorisation in found}

    def _raw(self, row: sa.Row[Any]) -> Sequence[Mapping[str, Any]]:
        if row.raw is None:
            return ()
        found: Sequence[Mapping[str, Any]] = unpack(self._keyring.open(row.raw, _place("raw", row.request, row.source)))
        return found

    def _point(
        self, region: str, key: int, version: int, point: Mapping[str, Any], hashes: Mapping[str, str | None]
    ) -> dict[str, Any]:
        number = str(point["point"])
        row = {"request": key, "version": version, "point": number, "region": region, "source": str(point["source"])}
        row |= {"member": str(point["member"]), "item": str(point["code"]), "effect": str(point["effect"])}
        row |= {"severity": str(point["severity"]), "verified": None, "raw_hash": hashes.get(str(point["source"]))}
        return row | {"said": self._keyring.seal(pack(dict(point)), _place("point", key, version, number))}

    def _stand(self, transaction: Transaction, key: int, status: str, at: str) -> None:
        changed = check_request.update().where(check_request.c.key == key)
        transaction.execute(changed.values({"status": status, at: transaction.now}))


def log_of(transaction: Transaction, resident: int) -> Sequence[sa.Row[Any]]:
    """Return who was asked about the resident in which case and for which purpose, newest first."""
    c = query_log.c
    asked = sa.select(c.number, c.source, c.purpose, c.authorisation, c.asked_at).where(c.resident == resident)
    return transaction.execute(asked.order_by(c.asked_at.desc(), c.source)).all()


def _next_number(transaction: Transaction, case: CaseRef) -> str:
    count = sa.select(sa.func.count()).where(check_request.c.region == case.region, check_request.c.case == case.key)
    return f"{case.number}-核{int(transaction.execute(count).scalar() or 0) + 1}"


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def report_place(request: int, version: int) -> bytes:
    """Return the place that the body of a report is sealed for."""
    return _place("report", request, version)


def _place(kind: str, *parts: object) -> bytes:
    return "/".join(("check", kind, *map(str, parts))).encode()


_ASKED_ONCE, _LOGGED_ONCE = ignoring(check_source_call), ignoring(query_log)
