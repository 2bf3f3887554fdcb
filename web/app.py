"""The Flask application over one runtime."""

from __future__ import annotations

from datetime import datetime

from flask import g, request, url_for
from markupsafe import Markup

from engine.access import may_anywhere
from engine.forms.view import field_id
from engine.model import Grant
from engine.runtime import Runtime
from engine.settings import Settings
from web import bundles, choices, cookies, csrf, errors, headers, language, present, request_log, templating
from web.admin.routes import admin
from web.api.blueprint import programs
from web.api.routes import api
from web.auth import auth
from web.citizen.routes import citizen
from web.context import runtime, visitor
from web.designer.migrations import migrations
from web.designer.routes import designer
from web.dispatch import Application
from web.filters import grant_words
from web.language import _
from web.manager.routes import manager
from web.meter import Meter
from web.staff.routes import staff
from workflows.demo import DEMO_PASSWORD, LOGINS, Login

HOTLINE = "12345"
LARGEST_REQUEST = 60 * 1024 * 1024
LARGEST_TEXT = 2 * 1024 * 1024
MOST_PARTS = 3000

# Menu: what a page is for, its endpoint, and the words; shown to whom it is of use.
_MENU = (
    ("work", "staff.worklist"),
    ("see_case", "staff.cases"),
    ("see_roster", "staff.roster"),
    ("see_roster", "staff.payroll"),
    ("watch", "manager.home"),
    ("watch", "manager.sweep"),
    ("watch", "manager.green"),
    ("see_queries", "manager.queries"),
    ("delegate", "manager.delegations"),
    ("design", "designer.processes"),
    ("see_incident", "admin.incidents"),
    ("administer", "admin.people"),
)


def create_app(configured: Runtime) -> Application:
    """Return the application that serves this installation."""
    app = Application("web", static_folder="static", template_folder="templates")
    hand_over(app, configured)
    https = configured.settings.secure_cookies
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_REQUEST, MAX_FORM_MEMORY_SIZE=LARGEST_TEXT, MAX_FORM_PARTS=MOST_PARTS,
        TEMPLATES_AUTO_RELOAD=False,
    )  # fmt: skip
    templating.install(app)
    request_log.install(app)
    language.install(app, configured.settings.language)
    headers.install(app, https=https)
    cookies.install(app, https=https)
    bundles.install(app)
    present.install(app)
    errors.install(app)
    app.extensions["meter"] = meter = Meter(configured.settings.metrics_folder)
    meter.install(app)
    for blueprint in (choices.choices, auth, citizen, api, programs):
        app.register_blueprint(blueprint)
    app.register_blueprint(staff, url_prefix="/desk")
    app.register_blueprint(manager, url_prefix="/watch")
    app.register_blueprint(designer, url_prefix="/design")
    app.register_blueprint(migrations, url_prefix="/migrations")
    app.register_blueprint(admin, url_prefix="/admin")
    _install_globals(app, configured.settings)
    return app


def hand_over(app: Application, configured: Runtime) -> None:
    """Let the application serve from another runtime, whose settings say the same of pages."""
    app.extensions["runtime"] = configured


def may(action: str) -> bool:
    """Return whether the signed-in person may do the action anywhere."""
    person = visitor()
    return person is not None and may_anywhere(g.roles, person, action)


def navigation() -> list[tuple[str, str, bool]]:
    """Return the menu of the signed-in person: address, words, and whether one is there."""
    if visitor() is None:
        return []
    words = _menu_words()
    shown = [endpoint for action, endpoint in _MENU if may(action)]
    return [(url_for(endpoint), words[endpoint], _is_current(endpoint)) for endpoint in shown]


def _menu_words() -> dict[str, str]:
    return {
        "staff.worklist": _("工作台"),
        "staff.cases": _("案件"),
        "staff.roster": _("在册"),
        "staff.payroll": _("发放名册"),
        "manager.home": _("卡在哪里"),
        "manager.sweep": _("排查覆盖率"),
        "manager.green": _("绿色通道"),
        "manager.queries": _("查询记录"),
        "manager.delegations": _("审批权限"),
        "designer.processes": _("流程"),
        "admin.incidents": _("故障"),
        "admin.people": _("管理"),
    }


def _is_current(endpoint: str) -> bool:
    return request.endpoint == endpoint


def _words_of_login(login: Login) -> str:
    return f"{login.name} · {grant_words(Grant(login.role, login.region))}"


def _business_time() -> datetime:
    return runtime().clock.now()


def _hidden_token() -> Markup:
    return Markup('<input type="hidden" name="{}" value="{}">').format(csrf.FIELD, cookies.form_token())


def _here() -> str:
    return request.full_path.rstrip("?") if request.method == "GET" else request.path


def _install_globals(app: Application, settings: Settings) -> None:
    demo = settings.demo
    app.jinja_env.globals.update(
        business_time=_business_time,
        demo=lambda: demo,
        demo_logins=lambda: LOGINS if demo else (),
        words_of_login=_words_of_login,
        demo_password=lambda: DEMO_PASSWORD,
        field_id=field_id,
        here=_here,
        hidden_token=_hidden_token,
        hotline=lambda: HOTLINE,
        letter_size=choices.size,
        may=may,
        navigation=navigation,
        visitor=visitor,
    )
