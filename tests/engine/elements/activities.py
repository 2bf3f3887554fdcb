"""The rows of activities, gateways and flows."""

from __future__ import annotations

from collections.abc import Iterator

from tests.engine.elements.row import Row, row
from tests.engine.spiff.drawing import (
    ad_hoc,
    after,
    call,
    catch,
    end,
    event_gateway,
    exclusive,
    inclusive,
    message,
    parallel,
    receive,
    repeat,
    rule,
    script,
    service,
    standard,
    start,
    sub,
    user,
)

KEY = {"case_no": "7", "amount": 1}


def activities() -> tuple[Row, ...]:
    """Return the rows of tasks, sub-processes and repetition."""
    return (*_tasks(), *_sub_processes(), *_repeated())


def gateways() -> tuple[Row, ...]:
    """Return the rows of gateways, and of splits and joins without one."""
    return (*_gateways(), *_flows())


def _tasks() -> Iterator[Row]:
    yield row(
        "task | 任务 | Task", "未指明类型,直接通过。 | Of no kind: it passes.",
        "T", ('<task id="T" name="T"/>', user("A"), "s>T>A>e"), " -> A",
    )  # fmt: skip
    yield row(
        "manual-task | 手工任务 | Manual task", "系统之外的工作,只作记录,直接通过。 | "
        "Work outside the system: noted, and it passes.",
        "T", ('<manualTask id="T" name="T"/>', user("A"), "s>T>A>e"), " -> A",
    )  # fmt: skip
    yield row(
        "user-task | 用户任务 | User task",
        "出现在岗位的待办里,填表办结后继续。 | "
        "Appears on the worklist of a role and goes on when its form is completed.",
        "A", (user("A", "B"), "s>A>B>e"), " -> A", "complete A -> B", "complete B -> DONE",
    )  # fmt: skip
    yield row(
        "service-task | 服务任务 | Service task",
        "本地服务在同一事务中完成;外部服务作为作业等待答复,失败会重试。 | "
        "A local service runs in the same transaction; a remote one is a job that is retried.",
        "J", (service("L", "local"), service("J", "remote"), user("A"), "s>L>J>A>e"), " -> J", "answer J -> A",
    )  # fmt: skip
    yield row(
        "send-task | 发送任务 | Send task",
        "由服务发出,失败会重试。 | Has a service send something, and is retried.",
        "S", (service("S", "remote", tag="sendTask"), user("A"), "s>S>A>e"), " -> S", "answer S -> A",
    )  # fmt: skip
    yield row(
        "send-task-message | 发送任务(消息) | Send task with a message",
        "把所引用的消息交给等待它的案件。 | Hands the message it refers to to the case that waits for it.",
        "S",
        (
            '<sendTask id="S" messageRef="objection"/>', parallel("g"), catch("c", message("objection")),
            user("T", "A", "B"), "s>g", "g>T>S>B>e", "g>c>A>e",
        ),
        " -> T c~", "complete T -> A B", values=KEY,
    )  # fmt: skip
    yield row(
        "receive-task | 接收任务 | Receive task",
        "等待消息,与消息捕获事件相同。 | Waits for a message as a message catch event does.",
        "W", (receive("W", "objection"), user("A"), "s>W>A>e"), " -> W~", "send W -> A", values=KEY,
    )  # fmt: skip
    yield row(
        "business-rule-task | 业务规则任务 | Business rule task",
        "计算决策表,结果写入变量;没有规则适用即为异常待处理。 | "
        "Evaluates a decision and keeps its value; where no rule applies it is an incident.",
        "D", (rule("D", "size", "amount"), user("A"), "s>D>A>e"), " -> A", values=KEY,
    )  # fmt: skip
    yield row(
        "script-task | 脚本任务 | Script task",
        "计算一个 FEEL 表达式,结果写入变量。 | Evaluates one FEEL expression and keeps its value.",
        "X",
        (script("X", "=amount + 1", "amount"), exclusive("x"), user("A", "B"), "s>X>x", "x>A [=amount = 2]", "x>B default", "A>e", "B>e"),
        " -> A", values=KEY,
    )  # fmt: skip


def _sub_processes() -> Iterator[Row]:
    yield row(
        "sub-process | 子流程 | Sub-process",
        "里面的各路都结束后才继续。 | Goes on when every path within is over.",
        "in",
        (sub("in", start("is"), parallel("g"), user("A", "B"), end("ie"), "is>g", "g>A>ie", "g>B>ie"), user("Z"), "s>in>Z>e"),
        " -> A B", "complete A -> B", "complete B -> Z",
    )  # fmt: skip
    yield row(
        "call-activity | 调用活动 | Call activity",
        "运行另一个流程,使用部署时绑定的版本;变量拷入,结束时拷回。 | "
        "Runs another process in the version bound at deployment; variables are copied in and back.",
        "C", (call("C", "called"), user("Z"), "s>C>Z>e"), " -> Q", "complete Q -> Z",
    )  # fmt: skip
    yield row(
        "transaction | 事务 | Transaction",
        "可以整体取消的子流程:取消时撤销里面已办的事项。 | "
        "A sub-process that can be cancelled as a whole, which undoes what was done in it.",
        "tx", (sub("tx", start("ts"), user("A"), end("te"), "ts>A>te", tag="transaction"), user("Z"), "s>tx>Z>e"),
        " -> A", "complete A -> Z",
    )  # fmt: skip
    yield row(
        "ad-hoc | 即席子流程 | Ad-hoc sub-process",
        "由办理人选择接下来办哪几项,可多次选择,直到勾选结束或完成条件成立。 | "
        "People choose what is done next, as often as needed, until they finish or its condition holds.",
        "ad", (_offered(ad_hoc("ad", user("A", "B"))), user("Z"), "s>ad>Z>e"),
        " -> ad", "choose A -> A ad", "choose B -> A B ad", "complete A -> B ad", "complete B -> ad", "choose -> Z",
    )  # fmt: skip
    yield row(
        "ad-hoc-sequential | 即席子流程(依次) | Ad-hoc sub-process, one at a time",
        "每次只选一项,办完再选。 | One activity at a time; people choose again when it is done.",
        "ad", (_offered(ad_hoc("ad", user("A", "B"), attributes='ordering="Sequential"')), user("Z"), "s>ad>Z>e"),
        " -> ad", "choose B -> B", "complete B -> ad", "choose -> Z",
    )  # fmt: skip
    yield row(
        "ad-hoc-by-expression | 即席子流程(表达式选定) | Ad-hoc sub-process, begun by an expression",
        "表达式给出要办的活动编号,全部办完即结束。 | An expression names the activities; it ends when all are done.",
        "ad", (ad_hoc("ad", user("A", "B", "C"), active='=["A", "C"]'), user("Z"), "s>ad>Z>e"),
        " -> A C", "complete A -> C", "complete C -> Z",
    )  # fmt: skip


