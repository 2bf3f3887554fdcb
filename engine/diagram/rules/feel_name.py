"""Every name that an expression reads is written somewhere: by a form, a result, a mapping or a loop.

Where names may come that no element declares (from a service or message without output mapping) an unknown name is a
warning, else an error. A process whose start has no form gets its names from the caller; the rule ``call-input`` looks
at them there. Output mappings of services also read the answer itself, whose names are not known here.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagram.reads import reads_of
from engine.diagram.subject import Subject, shown
from engine.errors import Text
from engine.model import Finding, Severity

NAME = "feel-name"


def check(subject: Subject) -> Iterator[Finding]:
    """Return a finding for every name nobody writes."""
    if subject.variables.given:
        return
    severity: Severity = "warning" if subject.variables.open else "error"
    for element, place, names in reads_of(subject):
        for name in sorted(names - subject.variables.names):
            yield subject.finding(
                NAME,
                element,
                Text(
                    f"{shown(element)}的{place.zh}读取“{name}”,但没有表单、结果或映射写入它,请改正名称,或画出输出映射。",
                    f"Expected a form, result or mapping that writes “{name}”, "
                    f"read by the {place.en} of {shown(element)}, "
                    "but there is none, so correct the name or draw an output mapping.",
                ),
                severity,
            )
