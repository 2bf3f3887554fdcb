"""A notice on the letterhead of the authority that issued it, as HTML without styles of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path
from string import Template

from workflows.letterheads.issuer import issuer_of

STYLESHEET = Path(__file__).with_name("notice.css")
_LAYOUT = Template(Path(__file__).with_name("notice.html").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Remedies:
    """The terms of remedy in force: days for reconsideration, months for a lawsuit."""

    reconsideration_days: int
    litigation_months: int


@dataclass(frozen=True, slots=True)
class Notice:
    """What is printed; ``body`` is HTML that the document template produced and escaped."""

    title: str
    number: str
    region: str
    issued_at: datetime
    body: str
    basis: str = ""
    remedies: Remedies | None = None


def notice_html(notice: Notice) -> str:
    """Return the notice as an ``article`` element, to be shown with ``STYLESHEET``."""
    issuer = escape(issuer_of(notice.region))
    day = notice.issued_at
    return _LAYOUT.substitute(
        issuer=issuer,
        title=escape(notice.title),
        number=escape(notice.number),
        body=notice.body,
        basis=_paragraph("notice-basis", f"依据:{notice.basis}" if notice.basis else ""),
        remedies=_paragraph("notice-remedies", _remedies(notice.remedies)),
        date=f"{day.year}年{day.month}月{day.day}日",
        machine_date=f"{day:%Y-%m-%d}",
    )


def _remedies(remedies: Remedies | None) -> str:
    if remedies is None:
        return ""
    return (
        f"如不服本决定,可以自收到本文书之日起{remedies.reconsideration_days}日内申请行政复议,"
        f"或者自收到之日起{remedies.litigation_months}个月内向人民法院提起行政诉讼。"
    )


def _paragraph(name: str, text: str) -> str:
    return f'<p class="{name}">{escape(text)}</p>' if text else ""
