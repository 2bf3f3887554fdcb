"""One application for all tests of a process: to make one takes longer than most tests."""

from __future__ import annotations

from functools import cache

from engine.runtime import Runtime
from engine.settings import Settings
from web.app import create_app, hand_over
from web.dispatch import Application
from workflows.bootstrap import build_runtime


def application_on(runtime: Runtime) -> Application:
    """Return the application, serving from this runtime until another test takes it."""
    made = _made()
    hand_over(made, runtime)
    return made


@cache
def _made() -> Application:
    return create_app(build_runtime(Settings(database_url="sqlite://", master_key=bytes(32))))
