import pytest
import sqlalchemy as sa
from cryptography.exceptions import InvalidTag

from engine.queries.case import case_page, visible_case
from engine.store import tables as t
from engine.store.sealing import Keyring


def test_what_was_sealed_opens_at_its_place_alone(keyring):
    sealed = keyring.seal("身份证".encode(), b"variable:1:0:id_no")
    assert keyring.open(sealed, b"variable:1:0:id_no").decode() == "身份证"
    with pytest.raises(InvalidTag):
        keyring.open(sealed, b"variable:2:0:id_no")


def test_a_changed_byte_is_refused(keyring):
    sealed = keyring.seal(b"100", b"place")
    for position in range(1, len(sealed)):
        changed = sealed[:position] + bytes([sealed[position] ^ 1]) + sealed[position + 1 :]
        with pytest.raises(InvalidTag):
            keyring.open(changed, b"place")


def test_another_format_is_refused_by_name(keyring):
    with pytest.raises(ValueError, match="format"):
        keyring.open(b"\x02" + keyring.seal(b"x", b"p")[1:], b"p")


def test_another_master_key_opens_nothing(keyring):
    with pytest.raises(InvalidTag):
        Keyring(bytes(32)).open(keyring.seal(b"x", b"p"), b"p")


def test_a_master_key_of_another_length_is_refused():
    with pytest.raises(ValueError, match="32 bytes"):
        Keyring(b"short")


def test_equal_texts_are_sealed_differently_but_found_by_the_same_blind_index(keyring):
    assert keyring.seal(b"x", b"p") != keyring.seal(b"x", b"p")
    assert keyring.blind("phone", "138 0000 0001") == keyring.blind("phone", "13800000001")
    assert keyring.blind("phone", "1") != keyring.blind("name", "1")
    assert keyring.blind("phone", "1") != Keyring(bytes(32)).blind("phone", "1")


@pytest.mark.tampers
def test_a_variable_moved_to_another_case_is_refused(runtime, desk, staff):
    clerk = staff.person("clerk", "410721101")
    first = desk.start(clerk, "tour", "410721101", route="甲线")
    second = desk.start(clerk, "tour", "410721101", route="乙线")
    with runtime.write() as transaction:
        stops = (t.variable.c.scope == 0, t.variable.c.name == "stops")
        stolen = sa.select(t.variable.c.value).where(t.variable.c.case == first.key, *stops)
        transaction.execute(
            t.variable.update()
            .where(t.variable.c.case == second.key, *stops)
            .values(value=transaction.execute(stolen).scalar_one())
        )
    with runtime.read() as transaction, pytest.raises(InvalidTag):
        visible_case(runtime, transaction, clerk, second.key).run.view(None)["stops"]
    assert desk.ask(case_page, clerk, first.key).summary.title == "甲线"


@pytest.mark.tampers
@pytest.mark.parametrize("column", ["state", "title"])
def test_the_state_and_the_title_of_another_case_are_refused(runtime, desk, staff, column):
    clerk = staff.person("clerk", "410721101")
    cases = [desk.start(clerk, "tour", "410721101", route="甲线").key for _ in range(2)]
    table, key = (t.case_state, t.case_state.c.case) if column == "state" else (t.case, t.case.c.key)
    with runtime.write() as transaction:
        stolen = transaction.execute(sa.select(table.c[column]).where(key == cases[0])).scalar_one()
        transaction.execute(table.update().where(key == cases[1]).values({column: stolen}))
    with pytest.raises(InvalidTag):
        desk.ask(case_page, clerk, cases[1])


def test_nothing_personal_stands_in_the_database_in_clear(runtime, desk, staff):
    clerk = staff.person("clerk", "410721101")
    case = desk.start(
        clerk,
        "approval",
        "410721101",
        sender_name="欧阳明月",
        phone="13800000001",
        id_no="410721199003070010",
        amount="5",
    )
    desk.complete(clerk, case.key, "record", {"weight": "3", "fragile": "true", "packing": "欧阳的木箱"})
    with runtime.read() as transaction:
        for table in t.metadata.tables.values():
            for row in transaction.execute(sa.select(table)):
                shown = "".join(v.decode("utf-8", "replace") if isinstance(v, bytes) else str(v) for v in row)
                for secret in ("欧阳", "13912345678", "410721199003070010"):
                    assert secret not in shown, table.name
