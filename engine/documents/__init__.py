"""Notice templates: front matter, Markdown and ``{{ FEEL }}`` in, HTML out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.access import at_level
from engine.documents.compiling import compile_template
from engine.documents.errors import DocumentError
from engine.documents.rendering import Block, Rendering, Value
from engine.feel import Environment

__all__ = ["DocumentError", "DocumentTemplate", "compile_document"]


@dataclass(frozen=True, slots=True)
class DocumentTemplate:
    """A compiled notice: ``reads`` are the variables and ``paths`` the dotted facts it needs."""

    id: str
    title: str
    number_prefix: str
    basis: str
    audience: str
    remedies: bool
    reads: frozenset[str]
    paths: frozenset[tuple[str, ...]]
    authority: Value | None
    blocks: tuple[Block, ...]

    def render(self, context: Mapping[str, object], environment: Environment) -> str:
        """Return the notice's HTML body; raises ModelError when a value cannot be had or written."""
        return Rendering(self.title, environment).html(self.blocks, context)

    def issuer(self, region: str, context: Mapping[str, object], environment: Environment) -> str:
        """Return the region of the authority that issues the notice in a case of ``region``.

        Raises ModelError when the level it says cannot be had or is none.
        """
        if self.authority is None:
            return region
        return at_level(region, Rendering(self.title, environment).level(self.authority, context))


def compile_document(text: bytes, file: str, names: Iterable[str] = ()) -> DocumentTemplate:
    """Return the template ready to render; ``names`` are variables in scope (needed for names with spaces).

    Raises DocumentError with a finding for every line that is wrong.
    """
    facts, read, authority, blocks = compile_template(text, file, names)
    return DocumentTemplate(
        id=facts.id,
        title=facts.title,
        number_prefix=facts.number,
        basis=facts.basis,
        audience=facts.audience,
        remedies=facts.remedies,
        reads=frozenset(read.reads),
        paths=frozenset(read.paths),
        authority=authority,
        blocks=blocks,
    )
