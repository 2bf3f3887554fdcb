"""A small language to draw test diagrams: elements are XML, flows are ``a>b>c``, ``x>b [=k > 1]``, ``x>c default``."""

from __future__ import annotations

from itertools import count, pairwise
from xml.sax.saxutils import escape, quoteattr

from engine.diagram.read import read
from engine.diagram.tree import Diagram

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
XSI = "http://www.w3.org/2001/XMLSchema-instance"


def diagram(process: str, *parts: str, declare: str = "") -> Diagram:
    """Draw one executable process and read it back as the product does."""
    codes = "".join(f'<error id="{c}" errorCode="{c}"/>' for c in ("E1", "E2"))
    codes += '<escalation id="X1" escalationCode="X1"/>'
    codes += "".join(f'<signal id="{g}" name="{g}"/>' for g in ("sig1", "sig2"))
    messages = "".join(f'<message id="{m}" name="{m}"/>' for m in ("m1", "m2", "several"))
    messages += keyed_message("objection", "=case_no")
    body = f'<process id="{process}" isExecutable="true">{scope(*parts)}</process>'
    namespaces = f'xmlns="{BPMN}" xmlns:zeebe="{ZEEBE}" xmlns:xsi="{XSI}"'
    xml = (
        f'<definitions {namespaces} id="definitions" targetNamespace="t">{declare}{codes}{messages}{body}</definitions>'
    )
    return read(xml.encode(), f"{process}.bpmn")


def keyed_message(name: str, key: str) -> str:
    return (
        f'<message id="{name}" name="{name}">{ext(f"<zeebe:subscription correlationKey={quoteattr(key)}/>")}</message>'
    )


def scope(*parts: str, _ids: count[int] = count(1)) -> str:
    """Elements and flows of one scope."""
    out: list[str] = []
    defaults: dict[str, str] = {}
    for part in parts:
        if part.lstrip().startswith("<"):
            out.append(part)
            continue
        path, _, condition = part.partition("[")
        is_default = path.rstrip().endswith(" default")
        ids = path.replace(" default", "").strip().split(">")
        for source, target in pairwise(ids):
            flow = f"f{next(_ids)}"
            out.append(_flow(flow, source, target, condition.rstrip("]")))
            if is_default:
                defaults[source] = flow
    xml = "\n".join(out)
    for source, flow in defaults.items():
        xml = xml.replace(f' id="{source}"', f' id="{source}" default="{flow}"', 1)
    return xml


def _flow(flow: str, source: str, target: str, condition: str) -> str:
    inner = (
        f'<conditionExpression xsi:type="tFormalExpression">{escape(condition)}</conditionExpression>'
        if condition
        else ""
    )
    return f'<sequenceFlow id="{flow}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>'


def ext(*parts: str) -> str:
    return f"<extensionElements>{''.join(parts)}</extensionElements>"


def io(inputs: dict[str, str] | None = None, outputs: dict[str, str] | None = None) -> str:
    """Mappings as target: source."""
    lines = [f"<zeebe:input source={quoteattr(s)} target={quoteattr(t)}/>" for t, s in (inputs or {}).items()]
    lines += [f"<zeebe:output source={quoteattr(s)} target={quoteattr(t)}/>" for t, s in (outputs or {}).items()]
    return f"<zeebe:ioMapping>{''.join(lines)}</zeebe:ioMapping>"


def props(**values: str) -> str:
    pairs = "".join(f"<zeebe:property name={quoteattr(k)} value={quoteattr(v)}/>" for k, v in values.items())
    return f"<zeebe:properties>{pairs}</zeebe:properties>"


def start(name: str, definition: str = "", attributes: str = "") -> str:
    return f'<startEvent id="{name}" {attributes}>{definition}</startEvent>'


def end(name: str, definition: str = "", title: str = "") -> str:
    return f'<endEvent id="{name}" name="{title}">{definition}</endEvent>'


def user(*names: str, extra: str = "", loop: str = "") -> str:
    return "".join(f'<userTask id="{n}" name="{n}">{ext(extra, OFFERED)}{loop}</userTask>' for n in names)


def script(name: str, expression: str, result: str, loop: str = "", extra: str = "") -> str:
    body = f"<zeebe:script expression={quoteattr(expression)} resultVariable={quoteattr(result)}/>"
    return f'<scriptTask id="{name}">{ext(body, extra)}{loop}</scriptTask>'


def service(name: str, type_: str, extra: str = "", loop: str = "", tag: str = "serviceTask") -> str:
    return f'<{tag} id="{name}">{ext(f"<zeebe:taskDefinition type={quoteattr(type_)}/>", extra)}{loop}</{tag}>'


def rule(name: str, decision: str, result: str, extra: str = "") -> str:
    body = f"<zeebe:calledDecision decisionId={quoteattr(decision)} resultVariable={quoteattr(result)}/>"
    return f'<businessRuleTask id="{name}">{ext(body, extra)}</businessRuleTask>'


def call(name: str, process: str, extra: str = "", loop: str = "", back: bool = True) -> str:
    body = f'<zeebe:calledElement processId="{process}" propagateAllChildVariables="{str(back).lower()}"/>'
    return f'<callActivity id="{name}">{ext(body, extra)}{loop}</callActivity>'


