"""The economic check as diagrams call it: request, open, answer, collect, points, report, withdraw, supplement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from engine.clock import add_months
from engine.errors import BpmnError, Forbidden, Invalid, ModelError, Text
from engine.model import LocalCall
from engine.store.sealing import Keyring
from engine.store.transaction import Transaction
from workflows.registers.authorisations import ECONOMIC_CHECK, Authorisation, Authorisations, valid, withdraw
from workflows.registers.checks import ANSWERED, MISSING, WITHDRAWN, CheckRegister, Purpose, Report, Step, Subject
from workflows.registers.households import HEAD
from workflows.registers.residents import Resident, Residents
from workflows.registers.valid_reports import ValidReports
from workflows.services.reading import case_of, key, number, text

_SUPPLEMENT = "check_supplement"
_WITHDRAWN = "CHECK_WITHDRAWN"
_NOBODY = Text(
    "该案件的核对里应有这个身份证号的人,但没有,请核对案件号和身份证号。",
    "Expected somebody of this identity number in the case's check, but there is nobody; check both numbers.",
)
_PAPER_VERSION = "F-02/2026-07"
_ELSEWHERE, _ELSEWHERE_NAME = "elsewhere", "异地协查"
_HANDED_OVER = (
    "request", "request_no", "origin", "purpose", "programme", "residence",
    "household", "elsewhere", "queries", "applicant_name", "id_no",
)  # fmt: skip


class CheckDesk:
    """The handlers that need the keys of the register of checks."""

    def __init__(self, keyring: Keyring) -> None:
        self._register = CheckRegister(keyring)
        self._reports = ValidReports(keyring)
        self._residents = Residents(keyring)
        self._authorisations = Authorisations(keyring)

    def request(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Return the registered request, and its members each with what the register of authorisations opens.

        An authorisation on paper that the request brings along is entered there first.
        """
        items = [str(item) for item in call.variables.get("items") or ()]
        rows = [_member(str(place), row) for place, row in enumerate(_rows(call, "rows"), 1)]
        own = next((row for row in rows if row["relation"] == HEAD), rows[0] if rows else {})
        members = [self._authorised(call, transaction, row, items, own) for row in rows]
        why = Purpose(*(text(call, name) for name in ("origin", "purpose", "programme", "residence")))
        known = int(text(call, "request")) if text(call, "request") else None
        subjects = [_subject(member) for member in members]
        found = self._register.request(transaction, _step(call), known, why, subjects)
        return {
            "request": str(found.key),
            "request_no": found.number,
            "members": members,
            "applicant_name": own.get("name", ""),
            "id_no": own.get("id_no", ""),
        }

    def _authorised(
        self,
        call: LocalCall,
        transaction: Transaction,
        row: Mapping[str, Any],
        items: Sequence[str],
        own: Mapping[str, Any],
    ) -> dict[str, Any]:
        case, today, until = case_of(call), transaction.now.date(), row["authorised_until"]
        person = Resident(row["name"], row["id_no"])
        resident = self._residents.find(transaction, row["id_no"]) or self._residents.enter(
            transaction, case, person, today
        )
        found = valid(transaction, [resident], ECONOMIC_CHECK, today)
        if not found and row["authorised"] and until is not None and until > today:
            signed = _on_paper(resident, row, items, own, transaction.now, minor=_is_minor(call, row, today))
            self._authorisations.give(transaction, case, signed)
            found = valid(transaction, [resident], ECONOMIC_CHECK, today)
        said = "有效" if found else "核对授权书已过期" if row["authorised"] else "没有签署核对授权书"
        scope = sorted(found[-1].scope & set(items)) if found else []
        opened = {"authorisation_key": str(found[-1].key) if found else "", "authorisation": said, "scope": scope}
        return {**row, "resident": str(resident), **opened}

    def open(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Note every query that is about to go out. Raises Forbidden for a member nobody may ask about."""
        request = key(call, "request")
        opened = self._register.scope(transaction, request)
        wanted: dict[tuple[str, str], list[str]] = {}
        for query in _rows(call, "queries"):
            members = [str(member["member"]) for member in query["members"]]
            for member in members:
                if not opened.get(member, frozenset()) & {str(scope) for scope in query["scopes"]}:
                    raise Forbidden(_not_authorised(query, member))
            wanted[str(query["source"]), str(query["name"])] = members
        self._register.open(transaction, case_of(call), request, _why(call), wanted)
        return {"opened": True}

    def find_report(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Return as ``found`` the report on the same people that still holds and answers every query, null without one."""
        request, today = key(call, "request"), transaction.now.date()
        wanted = {str(query["source"]) for query in _rows(call, "queries")}
        return {"found": self._reports.still_valid(transaction, request, wanted, today)}

    def still(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Return nothing while the members may still be asked about.

        Raises the BPMN error CHECK_WITHDRAWN once the request was ended or one of them took the authorisation back.
        """
        request = key(call, "request")
        found = self._register.find(transaction, request)
        if found is None:
            return {}
        opened = self._register.scope(transaction, request)
        asked = {str(member["member"]) for member in _rows(call, "members")}
        if found.status == WITHDRAWN or not asked <= opened.keys():
            raise BpmnError(_WITHDRAWN, {})
        return {}

    def stop(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """End every request of the case ``origin``: what sources answered is removed, issued reports stay."""
        for request in self._register.of_origin(transaction, case_of(call).region, text(call, "origin")):
            self._register.close(transaction, request, WITHDRAWN)
        return {"stopped": True}

    def withdraw(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Return as ``running`` the case number of the check that still runs for the case ``origin``, empty without one.

        The member's authorisations end, and what sources answered for the case is removed. Raises Invalid when the case
        had nobody of this identity number checked.
        """
        region, origin = case_of(call).region, text(call, "origin")
        resident = self._residents.find(transaction, text(call, "member_id_no"))
        asked = self._register.about(transaction, region, origin, resident)
        if resident is None or not asked:
            raise Invalid(_NOBODY, {"member_id_no": _NOBODY})
        withdraw(transaction, resident, ECONOMIC_CHECK, text(call, "withdrawn_reason"))
        running = [one for one in asked if one.status in ("requested", "opened")]
        for one in asked:
            if one.status != WITHDRAWN:
                self._register.close(transaction, one.key, WITHDRAWN)
        return {"running": running[-1].number.split("-核")[0] if running else ""}

    def elsewhere(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Note that other regions are asked about these members. Raises ModelError for one without authorisation."""
        request = key(call, "request")
        opened = self._register.scope(transaction, request)
        members = [str(member["member"]) for member in _rows(call, "elsewhere")]
        for member in members:
            if not opened.get(member):
                raise ModelError(_not_authorised({"name": _ELSEWHERE_NAME}, member), call.element)
        wanted = {(_ELSEWHERE, _ELSEWHERE_NAME): members}
        self._register.open(transaction, case_of(call), request, _why(call), wanted)
        return {"asked": True}

    def answer(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Keep what a source answered; a repeated answer changes nothing."""
        items = [dict(item) for item in _rows(call, "items")]
        self._register.answer(transaction, key(call, "request"), text(call, "source"), items, text(call, "way"))
        return {"answered": True}

    def missing(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Note that a source stayed silent until its deadline."""
        self._register.miss(transaction, key(call, "request"), text(call, "source"))
        return {"answered": False}

    def collect(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Return what all sources have answered by now, also late or by letter, and which have not."""
        calls = self._register.calls(transaction, key(call, "request"))
        return {
            "answers": [
                {"source": one.source, "name": one.name, "items": [_item(item) for item in one.items]}
                for one in calls
                if one.status == ANSWERED
            ],
            "missing": [{"source": one.source, "name": one.name} for one in calls if one.status == MISSING],
        }

    def points(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Keep the sketch points and return them."""
        points = [dict(point) for point in _rows(call, "points")]
        self._register.points(transaction, case_of(call).region, key(call, "request"), points)
        return {"points": points}

    def report(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """Return the report as issued: number, version, digest, until when it holds; the points say what was cleared."""
        cleared = [str(point) for point in call.variables.get("cleared") or ()]
        missing = [str(source["name"]) for source in _rows(call, "missing")]
        assets = _assets(call, missing)
        issued = self._register.issued(transaction, _step(call)) or self._issue(
            call, transaction, {"assets": assets, "missing": missing, "cleared": cleared}
        )
        return {
            "report_no": issued.number,
            "report_version": issued.version,
            "report_hash": issued.hash,
            "report_valid_until": issued.valid_until,
            "assets_result": assets,
            "points": [
                {**point, "verified": False if str(point["point"]) in cleared else None}
                for point in _rows(call, "computed_points")
            ],
        }

    def _issue(self, call: LocalCall, transaction: Transaction, found: Mapping[str, Any]) -> Report:
        request, points = key(call, "request"), _rows(call, "computed_points")
        facts = {
            **found,
            "result": text(call, "check_result"),
            "note": text(call, "operator_note"),
            "income": call.variables.get("income"),
            "dibao_assets": text(call, "dibao_assets"),
            "edge_assets": text(call, "edge_assets"),
            "points": points,
        }
        until = transaction.now.date() + timedelta(days=int(number(call, "check.report_valid_days")))
        self._register.points(transaction, case_of(call).region, request, points)
        issued = self._register.issue(transaction, _step(call), request, facts, until)
        self._register.clear(transaction, request, issued.version, found["cleared"])
        return issued

    def close(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """End the request: nobody is asked without an authorisation."""
        self._register.close(transaction, key(call, "request"), text(call, "outcome"))
        return {"closed": True}

    def purge(self, call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
        """End the request of somebody who withdrew, and remove what sources had answered; issued reports stay."""
        if text(call, "request"):
            self._register.close(transaction, key(call, "request"), WITHDRAWN)
        return {"purged": True}


def supplement(call: LocalCall, transaction: Transaction) -> Mapping[str, Any]:
    """Have what is late or elsewhere followed up by a case of its own, so that the report need not wait."""
    values = {name: call.variables.get(name) for name in _HANDED_OVER}
    transaction.request_case(_SUPPLEMENT, case_of(call).region, values)
    return {"asked": True}


def _why(call: LocalCall) -> tuple[str, str]:
    """Return the purpose and who has it done, empty where no person does."""
    return text(call, "purpose"), str(call.case.get("actor") or "")


def _step(call: LocalCall) -> Step:
    return Step(case_of(call), call.token)


def _member(place: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of the request with every name that later steps read."""
    id_no = str(row.get("member_id_no") or row.get("id_no") or "")
    return {
        "member": place,
        "name": str(row.get("member_name") or row.get("name") or ""),
        "id_no": id_no,
        "birth_date": _born(id_no),
        "relation": str(row.get("relation") or "其他"),
        "job": str(row.get("job") or "none"),
        "lives_together": bool(row.get("lives_together")),
        "dependent": bool(row.get("dependent")),
        "absence": str(row.get("absence") or "no"),
        "hukou": str(row.get("hukou") or ""),
        "authorised": bool(row.get("authorised")),
        "authorised_until": _day(row.get("authorised_until")),
    }


def _is_minor(call: LocalCall, row: Mapping[str, Any], today: date) -> bool:
    """Return whether the member is too young to sign; one whose birthday nobody told signs."""
    born, of_age = row["birth_date"], int(number(call, "authorisation.adult_age"))
    return born is not None and add_months(born, 12 * of_age) > today


def _on_paper(
    resident: int,
    row: Mapping[str, Any],
    items: Sequence[str],
    own: Mapping[str, Any],
    now: datetime,
    *,
    minor: bool,
) -> Authorisation:
    """Return the authorisation a member signed on paper; the applicant signs for a minor."""
    return Authorisation(
        resident=resident,
        purpose=ECONOMIC_CHECK,
        scope=tuple(items),
        way="paper",
        version=_PAPER_VERSION,
        signer=str(own["name"] if minor else row["name"]),
        signer_as="监护人" if minor else HEAD,
        given_at=now,
        valid_to=row["authorised_until"],
    )


def _subject(member: Mapping[str, Any]) -> Subject:
    authorisation = int(member["authorisation_key"]) if member["authorisation_key"] else None
    return Subject(member["member"], int(member["resident"]), member["relation"], authorisation)


def _born(id_no: str) -> date | None:
    """Return the birth date within an identity number of 18 signs."""
    try:
        return date(int(id_no[6:10]), int(id_no[10:12]), int(id_no[12:14]))
    except ValueError:
        return None


def _day(value: Any) -> date | None:
    if isinstance(value, date):
        return value
    return date.fromisoformat(str(value)) if value else None


def _item(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return an answered item with every name that decisions read; absent ones are null or empty."""
    found = item.get("number")
    return {
        "member": str(item.get("member") or ""),
        "code": str(item.get("code") or ""),
        "number": found if found is None or isinstance(found, Decimal) else Decimal(str(found)),
        "text": str(item.get("text") or ""),
        "unit": str(item.get("unit") or ""),
        "as_of": str(item.get("as_of") or ""),
    }


def _assets(call: LocalCall, missing: Sequence[str]) -> str:
    """Return ``exceeds``, ``ok``, or ``unclear`` where nothing exceeds but not every source answered."""
    decided = text(call, "edge_assets" if text(call, "programme") == "edge" else "dibao_assets")
    return "unclear" if decided == "ok" and missing else decided


def _rows(call: LocalCall, name: str) -> Sequence[Mapping[str, Any]]:
    return call.variables.get(name) or ()


def _not_authorised(query: Mapping[str, Any], member: str) -> Text:
    return Text(
        f"向「{query['name']}」查询的第 {member} 名成员应有覆盖该项目的有效授权,但没有,不得查询;请退回补签,或记为拒绝授权。",
        f"Expected a valid authorisation of member {member} for “{query['name']}”, but there is none, so nobody is asked; "
        "return the request for a signature, or note that it is refused.",
    )
