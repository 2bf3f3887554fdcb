"""What every process of a server needs before its first page, done once where they are forked from."""

from __future__ import annotations

from functools import cache

from engine.forms import compile_templates
from engine.settings import Settings
from web import templating
from web.app import create_app
from workflows.bootstrap import build_runtime


@cache
def warm_up() -> None:
    """Compile what all applications of this process share; nothing is stored or sent."""
    app = create_app(build_runtime(Settings(database_url="sqlite://", master_key=bytes(32))))
    templating.compile_all(app)
    compile_templates()
