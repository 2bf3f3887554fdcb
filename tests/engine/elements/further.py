"""Tests that show more of an element than its row: by the row's slug, below tests/engine."""

from __future__ import annotations

from collections.abc import Mapping

_EVENTS, _GATEWAYS, _LOOPS = "spiff/test_events.py", "spiff/test_gateways.py", "spiff/test_loops.py"
_MULTI, _COMPENSATION, _CONDITIONS = (
    "spiff/test_multi_instance.py",
    "spiff/test_compensation.py",
    "spiff/test_conditions.py",
)
_SIGNALS, _SERVICES, _VARIABLES = "spiff/test_signals.py", "spiff/test_services.py", "spiff/test_variables.py"
_PUBLISH, _BROADCAST, _BY_TIME = (
    "commands/test_publish_message.py", "commands/test_broadcast_signal.py", "commands/test_start_by_timer.py",
)  # fmt: skip

FURTHER: Mapping[str, tuple[str, ...]] = {
    "user-task": (f"{_VARIABLES}::test_a_user_task_says_who_may_do_it_by_when",),
    "service-task": (
        f"{_SERVICES}::test_a_business_error_of_a_local_service_climbs",
        f"{_SERVICES}::test_a_remote_service_parks_its_token_until_it_answers",
    ),
    "business-rule-task": (f"{_SERVICES}::test_a_decision_without_a_result_is_an_incident_naming_the_task",),
    "call-activity": (f"{_VARIABLES}::test_a_called_process_gets_copies_and_gives_back_what_it_wrote",),
    "transaction": (f"{_COMPENSATION}::test_a_cancelled_transaction_undoes_and_leaves_by_its_cancel_event",),
    "ad-hoc": (f"{_LOOPS}::test_a_completion_condition_ends_it_with_or_without_what_still_runs",),
    "standard-loop": (
        f"{_LOOPS}::test_a_loop_may_ask_before_its_first_round_and_has_a_most_number_of_rounds",
        f"{_LOOPS}::test_a_boundary_event_ends_the_whole_loop",
    ),
    "sequential-multi-instance": (f"{_MULTI}::test_in_sequence_one_item_is_open_at_a_time",),
    "parallel-multi-instance": (
        f"{_MULTI}::test_a_completion_condition_ends_the_rest",
        f"{_MULTI}::test_a_boundary_timer_ends_all_iterations_and_their_scopes",
        f"{_MULTI}::test_five_thousand_items",
    ),
    "parallel-gateway": (f"{_GATEWAYS}::test_a_parallel_join_fed_twice_on_one_flow_waits_and_keeps_the_excess",),
    "inclusive-gateway": (f"{_GATEWAYS}::test_an_inclusive_join_waits_only_for_what_can_still_come",),
    "event-based-gateway": (f"{_GATEWAYS}::test_the_first_event_after_an_event_based_gateway_wins",),
    "start-message": (f"{_PUBLISH}::test_a_message_with_a_key_starts_one_case_at_a_time",),
    "start-timer": (
        f"{_BY_TIME}::test_time_starts_a_case_for_every_place_of_a_level",
        f"{_BY_TIME}::test_a_cycle_that_was_missed_is_made_up_for_and_ends_after_its_count",
    ),
    "start-signal": (f"{_BROADCAST}::test_a_signal_starts_every_process_that_hears_it",),
    "catch-message": (f"{_PUBLISH}::test_each_message_has_one_receiver_in_the_order_of_both",),
    "catch-timer": (f"{_EVENTS}::test_kinds_of_timers",),
    "catch-signal": (f"{_BROADCAST}::test_everybody_who_waits_hears_a_signal_once_and_who_comes_later_does_not",),
    "catch-conditional": (f"{_CONDITIONS}::test_a_boundary_condition_fires_once_each_time_it_turns_true",),
    "catch-link": (f"{_LOOPS}::test_links_are_flows_that_are_not_drawn",),
    "boundary-timer-beside": (f"{_EVENTS}::test_a_cycle_keeps_its_token_and_its_grid_after_downtime",),
    "boundary-error": (
        f"{_EVENTS}::test_an_error_climbs_through_two_calls_and_leaves_the_sibling_alone",
        f"{_EVENTS}::test_the_exact_code_goes_before_the_catch_all_and_nothing_else_fires",
    ),
    "throw-compensation": (f"{_COMPENSATION}::test_what_was_completed_is_undone_newest_first_and_the_rest_is_not",),
    "end-terminate": (f"{_GATEWAYS}::test_terminate_ends_only_its_scope",),
    "throw-signal": (f"{_SIGNALS}::test_a_thrower_ended_by_its_own_signal_does_not_come_back",),
}
