"""The sentences for what keeps a case from being moved to another version."""

from __future__ import annotations

from collections.abc import Mapping

from engine.errors import Text

REASONS: Mapping[str, Text] = {
    "element_gone": Text(
        "案件停在这里，但新版本没有对应的元素", "cases stand here, but the new version has no such element"
    ),
    "kind_changed": Text("新版本把它画成了另一种元素", "the new version draws it as another kind of element"),
    "multi_instance_changed": Text("新版本改变了它的逐项办理方式", "the new version repeats it in another way"),
    "scope_changed": Text("新版本把它移进或移出了子流程", "the new version draws it inside another sub-process"),
    "called_process_changed": Text("新版本在这里调用另一个流程", "the new version calls another process here"),
    "join_changed": Text(
        "有分支已到达这个汇合，但新版本中看不出它从哪条路来",
        "a branch has arrived at this join, and in the new version it is not plain by which flow",
    ),
    "join_starves": Text(
        "迁移后这个汇合会等待一个从未开始的分支", "after moving, this join would wait for a branch that was never begun"
    ),
    "undoing_changed": Text(
        "它已完成且可能需要撤销，新版本不能照样撤销",
        "it was completed and may have to be undone, which the new version does not do in the same way",
    ),
}
