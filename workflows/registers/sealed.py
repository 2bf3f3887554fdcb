"""Which columns of the registers only the master key opens or makes."""

from __future__ import annotations

from engine.store.sealed import SealedColumn
from workflows.registers import tables as t

SEALED = (SealedColumn(t.temp_case.c.applicant, "temp_case/{case}"),)
BLIND = (t.temp_case.c.person, t.temp_case.c.phone, t.temp_case.c.address, t.monitored_person.c.person)
