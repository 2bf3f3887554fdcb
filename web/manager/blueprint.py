"""The pages of those who watch over a place."""

from __future__ import annotations

from flask import Blueprint

manager = Blueprint("manager", __name__, template_folder="templates")
