"""The local services: handlers that run inside the transaction of the step that reaches them."""

from __future__ import annotations

from collections.abc import Mapping

from engine.runtime import LocalHandler
from engine.store.sealing import Keyring
from workflows.registers import rosters
from workflows.services import (
    authorisation,
    check,
    children,
    comparison,
    delegation,
    dibao,
    dibao_sample,
    edge,
    fund,
    household,
    intake,
    leaving,
    paperwork,
    payment,
    payroll,
    payroll_people,
    posting,
    recovery,
    relief,
    review,
    roster,
    sweep,
    sweep_visit,
    zero_report,
)


def local_services(keyring: Keyring) -> Mapping[str, LocalHandler]:
    """Return every local service by the type that diagrams name."""
    desk, claims = relief.ReliefDesk(keyring), recovery.RecoveryDesk(keyring)
    samples = dibao_sample.SampleDesk(keyring)
    return {
        **_people(keyring),
        **_benefits(keyring),
        **_checks(keyring),
        **_children(keyring),
        **_payroll(keyring),
        **_leaving(keyring),
        **_reviews(keyring),
        **_sweep(keyring),
        **_edge(keyring),
        **_comparison(keyring),
        "relief_look_back": desk.look_back,
        "relief_register": desk.register,
        "relief_settle": relief.settle,
        "act_first_right": paperwork.act_first_right,
        "paperwork_overdue": paperwork.paperwork_overdue,
        "paperwork_settled": paperwork.paperwork_settled,
        "delegated_limit": delegation.delegated_limit,
        "payment_book": payment.payment_book,
        "payment_instruct": payment.payment_instruct,
        "payment_confirm": payment.payment_confirm,
        "payment_reverse": payment.payment_reverse,
        "fund_statement": fund.fund_statement,
        "fund_statement_file": fund.fund_statement_file,
        "fund_allocate": fund.fund_allocate,
        "recovery_open": recovery.recovery_open,
        "recovery_settle": recovery.recovery_settle,
        "dibao_deadline": dibao.dibao_deadline,
        "dibao_green": dibao.dibao_green,
        "dibao_sample_draw": samples.draw,
        "dibao_sample_judge": samples.judge,
        "dibao_averages": dibao_sample.dibao_averages,
        "recovery_options": claims.options,
        "recovery_refund": recovery.recovery_refund,
        "recovery_net": recovery.recovery_net,
        "recovery_netted": recovery.recovery_netted,
        "recovery_fine": recovery.recovery_fine,
        "recovery_credit": claims.credit,
    }


def _people(keyring: Keyring) -> Mapping[str, LocalHandler]:
    """Return what enters and reads residents, applications and authorisations."""
    homes, signed = household.HouseholdDesk(keyring), authorisation.AuthorisationDesk(keyring)
    return {
        "household_enter": homes.enter,
        "household_read": homes.read,
        "household_standing": homes.standing,
        "household_join": homes.join,
        "household_leave": homes.leave,
        "household_count": household.household_count,
        "benefits_drawn": household.benefits_drawn,
        "death_note": roster.death_note,
        "application_register": intake.IntakeDesk(keyring).register,
        "application_turn": intake.application_turn,
        "application_programme": intake.application_programme,
        "programme_start": intake.programme_start,
        "authorise": signed.give,
        "authorisations_of": authorisation.authorisations_of,
        "authorisation_withdraw": authorisation.authorisation_withdraw,
    }


def _leaving(keyring: Keyring) -> Mapping[str, LocalHandler]:
    """Return what holds, releases, stops, moves and hands over after a death or a move."""
    desk = leaving.LeavingDesk(keyring)
    return {
        "leaving_find": desk.find,
        "leaving_hold": leaving.leaving_hold,
        "leaving_release": leaving.leaving_release,
        "leaving_stop": leaving.leaving_stop,
        "leaving_transfer": desk.transfer,
        "holder_change": leaving.holder_change,
    }


def _reviews(keyring: Keyring) -> Mapping[str, LocalHandler]:
    """Return what opens regular reviews, sorts them by signs and notes them."""
    return {
        "review_open": review.review_open,
        "review_collect": review.ReviewDesk(keyring).collect,
        "review_note": review.review_note,
        "review_done": review.review_done,
    }


def _children(keyring: Keyring) -> Mapping[str, LocalHandler]:
    """Return what keeps the files of children in support."""
    desk = children.ChildDesk(keyring)
    return {
        "child_register": desk.register,
        "child_agreement": desk.agree,
        "child_death": desk.died,
        "child_move": children.child_move,
    }


def _edge(keyring: Keyring) -> Mapping[str, LocalHandler]:
    """Return what keeps the monitoring list and the register of edge households."""
    desk = edge.MonitoringDesk(keyring)
    return {"monitoring_enter": desk.enter, "monitoring_leave": desk.leave, "edge_note": edge.edge_note}


