"""Roles with their regions as words of a command line."""

from __future__ import annotations

from engine.model import Grant


def grant_of(text: str) -> Grant:
    """Return ``ROLE@REGION`` or ``ROLE`` (everywhere) as a grant."""
    role, _, region = text.partition("@")
    return Grant(role, region)
