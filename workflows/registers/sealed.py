"""Which columns of the registers only the master key opens or makes."""

from __future__ import annotations

from engine.store.sealed import SealedColumn
from workflows.registers import tables as t

SEALED = (
    SealedColumn(t.temp_case.c.applicant, "temp_case/{case}"),
    SealedColumn(t.resident_version.c.facts, "resident/{resident}"),
    SealedColumn(t.household_version.c.facts, "household/{household}"),
    SealedColumn(t.authorisation.c.signer, "authorisation/{key}"),
    SealedColumn(t.publicity.c.shown, "publicity/{key}"),
    SealedColumn(t.roster.c.account, "roster/{key}"),
    SealedColumn(t.check_source_call.c.raw, "check/raw/{request}/{source}"),
    SealedColumn(t.sketch_point.c.said, "check/point/{request}/{version}/{point}"),
    SealedColumn(t.check_report.c.body, "check/report/{request}/{version}"),
    SealedColumn(t.child_case.c.guardian, "child/guardian/{case}"),
    SealedColumn(t.compare_person.c.who, "compare_person/{sealed_as}"),
    SealedColumn(t.care_agreement.c.facts, "child/agreement/{case}"),
    SealedColumn(t.sweep_ledger.c.why, "sweep_ledger/why/{key}"),
    SealedColumn(t.sweep_ledger.c.excused, "sweep_ledger/excused/{key}"),
    SealedColumn(t.sweep_person.c.facts, "sweep/{ledger}/{person}"),
    SealedColumn(t.payroll_file_part.c.content, "payroll_file_part/{batch}/{part}", at_once=20),
)
BLIND = (
    t.temp_case.c.person,
    t.temp_case.c.phone,
    t.temp_case.c.address,
    t.monitored_person.c.person,
    t.resident.c.id_no,
    t.resident_version.c.name,
    t.resident_version.c.phone,
    t.household_version.c.address,
    t.credit_record.c.person,
    t.compare_person.c.person,
    t.compare_finding.c.person,
    t.application.c.person,
    t.application.c.phone,
    t.application.c.address,
)
