from __future__ import annotations

from datetime import datetime

import pytest

from engine.clock import SHANGHAI, Calendar
from engine.feel import Environment


@pytest.fixture
def environment() -> Environment:
    return Environment(datetime(2026, 9, 24, 20, 0, tzinfo=SHANGHAI), Calendar({}))
