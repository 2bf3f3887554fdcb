import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.diagram import Diagram, DiagramError, read
from engine.diagram.xml import MAX_BYTES, parse, read_document

LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><lolz>&c;</lolz>"""
EXTERNAL = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
PARAMETER = b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://localhost:1/x.dtd"> %x;]><a/>'
UTF16 = '<?xml version="1.0" encoding="UTF-16"?>\n<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'

HOSTILE = {
    "billion laughs": (LAUGHS, "doctype"),
    "external entity": (EXTERNAL, "doctype"),
    "parameter entity": (PARAMETER, "doctype"),
    "doctype in UTF-16": (UTF16.encode("utf-16"), "doctype"),
    "doctype in UTF-16 without mark": (UTF16.encode("utf-16-be"), "file-encoding"),
    "doctype in UTF-7": (b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a+AD4-<a/>', "file-encoding"),
    "doctype in UTF-32": ("<!DOCTYPE a><a/>".encode("utf-32"), "file-encoding"),
    "doctype in EBCDIC": ('<?xml version="1.0" encoding="cp037"?><!DOCTYPE a><a/>'.encode("cp037"), "file-encoding"),
    "declared ASCII, sent Chinese": ('<?xml version="1.0" encoding="us-ascii"?><a>中</a>'.encode(), "file-encoding"),
    "broken UTF-8": (b"<a>\xff\xfe\xfa</a>", "file-encoding"),
    "a codec of Python": (b'<?xml version="1.0" encoding="rot13"?><n/>', "file-encoding"),
    "hundred megabytes": (b"<a>" * (100_000_000 // 3), "file-size"),
    "a million elements": (b"<a>" + b"<b/>" * 1_000_000 + b"</a>", "file-size"),
    "many attributes": (b"<a " + b" ".join(b'a%d=""' % n for n in range(400_000)) + b"/>", "file-size"),
    "many namespaces": (b"<a>" + b'<b xmlns:c="d"/>' * 2_000 + b"</a>", "file-size"),
    "deep": (b"<a>" * 200 + b"</a>" * 200, "file-size"),
    "very deep": (b"<a>" * 90_000, "not-xml"),
    "unclosed": (b"<a><b></a>", "not-xml"),
    "unknown entity": (b"<a>&nbsp;</a>", "not-xml"),
    "nothing": (b"", "not-xml"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "file-encoding"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_words_and_quickly(name: str) -> None:
    data, rule = HOSTILE[name]
    began = time.monotonic()
    with pytest.raises(DiagramError) as refused:
        parse(data, "bad.bpmn")
    assert time.monotonic() - began < 2, "a guard against hanging, ten times what was measured"
    finding = refused.value.findings[0]
    assert (finding.rule, finding.severity, finding.file) == (rule, "error", "bad.bpmn")
    assert finding.message.zh
    assert finding.message.en.startswith("Expected ")


def test_ids_used_twice_are_all_named_with_their_place() -> None:
    with pytest.raises(DiagramError) as refused:
        parse(b"<a id='x'>\n <b id='x'/>\n  <b id='y'/><b id='x'/>\n</a>", "two.bpmn")
    assert [
        (found.element, found.position.line, found.position.column)
        for found in refused.value.findings
        if found.position
    ] == [
        ("x", 2, 2),
        ("x", 3, 14),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk"])
def test_encodings_of_chinese_tools_are_read(encoding: str) -> None:
    declared = "utf-8" if encoding == "utf-8-sig" else encoding
    data = f'<?xml version="1.0" encoding="{declared}"?><a name="救助"/>'.encode(encoding)
    assert parse(data).get("name") == "救助"


def test_comments_and_instructions_vanish_and_do_not_move_positions() -> None:
    data = (
        b"<?xml version='1.0'?><?go <b id='no'/>?><!-- <b id='x'> -->\n<a><![CDATA[<b id='x'>]]><b\n q='>' id='x'/></a>"
    )
    document = read_document(data, "a.bpmn")
    assert len(list(document.root.iter())) == 2
    assert (document.positions["x"].line, document.positions["x"].column) == (2, 26)


def test_the_size_cap_is_checked_before_anything_is_decoded() -> None:
    with pytest.raises(DiagramError, match="at most 5 MB"):
        parse(b"\xff" * (MAX_BYTES + 1))


FRAGMENTS = st.lists(
    st.sampled_from(
        [
            b"<definitions xmlns='http://www.omg.org/spec/BPMN/20100524/MODEL'>",
            b"</definitions>",
            b"<process id='p' isExecutable='true'>",
            b"</process>",
            b"<subProcess id='s'>",
            b"</subProcess>",
            b"<userTask id='t'/>",
            b"<boundaryEvent id='b' attachedToRef='t'><timerEventDefinition/></boundaryEvent>",
            b"<startEvent id='a'><messageEventDefinition messageRef='nobody'/></startEvent>",
            b"<sequenceFlow id='f' sourceRef='a' targetRef='nowhere'/>",
            b"<laneSet><lane name='x'><flowNodeRef/></lane></laneSet>",
            b"<!DOCTYPE a>",
            b"&x;",
            b"<?xml version='1.0' encoding='utf-16'?>",
        ]
    )
).map(b"".join)


@settings(max_examples=300, deadline=None)
@example(b"<definitions xmlns='http://www.omg.org/spec/BPMN/20100524/MODEL'><process id='p'/></definitions>")
@given(st.one_of(st.binary(max_size=200), FRAGMENTS, st.text(max_size=100).map(lambda text: text.encode("utf-16"))))
def test_any_bytes_become_a_diagram_or_a_refusal_and_nothing_else(data: bytes) -> None:
    try:
        outcome: object = read(data, "any.bpmn")
    except DiagramError as refused:
        outcome = refused.findings
    assert isinstance(outcome, Diagram) or outcome
