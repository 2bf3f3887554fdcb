import pytest

from engine.errors import Forbidden, NotFound
from engine.queries.progress import PER_ADDRESS, progress
from engine.queries.startable import start_form, startable
from engine.testing.places import HILL, NORTH
from engine.testing.staff import CITIZEN

PHONE = "13800000001"


@pytest.fixture
def case(desk, staff):
    return desk.start(CITIZEN, "approval", HILL, sender_name="王芳", phone=PHONE, amount="5")


def _ask(runtime, number: str, phone: str = PHONE, address: str = "10.0.0.1"):
    """Ask as the web does: a refusal is shown, the attempt stays counted."""
    with runtime.write() as transaction:
        try:
            return progress(runtime, transaction, number=number, phone=phone, address=address)
        except (NotFound, Forbidden) as refused:
            return refused


def test_a_citizen_follows_the_stages_by_number_and_phone(runtime, desk, staff, case, clock):
    found = _ask(runtime, f" {case.number} ", "138 0000 0001")
    assert (found.number, found.process_name, found.region_name, found.now) == (
        case.number,
        "寄件审批",
        "山镇",
        ("登记",),
    )
    assert [(stage.name, stage.state) for stage in found.stages] == [("提交申请", "done"), ("登记", "active")]
    desk.complete(staff.person("clerk", HILL), case.key, "record", {"weight": "3"})
    desk.complete(staff.person("supervisor", HILL), case.key, "decide", {"verdict": "no"})
    found = _ask(runtime, case.number)
    assert [(stage.name, stage.state, stage.at) for stage in found.stages] == [
        ("提交申请", "done", clock.now()),
        ("登记", "done", clock.now()),
        ("审批", "done", clock.now()),
    ]
    assert (found.end_name, found.ended_at, found.now) == ("不同意", clock.now(), ())


def test_progress_names_no_person(runtime, case):
    found = repr(_ask(runtime, case.number))
    assert "王芳" not in found
    assert PHONE not in found


def test_an_unknown_number_and_a_wrong_phone_are_told_alike(runtime, case):
    unknown, wrong = _ask(runtime, f"{HILL}-26-99999"), _ask(runtime, case.number, "13900000000")
    assert isinstance(unknown, NotFound)
    assert isinstance(wrong, NotFound)
    assert unknown.message == wrong.message


def test_the_identity_number_in_place_of_the_phone_opens_nothing(runtime, desk):
    values = {"sender_name": "王芳", "phone": PHONE, "amount": "5", "id_no": "410721199003070010"}
    case = desk.start(CITIZEN, "approval", HILL, **values)
    for guess in ("410721199003070010", "王芳", ""):
        assert isinstance(_ask(runtime, case.number, guess), NotFound)


def test_guessing_from_one_address_is_stopped_and_others_go_on(runtime, case):
    for number in range(PER_ADDRESS.most):
        assert isinstance(_ask(runtime, case.number, f"139{number:08}"), NotFound)
    assert isinstance(_ask(runtime, case.number), Forbidden)
    assert _ask(runtime, case.number, address="10.0.0.2").number == case.number


def test_everybody_is_offered_what_their_roles_start(desk, staff):
    clerk = staff.person("clerk", HILL)
    assert [one.process for one in desk.ask(startable, CITIZEN)] == ["approval"]
    own = ["approval", "census", "customs", "fragile", "season", "tour", "waiting"]
    assert [one.process for one in desk.ask(startable, clerk)] == own
    assert desk.ask(startable, staff.person("supervisor", HILL)) == ()
    offered = desk.ask(startable, staff.person("regional", NORTH))
    assert [(one.process, one.regions) for one in offered] == [("approval", (NORTH,))]
    assert desk.ask(start_form, CITIZEN, "approval").form.id == "approval_start"
    for actor, process in ((CITIZEN, "tour"), (clerk, "inspection"), (clerk, "nothing")):
        with pytest.raises(NotFound):
            desk.ask(start_form, actor, process)
