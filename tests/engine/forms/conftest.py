from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.clock import SHANGHAI, Calendar
from engine.errors import Text
from engine.feel import Environment
from engine.forms import Form, Option, Submission, compile_form

TODAY = date(2026, 9, 23)
NOW = datetime(2026, 9, 23, 20, 0, tzinfo=SHANGHAI)
CASE: dict[str, object] = {"policy": {"cap": Decimal(2000)}, "case": {"number": "LX-7"}, "track": "T2"}
FILES = {"k1": {"name": "屋顶.jpg", "size": 2048, "type": "image/jpeg"},
         "k2": {"name": "门口.png", "size": 4096, "type": "image/png"}}  # fmt: skip
ID_NO = "410721199003072331"


def environment() -> Environment:
    return Environment(now=NOW, calendar=Calendar(years={}))


def colleagues(scope: Mapping[str, object]) -> list[Option]:
    return [Option("u7", Text("李四", "Li Si")), Option("u8", Text("王五", "Wang Wu"))]


SOURCES = {"colleagues": colleagues}


def submit(form: Form, raw: Mapping[str, Any], context: Mapping[str, object] | None = None, **more: Any) -> Submission:
    return form.submit(raw, CASE if context is None else context, environment(), TODAY, sources=SOURCES, **more)


def render(form: Form, raw: Mapping[str, Any], errors: Mapping[str, Text] | None = None, **more: Any) -> str:
    language = more.pop("language", "zh")
    context = more.pop("context", CASE)
    return form.render(raw, errors or {}, context, environment(), language, sources=SOURCES, **more)


@pytest.fixture(scope="session")
def relief() -> Form:
    data = (Path(__file__).parent / "relief_record.form").read_bytes()
    return compile_form(data, regions=lambda code: code[:9] == "410721101", file="relief_record.form")


@pytest.fixture
def answers() -> dict[str, Any]:
    return {
        "applicant_name": "张三", "no_papers": False, "id_no": ID_NO, "mobile": "13800138000",
        "address": {"place": "410721101", "street": "幸福路 1 号"},
        "cause": "disaster", "event_date": "2026-09-22", "persons": "3", "requested": "1,500", "ways": ["transfer"],
        "second_person": "u7", "members": [{"name": "李梅", "relation": "spouse", "income": "800"}],
        "photos": ["k1"], "promise_true": True,
    }  # fmt: skip


def form_of(*components: dict[str, Any], **more: Any) -> Form:
    return compile_form(schema_of(*components), **more)


def schema_of(*components: dict[str, Any]) -> bytes:
    return json.dumps({"id": "sample", "type": "default", "schemaVersion": 19, "components": components}).encode()


Maker = Callable[..., Form]
