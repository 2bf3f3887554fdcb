import io
import zlib
from dataclasses import replace
from datetime import timedelta

import pytest
from PIL import Image

from engine.commands.attach_file import MOST_BYTES, MOST_FILES, PER_ADDRESS, attach_file
from engine.commands.claim_task import claim_task
from engine.commands.remove_file import remove_file
from engine.commands.start_case import start_case
from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.queries.attachments import file
from engine.queries.case import case_page
from engine.store import files
from engine.testing.places import HILL, LAKE
from engine.testing.staff import CITIZEN

TOKEN = "start:0123456789abcdef"


def _picture(kind: str = "PNG") -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (4, 4)).save(data, kind)
    return data.getvalue()


PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def _attach(office, actor=None, owner=TOKEN, field="photos", name="a.png", data=None):
    data = _picture() if data is None else data
    return office.desk.do(attach_file, actor or office.clerk, owner=owner, field=field, name=name, data=data)


@pytest.mark.parametrize(
    ("name", "data", "type_"),
    [("a.png", _picture(), "image/png"), ("b.JPG", _picture("JPEG"), "image/jpeg"), ("c.pdf", PDF, "application/pdf")],
)
def test_pictures_and_pdfs_are_kept_with_the_type_their_content_shows(office, name, data, type_):
    stored = _attach(office, name=name, data=data)
    assert (stored.name, stored.type, stored.size, stored.field) == (name, type_, len(data), "photos")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.png", PDF),
        ("a.pdf", _picture()),
        ("a.png", b"<html><script>alert(1)</script></html>"),
        ("a.exe", b"MZ\x90\x00"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("a.png.html", _picture()),
        ("a", _picture()),
        ("a.png", b""),
        ("a.png", _picture()[:40]),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_at_its_field(office, name, data):
    with pytest.raises(Invalid) as refused:
        _attach(office, name=name, data=data)
    assert refused.value.fields.keys() == {"photos"}


def test_files_too_large_in_bytes_or_pixels_are_refused(office):
    with pytest.raises(Invalid, match="10 MB"):
        _attach(office, name="a.pdf", data=PDF + b"\0" * MOST_BYTES)
    with pytest.raises(Invalid, match="megapixels"):
        _attach(office, data=_bomb(20_000, 20_000))


def _bomb(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)

    header = width.to_bytes(4) + height.to_bytes(4) + b"\x08\x02\x00\x00\x00"
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


def test_one_form_takes_so_many_files_and_no_more(office):
    for number in range(MOST_FILES):
        _attach(office, name=f"{number}.pdf", data=PDF)
    with pytest.raises(Invalid, match=f"at most {MOST_FILES}"):
        _attach(office, name="more.pdf", data=PDF)


def test_the_files_of_a_start_form_go_to_the_case(office):
    stored = _attach(office, actor=CITIZEN)
    values = {"sender_name": "王芳", "phone": "13800000001", "amount": "5", "photos": [stored.key]}
    case = office.desk.do(
        start_case, CITIZEN, process="approval", region=HILL, values=values, channel="h5", owner=TOKEN
    )
    page = office.desk.ask(case_page, office.clerk, case.key)
    assert [(row.key, row.name, row.type) for row in page.files] == [(stored.key, "a.png", "image/png")]
    assert office.desk.ask(file, office.clerk, stored.key).data == _picture()


def test_a_file_of_another_form_is_not_taken(office):
    stored = _attach(office, owner="start:another-form-0123456")
    values = {"sender_name": "王芳", "phone": "13800000001", "amount": "5", "photos": [stored.key]}
    with pytest.raises(Invalid) as refused:
        office.desk.do(start_case, office.clerk, process="approval", region=HILL, values=values, owner=TOKEN)
    assert refused.value.fields.keys() == {"photos"}


def test_the_files_of_a_task_stand_in_its_answers(office):
    case = office.approval()
    task = office.desk.task(case.key, "record")
    stored = _attach(office, owner=f"task:{task.key}", field="scans", name="扫描.pdf", data=PDF)
    office.desk.complete(office.clerk, case.key, "record", {"weight": "3", "scans": [stored.key]})
    page = office.desk.ask(case_page, office.clerk, case.key)
    done = next(row for row in page.history if row.element == "record")
    assert done.values["scans"] == [
        {"file": stored.key, "name": "扫描.pdf", "size": len(PDF), "type": "application/pdf"}
    ]


def test_only_who_may_work_on_the_task_attaches_and_removes(office, staff):
    case = office.approval()
    task = office.desk.task(case.key, "record")
    owner = f"task:{task.key}"
    stored = _attach(office, owner=owner, field="scans", name="a.pdf", data=PDF)
    for stranger in (CITIZEN, office.supervisor, staff.person("clerk", LAKE)):
        with pytest.raises(NotFound):
            _attach(office, actor=stranger, owner=owner, field="scans")
        with pytest.raises(NotFound):
            office.desk.do(remove_file, stranger, owner=owner, file=stored.key)
    office.desk.do(claim_task, office.other_clerk, task=task.key)
    with pytest.raises(Conflict, match=office.other_clerk.name):
        _attach(office, owner=owner, field="scans")
    assert office.desk.do(remove_file, office.other_clerk, owner=owner, file=stored.key)
    assert not office.desk.do(remove_file, office.other_clerk, owner=owner, file=stored.key)


def test_a_closed_task_keeps_its_files(office):
    case = office.approval()
    task = office.desk.task(case.key, "record")
    owner = f"task:{task.key}"
    stored = _attach(office, owner=owner, field="scans", name="a.pdf", data=PDF)
    office.desk.complete(office.clerk, case.key, "record", {"weight": "3", "scans": [stored.key]})
    with pytest.raises(Conflict):
        office.desk.do(remove_file, office.clerk, owner=owner, file=stored.key)


@pytest.mark.parametrize("owner", ["task:x", "task:", "case:1", "start:short", "start:../../etc/passwd-0123", ""])
def test_an_owner_that_is_none_is_not_found(office, owner):
    with pytest.raises(NotFound):
        _attach(office, owner=owner)


def test_the_files_of_a_started_case_are_not_removed_through_its_start_form(office):
    stored = _attach(office)
    values = {"sender_name": "王芳", "phone": "13800000001", "amount": "5", "photos": [stored.key]}
    office.desk.do(start_case, office.clerk, process="approval", region=HILL, values=values, owner=TOKEN)
    assert not office.desk.do(remove_file, office.clerk, owner=TOKEN, file=stored.key)


def test_strangers_upload_only_so_often_from_one_address(office):
    stranger = replace(CITIZEN, address="203.0.113.9")
    for number in range(PER_ADDRESS.most):
        _attach(office, stranger, owner=f"start:token-of-form-{number:04}")
    with pytest.raises(Forbidden):
        _attach(office, stranger, owner="start:one-too-many-0000")
    _attach(office, replace(CITIZEN, address="203.0.113.10"), owner="start:somebody-else-00")


def test_uploads_of_forms_never_sent_are_forgotten(office, runtime):
    _attach(office, owner=TOKEN)
    with runtime.write() as transaction:
        files.forget_orphans(transaction, transaction.now - timedelta(days=3))
        assert len(files.of_owner(transaction, runtime.keyring, TOKEN)) == 1
        files.forget_orphans(transaction, transaction.now + timedelta(seconds=1))
        assert files.of_owner(transaction, runtime.keyring, TOKEN) == {}
