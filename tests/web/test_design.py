"""Reading a process, and uploading a new version of one."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from html import unescape
from pathlib import Path

from werkzeug.datastructures import FileStorage

FOLDER = Path(__file__).parents[2] / "bpmn" / "reserve_refill"


def files(**changed: bytes) -> list[FileStorage]:
    found = {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in FOLDER.rglob("*") if path.is_file()}
    return [FileStorage(io.BytesIO(data), filename=name) for name, data in {**found, **changed}.items()]


def test_a_process_is_shown_with_tables_forms_numbers_and_versions(signed_in: Callable[[str], object]) -> None:
    designer = signed_in("designer")
    page = designer.get("/design/relief").get_data(as_text=True)
    for words in ("d11_track", "relief_intake", "temp.actfirst.paperwork_wd", "第 1 版", "data-diagram"):
        assert words in page
    assert "/design/relief" in designer.get("/design/").get_data(as_text=True)


def test_the_same_files_again_are_no_new_version(signed_in: Callable[[str], object]) -> None:
    publisher = signed_in("publisher")
    answer = publisher.post("/design/upload", files=files(), note="again")
    assert answer.status_code == 303
    assert "第 1 版" in publisher.get("/design/reserve_refill").get_data(as_text=True)


def test_a_changed_diagram_becomes_a_version(signed_in: Callable[[str], object]) -> None:
    renamed = [
        FileStorage(
            io.BytesIO(file.read().replace("提出补充方案".encode(), "写明补充方案".encode())), filename=file.filename
        )
        for file in files()
    ]
    publisher = signed_in("publisher")
    answer = publisher.post("/design/upload", files=renamed, note="a clearer name")
    assert answer.status_code == 303, publisher.page
    page = publisher.get(answer.headers["Location"]).get_data(as_text=True)
    assert "第 2 版" in page
    assert "a clearer name" in page


def test_a_zip_is_as_good_as_its_files(signed_in: Callable[[str], object]) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for file in files():
            archive.writestr(f"reserve_refill/{file.filename}", file.read())
    packed.seek(0)
    answer = signed_in("publisher").post("/design/upload", files=FileStorage(packed, filename="reserve_refill.zip"))
    assert answer.status_code == 303


def test_what_is_wrong_is_listed_with_its_element_and_nothing_is_deployed(signed_in: Callable[[str], object]) -> None:
    diagram = (FOLDER / "reserve_refill.bpmn").read_bytes()
    broken = diagram.replace(b'formId="refill_propose"', b'formId="no_such_form"', 1)
    assert broken != diagram
    publisher = signed_in("publisher")
    answer = publisher.post("/design/upload", files=files(**{"reserve_refill.bpmn": broken}), note="oops")
    assert answer.status_code == 422
    assert "no_such_form" in publisher.page
    assert "reserve_refill.bpmn" in publisher.page
    assert 'value="oops"' in publisher.page
    assert "第 1 版" in publisher.get("/design/reserve_refill").get_data(as_text=True)


def test_a_hostile_or_missing_file_is_refused_in_words(signed_in: Callable[[str], object]) -> None:
    publisher = signed_in("publisher")
    bomb = FileStorage(io.BytesIO(b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'), filename="reserve_refill.bpmn")
    for sent in ([bomb], [], [FileStorage(io.BytesIO(b"not a zip"), filename="x.zip")]):
        answer = publisher.post("/design/upload", files=sent, note="")
        assert answer.status_code == 422
        assert "error-summary" in publisher.page


def test_the_page_of_elements_shows_every_element_and_every_picture_is_served(
    signed_in: Callable[[str], object],
) -> None:
    designer = signed_in("designer")
    assert "/design/elements" in designer.get("/design/").get_data(as_text=True)
    page = unescape(designer.get("/design/elements").get_data(as_text=True))
    pictures = re.findall(r'src="(/static/elements/[^"]+)"', page)
    assert len(pictures) > 70
    assert all(designer.get(picture).mimetype == "image/svg+xml" for picture in pictures)
    assert "包容网关" in page
    assert "请改画包容网关或并行网关" in page
