"""The bureau's layout of notices: head, number, body, legal basis, signature and date."""

from workflows.letterheads.issuer import issuer_of
from workflows.letterheads.notice import STYLESHEET, Notice, notice_html

__all__ = ["STYLESHEET", "Notice", "issuer_of", "notice_html"]
