"""The words for what the audit says was done."""

from __future__ import annotations

from collections.abc import Mapping

from engine.errors import Text

ACTS: Mapping[str, Text] = {
    "start_case": Text("立案", "Case started"),
    "claim_task": Text("领取任务", "Task taken"),
    "unclaim_task": Text("退回任务", "Task given back"),
    "assign_task": Text("改派任务", "Task handed over"),
    "hand_up_task": Text("移交上级", "Task handed up"),
    "update_task": Text("修改任务", "Task changed"),
    "complete_task": Text("完成任务", "Task completed"),
    "correct_form": Text("更正表单", "Form corrected"),
    "complete_job": Text("外部服务答复", "Service answered"),
    "fail_job": Text("外部服务失败", "Service failed"),
    "throw_job_error": Text("外部服务报错", "Service refused"),
    "trigger_timer": Text("到期自动进行", "Due time came"),
    "correlate_message": Text("收到消息", "Message arrived"),
    "receive_signal": Text("收到信号", "Signal arrived"),
    "update_variables": Text("修改案件资料", "Facts changed"),
    "reveal": Text("查看完整号码", "Number revealed"),
    "grant_reading": Text("指定查阅人", "Reader named"),
    "end_reading": Text("取消查阅", "Reader removed"),
    "cancel_case": Text("撤销案件", "Case cancelled"),
    "suspend_case": Text("暂停案件", "Case suspended"),
    "resume_case": Text("恢复案件", "Case resumed"),
    "recompute_timers": Text("重算期限", "Due times computed anew"),
    "migrate_case": Text("转到新版流程", "Moved to another version"),
    "undo_migration": Text("退回原版流程", "Moved back to the version before"),
    "modify_case": Text("人工调整步骤", "Steps moved by hand"),
    "propose_modification": Text("提出调整步骤", "Moving of steps proposed"),
    "refuse_modification": Text("不同意调整步骤", "Moving of steps refused"),
    "open_incident": Text("出现故障", "Incident opened"),
    "resolve_incident": Text("故障已处理", "Incident resolved"),
    "skip_activity": Text("跳过步骤", "Step skipped"),
    "throw_error": Text("按出错处理", "Handled as an error"),
}


def act(action: str) -> Text:
    """Return the words for an audited act on a case; one without words is shown as it is kept."""
    return ACTS.get(action, Text(action, action))
