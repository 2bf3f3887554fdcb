"""The blueprint of the working pages."""

from __future__ import annotations

from flask import Blueprint

staff = Blueprint("staff", __name__, template_folder="templates")
