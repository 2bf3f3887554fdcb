"""Economic checks that a scenario takes as begun before it starts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.clock import add_months
from engine.store.keys import new_key
from engine.store.sealing import Keyring
from engine.store.transaction import Transaction
from workflows.registers.authorisations import ECONOMIC_CHECK, Authorisation, Authorisations
from workflows.registers.checks import WITHDRAWN, CheckRegister, Purpose, Step, Subject
from workflows.registers.households import HEAD
from workflows.registers.ledger import CaseRef
from workflows.registers.residents import Resident, Residents


def begin_check(transaction: Transaction, begun: Mapping[str, Any], keyring: Keyring) -> None:
    """Enter ``{request, region, members, silent, answered, report, withdrawn}``: a request under this key.

    Sources stayed ``silent`` or ``answered`` that they know nothing; the ``report`` {valid_until, per_head} found all as
    declared; ``withdrawn`` says that the request was ended since.
    """
    key, register = int(begun["request"]), CheckRegister(keyring)
    case = CaseRef(new_key(), "既有案件", str(begun["region"]))
    subjects = [_subject(transaction, case, one, keyring) for one in begun["members"]]
    register.take_over(
        transaction, Step(case, 0), key, f"核{key}", Purpose(case.number, "new", "dibao", "rural"), subjects
    )
    silent = {str(source): str(name) for source, name in begun.get("silent", {}).items()}
    register.open(transaction, case, key, ("new", ""), {pair: [] for pair in silent.items()})
    for source in silent:
        register.miss(transaction, key, source)
    _answer(transaction, register, case, key, begun.get("answered", {}))
    if begun.get("report"):
        _report(transaction, register, case, key, begun["report"])
    if begun.get("withdrawn"):
        register.close(transaction, key, WITHDRAWN)


def _answer(
    transaction: Transaction, register: CheckRegister, case: CaseRef, key: int, names: Mapping[str, str]
) -> None:
    pairs: dict[tuple[str, str], list[str]] = {(source, name): [] for source, name in names.items()}
    register.open(transaction, case, key, ("new", ""), pairs)
    for source in names:
        register.answer(transaction, key, source, [], "interface")


def _report(
    transaction: Transaction, register: CheckRegister, case: CaseRef, key: int, said: Mapping[str, Any]
) -> None:
    facts: dict[str, Any] = {
        "result": "符合",
        "assets": "ok",
        "missing": [],
        "points": [],
        "dibao_assets": "ok",
        "edge_assets": "ok",
    }
    facts["income"] = {"per_head": said["per_head"]}
    until = said["valid_until"]
    until = until if isinstance(until, date) else date.fromisoformat(str(until))
    register.issue(transaction, Step(case, key), key, facts, until)


def _subject(transaction: Transaction, case: CaseRef, one: Mapping[str, Any], keyring: Keyring) -> Subject:
    today, name = transaction.now.date(), str(one["name"])
    resident = Residents(keyring).enter(transaction, case, Resident(name, str(one["id_no"])), today)
    signed = Authorisation(
        resident=resident,
        purpose=ECONOMIC_CHECK,
        scope=tuple(one["scope"]),
        way="paper",
        version="1",
        signer=name,
        signer_as=HEAD,
        given_at=transaction.now,
        valid_to=add_months(today, 12),
    )
    authorisation = Authorisations(keyring).give(transaction, case, signed)
    return Subject(str(one["member"]), resident, str(one["relation"]), authorisation)
