"""The sentences a person reads when an answer cannot be taken."""

from __future__ import annotations

from engine.errors import Text

SHOWN = 20
_CHOOSING = frozenset({"radio", "select", "checklist", "taglist"})
_ASKING = ("请填写", "请选择", "请上传", "请输入", "请勾选", "请添加")


def missing(type_: str, label: Text) -> Text:
    """Return the sentence for a required field without an answer."""
    zh = label.zh.rstrip(":\uff1a")
    if type_ == "checkbox":
        return Text(f"请勾选“{zh}”", f"Tick “{label.en}” to go on")
    if type_ == "filepicker":
        return Text(_ask("请上传", zh), f"Upload {label.en}")
    if type_ in _CHOOSING:
        return Text(_ask("请选择", zh), f"Choose {label.en}")
    if type_ == "dynamiclist":
        return Text(f"请至少添加一行{zh}", f"Add at least one row of {label.en}")
    return Text(_ask("请填写", zh), f"Enter {label.en}")


def _ask(verb: str, label: str) -> str:
    return label if label.startswith(_ASKING) else verb + label


def expected(label: Text, zh: str, en: str, typed: str | None = None) -> Text:
    """Return a sentence that says what was expected, what came (``typed``, never for personal numbers), what to do."""
    if typed is None:
        return Text(
            f"{label.zh}应{zh}，请检查后改正",
            f"Expected {label.en} to {en} but it does not, so check and correct it",
        )
    shown = typed if len(typed) <= SHOWN else typed[:SHOWN] + "…"
    return Text(
        f"{label.zh}应{zh}，但填写的是“{shown}”，请改正",
        f"Expected {label.en} to {en} but got “{shown}”, so correct it",
    )


def not_offered(label: Text) -> Text:
    """Return the sentence for an answer that was not among the options."""
    return Text(
        f"所选的{label.zh}不在可选范围内，请重新选择",
        f"Expected one of the options of {label.en} but got another value, so choose again",
    )


def too_many_rows(label: Text, limit: int) -> Text:
    """Return the sentence for a repeated group with more rows than allowed."""
    return Text(
        f"{label.zh}最多 {limit} 行，请删除多余的行",
        f"Expected at most {limit} rows of {label.en} but there are more, so remove some",
    )


def too_few_rows(label: Text, limit: int) -> Text:
    """Return the sentence for a repeated group with fewer rows than asked for."""
    if limit == 1:
        return missing("dynamiclist", label)
    return Text(
        f"{label.zh}至少 {limit} 行，请继续添加",
        f"Expected at least {limit} rows of {label.en} but there are fewer, so add some",
    )


def lost_file(label: Text) -> Text:
    """Return the sentence for a file key that this person did not upload here."""
    return Text(
        f"{label.zh}中有文件已失效，请重新上传",
        f"Expected the files of {label.en} to be uploaded here but one is not, so upload it again",
    )


def too_many_files(label: Text, limit: int) -> Text:
    """Return the sentence for more files than allowed."""
    return Text(
        f"{label.zh}最多上传 {limit} 个文件，请删除多余的文件",
        f"Expected at most {limit} files in {label.en} but there are more, so remove some",
    )


def wrong_file_type(label: Text, name: str, accepted: str) -> Text:
    """Return the sentence for a file of a type the field does not take."""
    return Text(
        f"{label.zh}只接受 {accepted} 文件，“{name}”不是，请换一个文件",
        f"Expected {accepted} in {label.en} but “{name}” is another type, so choose another file",
    )


def large_file(label: Text, name: str, megabytes: int) -> Text:
    """Return the sentence for a file that is larger than the field takes."""
    return Text(
        f"{label.zh}的单个文件不得超过 {megabytes} MB,“{name}”超过了，请压缩后再上传",
        f"Expected files of at most {megabytes} MB in {label.en} but “{name}” is larger, so make it smaller",
    )
