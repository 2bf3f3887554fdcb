import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest

from engine.checking import ServiceNames
from engine.clock import end_of_day
from engine.commands.deploy import deploy
from engine.commands.publish_contents import publish_contents
from engine.errors import Conflict, Forbidden, Invalid
from engine.model import SYSTEM
from engine.publish import examine, publish
from engine.queries.definitions import definition_page, live_processes
from engine.runtime.published import POLICY
from engine.testing.places import HILL, NORTH

SERVICES = ServiceNames(
    frozenset({"stock.book", "scale.weigh"}),
    frozenset({"courier.send"}),
    {"stock.book": frozenset({"booking"}), "courier.send": frozenset({"waybill"})},
)


@pytest.fixture
def publisher(staff):
    return staff.person("publisher")


def _changed(kit, process: str, old: str, new: str):
    files = {
        name: data.replace(old.encode(), new.encode()) if name == f"{process}.bpmn" else data
        for name, data in kit.library.folders[process].items()
    }
    assert files != kit.library.folders[process]
    return kit.library.with_folder(process, files)


def test_the_same_content_again_is_no_new_version(desk, kit, publisher):
    again = desk.do(deploy, publisher, bundle=kit.library.bundle("approval"))
    assert (again.version, again.changed) == (1, False)


def test_a_change_is_a_new_version_and_running_cases_stay_on_theirs(office, kit, publisher):
    running = office.approval()
    library = _changed(kit, "approval", 'name="登记"', 'name="登记并称重"')
    deployed = office.desk.do(deploy, publisher, bundle=library.bundle("approval"), note="改名")
    assert (deployed.version, deployed.changed) == (2, True)
    later = office.approval()
    assert [office.desk.task(case.key, "record").name for case in (running, later)] == ["登记", "登记并称重"]
    for case in (running, later):
        office.desk.complete(office.clerk, case.key, "record", {"weight": "3"})
    page = office.desk.ask(definition_page, publisher, "approval")
    assert [(row.version, page.open_by_version.get(row.key, 0)) for row in page.versions] == [(2, 1), (1, 1)]


def test_a_case_calls_the_version_that_was_bound_when_its_own_was_deployed(office, kit, publisher):
    before = office.desk.start(office.clerk, "tour", HILL, route="甲线")
    library = _changed(kit, "inspection", 'name="查看车况"', 'name="查看轮胎"')
    alone = office.desk.do(deploy, publisher, bundle=library.bundle("inspection"))
    assert alone.version == 2
    between = office.desk.start(office.clerk, "tour", HILL, route="乙线")
    assert office.desk.do(deploy, publisher, bundle=library.bundle("tour")).version == 2
    after = office.desk.start(office.clerk, "tour", HILL, route="丙线")
    names = [office.desk.task(case.key, "look").name for case in (before, between, after)]
    assert names == ["查看车况", "查看车况", "查看轮胎"]


def test_another_node_takes_up_a_version_it_did_not_deploy(office, kit, publisher):
    other = kit.runtime(office.desk.runtime.database)
    library = _changed(kit, "approval", 'name="登记"', 'name="登记并称重"')
    office.desk.do(deploy, publisher, bundle=library.bundle("approval"))
    with other.read() as transaction:
        assert other.latest(transaction, "approval").row.version == 2


def test_new_numbers_reach_running_cases_by_their_date_without_a_new_version(office, kit, publisher):
    content = kit.library.folders["approval"]["policy.yaml"].replace(b"value: 3", b"value: 4")
    files = dict(kit.library.folders["approval"]) | {"policy.yaml": content}
    case = office.approval()
    deployed = office.desk.do(deploy, publisher, bundle=kit.library.with_folder("approval", files).bundle("approval"))
    assert not deployed.changed
    office.desk.complete(office.clerk, case.key, "record", {"weight": "3"})
    assert office.desk.task(case.key, "decide").due_at == end_of_day(date(2026, 9, 30))  # 24, 28, 29, 30 September
    with office.desk.runtime.read() as transaction:
        numbers = office.desk.runtime.published(transaction).policy(date(2026, 9, 23), HILL)
    assert numbers["approval"]["decide_wd"] == Decimal(4)


