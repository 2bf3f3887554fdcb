"""A request the database made give way to another is answered as if nothing had happened."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from PIL import Image
from werkzeug.datastructures import FileStorage

from engine.runtime import Runtime
from engine.testing.databases import PostgresServer
from tests.e2e.served import PASSWORD, bureau_on, prepare_bureau
from tests.web.applications import application_on
from tests.web.conftest import Browser

TOWNSHIP = "410721101"


@pytest.fixture
def runtime(postgres_server: PostgresServer) -> Iterator[Runtime]:
    address = postgres_server.fresh("bureau", prepare_bureau)
    made = bureau_on(address)
    yield made
    made.database.dispose()
    postgres_server.drop(address)


def _enter(runtime: Runtime, login: str) -> Browser:
    browser = Browser(application_on(runtime).test_client())
    browser.get("/sign-in")
    assert browser.post("/sign-in", login=login, password=PASSWORD).status_code == 303
    browser.page = ""
    return browser


class GivingWay:
    """Lets the database end the first transactions that write to a table as it ends one of a deadlock."""

    def __init__(self, runtime: Runtime, times: int, table: str = "audit") -> None:
        self.left = times
        self._start = f"INSERT INTO {table} "
        sa.event.listen(runtime.database.engine, "before_cursor_execute", self._perhaps)

    def _perhaps(self, connection, cursor, statement, *_given) -> None:
        if statement.startswith(self._start) and self.left > 0:
            self.left -= 1
            cursor.execute("DO $$ BEGIN RAISE SQLSTATE '40P01'; END $$")


def test_a_case_is_started_once_although_the_database_chose_it_twice(runtime):
    operator = _enter(runtime, "operator")
    operator.get("/desk/start/reserve_refill")
    ending = GivingWay(runtime, times=2)
    fields = {"start_region": TOWNSHIP, "fund_left": "9000", "last_allocation": "50000", "do": "start"}
    answer = operator.press("/desk/start/reserve_refill", **fields)
    assert ending.left == 0
    assert answer.status_code == 200
    assert f"{TOWNSHIP}-" in answer.get_data(as_text=True)
    with runtime.read() as transaction:
        assert transaction.execute(sa.text("SELECT count(*) FROM case_instance")).scalar_one() == 1


def test_a_chosen_file_is_read_again_when_the_form_is_taken_anew(runtime):
    operator = _enter(runtime, "operator")
    operator.get("/desk/start/relief")
    ending = GivingWay(runtime, times=1, table="file")
    picture = io.BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG")
    size = len(picture.getvalue())
    picture.seek(0)
    photo = FileStorage(picture, filename="photo.png", content_type="image/png")
    operator.press("/desk/start/relief", applicant_name="王五", need_photo=photo, start_region=TOWNSHIP, do="start")
    assert ending.left == 0
    with runtime.read() as transaction:
        sizes = transaction.execute(sa.text("SELECT size FROM file")).scalars().all()
    assert sizes == [size]
