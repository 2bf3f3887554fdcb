from datetime import datetime

import pytest

from engine.clock import SHANGHAI, Calendar
from engine.documents import DocumentTemplate, compile_document
from engine.feel import Environment

HEAD = "---\nid: approval\ntitle: 审批告知书\n---\n"


@pytest.fixture(scope="session")
def environment() -> Environment:
    return Environment(datetime(2026, 9, 24, 20, tzinfo=SHANGHAI), Calendar({}))


@pytest.fixture(scope="session")
def template():
    """Return a function that compiles a body under a short head."""

    def build(body: str, names: tuple[str, ...] = ()) -> DocumentTemplate:
        return compile_document((HEAD + body).encode(), "approval.md", names)

    return build


@pytest.fixture(scope="session")
def html(template, environment):
    """Return a function that renders a body with variables."""

    def build(body: str, **variables: object) -> str:
        return template(body).render(variables, environment)

    return build
