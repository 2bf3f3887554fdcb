from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from engine.clock import SHANGHAI, YearsMonths
from engine.feel import evaluate
from engine.queries.case import visible_case
from engine.store import tables as t
from engine.store.counting import counting
from engine.store.values import pack, unpack
from engine.store.variables import SMALL, CaseVariables

FORMS = {"name": "form:apply", "phone": "form:apply", "amount": "form:apply", "opinion": "form:decide"}
CASE = 7
OFFSET = timezone(timedelta(hours=5, minutes=30))


def _chunk_of(name: str) -> str:
    return FORMS.get(name, name)


def _write(database, keyring, changes, closed=()) -> None:
    with database.write() as transaction:
        CaseVariables(transaction, keyring, CASE, _chunk_of).write(changes, closed)


def _rows(database) -> set[tuple[int, str]]:
    with database.read() as transaction:
        return {tuple(row) for row in transaction.execute(sa.select(t.variable.c.scope, t.variable.c.name))}


def test_a_form_is_one_row_and_any_other_name_a_row_of_its_own(database, keyring):
    _write(database, keyring, {(0, "name"): "王芳", (0, "phone"): "1", (0, "track"): "quick"})
    assert _rows(database) == {(0, "form:apply"), (0, "track")}


def test_changing_one_answer_keeps_the_others_of_its_form(database, keyring):
    _write(database, keyring, {(0, "name"): "王芳", (0, "phone"): "1"})
    _write(database, keyring, {(0, "phone"): "2"})
    with database.read() as transaction:
        variables = CaseVariables(transaction, keyring, CASE, _chunk_of)
        assert [variables.load(0, "name"), variables.load(0, "phone")] == ["王芳", "2"]


def test_one_statement_brings_every_small_row_once_a_name_is_asked_for(database, keyring):
    _write(database, keyring, {(0, "name"): "王芳", (0, "opinion"): "同意", (3, "item"): "a"})
    counter = counting(database)
    with database.read() as transaction:
        variables = CaseVariables(transaction, keyring, CASE, _chunk_of)
        assert counter.take().statements == 0
        found = [variables.load(scope, name) for scope, name in ((0, "name"), (0, "opinion"), (3, "item"))]
        with pytest.raises(KeyError):
            variables.load(0, "unknown")
    assert found == ["王芳", "同意", "a"]
    assert counter.take().statements == 1


def test_a_large_row_is_read_only_when_it_is_asked_for(database, keyring):
    long = "长" * SMALL
    _write(database, keyring, {(0, "track"): "quick", (0, "opinion"): long})
    counter = counting(database)
    with database.read() as transaction:
        variables = CaseVariables(transaction, keyring, CASE, _chunk_of)
        assert variables.load(0, "track") == "quick"
        assert counter.take().statements == 1
        assert variables.load(0, "opinion") == long
        assert counter.take().statements == 1


def test_a_scope_that_closes_takes_its_rows_along(database, keyring):
    _write(database, keyring, {(0, "track"): "quick", (3, "item"): "a", (4, "item"): "b"})
    _write(database, keyring, {(3, "item"): "late"}, closed=[3])
    assert _rows(database) == {(0, "track"), (4, "item")}


def test_scopes_with_the_same_name_keep_their_own_values(database, keyring):
    _write(database, keyring, {(3, "item"): "a", (4, "item"): "b"})
    with database.read() as transaction:
        variables = CaseVariables(transaction, keyring, CASE, _chunk_of)
        assert [variables.load(3, "item"), variables.load(4, "item")] == ["a", "b"]


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.text(max_size=20),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.dates(),
    st.datetimes(min_value=datetime(1992, 1, 1), timezones=st.sampled_from([SHANGHAI, UTC, OFFSET])),
    st.times(timezones=st.sampled_from([None, SHANGHAI, OFFSET])),
    st.timedeltas(),
    st.integers(-10_000, 10_000).map(YearsMonths),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_every_value_is_read_back_as_it_was_written(value):
    assert unpack(pack(value)) == value


@pytest.mark.parametrize("zone", [SHANGHAI, OFFSET])
def test_moments_and_times_keep_the_name_of_their_zone(zone):
    for value in (datetime(2026, 9, 23, 9, tzinfo=zone), time(9, tzinfo=zone)):
        kept = unpack(pack(value))
        assert evaluate("=string(d)", {"d": kept}) == evaluate("=string(d)", {"d": value})


def test_numbers_become_decimals_exactly():
    assert unpack(pack([1, 0.1, True])) == [Decimal(1), Decimal("0.1"), True]
    assert str(unpack(pack(Decimal("1.50")))) == "1.50"


def test_types_that_look_alike_stay_apart():
    moment = datetime(2026, 9, 23, tzinfo=SHANGHAI)
    for value in (date(2026, 9, 23), moment, time(9), timedelta(days=1), YearsMonths(13), "2026-09-23", True):
        assert type(unpack(pack(value))) is type(value)


@pytest.mark.parametrize(
    "text",
    [
        'date("-0044-03-15")',
        '@"12026-09-24T20:00:00.5@Asia/Shanghai"',
        '@"20:00:00.123456789+02:45:55"',
        'duration("-P1DT0.123456789S")',
        'date("999999999-12-31") - date("2026-01-01")',
        "[1..5]",
        "(> 5)",
        '[@"2026-01-01"..date("12026-01-01"))',
    ],
)
def test_wide_values_and_ranges_are_kept(text):
    value = evaluate(text, {})
    assert value is not None
    assert unpack(pack({"a": [value]})) == {"a": [value]}


def test_what_is_no_value_is_refused():
    with pytest.raises(TypeError, match="object cannot be kept"):
        pack({"thing": object()})


def test_what_was_entered_is_kept_once_by_the_activity_and_read_as_variables(runtime, desk, staff):
    clerk = staff.person("clerk", "410721101")
    case = desk.start(clerk, "tour", "410721101", route="甲线").key
    place = (t.variable.c.case == case, t.variable.c.scope == 0, t.variable.c.name == "form:tour_start")
    with runtime.read() as transaction:
        stored = transaction.execute(sa.select(t.variable.c.value, t.variable.c.source).where(*place)).one()
        entered = sa.select(t.activity.c["values"]).where(
            t.activity.c.case == case, t.activity.c.token == stored.source
        )
        assert stored.value is None
        assert transaction.execute(entered).scalar_one() is not None
        assert visible_case(runtime, transaction, clerk, case).run.view(None)["route"] == "甲线"
