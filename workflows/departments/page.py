"""The one page of the departments: what the bank moved, which messages went out, who was asked about, who is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from html import escape
from typing import Any

from workflows.departments.households import families
from workflows.departments.ledger import Ledger
from workflows.departments.manners import DESCRIPTIONS, SUFFIXES
from workflows.departments.queries import Queries
from workflows.departments.source_desk import DESCRIPTIONS as SOURCE_MANNERS
from workflows.departments.source_desk import SHARES, SourceManner
from workflows.departments.sources import SOURCES

_PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>外部单位模拟</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head>
<body><h1>外部单位模拟</h1>
<p>本页显示演示环境中代发银行收到的转账、短信平台发出的短信和各部门收到的核对查询,均为虚构数据。</p>
<h2>银行转账</h2><p>共划转 {total} 元。</p>{transfers}
<h2>短信</h2>{messages}
<h2>账号尾号与银行的表现</h2>{suffixes}
<h2>核对查询</h2>{queries}
<h2>催办</h2>{reminders}
<h2>各部门的表现</h2>{shares}
<h2>各部门掌握的家庭</h2>
<p>其他身份证号也能查询,按号码推出同样的结果。</p>{families}
</body></html>"""


def overview(ledger: Ledger, queries: Queries, seed: int) -> str:
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
        queries=_table(
            ("时间", "部门", "委托", "用途", "人数", "询问次数", "表现", "结果"), map(_query, queries.queries())
        ),
        reminders=_table(("时间", "部门", "委托"), map(_reminder, queries.reminders())),
        shares=_table(("表现", "每百次"), [(SOURCE_MANNERS[manner], share) for manner, share in SHARES.items()]),
        families=_table(("家庭住址", "姓名", "关系", "身份证号", "各部门掌握的情况"), _known(seed)),
    )


def _query(row: Mapping[str, Any]) -> tuple[Any, ...]:
    manner = SOURCE_MANNERS[SourceManner(row["manner"])]
    asked = (row["at"], SOURCES[row["source"]][0], row["request_no"], row["purpose"], row["members"], row["tries"])
    return (*asked, manner, "已答复" if row["answered"] else "未答复")


def _reminder(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["at"], SOURCES.get(row["source"], (row["source"],))[0], row["request_no"]


def _known(seed: int) -> Iterable[tuple[str, ...]]:
    """Yield a row for each member of the invented families with what every source would say."""
    for family in families(seed=seed):
        for member in family.members:
            said = [
                f"{name}:{item['code']} {item['number'] if item['number'] is not None else item['text']}"
                for name, says in SOURCES.values()
                for item in says(member.person)
            ]
            yield family.place, member.name, member.relation, member.person.id_no, ";".join(said)


def _table(heads: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in heads)
    body = "".join("<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>" if body else "<p>还没有记录。</p>"