def _benefits(keyring: Keyring) -> Mapping[str, LocalHandler]:
    """Return what decides, enrols, publishes and changes."""
    desk = roster.RosterDesk(keyring)
    return {
        "decision_record": roster.decision_record,
        "roster_find": desk.find,
        "roster_account": desk.keep_account,
        "roster_enrol": desk.enrol,
        "roster_change": roster.roster_change,
        "roster_reviewed": roster.roster_reviewed,
        "roster_move": roster.roster_move,
        "roster_release": roster.roster_release,
        "roster_reopen": roster.roster_reopen,
        "roster_find_stopped": desk.find_stopped,
        "roster_stop": roster.turning(rosters.stop),
        "roster_suspend": roster.turning(rosters.suspend),
        "roster_resume": roster.turning(rosters.resume),
        "publicity_post": posting.PostingDesk(keyring).post,
        "publicity_turn": posting.publicity_turn,
        "change_enter": posting.change_enter,
        "change_settle": posting.change_settle,
        "zero_report_open": zero_report.zero_report_open,
        "zero_report_read": zero_report.zero_report_read,
    }


def _checks(keyring: Keyring) -> Mapping[str, LocalHandler]:
    """Return what requests an economic check, keeps its answers and issues its report."""
    desk = check.CheckDesk(keyring)
    return {
        "check_request": desk.request,
        "check_open": desk.open,
        "check_elsewhere": desk.elsewhere,
        "check_answer": desk.answer,
        "check_missing": desk.missing,
        "check_collect": desk.collect,
        "check_points": desk.points,
        "check_report": desk.report,
        "check_close": desk.close,
        "check_purge": desk.purge,
        "check_still": desk.still,
        "check_find_report": desk.find_report,
        "check_stop": desk.stop,
        "check_withdraw": desk.withdraw,
        "check_supplement": check.supplement,
    }


def _comparison(keyring: Keyring) -> Mapping[str, LocalHandler]:
    """Return what the monthly comparison of the disability subsidies does."""
    desk = comparison.ComparisonDesk(keyring)
    return {
        "sub2_run_open": comparison.run_open,
        "sub2_list_keep": desk.keep,
        "sub2_source_missing": comparison.source_missing,
        "sub2_alike": comparison.people_alike,
        "sub2_find": comparison.find,
        "sub2_cases": desk.begin_cases,
        "sub2_run_close": comparison.run_close,
        "sub2_mismatch_take": comparison.mismatch_take,
        "sub2_mismatch_settle": comparison.mismatch_settle,
        "sub2_overpaid": comparison.overpaid,
    }


def _payroll(keyring: Keyring) -> Mapping[str, LocalHandler]:
    """Return what a month's payment run does."""
    desk, people = payroll.PayrollDesk(keyring), payroll_people.PayrollPeople(keyring)
    return {
        "payroll_open": payroll.payroll_open,
        "payroll_freeze": payroll.payroll_freeze,
        "payroll_ask": payroll_people.payroll_ask,
        "payroll_ask_own": payroll_people.payroll_ask_own,
        "payroll_exceptions": people.exceptions,
        "payroll_own_exceptions": people.own_exceptions,
        "payroll_decide": payroll_people.payroll_decide,
        "payroll_township_confirm": payroll_people.payroll_township_confirm,
        "payroll_sums": payroll.payroll_sums,
        "payroll_file": desk.file,
        "payroll_release": payroll.payroll_release,
        "payroll_accepted": payroll.payroll_accepted,
        "payroll_take_back": payroll.payroll_take_back,
        "payroll_settle": desk.settle,
        "payroll_ask_accounts": people.ask_accounts,
        "payroll_account_open": payroll_people.payroll_account_open,
        "payroll_account_mended": payroll_people.payroll_account_mended,
        "payroll_reconcile": desk.reconcile,
        "payroll_close": payroll.payroll_close,
    }


def _sweep(keyring: Keyring) -> Mapping[str, LocalHandler]:
    """Return what the quarterly sweep does."""
    desk, visits = sweep.SweepDesk(keyring), sweep_visit.SweepVisits(keyring)
    return {
        "sweep_open": sweep.sweep_open,
        "sweep_areas": sweep.sweep_areas,
        "sweep_ask": sweep.sweep_ask,
        "sweep_list": sweep.sweep_list,
        "sweep_open_visits": desk.open_visits,
        "sweep_visit_begin": visits.open,
        "sweep_visit_record": visits.record,
        "sweep_settle": visits.settle,
        "sweep_start": sweep_visit.sweep_start,
        "sweep_sums": desk.sums,
        "sweep_countersign": sweep.sweep_countersign,
        "sweep_excuse": desk.excuse,
        "sweep_sample": desk.sample,
        "sweep_judge": sweep.sweep_judge,
        "sweep_recheck": desk.recheck,
        "sweep_close": sweep.sweep_close,
    }
