"""The rows of all events."""

from __future__ import annotations

from collections.abc import Iterator

from tests.engine.elements.row import Row, row
from tests.engine.spiff.drawing import (
    CANCEL,
    COMPENSATE,
    TERMINATE,
    after,
    boundary,
    catch,
    compensate,
    conditional,
    end,
    error,
    escalation,
    exclusive,
    ext,
    handler,
    link,
    message,
    parallel,
    props,
    script,
    service,
    signal,
    start,
    sub,
    throw,
    timer,
    undone_by,
    user,
)

MESSAGE = message("objection")
KEY = {"case_no": "7", "amount": 1}
RAISE = script("X", "=20", "amount")
EVERYWHERE = ext(props(startFor="township"))
TOO_MUCH = conditional("=amount > 10")


def events() -> tuple[Row, ...]:
    """Return the rows of starts, catching, throwing, boundary and end events."""
    return (*_starts(), *_catching(), *_throwing(), *_boundaries(), *_event_sub_processes(), *_ends())


def _starts() -> Iterator[Row]:
    yield row(
        "start-none | 开始事件 | Start event",
        "有人填表或由服务发起,案件从这里开始。 | A person with a form, or a service, starts the case here.",
        "s", (user("A"), "s>A>e"), " -> A", "complete A -> DONE",
    )  # fmt: skip
    yield row(
        "start-message | 消息开始事件 | Message start event",
        "收到消息即发起一个案件,变量 region 写明地区;带关联键的,同一键同时只有一个案件。 | "
        "Its message starts a case in the place its variable region names; with a key, one case of that key at a time.",
        "x", (start("x", message("m1")), user("A"), end("e"), "x>A>e"), "send x -> A", "complete A -> DONE", plain=False,
    )  # fmt: skip
    yield row(
        "start-timer | 定时开始事件 | Timer start event",
        "到指定的时间、等满一段时间或按周期发起案件;属性 startFor 写明每市、每县或每乡镇各一件。 | "
        "Starts cases at a time, after a span or in a cycle; its property startFor says one for each city, county or township.",
        "x", (start("x", EVERYWHERE + timer("timeCycle", "R/P1M")), user("A"), end("e"), "x>A>e"), "fire x -> A", "complete A -> DONE",
        plain=False,
    )  # fmt: skip
    yield row(
        "start-signal | 信号开始事件 | Signal start event",
        "听到信号即发起一个案件。 | Starts a case whenever its signal is heard.",
        "x", (start("x", signal("sig2")), user("A"), end("e"), "x>A>e"), "hear x -> A", "complete A -> DONE", plain=False,
    )  # fmt: skip
    yield row(
        "several-starts | 多个开始事件 | Several start events",
        "由人发起和由事件发起各走各的开始事件,案件只从其中一个开始。 | "
        "A case begins at the one start event by which it was started: a person's, or an event's.",
        "x", (start("x", message("m2")), user("A", "B"), "s>A>B>e", "x>B"), " -> A", "complete A -> B", "complete B -> DONE",
    )  # fmt: skip
    yield row(
        "several-starts-by-message | 多个开始事件(由消息发起) | Several start events, started by a message",
        "消息发起的案件从消息开始事件走起,不经过其他开始事件。 | "
        "A case that a message starts begins at the message start event and passes no other.",
        "x", (start("x", message("several")), user("A", "B"), "s>A>B>e", "x>B"), "send x -> B", "complete B -> DONE",
    )  # fmt: skip


def _catching() -> Iterator[Row]:
    yield row(
        "catch-message | 消息捕获事件 | Message catch event",
        "等待带有本案关联键的消息,每条消息只交给一个等待者。 | "
        "Waits for a message with the key of this case; exactly one receives it.",
        "c", (catch("c", MESSAGE), user("A"), "s>c>A>e"), " -> c~", "send c -> A", values=KEY,
    )  # fmt: skip
    yield row(
        "catch-timer | 定时捕获事件 | Timer catch event",
        "等到指定的时间,或等满一段时间。 | Waits until a time, or for a span of time.",
        "c", (catch("c", after("P1D")), user("A"), "s>c>A>e"), " -> c~", "fire c -> A",
    )  # fmt: skip
    yield row(
        "catch-signal | 信号捕获事件 | Signal catch event",
        "等待信号;信号广播给所有案件中正在等待的人,不留给后来者。 | "
        "Waits for a signal, which all who wait in any case hear and nobody who comes later.",
        "c", (catch("c", signal()), user("A"), "s>c>A>e"), " -> c~", "hear c -> A",
    )  # fmt: skip
    yield row(
        "catch-conditional | 条件捕获事件 | Conditional catch event",
        "等到条件由假变真;每一步结束时检查。 | Waits until its condition turns true; asked at the end of every step.",
        "c",
        (parallel("g"), user("A", "B"), RAISE, catch("c", TOO_MUCH), "s>g", "g>A>X>e", "g>c>B>e"),
        " -> A c~", "complete A -> B", values=KEY,
    )  # fmt: skip
    yield row(
        "catch-link | 链接捕获事件 | Link catch event",
        "同名的链接抛出事件从这里继续,等同于一条没有画出的顺序流。 | "
        "Where link throw events of its name go on: a sequence flow that is not drawn.",
        "c", (throw("t", link("L")), catch("c", link("L")), user("A"), "s>t", "c>A>e"), " -> A",
    )  # fmt: skip


