"""The pages of administrators and operations share one blueprint."""

from __future__ import annotations

from flask import Blueprint

admin = Blueprint("admin", __name__, template_folder="templates")
