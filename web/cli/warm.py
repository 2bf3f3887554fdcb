"""What every process of a server needs before its first page, made once where they are forked from."""

from __future__ import annotations

from engine.forms import compile_templates
from engine.runtime.collecting import collect_seldom
from engine.settings import Settings
from web import templating
from web.app import create_app
from web.dispatch import Application
from workflows.bootstrap import build_runtime


def warm_application(settings: Settings) -> Application:
    """Return the application with all its addresses and templates; nothing is connected to before it is asked."""
    app = create_app(build_runtime(settings))
    templating.compile_all(app)
    compile_templates()
    collect_seldom()
    return app
