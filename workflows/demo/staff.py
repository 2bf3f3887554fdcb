"""The demo's people: every role somewhere, and operators and approvers in every township and county."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from engine.commands.add_person import add_person
from engine.commands.sign_in import hash_password
from engine.model import SYSTEM, Grant
from engine.runtime import Runtime
from engine.store.transaction import Transaction
from workflows.demo.citizens import dice, person_name
from workflows.registers import regions

DEMO_PASSWORD = "xinxiang-2026"  # noqa: S105 - printed on the demo's sign-in page
_CITY = regions.CITY

# The counties' names as logins spell them.
_COUNTIES = {
    "410702": "hongqi",
    "410703": "weibin",
    "410704": "fengquan",
    "410711": "muye",
    "410721": "xinxiangxian",
    "410724": "huojia",
    "410725": "yuanyang",
    "410726": "yanjin",
    "410727": "fengqiu",
    "410771": "gaoxin",
    "410772": "jingkai",
    "410773": "pingyuan",
    "410781": "weihui",
    "410782": "huixian",
    "410783": "changyuan",
}
_TOWNSHIPS = {"410702100": "hongmen", "410702101": "xiaodian", "410721101": "zhaipo", "410782102": "yuhe"}
_CITY_ROLES = (
    "city_operator",
    "city_supervisor",
    "auditor",
    "sec_admin",
    "sys_admin",
    "audit_admin",
    "designer",
    "publisher",
    "manager",
    "operations",
)
_VILLAGE_ROLES = ("village_assistant", "village_committee", "child_director")
_CHILD_COUNTY_ROLES = ("child_county_operator", "child_county_approver")
_SHOWN_ROLES = (
    "village_assistant",
    "township_operator",
    "township_approver",
    "county_operator",
    "county_approver",
    *_CITY_ROLES,
)


class Login(NamedTuple):
    """A way to sign in to the demo."""

    login: str
    name: str
    role: str
    region: str


def everybody() -> Iterator[Login]:
    """Yield the demo's staff, the same at every start."""
    random = dice("staff")
    for unit in regions.townships():
        stem = _TOWNSHIPS.get(unit.code, f"t{unit.code}")
        for login, role in (
            (f"{stem}_operator", "township_operator"),
            (f"{stem}_operator2", "township_operator"),
            (f"{stem}_approver", "township_approver"),
        ):
            yield Login(login, person_name(random), role, unit.code)
    for code, stem in _TOWNSHIPS.items():
        for role in _VILLAGE_ROLES:
            yield Login(f"{stem}_{role.removeprefix('village_')}", person_name(random), role, f"{code}001")
        for role in ("child_supervisor", "child_township_approver"):
            yield Login(f"{stem}_{role}", person_name(random), role, code)
    for code, stem in _COUNTIES.items():
        for role in ("county_operator", "county_approver", "finance", "agent_bank", *_CHILD_COUNTY_ROLES):
            yield Login(f"{stem}_{role.removeprefix('county_')}", person_name(random), role, code)
    for role in _CITY_ROLES:
        yield Login(role, person_name(random), role, _CITY)
    for role in ("institution", "social_worker"):
        yield Login(role, person_name(random), role, "410702")


LOGINS: tuple[Login, ...] = tuple(
    one
    for one in everybody()
    if one.role in _SHOWN_ROLES and (one.region == _CITY or one.region.startswith(("410702100", "410721101")))
) + tuple(
    one for one in everybody() if one.region in ("410702", "410721") and one.role.startswith(("county", "finance"))
)


def add_staff(runtime: Runtime, transaction: Transaction) -> None:
    """Add everybody with the demo's password, hashed once."""
    hashed = hash_password(DEMO_PASSWORD)
    for one in everybody():
        add_person(
            runtime,
            transaction,
            SYSTEM,
            login=one.login,
            name=one.name,
            password=DEMO_PASSWORD,
            grants=(Grant(one.role, one.region),),
            password_hash=hashed,
        )
