"""Who draws what, as a list: what is on it, what it adds up to, how it is narrowed and read page by page."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from engine.access import Scope
from engine.errors import Invalid
from engine.store.keys import new_key
from workflows.registers import decisions, rosters
from workflows.registers.benefits import public_benefits
from workflows.registers.decisions import Decision
from workflows.registers.enrolled import EnrolledList, Wanted
from workflows.registers.given_rosters import give_entry
from workflows.registers.ledger import CaseRef
from workflows.registers.rosters import Change
from workflows.registers.tables import roster, roster_amount

TODAY, COUNTY, TOWNSHIP, ELSEWHERE = date(2026, 9, 23), "410721", "410721101", "410702100"
WANG, LI, CHILD = "410721196503124413", "41072119720315442X", "410721201503120019"
EVERYTHING = Wanted(states=())


def reach(*regions):
    return Scope(regions, (), None)


@pytest.fixture
def give(database, keyring):
    """Return what puts somebody on a roster, by default the living allowance of 550 yuan in the township."""

    def given(name="王建国", **more):
        what = {"benefit": "dibao", "region": TOWNSHIP, "amount": 550, "since": "2026-01-01", "number": f"DB-{name}"}
        with database.write() as transaction:
            return give_entry(transaction, {**what, "name": name, **more}, keyring)

    return given


@pytest.fixture
def read(database, keyring):
    """Return what reads a page of the list, by default the county's."""

    def page(wanted=Wanted(), regions=(COUNTY,), today=TODAY, after=None):
        with database.read() as transaction:
            here = reach(*regions)
            return EnrolledList(keyring).page(transaction, here, here, wanted, today, after)

    return page


def names(page):
    return [one.holder.name for one in page.rows]


def test_an_entry_shows_who_draws_what_where_since_when_and_until_its_review(give, read):
    give(id_no=WANG, **{"class": "A"}, next_review="2026-12-31")
    (one,) = read().rows
    assert (one.holder.name, one.holder.id_no, one.number, one.region) == ("王建国", WANG, "DB-王建国", TOWNSHIP)
    assert (one.benefit.id, one.class_, one.tier, one.amount, one.state) == ("dibao", "A", None, 550_00, "active")
    assert (one.since, one.until, one.next_review) == (date(2026, 1, 1), None, date(2026, 12, 31))
    assert one.case is None, "nobody opens a case that is not there"


def test_the_amount_is_the_one_in_force_today_and_so_is_the_sum(database, give, read):
    entry = give()
    give("李秀英", amount=300)
    case = CaseRef(new_key(), "TZ1", TOWNSHIP)
    with database.write() as transaction:
        lower = decisions.record(transaction, case, "x", Decision("dibao", "granted", 330_00, "township", "", "", TODAY))
        rosters.change_amount(transaction, case, entry, 330_00, Change(date(2026, 10, 1), "income", lower), "B", "C")

    before, after = read(), read(today=date(2026, 10, 1))
    assert [(one.amount, one.tier) for one in before.rows] == [(300_00, None), (550_00, None)]
    assert [(one.amount, one.tier) for one in after.rows] == [(300_00, None), (330_00, "C")]
    assert (before.total, before.amount, after.total, after.amount) == (2, 850_00, 2, 630_00)


def test_what_is_suspended_is_counted_apart_and_what_is_stopped_is_asked_for(give, read):
    give()
    give("李秀英", amount=300, suspended="2026-08-01")
    give("赵大明", amount=200, stopped="2026-07-01")

    live = read()
    assert [(one.holder.name, one.state) for one in live.rows] == [("李秀英", "suspended"), ("王建国", "active")]
    assert (live.amount, live.suspended) == (850_00, 300_00)
    (stopped,) = read(Wanted(states=("stopped",))).rows
    assert (stopped.holder.name, stopped.until, stopped.amount) == ("赵大明", date(2026, 7, 1), None)
    assert read(EVERYTHING).total == 3


def test_a_status_that_pays_nothing_has_no_amount(give, read):
    give(benefit="edge", amount=None)
    assert [(one.benefit.id, one.amount) for one in read().rows] == [("edge", None)]


def test_only_entries_within_reach_are_listed_and_counted(give, read):
    give()
    give("李秀英", region=f"{TOWNSHIP}001")
    give("孙某某", region=ELSEWHERE)
    assert names(read()) == ["李秀英", "王建国"]
    assert names(read(regions=(f"{TOWNSHIP}001",))) == ["李秀英"]
    assert names(read(regions=(f"{TOWNSHIP}002",))) == []
    assert names(read(regions=("4107",))) == ["孙某某", "李秀英", "王建国"]
    assert names(read(Wanted(region=ELSEWHERE), regions=("4107",))) == ["孙某某"]
    assert read(Wanted(region=ELSEWHERE)).total == 0


