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
class Notice:
    """What is printed; ``body`` is HTML that the document template produced and escaped."""

    title: str
    number: str
    region: str
    issued_at: datetime
    body: str
    basis: str = ""


def notice_html(notice: Notice) -> str:
    """Return the notice as an ``article`` element, to be shown with ``STYLESHEET``."""
    issuer = escape(issuer_of(notice.region))
    day = notice.issued_at
    return _LAYOUT.substitute(
        issuer=issuer,
        title=escape(notice.title),
        number=escape(notice.number),
        body=notice.body,
        basis=_paragraph("notice-basis", f"依据：{notice.basis}" if notice.basis else ""),
        date=f"{day.year}年{day.month}月{day.day}日",
        machine_date=f"{day:%Y-%m-%d}",
    )


def _paragraph(name: str, text: str) -> str:
    return f'<p class="{name}">{escape(text)}</p>' if text else ""
