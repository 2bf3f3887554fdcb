"""The rules a diagram must keep: one file a rule, whose docstring is its documentation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from engine.diagram.rules import (
    ad_hoc,
    boundary_event,
    call_input,
    cancel_event,
    compensation,
    complete_element,
    deadlock,
    default_flow,
    doubled_token,
    drawing,
    event_based_gateway,
    event_sub_process,
    executable_process,
    feel_function,
    feel_name,
    feel_syntax,
    flow_condition,
    flow_ends,
    foreign_element,
    hands_up,
    known_case_fact,
    known_decision,
    known_document,
    known_form,
    known_policy,
    known_process,
    known_role,
    known_service,
    link_event,
    literal_name,
    message_correlation,
    number_of_policy,
    overlap,
    parallel_write,
    priority_and_retries,
    process_facts,
    process_folder,
    reachable,
    reaches_end,
    separate_from,
    start_event,
    start_form,
    supported_element,
    timer,
    told_apart,
    user_task_role,
    variable_name,
    well_formed_id,
)
from engine.diagram.subject import Subject
from engine.model import Finding

Rule = Callable[[Subject], Iterator[Finding]]

RULES: Mapping[str, Rule] = {
    module.NAME: module.check
    for module in (
        ad_hoc,
        boundary_event,
        call_input,
        cancel_event,
        compensation,
        complete_element,
        deadlock,
        default_flow,
        doubled_token,
        drawing,
        event_based_gateway,
        event_sub_process,
        executable_process,
        feel_function,
        feel_name,
        feel_syntax,
        flow_condition,
        flow_ends,
        foreign_element,
        hands_up,
        known_case_fact,
        known_decision,
        known_document,
        known_form,
        known_policy,
        known_process,
        known_role,
        known_service,
        link_event,
        literal_name,
        message_correlation,
        number_of_policy,
        overlap,
        parallel_write,
        priority_and_retries,
        process_facts,
        process_folder,
        reachable,
        reaches_end,
        separate_from,
        start_event,
        start_form,
        supported_element,
        timer,
        told_apart,
        user_task_role,
        variable_name,
        well_formed_id,
    )
}


def check_diagram(subject: Subject) -> list[Finding]:
    """Return the findings of every rule."""
    return [finding for rule in RULES.values() for finding in rule(subject)]
