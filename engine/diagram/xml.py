"""The one door through which XML enters: capped, without DOCTYPE, with the place of every element.

The bytes are decoded here and handed to the parser as UTF-8, so that what was looked at is what is parsed:
a DOCTYPE cannot hide in an encoding.
"""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from engine.diagram.errors import DiagramError
from engine.errors import Text
from engine.model import Finding, Position

MAX_BYTES = 5_000_000
MAX_ELEMENTS = 100_000
MAX_DEPTH = 100
MAX_NAMESPACES = 1_000
MAX_RUN = 200_000  # characters from one < to the next: a tag with its attributes, or a text

ZEEBE = "http://camunda.org/schema/zeebe/1.0"

_ENCODINGS = {"utf-8": "utf-8", "us-ascii": "ascii", "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030"}
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_FORBIDDEN = re.compile(r"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_TAGS = re.compile(
    r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<(?P<open>[^\s<>/!?]+)(?:\"[^\"]*\"|'[^']*'|[^\"'<>])*>", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed file: its root and where each element with an id starts."""

    root: etree._Element
    positions: Mapping[str, Position]


def parse(data: bytes, file: str = "") -> etree._Element:
    """Return the root element of the file.

    Raises DiagramError when the bytes are not XML, carry a DOCTYPE, exceed a cap or use an id twice.
    """
    return read_document(data, file).root


def read_document(data: bytes, file: str) -> Document:
    """Return the root element and the position of every id.

    Raises DiagramError when the bytes are not XML, carry a DOCTYPE, exceed a cap or use an id twice.
    """
    text = _decode(data, file)
    _refuse_declarations(text, file)
    root = _parse_text(text, file)
    _refuse_bombs(root, file)
    return Document(root, _positions(root, text, file))


def _decode(data: bytes, file: str) -> str:
    if len(data) > MAX_BYTES:
        raise _refused(
            file,
            "file-size",
            Text(
                f"文件应不超过 {MAX_BYTES // 1_000_000} MB,实际为 {len(data) / 1_000_000:.0f} MB,请拆分后再上传。",
                f"Expected at most {MAX_BYTES // 1_000_000} MB, but the file has {len(data) / 1_000_000:.0f} MB, "
                "so split it before uploading.",
            ),
        )
    encoding = _encoding(data, file)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _refused(
            file,
            "file-encoding",
            Text(
                f"文件应以 {encoding} 编码保存,但第 {error.start + 1} 个字节无法解读,请另存为 UTF-8。",
                f"Expected {encoding} text, but byte {error.start + 1} cannot be read, so save the file as UTF-8.",
            ),
        ) from None


def _encoding(data: bytes, file: str) -> str:
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and not data.startswith(codecs.BOM_UTF32_LE):
        return "utf-16"
    declared = _DECLARED.match(data[:400])
    name = declared.group(1).decode("ascii").lower() if declared else "utf-8"
    if name not in _ENCODINGS or b"\0" in data[:400]:
        shown = name if declared else "unknown"
        raise _refused(
            file,
            "file-encoding",
            Text(
                f"文件应以 UTF-8 保存,但其编码为 {shown},请另存为 UTF-8。",
                f"Expected UTF-8, but the encoding is {shown}, so save the file as UTF-8.",
            ),
        )
    return _ENCODINGS[name]


def _refuse_declarations(text: str, file: str) -> None:
    found = _FORBIDDEN.search(text)
    if found:
        raise _refused(
            file,
            "doctype",
            Text(
                "文件不得含有 DOCTYPE 或实体声明,请用建模工具重新保存,去掉这一行。",
                "Expected no DOCTYPE or entity declaration, but the file has one, so save it again without that line.",
            ),
            _position(_line_starts(text), found.start()),
        )
    if text.count("<") > 2 * MAX_ELEMENTS:
        raise _too_many(file)
    if max(map(len, text.split("<"))) > MAX_RUN:
        raise _refused(
            file,
            "file-size",
            Text(
                f"单个元素的内容应不超过 {MAX_RUN} 个字符,但文件中有更长的,请删去内嵌的图片或大段文字。",
                f"Expected at most {MAX_RUN} characters in one element, but the file has more, "
                "so remove embedded pictures or long texts.",
            ),
        )
    if text.count("xmlns") > MAX_NAMESPACES:
        raise _refused(
            file,
            "file-size",
            Text(
                f"命名空间声明应不超过 {MAX_NAMESPACES} 个,但文件中更多,请用建模工具重新保存。",
                f"Expected at most {MAX_NAMESPACES} namespace declarations, but the file has more, "
                "so save it again with a modelling tool.",
            ),
        )


def _parse_text(text: str, file: str) -> etree._Element:
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    try:
        return etree.fromstring(text.encode("utf-8"), parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        place = Position(max(line, 1), max(column, 1))
        raise _refused(
            file,
            "not-xml",
            Text(
                f"文件应为完整的 XML,但第 {place.line} 行第 {place.column} 列无法解读,请用建模工具重新保存。",
                f"Expected well-formed XML, but line {place.line} column {place.column} cannot be read "
                f"({_first_line(error.msg)}), so save the file again with a modelling tool.",
            ),
            place,
        ) from None


def _first_line(message: str | None) -> str:
    return (message or "no content").splitlines()[0][:120]


def _refuse_bombs(root: etree._Element, file: str) -> None:
    depth = deepest = elements = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
        elements += event == "start"
    if elements > MAX_ELEMENTS:
        raise _too_many(file)
    if deepest > MAX_DEPTH:
        raise _refused(
            file,
            "file-size",
            Text(
                f"元素嵌套应不超过 {MAX_DEPTH} 层,实际为 {deepest} 层,请把内层拆成单独的流程。",
                f"Expected at most {MAX_DEPTH} nested levels, but the file has {deepest}, "
                "so move the inner levels into a process of their own.",
            ),
        )


def _too_many(file: str) -> DiagramError:
    return _refused(
        file,
        "file-size",
        Text(
            f"元素应不超过 {MAX_ELEMENTS} 个,但文件中更多,请拆成几个流程。",
            f"Expected at most {MAX_ELEMENTS} elements, but the file has more, so split it into several processes.",
        ),
    )


def _positions(root: etree._Element, text: str, file: str) -> Mapping[str, Position]:
    """Start tags come in document order, as the elements do; so the n-th tag is the n-th element."""
    starts = _line_starts(text)
    offsets = (found.start() for found in _TAGS.finditer(text) if found["open"])
    positions: dict[str, Position] = {}
    twice: list[Finding] = []
    for element, offset in zip(root.iter(), offsets, strict=False):
        name = element.get("id")
        if name is None or str(element.tag).startswith(f"{{{ZEEBE}}}"):
            continue
        place = _position(starts, offset)
        if name in positions:
            twice.append(_duplicate(file, name, place, positions[name]))
        positions.setdefault(name, place)
    if twice:
        raise DiagramError(twice)
    return positions


def _duplicate(file: str, name: str, place: Position, first: Position) -> Finding:
    message = Text(
        f"标识“{name}”应只用一次,但第 {first.line} 行已经用过,请改用别的标识。",
        f"Expected the id “{name}” once, but line {first.line} has it already, so give this element another id.",
    )
    return Finding(file, name, place, "duplicate-id", "error", message)


def _line_starts(text: str) -> list[int]:
    return [0, *(found.end() for found in re.finditer("\n", text))]


def _position(starts: list[int], offset: int) -> Position:
    line = bisect_right(starts, offset)
    return Position(line, offset - starts[line - 1] + 1)


def _refused(file: str, rule: str, message: Text, place: Position | None = None) -> DiagramError:
    return DiagramError([Finding(file, None, place, rule, "error", message)])