def _throwing() -> Iterator[Row]:
    yield row(
        "throw-none | 中间事件 | Intermediate event",
        "标出里程碑,直接通过。 | Marks a milestone and passes.",
        "t", (throw("t"), user("A"), "s>t>A>e"), " -> A",
    )  # fmt: skip
    yield row(
        "throw-message | 消息抛出事件 | Message throw event",
        "在同一事务中把消息交给等待它的一个案件。 | "
        "Hands a message, in the same transaction, to the one case that waits for it.",
        "t",
        (parallel("g"), catch("c", MESSAGE), user("T", "A"), throw("t", MESSAGE), "s>g", "g>T>t>e", "g>c>A>e"),
        " -> T c~", "complete T -> A", values=KEY,
    )  # fmt: skip
    yield row(
        "throw-signal | 信号抛出事件 | Signal throw event",
        "广播信号:本案等待者立即听到,其他案件在同一事务中听到。 | "
        "Broadcasts: its own case hears at once, others in the same transaction.",
        "t",
        (parallel("g"), catch("c", signal()), user("T", "A", "B"), throw("t", signal()), "s>g", "g>T>t>B>e", "g>c>A>e"),
        " -> T c~", "complete T -> A B",
    )  # fmt: skip
    yield row(
        "throw-escalation | 升级抛出事件 | Escalation throw event",
        "向外层报告并继续办理;外层可以旁加处理,也可以中断。 | "
        "Tells the levels around and goes on; they may act beside it or interrupt it.",
        "t",
        (
            sub("in", start("is"), user("A"), throw("t", escalation()), user("B"), end("ie"), "is>A>t>B>ie"),
            boundary("b", "in", escalation(), False), user("R"), "s>in>e", "b>R>e",
        ),
        " -> A b~", "complete A -> B R b~",
    )  # fmt: skip
    yield row(
        "throw-compensation | 补偿抛出事件 | Compensation throw event",
        "按完成的相反顺序撤销本环节已办事项(或指定的一项),撤销完再继续。 | "
        "Undoes what its level has completed, or one activity, newest first, then goes on.",
        "t",
        (user("A", "B", "Z"), undone_by("A", "hA"), undone_by("B", "hB"), throw("t", COMPENSATE), "s>A>B>t>Z>e"),
        " -> A", "complete A -> B", "complete B -> hB t", "complete hB -> hA t", "complete hA -> Z",
    )  # fmt: skip
    yield row(
        "throw-link | 链接抛出事件 | Link throw event",
        "转到同一层同名的链接捕获事件。 | Goes on at the link catch event of its name on the same level.",
        "t2",
        (
            exclusive("x"), throw("t1", link("L")), throw("t2", link("L")), catch("c", link("L")), user("A"),
            "s>x", "x>t1 [=amount > 10]", "x>t2 default", "c>A>e",
        ),
        " -> A", values=KEY,
    )  # fmt: skip


TRIGGERS = {
    "message": (MESSAGE, "send", "收到消息时", "When its message comes"),
    "timer": (after("P1D"), "fire", "到期时", "When its time comes"),
    "signal": (signal(), "hear", "听到信号时", "When its signal is heard"),
    "conditional": (TOO_MUCH, "complete C", "条件由假变真时", "When its condition turns true"),
}
KINDS_ZH = {
    "message": "消息", "timer": "定时", "signal": "信号", "conditional": "条件", "error": "错误", "escalation": "升级",
}  # fmt: skip


