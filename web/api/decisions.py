"""Decision definitions: search, look at one, its file, what it answers."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from engine.errors import Invalid, Text
from engine.queries.decisions import (
    DeployedDecision,
    decision_at,
    decision_file,
    decision_of_id,
    deployed_decisions,
    evaluate,
)
from engine.store.keys import new_key
from web.api.artifacts import key_of, parts_of
from web.api.operation import Operation, snake
from web.api.searching import PageRequest, SearchPage
from web.api.shapes import TENANT, Answer, Body, Key, Tenant, Variables, encode, from_json, to_json
from web.context import actor, runtime, tx
from web.language import said


class DecisionDefinition(Answer):
    """A decision of the newest version of a process; a requirement graph is a file."""

    decision_definition_key: str
    decision_definition_id: str
    name: str
    version: int
    decision_requirements_key: str
    decision_requirements_id: str
    decision_requirements_name: str
    decision_requirements_version: int
    tenant_id: str = TENANT


class DecisionDefinitionPage(Answer):
    """Decisions, by id unless sorted."""

    items: list[DecisionDefinition]
    page: SearchPage


class DecisionFilter(Body):
    """Plain values that have to be met."""

    decision_definition_id: str | None = None
    decision_definition_key: Key | None = None
    name: str | None = None
    version: int | None = None
    is_latest_version: Literal[True] | None = None
    decision_requirements_id: str | None = None
    tenant_id: Tenant | None = None


class DecisionSort(Body):
    """One member to sort by."""

    field: Literal["decisionDefinitionId", "decisionDefinitionKey", "name", "version", "decisionRequirementsId"]
    order: Literal["ASC", "DESC"] = "ASC"


class DecisionQuery(Body):
    """A search over the decisions in force."""

    filter: DecisionFilter = msgspec.field(default_factory=DecisionFilter)
    sort: list[DecisionSort] = msgspec.field(default_factory=list)
    page: PageRequest = msgspec.field(default_factory=PageRequest)


class EvaluateDecisionRequest(Body):
    """Which decision, by id or key, and what it is given."""

    decision_definition_id: str | None = None
    decision_definition_key: Key | None = None
    variables: Variables = msgspec.field(default_factory=dict)
    tenant_id: Tenant | None = None


class MatchedRule(Answer):
    """A rule that matched, counted from 1; its outputs are those of the decision."""

    rule_id: str
    rule_index: int
    evaluated_outputs: list[dict[str, Any]] = msgspec.field(default_factory=list)


class EvaluatedDecision(Answer):
    """A decision that was evaluated."""

    decision_definition_id: str
    decision_definition_key: str
    decision_definition_name: str
    decision_definition_version: int
    decision_definition_type: str
    decision_evaluation_instance_key: str
    output: str
    matched_rules: list[MatchedRule]
    evaluated_inputs: list[dict[str, Any]] = msgspec.field(default_factory=list)
    tenant_id: str = TENANT


class EvaluateDecisionResult(Answer):
    """What a decision answers, as JSON text, and which rules led there."""

    decision_definition_id: str
    decision_definition_key: str
    decision_definition_name: str
    decision_definition_version: int
    decision_requirements_id: str
    decision_requirements_key: str
    decision_evaluation_key: str
    decision_instance_key: str
    evaluated_decisions: list[EvaluatedDecision]
    failed_decision_definition_id: str | None
    failure_message: str | None
    output: str
    tenant_id: str = TENANT


def search_decision_definitions(body: DecisionQuery) -> DecisionDefinitionPage:
    """Return the decisions of the newest versions."""
    asked = {name: getattr(body.filter, name) for name in body.filter.__struct_fields__}
    wanted = {name: value for name, value in asked.items() if value is not None and name != "is_latest_version"}
    lines = [_rendered(decision) for decision in deployed_decisions(runtime(), tx(), actor())]
    lines = [line for line in lines if all(getattr(line, name) == value for name, value in wanted.items())]
    for sort in reversed(body.sort):
        lines.sort(key=lambda line: getattr(line, snake(sort.field)), reverse=sort.order == "DESC")
    shown = lines[body.page.from_ : body.page.from_ + body.page.limit]
    page = SearchPage(total_items=len(lines), has_more_total_items=False, start_cursor=None, end_cursor=None)
    return DecisionDefinitionPage(items=shown, page=page)


def get_decision_definition(decision_definition_key: int) -> DecisionDefinition:
    """Return one decision."""
    return _rendered(decision_at(runtime(), tx(), actor(), *parts_of(decision_definition_key)))


def get_decision_definition_xml(decision_definition_key: int) -> bytes:
    """Return the file of a decision as it was deployed."""
    decision = decision_at(runtime(), tx(), actor(), *parts_of(decision_definition_key))
    return decision_file(runtime(), tx(), decision)


def evaluate_decision(body: EvaluateDecisionRequest) -> EvaluateDecisionResult:
    """Return what a decision answers; nothing is stored."""
    decision = _asked(body)
    result = evaluate(runtime(), tx(), decision, from_json(body.variables))
    failed = said(result.problems[0].message) if result.problems and result.value is None else None
    line, output = _rendered(decision), encode(to_json(result.value)).decode()
    key = str(new_key())
    return EvaluateDecisionResult(
        decision_definition_id=line.decision_definition_id,
        decision_definition_key=line.decision_definition_key,
        decision_definition_name=line.name,
        decision_definition_version=line.version,
        decision_requirements_id=line.decision_requirements_id,
        decision_requirements_key=line.decision_requirements_key,
        decision_evaluation_key=key,
        decision_instance_key=key,
        evaluated_decisions=[
            EvaluatedDecision(
                decision_definition_id=line.decision_definition_id,
                decision_definition_key=line.decision_definition_key,
                decision_definition_name=line.name,
                decision_definition_version=line.version,
                decision_definition_type="DECISION_TABLE" if decision.tabular else "LITERAL_EXPRESSION",
                decision_evaluation_instance_key=f"{key}-1",
                output=output,
                matched_rules=[MatchedRule(rule_id=f"{hit.table}-{hit.rule}", rule_index=hit.rule) for hit in result.hits],
            )
        ],
        failed_decision_definition_id=line.decision_definition_id if failed else None,
        failure_message=failed,
        output=output,
    )


def _asked(body: EvaluateDecisionRequest) -> DeployedDecision:
    if (body.decision_definition_id is None) == (body.decision_definition_key is None):
        raise Invalid(
            Text(
                "请用 decisionDefinitionId 或 decisionDefinitionKey 之一指明决策。",
                "Expected either decisionDefinitionId or decisionDefinitionKey.",
            )
        )
    if body.decision_definition_key is not None:
        return decision_at(runtime(), tx(), actor(), *parts_of(int(body.decision_definition_key)))
    return decision_of_id(runtime(), tx(), actor(), str(body.decision_definition_id))


def _rendered(decision: DeployedDecision) -> DecisionDefinition:
    file = decision.file.removesuffix(".dmn")
    return DecisionDefinition(
        decision_definition_key=key_of(decision.definition, decision.place),
        decision_definition_id=decision.id,
        name=decision.name,
        version=decision.version,
        decision_requirements_key=key_of(decision.definition, decision.place),
        decision_requirements_id=file,
        decision_requirements_name=file,
        decision_requirements_version=decision.version,
    )


_NEEDS = "see_definition"
OPERATIONS = (
    Operation(
        "POST", "/decision-definitions/search", search_decision_definitions, _NEEDS, DecisionQuery,
        DecisionDefinitionPage,
    ),
    Operation(
        "GET", "/decision-definitions/{decisionDefinitionKey}", get_decision_definition, _NEEDS,
        answer=DecisionDefinition,
    ),
    Operation(
        "GET", "/decision-definitions/{decisionDefinitionKey}/xml", get_decision_definition_xml, _NEEDS,
        answer="text/xml",
    ),
    Operation(
        "POST", "/decision-definitions/evaluation", evaluate_decision, _NEEDS, EvaluateDecisionRequest,
        EvaluateDecisionResult,
    ),
)  # fmt: skip