def _offered(drawn: str) -> str:
    group = '<zeebe:assignmentDefinition candidateGroups="clerk"/>'
    return drawn.replace("<extensionElements>", f"<extensionElements>{group}", 1)


def _repeated() -> Iterator[Row]:
    yield row(
        "standard-loop | 循环 | Loop",
        "每轮之后(或之前)看条件,成立则再来一轮,不超过最多轮数。 | "
        "After each round, or before, it goes on while the condition holds, at most so many rounds.",
        "in",
        (
            sub("in", start("is"), user("A"), script("X", "=amount + 1", "amount"), end("ie"), "is>A>X>ie", loop=standard("=amount < 3")),
            user("Z"), "s>in>Z>e",
        ),
        " -> A", "complete A -> A", "complete A -> Z", values=KEY,
    )  # fmt: skip
    yield row(
        "sequential-multi-instance | 顺序多实例 | Multi-instance, sequential",
        "对清单逐项办理,一项办完再办下一项。 | Once for each item of a list, one after the other.",
        "A", (user("A", loop=repeat("=[1,2]", "it")), user("Z"), "s>A>Z>e"), " -> A", "complete A -> A", "complete A -> Z",
    )  # fmt: skip
    yield row(
        "parallel-multi-instance | 并行多实例 | Multi-instance, parallel",
        "对清单各项同时办理,全部办完或完成条件成立时继续。 | "
        "Once for each item at the same time, until all are done or the completion condition holds.",
        "A",
        (user("A", loop=repeat("=[1,2,3]", "it", sequential=False, until="=numberOfCompletedInstances = 2")), user("Z"), "s>A>Z>e"),
        " -> A A A", "complete A -> A A", "complete A -> Z",
    )  # fmt: skip


def _gateways() -> Iterator[Row]:
    yield row(
        "exclusive-gateway | 排他网关 | Exclusive gateway",
        "走第一条条件成立的路,都不成立走默认流。 | Takes the first flow whose condition holds, else the default.",
        "x", (exclusive("x"), user("A", "B"), "s>x", "x>A [=amount > 10]", "x>B default", "A>e", "B>e"), " -> B", values=KEY,
    )  # fmt: skip
    yield row(
        "parallel-gateway | 并行网关 | Parallel gateway",
        "分出所有路;汇合时等每条路各到一个。 | Takes every flow; as a join it waits for one from each.",
        "j", (parallel("g", "j"), user("A", "B", "Z"), "s>g", "g>A>j", "g>B>j", "j>Z>e"),
        " -> A B", "complete A -> B j~", "complete B -> Z",
    )  # fmt: skip
    yield row(
        "inclusive-gateway | 包容网关 | Inclusive gateway",
        "走所有条件成立的路;汇合时等到不会再有别的路到来。 | "
        "Takes every flow that holds; as a join it waits until no other can come.",
        "j",
        (
            inclusive("g", "j"), user("A", "B", "C", "Z"), "s>g", "g>A [=amount = 1]", "g>B [=amount < 5]", "g>C default",
            "A>j", "B>j", "C>j", "j>Z>e",
        ),
        " -> A B", "complete A -> B j~", "complete B -> Z", values=KEY,
    )  # fmt: skip
    yield row(
        "event-based-gateway | 事件网关 | Event-based gateway",
        "等几个事件中最先发生的一个,其余作废。 | Waits for the first of several events; the others are dropped.",
        "eg",
        (event_gateway("eg"), catch("c", message("objection")), catch("d", after("P1D")), user("A", "B"), "s>eg", "eg>c>A>e", "eg>d>B>e"),
        " -> c~ d~", "fire d -> B", values=KEY,
    )  # fmt: skip


def _flows() -> Iterator[Row]:
    yield row(
        "implicit-split | 活动后的多条顺序流 | Several flows out of an activity",
        "没有条件的都走,有条件的成立才走,都不成立走默认流。 | "
        "Takes all without condition and those that hold, else the default.",
        "A",
        (user("A", "B", "C", "D"), "s>A", "A>B [=amount = 1]", "A>C [=amount > 10]", "A>D default", "B>e", "C>e", "D>e"),
        " -> A", "complete A -> B", values=KEY,
    )  # fmt: skip
    yield row(
        "implicit-join | 多条顺序流进入活动 | Several flows into an activity",
        "不等待:每到一路,活动就办一次。 | Does not wait: it is done once for each that arrives.",
        "Z", (parallel("g"), user("A", "B", "Z"), "s>g", "g>A>Z", "g>B>Z", "Z>e"),
        " -> A B", "complete A -> B Z", "complete B -> Z Z",
    )  # fmt: skip
