"""The one page of the departments: what the bank moved and which messages went out."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from html import escape
from typing import Any

from workflows.departments.ledger import Ledger
from workflows.departments.manners import DESCRIPTIONS, SUFFIXES

_PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>外部单位模拟</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><h1>外部单位模拟</h1>
<p>本页显示演示环境中代发银行收到的转账和短信平台发出的短信,均为虚构数据。</p>
<h2>银行转账</h2><p>共划转 {total} 元。</p>{transfers}
<h2>短信</h2>{messages}
<h2>账号尾号与银行的表现</h2>{suffixes}
</body></html>"""


def overview(ledger: Ledger) -> str:
    """Return the page as HTML."""
    transfers = [
        (row["at"], row["payee"], row["account"][-4:], Decimal(row["fen"]).scaleb(-2), row["reference"], row["key"])
        for row in ledger.transfers()
    ]
    messages = [(row["at"], row["recipient"], row["text"]) for row in ledger.messages()]
    suffixes = [(suffix, DESCRIPTIONS[manner]) for suffix, manner in SUFFIXES.items()]
    return _PAGE.format(
        total=f"{ledger.bank_total():,.2f}",
        transfers=_table(("时间", "收款人", "账号尾号", "金额(元)", "银行流水", "请求编号"), transfers),
        messages=_table(("时间", "接收号码", "内容"), messages),
        suffixes=_table(("账号尾号", "表现"), suffixes),
    )


def _table(heads: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in heads)
    body = "".join("<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>" if body else "<p>还没有记录。</p>"
