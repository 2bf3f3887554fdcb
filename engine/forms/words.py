"""The product's own words on a form, beside the labels that the form brings."""

from __future__ import annotations

from engine.errors import Text

WORDS = {
    "required": Text("（必填）", " (required)"),
    "choose": Text("请选择", "Choose"),
    "none": Text("未填写", "Not answered"),
    "no_rows": Text("暂无内容", "Nothing here yet"),
    "no_documents": Text("暂无文件", "No documents yet"),
    "add": Text("添加{}", "Add to {}"),
    "remove": Text("删除", "Remove"),
    "row": Text("第 {} 行", "Row {}"),
    "remove_row": Text("删除第 {} 行{}", "Remove row {} of {}"),
    "refresh": Text("更新下面的问题", "Update the questions below"),
    "upload": Text("选择文件", "Choose a file"),
    "uploaded": Text("已上传的文件", "Uploaded files"),
    "error": Text("错误：", "Error: "),
    "summary": Text("提交前请改正以下内容", "Please correct the following before you submit"),
}
