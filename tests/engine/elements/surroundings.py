"""What stands around and beside the flow: pools, lanes, message flows, data, notes, and what no process executes."""

from __future__ import annotations

from collections.abc import Iterator

from tests.engine.elements.cell import Cell
from tests.engine.spiff.drawing import diagram, end, start, user

PROCESS = (start("s"), user("x"), end("e"), "s>x>e")
OWN = '<participant id="own" name="街道" processRef="p"/>'
OTHER = '<participant id="other" name="银行"/>'

DRAWN_ONLY = {
    "lane": '<laneSet id="ls"><lane id="l" name="clerk"><flowNodeRef>x</flowNodeRef></lane></laneSet>',
    "nested lanes": '<laneSet id="ls"><lane id="l" name="clerk"><flowNodeRef>x</flowNodeRef><childLaneSet id="ls2">'
    '<lane id="l2" name="clerk"><flowNodeRef>x</flowNodeRef></lane></childLaneSet></lane></laneSet>',
    "data object": '<dataObject id="d" name="申请"/><dataObjectReference id="dr" dataObjectRef="d"/>',
    "data object collection": '<dataObject id="d" name="申请" isCollection="true"/>',
    "data object with a state": '<dataObject id="d"/><dataObjectReference id="dr" dataObjectRef="d">'
    '<dataState id="ds" name="已核"/></dataObjectReference>',
    "data store": '<dataStoreReference id="dr" name="台账"/>',
    "text annotation": '<textAnnotation id="n"><text>说明</text></textAnnotation>'
    '<association id="a" sourceRef="x" targetRef="n"/>',
    "group": '<group id="g" categoryValueRef="c"/>',
}
WITHIN_THE_TASK = {
    "data input": '<property id="dp" name="__targetRef_placeholder"/><dataInputAssociation id="di">'
    "<sourceRef>dr</sourceRef><targetRef>dp</targetRef></dataInputAssociation>",
    "data output": '<dataOutputAssociation id="do"><targetRef>dr</targetRef></dataOutputAssociation>',
    "documentation": "<documentation>说明</documentation>",
    "data specification": '<ioSpecification id="io"><inputSet/><outputSet/></ioSpecification>',
    "performer": '<performer id="pe"><resourceRef>r</resourceRef></performer>',
    "potential owner": '<potentialOwner id="po"><resourceRef>r</resourceRef></potentialOwner>',
    "assigned data": '<dataInputAssociation id="di"><targetRef>dp</targetRef><assignment><from>1</from><to>dp</to>'
    "</assignment></dataInputAssociation>",
    "monitoring": "<monitoring/>",
    "auditing": "<auditing/>",
}
WITHIN_THE_PROCESS = {
    "choreography task": '<choreographyTask id="c" initiatingParticipantRef="own"/>',
    "sub-choreography": '<subChoreography id="c"/>',
    "call choreography": '<callChoreography id="c"/>',
    "correlation subscription": '<correlationSubscription id="c"/>',
    "resource role": '<resourceRole id="c"/>',
    "implicit throw event": '<implicitThrowEvent id="c"/>',
    "plain event": '<event id="c"/>',
}
COLLABORATIONS = {
    "pool": OWN,
    "pool and black-box pool": OWN + OTHER,
    "black-box pool alone": OTHER,
    "message flow between pools": f'{OWN}{OTHER}<messageFlow id="mf" sourceRef="other" targetRef="own"/>',
    "message flow to an element": f'{OWN}{OTHER}<messageFlow id="mf" sourceRef="other" targetRef="x"/>',
    "pool of many": '<participant id="own" processRef="p"><participantMultiplicity minimum="2"/></participant>',
    "conversation": f'{OWN}{OTHER}<conversation id="cv"><participantRef>own</participantRef></conversation>',
}
SECOND = '<process id="q" isExecutable="{}"><startEvent id="qs"/><endEvent id="qe"/>'
SECOND += '<sequenceFlow id="qf" sourceRef="qs" targetRef="qe"/></process>'
BESIDE = {
    "second executable process": SECOND.format("true"),
    "process of another party, drawn": SECOND.format("false"),
    "choreography": '<choreography id="ch"><startEvent id="chs"/></choreography>',
    "global task": '<globalTask id="gt" name="共用任务"/>',
    "global user task": '<globalUserTask id="gt" name="共用任务"/>',
    "category": '<category id="ca"><categoryValue id="c" value="一组"/></category>',
    "data store declared": '<dataStore id="ds" name="台账"/>',
    "item definition": '<itemDefinition id="it" structureRef="x"/>',
    "interface": '<interface id="if" name="i"><operation id="op" name="o"><inMessageRef>m1</inMessageRef></operation></interface>',
    "resource": '<resource id="r" name="车辆"/>',
}


def surroundings() -> Iterator[Cell]:
    """Yield every cell about what is not itself a step."""
    for name, drawn in (DRAWN_ONLY | WITHIN_THE_PROCESS).items():
        yield Cell(f"{name} in process", diagram("p", drawn, *PROCESS))
        if name != "lane" and name != "nested lanes":
            inner = f'<subProcess id="in">{drawn}<startEvent id="is"/><endEvent id="ie"/>'
            inner += '<sequenceFlow id="if" sourceRef="is" targetRef="ie"/></subProcess>'
            yield Cell(f"{name} in sub-process", diagram("p", start("s"), inner, end("e"), "s>in>e"))
    for name, drawn in WITHIN_THE_TASK.items():
        task = user("x").replace("</userTask>", f"{drawn}</userTask>")
        yield Cell(f"{name} of a task", diagram("p", DRAWN_ONLY["data object"], start("s"), task, end("e"), "s>x>e"))
    for name, drawn in COLLABORATIONS.items():
        yield Cell(name, diagram("p", *PROCESS, declare=f'<collaboration id="co">{drawn}</collaboration>'))
    for name, drawn in BESIDE.items():
        yield Cell(f"{name} beside the process", diagram("p", *PROCESS, declare=drawn))
