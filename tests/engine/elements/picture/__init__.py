"""Pictures of the rows' diagrams: laid out in columns and drawn with the symbols of the standard."""

from tests.engine.elements.picture.drawing import picture

__all__ = ["picture"]