@pytest.mark.parametrize("regions", [(TOWNSHIP,), ("4107",), ("",)])
def test_what_a_child_draws_is_neither_listed_nor_counted_nor_found(give, read, regions):
    give(id_no=WANG, members=[{"name": "王小雨", "id_no": CHILD, "relation": "子女"}])
    give("王小雨", id_no=CHILD, benefit="orphan", amount=1500)
    for wanted in (Wanted(), EVERYTHING, Wanted(benefit="orphan"), Wanted(benefit="nothing")):
        page = read(wanted, regions)
        assert (names(page), page.total, page.amount) == (["王建国"], 1, 550_00)
    assert read(Wanted(q="DB-王小雨"), regions).total == 0
    assert not {"orphan", "unattended"} & public_benefits().keys()


def test_entries_are_found_by_their_number_and_by_the_whole_identity_number_of_anybody_in_the_household(give, read):
    give(id_no=WANG, members=[{"name": "李秀英", "id_no": LI, "relation": "配偶"}])
    give("孙某某", id_no="410721195002023311")
    for q in ("DB-王建国", WANG, LI, LI.lower()):
        assert names(read(Wanted(q=q))) == ["王建国"], q
    for q in (WANG[:-1], "王建国", "410721199001011239"):
        assert read(Wanted(q=q)).total == 0, q
    assert read(Wanted(q=WANG), regions=(ELSEWHERE,)).total == 0


def test_a_persons_own_benefit_is_not_found_by_the_number_of_another_of_the_household(database, give, read):
    entry = give("李秀英", id_no=LI, benefit="sub2_care", members=[{"name": "王建国", "id_no": WANG, "relation": "配偶"}])
    assert names(read(Wanted(q=LI))) == ["李秀英"]
    assert read(Wanted(q=WANG)).total == 0
    with database.read() as transaction:
        assert transaction.execute(sa.select(roster.c.household).where(roster.c.key == entry)).scalar() is not None


def test_reviews_due_by_a_day_and_one_benefit_are_picked_out(give, read):
    give("王建国", next_review="2026-09-01")
    give("李秀英", next_review="2026-09-30")
    give("孙某某", next_review="2026-10-01")
    give("赵大明", benefit="tekun")
    assert names(read(Wanted(due_by=date(2026, 9, 30)))) == ["李秀英", "王建国"]
    assert names(read(Wanted(benefit="tekun"))) == ["赵大明"]


@pytest.fixture
def crowd(database, give):
    """Put 120 entries of one holder after the other on the roster of the county, each with an amount of a yuan."""
    entry = give(amount=1)
    with database.write() as transaction:
        known = transaction.execute(roster.select().where(roster.c.key == entry)).mappings().one()
        paid = transaction.execute(roster_amount.select().where(roster_amount.c.entry == entry)).mappings().one()
        keys = [new_key() for _ in range(119)]
        transaction.insert(roster, [{**known, "key": key, "holder": new_key(), "number": str(key)} for key in keys])
        transaction.insert(roster_amount, [{**paid, "key": new_key(), "entry": key} for key in keys])


@pytest.mark.parametrize("regions", [(COUNTY,), ("",)])
@pytest.mark.usefixtures("crowd")
def test_pages_follow_each_other_and_miss_nobody(read, regions):
    pages = [read(regions=regions)]
    while pages[-1].next:
        pages.append(read(regions=regions, after=pages[-1].next))
    assert [len(page.rows) for page in pages] == [50, 50, 20]
    assert len({one.key for page in pages for one in page.rows}) == 120
    assert {(page.total, page.amount) for page in pages} == {(120, 120_00)}
    with pytest.raises(Invalid):
        read(after="somewhere")


def test_a_page_takes_as_many_statements_for_many_entries_as_for_one(database, give, read, request):
    seen = []

    def see(_connection, _cursor, statement, *_given):
        seen.append(statement)

    def taken():
        seen.clear()
        assert read(today=TODAY + timedelta(days=1)).rows
        return len(seen)

    give("李秀英")
    sa.event.listen(database.engine, "before_cursor_execute", see)
    few = taken()
    request.getfixturevalue("crowd")
    assert taken() == few <= 4
