"""The register of economic checks: no authorisation, no query; a log per person; reports that stay; withdrawal."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine.errors import BpmnError, Forbidden
from workflows.registers import authorisations, checks
from workflows.registers.authorisations import ECONOMIC_CHECK
from workflows.registers.tables import check_report, check_source_call, query_log, sketch_point

WANG = {"name": "王建国", "id_no": "410721198001011231", "relation": "本人", "authorised": True,
        "authorised_until": "2027-09-20"}  # fmt: skip
CHILD = {"name": "王小雨", "id_no": "410721201203045610", "relation": "子女", "authorised": True,
         "authorised_until": "2027-09-20"}  # fmt: skip
ASKED = {"origin": "临救1", "purpose": "new", "programme": "dibao", "residence": "rural", "items": ["tax", "bank"]}
CAR = {"point": "1", "source": "police", "member": "1", "code": "vehicle", "effect": "+", "severity": "conflict"}


@pytest.fixture
def request_check(call):
    tokens: list[int] = []

    def request(*members, **otherwise):
        tokens.append(len(tokens) + 1)
        return call(
            "check_request", token=tokens[-1], rows=list(members or (WANG,)), request="", **{**ASKED, **otherwise}
        )

    return request


def query(source, scope, *members):
    numbers = [{"member": member} for member in members]
    return {"source": source, "name": source, "scopes": [scope], "members": numbers}


def counted(database, table):
    with database.read() as transaction:
        return transaction.execute(sa.select(sa.func.count()).select_from(table)).scalar()


def test_a_member_is_told_with_what_the_register_of_authorisations_opens(request_check):
    expired = {**CHILD, "authorised_until": "2026-01-01"}
    found = request_check(WANG, expired, {**CHILD, "id_no": "410721200407081344", "authorised": False})

    assert [(member["authorisation"], member["scope"]) for member in found["members"]] == [
        ("有效", ["bank", "tax"]),
        ("核对授权书已过期", []),
        ("没有签署核对授权书", []),
    ]


def test_a_paper_authorisation_is_entered_once_and_the_parent_signs_for_the_child(request_check, database, keyring):
    found = request_check(WANG, CHILD)
    request_check(WANG, CHILD)

    with database.read() as transaction:
        residents = [int(member["resident"]) for member in found["members"]]
        valid = authorisations.valid(transaction, residents, ECONOMIC_CHECK, transaction.now.date())
        register = authorisations.Authorisations(keyring)
        assert [register.signer(transaction, one.key) for one in valid] == [("王建国", "本人"), ("王建国", "监护人")]


def test_a_returned_request_keeps_its_number(call, request_check):
    first = request_check()
    again = call("check_request", token=99, rows=[WANG], **{**ASKED, "request": first["request"], "items": ["tax"]})

    assert (again["request"], again["request_no"]) == (first["request"], first["request_no"])
    assert request_check()["request_no"] != first["request_no"]


def test_nobody_is_asked_about_without_an_authorisation_that_covers_the_source(call, request_check, database):
    request = request_check(WANG, {**CHILD, "authorised": False})["request"]
    for refused in (query("tax", "tax", "2"), query("police", "vehicle", "1"), query("tax", "tax", "3")):
        with pytest.raises(Forbidden, match="authorisation"):
            call("check_open", request=request, purpose="new", queries=[query("finance", "bank", "1"), refused])
    assert counted(database, query_log) == 0


def test_an_authorisation_withdrawn_meanwhile_opens_nothing(call, request_check, database):
    found = request_check()
    with database.write() as transaction:
        authorisations.withdraw(transaction, int(found["members"][0]["resident"]), ECONOMIC_CHECK, "本人撤回")

    with pytest.raises(Forbidden, match="authorisation"):
        call("check_open", request=found["request"], purpose="new", queries=[query("tax", "tax", "1")])


@pytest.fixture
def reported(call, request_check):
    """Return what issues a report of another case: on whom, with which result, missing which sources."""

    def report(*members, result="符合", missing=(), times=1, **otherwise):
        request = request_check(*members, **{"origin": "低保9", **otherwise})["request"]
        call(
            "check_open",
            request=request,
            purpose="new",
            queries=[query("tax", "tax", "1"), query("finance", "bank", "1")],
        )
        for source in ("tax", "finance"):
            call("check_answer", request=request, source=source, way="interface", items=[])
        facts = {"programme": "dibao", "dibao_assets": "ok", "edge_assets": "ok", "income": {"per_head": 320}}
        said = {"missing": [{"name": name} for name in missing], "computed_points": [], "cleared": [], **facts}
        call(
            "check_report",
            token=900 + int(request) % 97,
            request=request,
            check_result=result,
            operator_note="",
            **said,
        )
        return request

    return report


def found(call, request, *sources):
    queries = [query(source, source, "1") for source in sources or ("tax", "finance")]
    return call("check_find_report", request=request, queries=queries)["found"]


def test_a_report_that_still_holds_is_found_by_the_next_case(call, request_check, reported):
    reported(WANG, CHILD)
    said = found(call, request_check(WANG, CHILD)["request"])
    assert (said["check_result"], said["per_head_income"], said["dibao_assets"]) == ("符合", 320, "ok")


@pytest.mark.parametrize(
    "other",
    [{"result": "疑似不符"}, {"missing": ["税务"]}, {"origin": ASKED["origin"]}, {"residence": "city"}],
    ids=["mismatch", "partial", "the case asks again", "another standard"],
)
def test_a_report_that_does_not_answer_the_question_is_not_taken_over(call, request_check, reported, other):
    reported(WANG, CHILD, **other)
    assert found(call, request_check(WANG, CHILD)["request"]) is None


def test_a_report_on_other_people_other_sources_or_taken_back_data_is_not_taken_over(call, request_check, reported):
    reported(WANG)
    request = request_check(WANG, CHILD)["request"]
    assert found(call, request) is None
    reported(WANG, CHILD)
    assert found(call, request, "tax", "police") is None
    assert found(call, request) is not None
    call("check_stop", origin="低保9")
    assert found(call, request) is None


def test_an_expired_report_is_not_taken_over(call, request_check, reported, clock):
    reported(WANG)
    clock.advance(timedelta(days=91))
    assert found(call, request_check(WANG)["request"]) is None


def test_who_took_the_authorisation_back_is_not_asked_about_again(call, request_check, database):
    found = request_check(WANG, CHILD)
    call("check_still", request=found["request"], members=[{"member": "1"}, {"member": "2"}])
    with database.write() as transaction:
        authorisations.withdraw(transaction, int(found["members"][1]["resident"]), ECONOMIC_CHECK, "本人撤回")

    call("check_still", request=found["request"], members=[{"member": "1"}])
    with pytest.raises(BpmnError):
        call("check_still", request=found["request"], members=[{"member": "1"}, {"member": "2"}])


def test_a_withdrawn_application_ends_its_checks_and_no_answer_is_kept_afterwards(call, request_check, database):
    request = request_check()["request"]
    asked = [query("tax", "tax", "1"), query("finance", "bank", "1")]
    call("check_open", request=request, purpose="new", queries=asked)
    call("check_answer", request=request, source="tax", way="interface", items=[{"member": "1", "code": "tax_income"}])

    call("check_stop", origin=ASKED["origin"])
    call("check_answer", request=request, source="finance", way="interface", items=[{"member": "1", "code": "deposit"}])

    assert call("check_collect", request=request) == {"answers": [], "missing": []}
    with database.read() as transaction:
        assert transaction.execute(sa.select(check_source_call.c.raw)).scalars().all() == [None, None]
    with pytest.raises(BpmnError):
        call("check_still", request=request, members=[{"member": "1"}])


def test_every_query_is_in_the_log_of_each_person_with_purpose_and_authorisation(call, request_check, database):
    found = request_check(WANG, CHILD)
    queries = [query("tax", "tax", "1"), query("finance", "bank", "1", "2")]
    call("check_open", request=found["request"], purpose="new", queries=queries)

    with database.read() as transaction:
        logs = [checks.log_of(transaction, int(member["resident"])) for member in found["members"]]
    assert [[(row.source, row.purpose) for row in log] for log in logs] == [
        [("finance", "new"), ("tax", "new")],
        [("finance", "new")],
    ]
    assert logs[0][0].authorisation == int(found["members"][0]["authorisation_key"])


def test_the_first_answer_of_a_source_counts_and_a_late_one_replaces_silence(call, request_check):
    request = request_check()["request"]
    call(
        "check_open", request=request, purpose="new", queries=[query("tax", "tax", "1"), query("finance", "bank", "1")]
    )
    call("check_answer", request=request, source="tax", way="interface", items=[{"member": "1", "code": "tax_income"}])
    call("check_answer", request=request, source="tax", way="interface", items=[])
    call("check_missing", times=2, request=request, source="finance")
    call("check_missing", request=request, source="tax")
    before = call("check_collect", request=request)
    call("check_answer", request=request, source="finance", way="letter", items=[])
    after = call("check_collect", request=request)

    assert [(one["source"], len(one["items"])) for one in before["answers"]] == [("tax", 1)]
    assert before["missing"] == [{"source": "finance", "name": "finance"}]
    assert (len(after["answers"]), after["missing"]) == (2, [])


def test_a_report_stays_as_it_was_issued_and_the_next_is_another_version(call, request_check, database):
    request = request_check()["request"]
    issue = {"request": request, "check_result": "疑似不符", "operator_note": "有车", "computed_points": [CAR],
             "missing": [], "dibao_assets": "exceeds", "programme": "dibao"}  # fmt: skip
    first = call("check_report", token=21, **issue)
    second = call("check_report", token=22, **{**issue, "check_result": "符合", "cleared": ["1"]})

    assert [first["report_version"], second["report_version"]] == [1, 2]
    assert first["report_hash"] != second["report_hash"]
    assert second["points"][0]["verified"] is False
    for statement in (check_report.update().values(result="符合"), check_report.delete()):
        with pytest.raises(sa.exc.DBAPIError, match="stays as it was written"), database.write() as transaction:
            transaction.execute(statement)


def test_assets_are_unclear_while_sources_are_missing(call, request_check):
    issue = {"request": request_check()["request"], "check_result": "数据缺失", "dibao_assets": "ok",
             "missing": [{"source": "tax", "name": "税务"}], "computed_points": [], "programme": "dibao"}  # fmt: skip
    assert call("check_report", token=21, **issue)["assets_result"] == "unclear"
    assert call("check_report", token=22, **{**issue, "dibao_assets": "exceeds"})["assets_result"] == "exceeds"


def test_withdrawal_removes_raw_answers_and_points_of_no_report_yet(call, request_check, database):
    request = request_check()["request"]
    call("check_open", request=request, purpose="new", queries=[query("tax", "tax", "1")])
    call("check_answer", request=request, source="tax", way="interface", items=[{"member": "1", "code": "tax_income"}])
    call("check_points", request=request, points=[CAR])
    call("check_purge", times=2, request=request)

    with database.read() as transaction:
        assert transaction.execute(sa.select(check_source_call.c.raw)).scalars().all() == [None]
    assert (counted(database, sketch_point), counted(database, query_log)) == (0, 1)


def test_what_the_register_holds_in_clear_names_nobody(call, request_check, database):
    request = request_check()["request"]
    call("check_open", request=request, purpose="new", queries=[query("tax", "tax", "1")])
    call("check_answer", request=request, source="tax", way="interface", items=[{"member": "1", "text": "王建国有车"}])
    call("check_points", request=request, points=[{**CAR, "member_name": "王建国"}])

    with database.read() as transaction:
        rows = [transaction.execute(sa.select(table)).all() for table in (check_source_call, sketch_point, query_log)]
    assert not any(secret in str(rows) for secret in ("王建国", WANG["id_no"]))
    assert "王建国".encode() not in b"".join(row.said for row in rows[1])
