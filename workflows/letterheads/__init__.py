"""The bureau's layout of notices: head, number, body, legal basis, remedies, signature and date."""

from workflows.letterheads.issuer import issuer_of
from workflows.letterheads.notice import STYLESHEET, Notice, Remedies, notice_html

__all__ = ["STYLESHEET", "Notice", "Remedies", "issuer_of", "notice_html"]
