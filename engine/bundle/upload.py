"""What a browser or the API sends -> the files of one process folder."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from engine.bundle.library import SUFFIXES
from engine.bundle.yaml import FileError
from engine.errors import Text
from engine.model import Finding

MAX_FILES = 200
MAX_FILE_BYTES = 5_000_000
MAX_TOTAL_BYTES = 20_000_000

_PROCESS = re.compile(rb"""<(?:[\w.-]+:)?process\s[^<>]*?\bid\s*=\s*["']([^"'<>]{1,200})["']""")
_NAME = re.compile(r"[\w.()()、,,·\- ]{1,120}")
_SKIPPED = ("__MACOSX", ".DS_Store", "Thumbs.db")


def read_upload(files: Mapping[str, bytes]) -> tuple[str, dict[str, bytes]]:
    """Return the process id and its files by their place in the folder, from single files or one zip archive.

    The id is that of the process in the diagram. Raises FileError when there is not exactly one diagram, a file
    does not belong in a process folder, or a cap (200 files, 5 MB each, 20 MB together) is exceeded.
    """
    entries = dict(files)
    if len(entries) == 1 and next(iter(entries)).lower().endswith(".zip"):
        entries = _unzip(*next(iter(entries.items())))
    placed: dict[str, bytes] = {}
    total = 0
    for name, data in entries.items():
        total += len(data)
        if len(data) > MAX_FILE_BYTES or total > MAX_TOTAL_BYTES or len(placed) >= MAX_FILES:
            raise _too_much(name)
        place = _place(name)
        if place in placed:
            raise _refused(
                name,
                Text(
                    f"文件“{place}”应只有一个,请删去重复的。",
                    f"Expected one file “{place}”, but there are several, so remove the others.",
                ),
            )
        placed[place] = data
    return _with_diagram(placed)


def _with_diagram(files: dict[str, bytes]) -> tuple[str, dict[str, bytes]]:
    diagrams = [name for name in files if name.endswith(".bpmn")]
    if len(diagrams) != 1:
        raise _refused(
            diagrams[-1] if diagrams else "",
            Text(
                f"应恰有一个 .bpmn 流程图,实际有 {len(diagrams)} 个,请重新选择文件。",
                f"Expected exactly one .bpmn diagram, but there are {len(diagrams)}, so choose the files again.",
            ),
        )
    data = files.pop(diagrams[0])
    found = _PROCESS.search(data)
    process = found.group(1).decode("utf-8", errors="replace") if found else diagrams[0].removesuffix(".bpmn")
    return process, {f"{process}.bpmn": data, **files}


def _unzip(name: str, data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _without_root(dict(_members(archive)))
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, RuntimeError, OSError):
        raise _refused(
            name,
            Text(
                "压缩包无法打开(可能已损坏或加密),请重新打包为普通 zip。",
                "Expected a plain zip archive, but it cannot be opened, so pack the folder again without a password.",
            ),
        ) from None


def _members(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    infos = [info for info in archive.infolist() if not info.is_dir() and not _skipped(info.filename)]
    if len(infos) > MAX_FILES or sum(info.file_size for info in infos) > MAX_TOTAL_BYTES:
        raise _too_much(archive.filename or "")
    for info in infos:
        with archive.open(info) as stream:
            data = stream.read(MAX_FILE_BYTES + 1)
        if len(data) > MAX_FILE_BYTES:
            raise _too_much(info.filename)
        yield _zip_name(info), data


def _zip_name(info: zipfile.ZipInfo) -> str:
    """Chinese Windows packs names in GBK without saying so; the reader then takes them for code page 437."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gbk")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return info.filename


def _without_root(files: dict[str, bytes]) -> dict[str, bytes]:
    roots = {PurePosixPath(name).parts[0] for name in files if PurePosixPath(name).parts}
    inside = all(len(PurePosixPath(name).parts) > 1 for name in files)
    if len(roots) != 1 or not inside or roots & {"documents", "scenarios", "..", "/"}:
        return files
    return {name.split("/", 1)[1]: data for name, data in files.items()}


def _skipped(name: str) -> bool:
    return any(part in _SKIPPED for part in PurePosixPath(name).parts)


def _place(name: str) -> str:
    path = PurePosixPath(name)
    folder, file = path.parent.as_posix(), path.name
    fits = (
        path.suffix in SUFFIXES
        and all(_NAME.fullmatch(part) and part.strip(". ") for part in path.parts)
        and not name.startswith("/")
        and ".." not in path.parts
    )
    if fits and folder == ".":
        return _home(file, path.suffix)
    if fits and (folder, path.suffix) in (("documents", ".md"), ("scenarios", ".yaml")):
        return f"{folder}/{file}"
    raise _refused(
        name,
        Text(
            f"“{name}”不属于流程文件夹,可用:.bpmn、.dmn、.form、policy.yaml、README.md、documents/*.md、scenarios/*.yaml。",
            f"Expected .bpmn, .dmn, .form, policy.yaml, README.md, documents/*.md or scenarios/*.yaml, "
            f"but the file is “{name}”, so remove it.",
        ),
    )


def _home(file: str, suffix: str) -> str:
    if suffix == ".md" and file != "README.md":
        return f"documents/{file}"
    return f"scenarios/{file}" if suffix == ".yaml" and file != "policy.yaml" else file


def _too_much(name: str) -> FileError:
    return _refused(
        name,
        Text(
            f"应不超过 {MAX_FILES} 个文件、每个 {MAX_FILE_BYTES // 1_000_000} MB、"
            f"合计 {MAX_TOTAL_BYTES // 1_000_000} MB,请删减后再上传。",
            f"Expected at most {MAX_FILES} files of {MAX_FILE_BYTES // 1_000_000} MB, "
            f"{MAX_TOTAL_BYTES // 1_000_000} MB together, but there is more, so remove some.",
        ),
    )


def _refused(name: str, message: Text) -> FileError:
    return FileError(Finding(name, None, None, "upload", "error", message))
