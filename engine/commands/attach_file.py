"""Keeps an uploaded file with the form it belongs to."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import puremagic
from PIL import Image

from engine.access import may
from engine.commands.tasks import check_not_taken, check_open
from engine.errors import Forbidden, Invalid, Text
from engine.model import Actor
from engine.runtime import Runtime
from engine.runtime.rejections import unknown_task
from engine.store import files, user_tasks
from engine.store.attempts import Limit, count
from engine.store.files import Place, StoredFile
from engine.store.transaction import Transaction
from engine.store.user_tasks import subject_of

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 50_000_000
MOST_FILES = 20
PER_ADDRESS = Limit("upload", most=60, within=timedelta(minutes=10))
ALLOWED = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".pdf": "application/pdf"}
_START_OWNER = re.compile(r"start:[A-Za-z0-9_-]{16,64}")


def attach_file(
    runtime: Runtime, transaction: Transaction, actor: Actor, *, owner: str, field: str, name: str, data: bytes
) -> StoredFile:
    """Return the file as stored, sealed, with the type its content shows.

    ``owner`` is ``task:<key>`` or ``start:<random token>``. Raises Invalid (at the field) for a file that is too
    large, of a kind not allowed, or not what its name says; NotFound or Conflict for a task that is not theirs;
    Forbidden for too many uploads of strangers from one address.
    """
    place = place_of(runtime, transaction, actor, owner, field)
    if actor.person is None and not count(transaction, runtime.keyring, PER_ADDRESS, actor.address):
        raise Forbidden(
            Text("上传过于频繁,请十分钟后再试。", "Expected fewer uploads from this address; wait ten minutes.")
        )
    try:
        type_ = _checked_type(name, data)
        if len(files.of_owner(transaction, runtime.keyring, owner)) >= MOST_FILES:
            raise _refused(f"最多上传 {MOST_FILES} 个文件。", f"Expected at most {MOST_FILES} files; remove one first.")
    except Invalid as refused:
        raise Invalid(refused.message, {field: refused.message}) from None
    return files.insert(transaction, runtime.keyring, actor, place, name[-200:], type_, data)


def place_of(runtime: Runtime, transaction: Transaction, actor: Actor, owner: str, field: str) -> Place:
    """Return where an upload of this form belongs. Raises NotFound or Conflict for a task that is not theirs."""
    if _START_OWNER.fullmatch(owner):
        return Place(owner, field, None, "")
    kind, _, key = owner.partition(":")
    task = user_tasks.find(transaction, int(key)) if kind == "task" and key.isdigit() else None
    if task is None or not may(runtime.published(transaction).roles, actor, "work", subject_of(task)):
        raise unknown_task()
    check_open(task)
    check_not_taken(task, actor)
    return Place(owner, field, task.case, task.region)


def _checked_type(name: str, data: bytes) -> str:
    if not data:
        raise _refused("文件是空的,请重新选择。", "Expected a file with content, but it is empty; choose another.")
    if len(data) > MOST_BYTES:
        raise _refused("文件超过 10 MB,请压缩后再上传。", "Expected a file of at most 10 MB; make it smaller.")
    ending = "." + name.rpartition(".")[2].lower()
    declared = ALLOWED.get(ending)
    if declared is None:
        raise _refused(
            f"「{name[-60:]}」不是可上传的类型,请上传 JPG、PNG 图片或 PDF。",
            f"Expected a JPG or PNG picture or a PDF, but got “{name[-60:]}”.",
        )
    if _sniffed(data) != declared:
        raise _refused(
            f"「{name[-60:]}」的内容与扩展名不符,请上传真实的 JPG、PNG 或 PDF 文件。",
            f"Expected the content of “{name[-60:]}” to be what its name says; upload a real JPG, PNG or PDF.",
        )
    if declared.startswith("image/"):
        _check_picture(data)
    return declared


def _sniffed(data: bytes) -> str | None:
    try:
        found = puremagic.magic_string(data)
    except puremagic.PureError:
        return None
    types = {match.mime_type for match in found}
    return next((type_ for type_ in ("application/pdf", "image/png", "image/jpeg") if type_ in types), None)


def _check_picture(data: bytes) -> None:
    try:
        with Image.open(io.BytesIO(data)) as picture:
            width, height = picture.size
    except Image.DecompressionBombError:
        raise _too_many_pixels() from None
    except (OSError, ValueError):
        raise _refused(
            "图片已损坏,请重新拍摄或选择。", "Expected a readable picture; take or choose another."
        ) from None
    if width * height > MOST_PIXELS:
        raise _too_many_pixels()


def _too_many_pixels() -> Invalid:
    return _refused("图片像素过大,请缩小后再上传。", "Expected a picture of at most 50 megapixels; make it smaller.")


def _refused(zh: str, en: str) -> Invalid:
    return Invalid(Text(zh, en))
