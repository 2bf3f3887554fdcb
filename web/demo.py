"""What the sign-in page tells visitors of the demo."""

from __future__ import annotations

from engine.errors import Text

DEMO_PASSWORD = "xinxiang-2026"
DEMO_LOGINS: tuple[tuple[str, Text], ...] = ()