def test_only_publishers_deploy(office, kit):
    for actor in (office.clerk, office.operations):
        with pytest.raises(Forbidden):
            office.desk.do(deploy, actor, bundle=kit.library.bundle("approval"))


def test_publishing_binds_the_check_to_the_content(desk, kit, publisher):
    library = _changed(kit, "approval", 'name="催办"', 'name="催一催"')
    checked = examine(library.bundle("approval"), SERVICES)
    assert checked.errors == ()
    with pytest.raises(Invalid, match="check again"):
        desk.do(publish, publisher, bundle=kit.library.bundle("approval"), approval=checked)
    assert desk.do(publish, publisher, bundle=library.bundle("approval"), approval=checked).version == 2


def test_publishing_refuses_what_has_errors_and_says_the_first(desk, kit, publisher):
    broken = _changed(kit, "approval", 'candidateGroups="supervisor"', 'candidateGroups="nobody"').bundle("approval")
    with pytest.raises(Invalid, match="nobody"):
        desk.do(publish, publisher, bundle=broken, approval=examine(broken, SERVICES))
    assert desk.ask(definition_page, publisher, "approval").row.version == 1


def test_an_error_in_a_called_process_stands_in_the_way_too(desk, kit, publisher):
    broken = _changed(kit, "inspection", 'candidateGroups="clerk"', 'candidateGroups="nobody"').bundle("tour")
    with pytest.raises(Invalid, match="nobody"):
        desk.do(publish, publisher, bundle=broken, approval=examine(broken, SERVICES))


def test_publications_of_two_nodes_are_both_seen_whatever_the_order_of_their_commits(runtime, kit):
    other = kit.runtime(runtime.database)
    with other.read() as transaction:
        before = other.published(transaction).key

    def publish_number(value: int) -> None:
        content = kit.library.folders["season"]["policy.yaml"].replace(b"75", str(value).encode())
        with runtime.write() as transaction:
            publish_contents(runtime, transaction, SYSTEM, contents={(POLICY, f"season{value}"): content})

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(publish_number, (10, 20)))
    other.forget_published()
    with other.read() as transaction:
        assert other.published(transaction).key == before + 2


def test_numbers_of_a_publication_thrown_away_are_never_in_force(runtime, kit):
    content = kit.library.folders["season"]["policy.yaml"].replace(b"75", b"10")

    def work() -> None:
        with runtime.write() as transaction:
            publish_contents(runtime, transaction, SYSTEM, contents={(POLICY, "season"): content})
            assert runtime.published(transaction).policy(date(2026, 9, 23), NORTH)["season"]["wait_wd"] == 10
            raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        work()
    with runtime.read() as transaction:
        assert runtime.published(transaction).policy(date(2026, 9, 23), NORTH)["season"]["wait_wd"] == 75


def test_live_processes_count_their_open_cases(office, publisher):
    office.approval()
    office.desk.start(office.clerk, "tour", HILL, route="甲线")
    counts = {live.row.process: live.open_cases for live in office.desk.ask(live_processes, publisher)}
    assert {process: count for process, count in counts.items() if count} == {"approval": 1, "tour": 1}
    assert {"inspection", "waiting", "fragile", "season"} <= counts.keys()
    with pytest.raises(Forbidden):
        office.desk.ask(live_processes, office.clerk)


def test_of_two_deployments_at_the_same_moment_the_later_is_told_in_words(runtime, kit, publisher):
    bundles = [_changed(kit, "approval", 'name="登记"', f'name="登记{n}"').bundle("approval") for n in range(2)]
    with runtime.write() as first:
        deploy(runtime, first, publisher, bundle=bundles[0])
        with ThreadPoolExecutor(1) as pool:
            second = pool.submit(_deployed, runtime, publisher, bundles[1])
            time.sleep(0.3)
            assert not second.done()
            first.connection.commit()
            outcome = second.result(timeout=30)
    if runtime.database.sqlite:
        assert outcome.version == 3
    else:
        assert isinstance(outcome, Conflict)
        assert "第 2 版" in outcome.message.zh
        assert "version 2" in outcome.message.en


def _deployed(runtime, publisher, bundle):
    try:
        return runtime.attempt(lambda transaction: deploy(runtime, transaction, publisher, bundle=bundle))
    except Conflict as refused:
        return refused
