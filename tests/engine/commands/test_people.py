from datetime import timedelta

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher

from engine.commands.add_person import add_person
from engine.commands.move_clock import move_clock
from engine.commands.record_denial import record_denial
from engine.commands.reveal import reveal
from engine.commands.sign_in import LOCKED_FOR, PER_ADDRESS, sign_in
from engine.commands.sign_out import sign_out
from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.model import Grant
from engine.queries.people import people
from engine.queries.session import signed_in
from engine.queries.trail import trail
from engine.store import tables as t
from engine.testing.places import HILL, LAKE

PASSWORD = "correct horse battery"  # of a made-up person


@pytest.fixture(autouse=True)
def _cheap_hashing(monkeypatch):
    """Sixty passwords would otherwise take a minute."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr("engine.commands.sign_in._hasher", cheap)
    monkeypatch.setattr("engine.commands.sign_in._NOBODY", cheap.hash("nobody"))


@pytest.fixture
def admin(staff):
    return staff.person("admin")


@pytest.fixture
def wang(desk, admin):
    grants = (Grant("clerk", HILL),)
    return desk.do(add_person, admin, login="wang.fang", name="王芳", password=PASSWORD, grants=grants)


def _sign_in(runtime, password: str = PASSWORD, login: str = "wang.fang", address: str = "10.0.0.1"):
    with runtime.write() as transaction:
        return sign_in(runtime, transaction, login=login, password=password, address=address)


def _who(runtime, token: str):
    with runtime.read() as transaction:
        return signed_in(transaction, token, "10.0.0.1")


def test_a_person_signs_in_acts_with_their_roles_and_signs_out(runtime, wang):
    done = _sign_in(runtime)
    assert done.refused is None
    found = _who(runtime, done.token)
    assert (found.actor.person, found.actor.name, found.actor.grants) == (wang, "王芳", (Grant("clerk", HILL),))
    with runtime.write() as transaction:
        sign_out(transaction, found.actor, token=done.token)
    assert _who(runtime, done.token) is None


def test_a_session_ends_by_itself(runtime, wang, clock):
    token = _sign_in(runtime).token
    clock.advance(timedelta(hours=11, minutes=59))
    assert _who(runtime, token) is not None
    clock.advance(timedelta(minutes=1))
    assert _who(runtime, token) is None


def test_an_unknown_login_and_a_wrong_password_are_told_alike(runtime, wang):
    wrong, unknown = _sign_in(runtime, "wrong"), _sign_in(runtime, login="nobody")
    assert wrong == unknown
    assert wrong.token is None


def test_five_wrong_passwords_lock_the_login_for_a_quarter_of_an_hour(runtime, wang, clock):
    for _ in range(5):
        assert _sign_in(runtime, "wrong").token is None
    assert "锁定" in _sign_in(runtime).refused.zh
    clock.advance(LOCKED_FOR)
    assert _sign_in(runtime).token is not None


def test_a_right_password_forgets_the_wrong_ones_before_it(runtime, wang):
    for _ in range(3):
        for _ in range(4):
            _sign_in(runtime, "wrong")
        assert _sign_in(runtime).token is not None


def test_an_address_that_tries_too_often_is_refused(runtime, wang):
    for number in range(PER_ADDRESS.most // 4):
        for _ in range(4):
            _sign_in(runtime, "wrong", login=f"guess{number}")
    with pytest.raises(Forbidden):
        _sign_in(runtime)
    assert _sign_in(runtime, address="10.0.0.2").token is not None


def test_a_person_who_left_has_no_session_any_more(runtime, wang):
    token = _sign_in(runtime).token
    with runtime.write() as transaction:
        transaction.execute(t.person.update().where(t.person.c.key == wang).values(active=False))
    assert _who(runtime, token) is None
    assert _sign_in(runtime).token is None


def test_passwords_and_tokens_are_stored_as_digests(runtime, wang):
    token = _sign_in(runtime).token
    with runtime.read() as transaction:
        stored = str(transaction.execute(sa.select(t.person)).all()) + str(
            transaction.execute(sa.select(t.session)).all()
        )
    assert PASSWORD not in stored
    assert token not in stored
    assert "$argon2id$" in stored


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("login", {"login": "Wang"}),
        ("login", {"login": "w"}),
        ("name", {"name": " "}),
        ("password", {"password": "short"}),
        ("grants", {"grants": (Grant("king", HILL),)}),
        ("grants", {"grants": (Grant("clerk", "999999999"),)}),
    ],
)
def test_a_person_is_added_with_complete_details_alone(desk, admin, field, change):
    details = {"login": "li", "name": "李", "password": PASSWORD, "grants": (Grant("clerk", HILL),)} | change
    with pytest.raises(Invalid) as refused:
        desk.do(add_person, admin, **details)
    assert refused.value.fields.keys() == {field}


def test_people_are_added_and_seen_by_administrators_alone_and_logins_once(desk, admin, staff, wang):
    details = {"login": "wang.fang", "name": "王芳", "password": PASSWORD, "grants": ()}
    with pytest.raises(Conflict):
        desk.do(add_person, admin, **details)
    with pytest.raises(Forbidden):
        desk.do(add_person, staff.person("clerk", HILL), **details)
    assert "wang.fang" in [row.login for row in desk.ask(people, admin)]
    with pytest.raises(Forbidden):
        desk.ask(people, staff.person("clerk", HILL))


def test_a_masked_number_is_shown_in_full_with_a_reason_and_leaves_a_trace(office, staff):
    case = office.approval()
    shown = office.desk.do(reveal, office.clerk, case=case.key, name="phone", reason="电话核实")
    assert shown == "13800000001"
    assert office.desk.ask(trail, office.clerk, case.key)[-1].action == "reveal"
    with pytest.raises(Invalid):
        office.desk.do(reveal, office.clerk, case=case.key, name="phone", reason="")
    for name in ("sender_name", "amount", "nothing"):
        with pytest.raises(NotFound):
            office.desk.do(reveal, office.clerk, case=case.key, name=name, reason="x")
    for stranger in (staff.person("clerk", LAKE), staff.person("admin")):
        with pytest.raises(NotFound):
            office.desk.do(reveal, stranger, case=case.key, name="phone", reason="x")


@pytest.mark.parametrize("role", ["auditor", "manager"])
def test_who_sees_a_case_without_the_right_to_reveal_is_refused(office, staff, role):
    case = office.approval()
    with pytest.raises(Forbidden):
        office.desk.do(reveal, staff.person(role), case=case.key, name="phone", reason="好奇")


@pytest.mark.parametrize("typed", ["410721198001011231", "欧阳慕容雪", "9" * 30])
def test_a_denial_is_kept_in_the_chain_of_the_person_with_keys_and_names_of_ours_only(runtime, office, typed):
    case = office.approval().key
    with runtime.write() as transaction:
        record_denial(transaction, office.clerk, action="view_case", asked={"case": case, "process": "approval"})
        record_denial(transaction, office.clerk, action="view_case", asked={"case": typed})
    with runtime.read() as transaction:
        kept = sa.select(t.audit.c.action, t.audit.c.subject, t.audit.c.result)
        found = transaction.execute(kept.where(t.audit.c.chain == f"person:{office.clerk.person}")).all()
    assert [tuple(row) for row in found] == [
        ("view_case", f"case={case},process=approval", "denied"), ("view_case", "case=unknown", "denied"),
    ]  # fmt: skip


def test_the_clock_of_a_real_system_is_not_moved(desk, staff, clock):
    with pytest.raises(Forbidden):
        desk.do(move_clock, staff.person("admin"), to=clock.now() + timedelta(days=1))