def _boundaries() -> Iterator[Row]:
    for kind, (definition, verb, zh, en) in TRIGGERS.items():
        for interrupting in (True, False):
            what = f"{verb} b" if " " not in verb else verb
            beside = (parallel("g"), user("C"), RAISE, "s>g", "g>C>X>e", "g>A>e") if " " in verb else ("s>A>e",)
            before = " -> A C b~" if " " in verb else " -> A b~"
            yield row(
                f"boundary-{kind}{'' if interrupting else '-beside'} | {KINDS_ZH[kind]}边界事件{'' if interrupting else '(不中断)'} | "
                f"{kind.capitalize()} boundary event{'' if interrupting else ', not interrupting'}",
                f"{zh}{'中断活动' if interrupting else '不影响活动,另走一路'}。 | "
                f"{en}, it {'ends the activity' if interrupting else 'goes on beside the activity'}.",
                "b", (user("A", "R"), boundary("b", "A", definition, interrupting), *beside, "b>R>e"),
                before, f"{what} -> {'R' if interrupting else _after(kind)}", values=KEY,
            )  # fmt: skip
    yield row(
        "boundary-error | 错误边界事件 | Error boundary event",
        "接住活动内抛出的业务错误;先匹配错误代码,再匹配任意错误。 | "
        "Catches a business error thrown within; the exact code goes before any.",
        "b", (service("J", "remote"), boundary("b", "J", error("E1")), user("R"), "s>J>e", "b>R>e"),
        " -> J b~", "fail J -> R",
    )  # fmt: skip
    for interrupting in (True, False):
        inner = sub("in", start("is"), user("A"), throw("t", escalation()), user("B"), end("ie"), "is>A>t>B>ie")
        yield row(
            f"boundary-escalation{'' if interrupting else '-beside'} | 升级边界事件{'' if interrupting else '(不中断)'} | "
            f"Escalation boundary event{'' if interrupting else ', not interrupting'}",
            f"接住活动内的升级,{'中断活动' if interrupting else '另走一路,活动继续'}。 | "
            f"Catches an escalation thrown within and "
            f"{'ends the activity' if interrupting else 'goes on beside it'}.",
            "b", (inner, boundary("b", "in", escalation(), interrupting), user("R"), "s>in>e", "b>R>e"),
            " -> A b~", f"complete A -> {'R' if interrupting else 'B R b~'}",
        )  # fmt: skip
    yield row(
        "boundary-compensation | 补偿边界事件 | Compensation boundary event",
        "用关联线指明撤销这项活动的活动;活动完成后才可能被撤销。 | "
        "Leads by an association to the activity that undoes this one, once it was completed.",
        "cA", (user("A", "Z"), undone_by("A", "hA"), throw("t", compensate("A")), "s>A>t>Z>e"),
        " -> A", "complete A -> hA t", "complete hA -> Z",
    )  # fmt: skip
    yield row(
        "boundary-cancel | 取消边界事件 | Cancel boundary event",
        "事务取消并撤销完毕后从这里继续。 | Where it goes on after a transaction was cancelled and undone.",
        "b", (_transaction(), boundary("b", "tx", CANCEL), user("R"), "s>tx>e", "b>R>e"),
        " -> A b~", "complete A -> b~ cx hA", "complete hA -> R",
    )  # fmt: skip


def _after(kind: str) -> str:
    return "A R" if kind == "timer" else "A R b~"


def _transaction() -> str:
    inner = (start("ts"), user("A"), undone_by("A", "hA"), end("cx", CANCEL), "ts>A>cx")
    return sub("tx", *inner, tag="transaction")


def _event_sub_processes() -> Iterator[Row]:
    for kind, (definition, verb, zh, en) in TRIGGERS.items():
        for interrupting in (True, False):
            what = f"{verb} hs" if " " not in verb else verb
            beside = ("s>A>e",) if " " not in verb else (parallel("g"), user("C"), RAISE, "s>g", "g>A>e", "g>C>X>e")
            stays = "" if kind == "timer" else " hs~"
            yield row(
                f"event-sub-process-{kind}{'' if interrupting else '-beside'} | {KINDS_ZH[kind]}事件子流程{'' if interrupting else '(不中断)'} | "
                f"Event sub-process by {kind}{'' if interrupting else ', not interrupting'}",
                f"{zh}{'中断所在环节,改办这里' if interrupting else '另办这里,所在环节继续'}。 | {en}, it "
                f"{'ends what it belongs to and runs' if interrupting else 'runs beside what it belongs to'}.",
                "hs", (user("A"), handler("h", definition, "H", interrupting), *beside),
                " -> A hs~" if " " not in verb else " -> A C hs~",
                f"{what} -> {'H' if interrupting else 'A H' + stays}", values=KEY,
            )  # fmt: skip
    yield row(
        "event-sub-process-error | 错误事件子流程 | Event sub-process by error",
        "接住所在环节内抛出的错误,中断该环节并改办这里。 | "
        "Catches an error thrown in what it belongs to, ends that and runs.",
        "hs", (service("J", "remote"), user("A"), parallel("g"), "s>g", "g>J>e", "g>A>e", handler("h", error("E1"), "H")),
        " -> A J hs~", "fail J -> H",
    )  # fmt: skip
    for interrupting in (True, False):
        yield row(
            f"event-sub-process-escalation{'' if interrupting else '-beside'} | 升级事件子流程{'' if interrupting else '(不中断)'} | "
            f"Event sub-process by escalation{'' if interrupting else ', not interrupting'}",
            f"接住所在环节内的升级,{'中断该环节并改办这里' if interrupting else '另办这里,该环节继续'}。 | "
            f"Catches an escalation thrown in what "
            f"it belongs to and {'runs instead' if interrupting else 'runs beside it'}.",
            "hs",
            (user("A", "B"), throw("t", escalation()), "s>A>t>B>e", handler("h", escalation(), "H", interrupting)),
            " -> A hs~", f"complete A -> {'H' if interrupting else 'B H hs~'}",
        )  # fmt: skip
    undo = sub("h", start("hs", COMPENSATE), user("U"), end("he"), "hs>U>he", attributes='triggeredByEvent="true"')
    inner = sub("in", start("is"), user("A"), end("ie"), undo, "is>A>ie")
    yield row(
        "event-sub-process-compensation | 补偿事件子流程 | Event sub-process by compensation",
        "撤销它所在的已完成子流程时改办这里。 | Runs when the completed sub-process it stands in is undone.",
        "hs", (inner, throw("t", COMPENSATE), user("Z"), "s>in>t>Z>e"),
        " -> A", "complete A -> U t", "complete U -> Z",
    )  # fmt: skip