def sub(name: str, *parts: str, extra: str = "", attributes: str = "", loop: str = "", tag: str = "subProcess") -> str:
    return f'<{tag} id="{name}" {attributes}>{ext(extra)}{loop}{scope(*parts)}</{tag}>'


def ad_hoc(name: str, *parts: str, active: str = "", until: str = "", attributes: str = "") -> str:
    extra = f"<zeebe:adHoc activeElementsCollection={quoteattr(active)}/>" if active else ""
    condition = f"<completionCondition>{escape(until)}</completionCondition>" if until else ""
    return sub(name, *parts, extra=extra, attributes=attributes, tag="adHocSubProcess").replace(
        "</adHocSubProcess>", f"{condition}</adHocSubProcess>"
    )


def undone_by(activity: str, handler: str) -> str:
    """A compensation event on the activity's border that leads to a user task."""
    event = boundary(f"c{activity}", activity, COMPENSATE)
    link = f'<association id="a{activity}" sourceRef="c{activity}" targetRef="{handler}"/>'
    return f'{event}{link}<userTask id="{handler}" name="{handler}" isForCompensation="true">{ext(OFFERED)}</userTask>'


def handler(name: str, definition: str, task: str, interrupting: bool = True, finish: str = "") -> str:
    """An event sub-process with one user task."""
    begin = start(f"{name}s", definition, f'isInterrupting="{str(interrupting).lower()}"')
    parts = (begin, user(task), end(f"{name}e", finish), f"{name}s>{task}>{name}e")
    return sub(name, *parts, attributes='triggeredByEvent="true"')


def exclusive(*names: str) -> str:
    return "".join(f'<exclusiveGateway id="{n}"/>' for n in names)


def parallel(*names: str) -> str:
    return "".join(f'<parallelGateway id="{n}"/>' for n in names)


def inclusive(*names: str) -> str:
    return "".join(f'<inclusiveGateway id="{n}"/>' for n in names)


def event_gateway(name: str) -> str:
    return f'<eventBasedGateway id="{name}"/>'


def catch(name: str, definition: str, extra: str = "") -> str:
    return f'<intermediateCatchEvent id="{name}">{ext(extra)}{definition}</intermediateCatchEvent>'


def throw(name: str, definition: str = "", extra: str = "") -> str:
    return f'<intermediateThrowEvent id="{name}">{ext(extra)}{definition}</intermediateThrowEvent>'


def receive(name: str, message: str) -> str:
    return f'<receiveTask id="{name}" messageRef="{message}"/>'


def boundary(name: str, activity: str, definition: str, interrupting: bool = True, extra: str = "") -> str:
    attributes = f'attachedToRef="{activity}" cancelActivity="{str(interrupting).lower()}"'
    return f'<boundaryEvent id="{name}" {attributes}>{ext(extra)}{definition}</boundaryEvent>'


def repeat(
    collection: str, element: str, *, sequential: bool = True, out: str = "", out_element: str = "", until: str = ""
) -> str:
    attributes = f"inputCollection={quoteattr(collection)} inputElement={quoteattr(element)}"
    if out:
        attributes += f" outputCollection={quoteattr(out)} outputElement={quoteattr(out_element)}"
    condition = f"<completionCondition>{escape(until)}</completionCondition>" if until else ""
    inner = ext(f"<zeebe:loopCharacteristics {attributes}/>") + condition
    kind = str(sequential).lower()
    return f'<multiInstanceLoopCharacteristics isSequential="{kind}">{inner}</multiInstanceLoopCharacteristics>'


def standard(condition: str = "", *, before: bool = False, most: str = "") -> str:
    attributes = f'testBefore="{str(before).lower()}"' + (f" loopMaximum={quoteattr(most)}" if most else "")
    inner = f"<loopCondition>{escape(condition)}</loopCondition>" if condition else ""
    return f"<standardLoopCharacteristics {attributes}>{inner}</standardLoopCharacteristics>"


def message(name: str) -> str:
    return f'<messageEventDefinition messageRef="{name}"/>'


def signal(name: str = "sig1") -> str:
    return f'<signalEventDefinition signalRef="{name}"/>'


def error(code: str = "") -> str:
    return f'<errorEventDefinition errorRef="{code}"/>' if code else "<errorEventDefinition/>"


def escalation(code: str = "X1") -> str:
    return f'<escalationEventDefinition escalationRef="{code}"/>'


def timer(kind: str, text: str) -> str:
    return f"<timerEventDefinition><{kind}>{escape(text)}</{kind}></timerEventDefinition>"


def after(duration: str) -> str:
    return timer("timeDuration", duration)


def conditional(condition: str) -> str:
    return f"<conditionalEventDefinition><condition>{escape(condition)}</condition></conditionalEventDefinition>"


def compensate(activity: str = "") -> str:
    return f'<compensateEventDefinition activityRef="{activity}"/>' if activity else COMPENSATE


def link(name: str) -> str:
    return f'<linkEventDefinition name="{name}"/>'


TERMINATE = "<terminateEventDefinition/>"
CANCEL = "<cancelEventDefinition/>"
COMPENSATE = "<compensateEventDefinition/>"
OFFERED = '<zeebe:userTask/><zeebe:assignmentDefinition candidateGroups="clerk"/>'