def _ends() -> Iterator[Row]:
    yield row(
        "end-none | 结束事件 | End event",
        "这一路到此为止;所有路都结束,案件才结束。 | This path is over; the case ends when all paths are.",
        "e", (parallel("g"), user("A", "B"), "s>g", "g>A>e", "g>B>e"), " -> A B", "complete A -> B", "complete B -> DONE",
    )  # fmt: skip
    yield row(
        "end-message | 消息结束事件 | Message end event",
        "结束这一路,并把消息交给等待它的案件。 | Ends this path and hands a message to the case that waits for it.",
        "x", (user("T"), end("x", MESSAGE), parallel("g"), user("A"), catch("c", MESSAGE), "s>g", "g>T>x", "g>c>A>e"),
        " -> T c~", "complete T -> A", values=KEY,
    )  # fmt: skip
    yield row(
        "end-signal | 信号结束事件 | Signal end event",
        "结束这一路,并广播信号。 | Ends this path and broadcasts a signal.",
        "x", (user("T"), end("x", signal()), parallel("g"), user("A"), catch("c", signal()), "s>g", "g>T>x", "g>c>A>e"),
        " -> T c~", "complete T -> A",
    )  # fmt: skip
    yield row(
        "end-error | 错误结束事件 | Error end event",
        "抛出业务错误,由外层最近的错误事件接住;没有接住即为异常待处理。 | "
        "Throws a business error to the nearest error event around; uncaught it is an incident.",
        "x",
        (
            sub("in", start("is"), user("A"), end("x", error("E1")), "is>A>x"), boundary("b", "in", error("E1")),
            user("R"), "s>in>e", "b>R>e",
        ),
        " -> A b~", "complete A -> R",
    )  # fmt: skip
    yield row(
        "end-escalation | 升级结束事件 | Escalation end event",
        "结束这一路,并向外层报告。 | Ends this path and tells the levels around.",
        "x",
        (
            sub("in", start("is"), user("A"), end("x", escalation()), "is>A>x"),
            boundary("b", "in", escalation(), False), user("R", "N"), "s>in>N>e", "b>R>e",
        ),
        " -> A b~", "complete A -> N R",
    )  # fmt: skip
    yield row(
        "end-compensation | 补偿结束事件 | Compensation end event",
        "撤销本环节已办事项后结束这一路。 | Undoes what its level has completed, then ends this path.",
        "x", (start("s"), user("A"), undone_by("A", "hA"), end("x", COMPENSATE), "s>A>x"),
        " -> A", "complete A -> hA x", "complete hA -> DONE",
        plain=False,
    )  # fmt: skip
    yield row(
        "end-terminate | 终止结束事件 | Terminate end event",
        "立即结束所在环节,其余各路全部取消。 | Ends its level at once and cancels all other paths of it.",
        "x", (parallel("g"), user("A", "B"), end("x", TERMINATE), "s>g", "g>A>x", "g>B>e"), " -> A B", "complete A -> DONE",
    )  # fmt: skip
    yield row(
        "end-cancel | 取消结束事件 | Cancel end event",
        "取消所在事务:停下其余各路,撤销已办事项,再从取消边界事件继续。 | "
        "Cancels its transaction: stops the rest, undoes what was done, leaves by the cancel event.",
        "cx", (_transaction(), boundary("b", "tx", CANCEL), user("R"), "s>tx>e", "b>R>e"),
        " -> A b~", "complete A -> b~ cx hA", "complete hA -> R",
    )  # fmt: skip
